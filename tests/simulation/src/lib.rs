//! Deterministic fault search: the real use cases over a landing zone in memory,
//! in virtual time, with one seeded schedule that decides everything.
//!
//! A [`Schedule`] is data: [`play()`] plays it, [`shrink`](shrink::shrink) shortens one that
//! fails, and [`sweep`] goes through every call and every delivery of one run.

mod asking;
mod bent;
mod books;
mod clock;
pub mod coverage;
mod ended;
mod gate;
mod history;
pub mod invariants;
mod invocation;
mod order_notices;
pub mod orders;
mod people;
mod play;
mod portfolio_files;
pub mod sabotage;
mod schedule;
pub mod search;
pub mod shrink;
mod sim;
mod story;
pub mod sweep;
mod violation;
mod watch;
mod world;

pub use coverage::Coverage;
pub use gate::Fate;
pub use play::{Played, play};
pub use sabotage::Sabotage;
pub use schedule::{Row, Schedule, Setting, Step};
pub use violation::Violation;
