//! A bounded search: so many schedules of faults, none of which loses a row, makes an
//! account twice or tells what is not so, and which together meet everything there is.

use simulation::search::{Enough, explain, search};
use simulation::{Schedule, play};

/// Schedules of one test run: some fifteen seconds of a dev build on two cores, and
/// enough to meet every transition, outcome and kind of fault.
const SCHEDULES: u64 = 1_200;

#[test]
fn whatever_fails_nothing_is_lost_and_everything_there_is_was_met() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let found = search(1, Enough::Schedules(SCHEDULES), None, threads);
    if let Some((seed, _)) = found.failures.first() {
        panic!("{} schedules failed; {}", found.failures.len(), explain(*seed, None).0);
    }
    assert_eq!(found.schedules, SCHEDULES);
    assert_eq!(found.coverage.missing(), Vec::<String>::new());
}

#[test]
fn a_seed_is_the_same_run_every_time() {
    for seed in 1..=20 {
        let schedule = Schedule::of(seed);
        assert_eq!(schedule, Schedule::of(seed));
        let (one, other) = (play(&schedule, None, true), play(&schedule, None, true));
        assert_eq!(one.trace, other.trace, "seed {seed}");
        assert_eq!(one.coverage, other.coverage, "seed {seed}");
    }
}
