//! What nothing to do costs, and that a process which remembers it overlooks nothing.

use simulation::invariants::at_once;
use vending::account::AccountId;
use vending::calm::Calm;
use vending::handover::{self, Handover};
use vending::ledger::{Pause, Status};
use vending::ports::{Clock, DefaultAccess, Ledger, OutsideAccount, OutsideAccounts};
use vending::provision::{Provisioning, Trigger, provision};

use crate::rig::{Fails, Rig};

/// A place where the functions run, which remembers.
#[derive(Default)]
struct Process {
    provision: Calm,
    handover: Calm,
}

impl Process {
    fn provision(&self, rig: &Rig, trigger: &Trigger) {
        let world = Provisioning { calm: Some(&self.provision), ..rig.provisioning() };
        at_once(provision(&world, trigger)).unwrap().unwrap();
    }

    fn handover_tick(&self, rig: &Rig) {
        let world = Handover { calm: Some(&self.handover), ..rig.handover() };
        at_once(handover::tick(&world)).unwrap().unwrap();
    }

    /// So many minutes pass, each with its ticks.
    fn minutes(&self, rig: &Rig, minutes: usize) {
        for _ in 0..minutes {
            rig.pass(1);
            self.provision(rig, &Trigger::Tick);
            self.handover_tick(rig);
        }
    }
}

#[test]
fn an_hour_in_which_nothing_happens_takes_less_than_a_read_a_minute() {
    let (rig, process) = (Rig::new(), Process::default());
    process.minutes(&rig, 60);
    let calls = rig.calls();
    let count = |name: &str| calls.iter().filter(|call| **call == name).count();
    assert_eq!([count("overview"), count("agenda"), count("open")], [12, 30, 6], "{calls:?}");
    assert_eq!(count("ticked"), 12);
    assert_eq!(calls.len(), 12 + 30 + 6 + 12, "{calls:?}");
}

#[test]
fn the_hour_after_a_batch_takes_no_more_than_the_one_before() {
    let (rig, process) = (Rig::new(), Process::default());
    rig.made("alpha");
    rig.attend("alpha").unwrap();
    rig.pass(3);
    rig.attend("alpha").unwrap();
    assert_eq!(rig.status("alpha"), Status::Ready);
    // What the first ticks find is told and closed.
    process.minutes(&rig, 10);
    rig.calls();
    process.minutes(&rig, 60);
    assert_eq!(rig.calls().len(), 60);
}

#[test]
fn a_row_whose_wake_up_is_lost_is_launched_within_five_minutes_all_the_same() {
    let (rig, process) = (Rig::new(), Process::default());
    process.minutes(&rig, 7);
    rig.ingest(&rig.upload(&[("alpha", "alpha@example.com")])).unwrap();
    process.minutes(&rig, 5);
    assert_eq!(rig.status("alpha"), Status::Provisioning);
}

#[test]
fn a_wake_up_is_heard_at_any_time() {
    let (rig, process) = (Rig::new(), Process::default());
    process.minutes(&rig, 6);
    rig.ingest(&rig.upload(&[("alpha", "alpha@example.com")])).unwrap();
    process.provision(&rig, &Trigger::Changed);
    assert_eq!(rig.status("alpha"), Status::Provisioning);
    rig.calls();
    // From then on every tick looks.
    process.provision(&rig, &Trigger::Tick);
    assert_eq!(rig.calls()[0], "overview");
}

#[test]
fn while_launching_is_paused_every_tick_looks_so_that_it_is_measured() {
    let (rig, process) = (Rig::new(), Process::default());
    let pause = |announced| {
        let (since, reason) = (rig.world.zone.now(), "maintenance".to_owned());
        Pause { since, reason, announced, by: None }
    };
    at_once(rig.world.ledger.set_pause(&pause(false))).unwrap().unwrap();
    at_once(rig.world.ledger.set_pause(&pause(true))).unwrap().unwrap();
    rig.calls();
    process.minutes(&rig, 10);
    assert_eq!(rig.calls().iter().filter(|call| **call == "overview").count(), 10);
}

#[test]
fn what_has_no_wake_up_of_its_own_is_found_within_two_minutes() {
    let (rig, process) = (Rig::new(), Process::default());
    for minutes in [4, 5] {
        process.minutes(&rig, minutes);
        let asked = OutsideAccount {
            account: AccountId::new(format!("00000000000{minutes}")).unwrap(),
            steps: Vec::new(),
            closed: false,
            defaults: DefaultAccess::Due,
            asked: None,
            version: 1,
        };
        assert!(at_once(rig.world.ledger.save_outside(&asked)).unwrap().unwrap());
        rig.calls();
        process.minutes(&rig, 2);
        assert!(rig.calls().contains(&"outsiders"), "after {minutes} minutes");
    }
}

#[test]
fn a_tick_that_failed_is_followed_by_one_that_looks() {
    let (rig, process) = (Rig::new(), Process::default());
    rig.fail("agenda", Fails::After);
    let world = Handover { calm: Some(&process.handover), ..rig.handover() };
    assert!(at_once(handover::tick(&world)).unwrap().is_err());
    rig.heal();
    rig.calls();
    process.minutes(&rig, 1);
    assert!(rig.calls().contains(&"agenda"));
}
