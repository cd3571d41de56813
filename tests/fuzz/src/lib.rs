//! What must hold whatever arrives, one function for each thing that can be hostile:
//! an account list, a portfolio file, an event, the rows of a results file, the texts of a notice.
//!
//! Each takes any bytes and panics where something does not hold. `targets/` hands
//! them to libFuzzer; the test `hostile` of the package `vend-tests` replays `corpus/`
//! and the giants with them. See `.ci/fuzz`.

mod event;
mod formula;
mod list;
mod memory;
mod notice;
mod portfolios;
mod results;
mod zone;

/// The event decoders of `vending-aws`, compiled here alone: with the SDK of AWS a
/// fuzzing build would take many times as long.
#[path = "../../../shared/vending-aws/src/events/mod.rs"]
pub mod events;

pub use event::event;
pub use formula::no_formula;
pub use list::list;
pub use memory::{Counting, Peak};
pub use notice::{notice, plain_body, plain_subject};
pub use portfolios::portfolios;
pub use results::results;
pub use zone::units;
