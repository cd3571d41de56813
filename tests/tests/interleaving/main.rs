//! Whatever comes late, twice, out of order or never: never more launches at a
//! time than allowed, never two accounts for one e-mail, and in the end every
//! row has come to where it belongs and everybody has been told.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where something is not as it must be"
)]

mod concurrent;
mod deliveries;
mod invariants;
mod run;
mod yielding;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use deliveries::{happening, setting};

/// A runner whose cases are the same each time.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn whatever_is_delivered_and_when_every_row_ends_where_it_belongs() {
    let history = (setting(), vec(happening(), 10..80));
    let outcome = runner(300).run(&history, |(setting, happenings)| {
        deliveries::play(&setting, &happenings);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn whoever_runs_at_the_same_time_every_row_ends_where_it_belongs() {
    let history = (setting(), any::<u64>());
    let outcome = runner(150).run(&history, |(setting, seed)| {
        concurrent::play(&setting, seed);
        Ok(())
    });
    outcome.unwrap();
}
