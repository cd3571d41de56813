//! Hostile input: every file of the fuzzing corpus once more, and the giants that are
//! too large to be kept, each refused with a word on what to do, in bounded memory, and
//! without a formula, a script's effect or a forged line in what people are sent.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod corpus;
mod giant;
mod giants;
mod intake;
mod portfolios;
mod texts;

#[global_allocator]
static COUNTING: fuzz::Counting = fuzz::Counting;
