//! What is asked of the ledger before a batch.

use chrono::TimeDelta;
use simulation::invariants::at_once;
use vending::doctor::ports::Work;
use vending::ledger::Pause;
use vending::ports::{Clock, Ledger};

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
    // Those that wait until tomorrow are among them.
    let at_any_time = [now, now + TimeDelta::days(1), now - TimeDelta::days(1)];
    for moment in at_any_time {
        assert_eq!(at_once(Work::queued(&rig.ledger, moment)).unwrap().ok(), Some(2));
    }
}
