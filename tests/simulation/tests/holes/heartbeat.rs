//! The sign of life that ticks leave behind.

use vending::ledger::Timestamp;
use vending::ports::Clock;
use vending::provision::Trigger;

use crate::rig::{Fails, Rig};

fn noted(rig: &Rig) -> Option<Timestamp> {
    rig.world.ledger.launching_now().ticked_at
}

#[test]
fn a_tick_is_noted_every_five_minutes_and_nothing_else_is() {
    let rig = Rig::new();
    rig.provision(&Trigger::Changed).unwrap();
    assert_eq!(noted(&rig), None);
    let first = rig.world.zone.now();
    for minute in 0..12 {
        rig.provision(&Trigger::Tick).unwrap();
        let minutes = noted(&rig).map(|at| (at - first).num_minutes());
        assert_eq!(minutes, Some(minute / 5 * 5));
        rig.pass(1);
    }
}

#[test]
fn a_tick_that_cannot_be_noted_is_none_that_failed() {
    let rig = Rig::new();
    rig.fail("ticked", Fails::Before);
    rig.provision(&Trigger::Tick).unwrap();
    assert_eq!(noted(&rig), None);
    rig.heal();
    rig.provision(&Trigger::Tick).unwrap();
    assert!(noted(&rig).is_some());
}

#[test]
fn a_tick_that_failed_is_not_noted() {
    let rig = Rig::new();
    rig.fail("overview", Fails::Before);
    assert!(rig.provision(&Trigger::Tick).is_err());
    assert_eq!(noted(&rig), None);
}
