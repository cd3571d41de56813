//! What is asked of the ledger before a batch.

use chrono::TimeDelta;
use landing_zone::model::service_catalog::Outcome;
use simulation::invariants::at_once;
use vending::doctor::ports::Work;
use vending::ledger::{Pause, State, Status};
use vending::ports::{Clock, Ledger};
use vending::provision::Trigger;

use crate::rig::Rig;

#[test]
fn the_state_of_launching_and_every_row_that_waits_are_known() {
    let rig = Rig::new();
    let rows = [("alpha", "alpha@example.com"), ("beta", "beta@example.com")];
    rig.ingest(&rig.upload(&rows)).unwrap();
    let now = rig.world.zone.now();
    let pause = Pause { since: now, reason: "no more".into(), announced: false, by: None };
    at_once(rig.ledger.set_pause(&pause)).unwrap().unwrap();
    let launching = at_once(Work::launching(&rig.ledger)).unwrap().unwrap();
    assert_eq!(launching.pause, Some(pause));
    let at_any_time = [now, now + TimeDelta::days(1)];
    for moment in at_any_time {
        assert_eq!(at_once(Work::queued(&rig.ledger, moment)).unwrap().ok(), Some(2));
    }
}

#[test]
fn a_row_that_was_told_to_wait_is_one_that_waits() {
    let rig = Rig::with(|it| {
        it.account_factory.outcomes.insert("alpha".into(), Outcome::Busy);
    });
    rig.ingest(&rig.upload(&[("alpha", "alpha@example.com")])).unwrap();
    rig.provision(&Trigger::Changed).unwrap();
    while rig.status("alpha") != Status::Queued {
        rig.pass(1);
        rig.provision(&Trigger::Tick).unwrap();
    }
    let State::Queued { not_before: Some(until), .. } = rig.entry("alpha").state else {
        panic!("{:?}", rig.entry("alpha"))
    };
    let now = rig.world.zone.now();
    assert!(until > now);
    assert_eq!(at_once(Work::queued(&rig.ledger, now)).unwrap().ok(), Some(1));
}
