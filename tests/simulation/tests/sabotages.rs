//! The search bites: however Vend is broken, a few schedules notice it.

use simulation::search::notices;
use simulation::{Sabotage, Schedule, play, shrink};

/// Schedules within which each is noticed.
const SCHEDULES: u64 = 800;

#[test]
fn every_sabotage_is_noticed() {
    let unnoticed: Vec<Sabotage> = Sabotage::ALL
        .into_iter()
        .filter(|sabotage| notices(*sabotage, SCHEDULES).is_none())
        .collect();
    assert!(unnoticed.is_empty(), "{unnoticed:?}");
    assert!(Sabotage::ALL.len() >= 15);
}

#[test]
fn a_schedule_that_fails_is_shortened_to_what_it_fails_by() {
    let sabotage = Some(Sabotage::SlotFreedEarly);
    let whole = Schedule::of(1);
    let failed = play(&whole, sabotage, false).outcome.expect_err("noticed");
    let short = shrink::shrink(&whole, sabotage);
    let again = play(&short, sabotage, false).outcome.expect_err("noticed still");
    assert_eq!(again.kind(), failed.kind());
    assert!(short.steps.len() <= 2, "{:?}", short.steps);
}
