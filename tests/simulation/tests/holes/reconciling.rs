//! Reconciling by hand: what is planned is what a tick would do, sooner.

use simulation::invariants::at_once;
use vending::account::AccountName;
use vending::failure::FailureKind;
use vending::ledger::{Operator, Source, Status, Streak};
use vending::operate::{Outlook, Reconciled, Reconciling, apply_reconcile, plan_reconcile};
use vending::ports::{Ledger, ProductStatus};
use vending::provision::{Finding, Trigger};

use crate::rig::{Fails, Rig};

fn planned(rig: &Rig) -> Vec<Reconciling> {
    at_once(plan_reconcile(&rig.provisioning())).unwrap().unwrap()
}

fn jane() -> Operator {
    Operator("jane".into())
}

fn applied(rig: &Rig, plan: &[Reconciling]) -> Vec<Reconciled> {
    at_once(apply_reconcile(&rig.provisioning(), plan, &jane())).unwrap().unwrap()
}

/// Alpha is launched, and the next look at it is due half an hour after that.
fn launched() -> Rig {
    let rig = Rig::new();
    rig.ingest(&rig.upload(&[("alpha", "alpha@example.com")])).unwrap();
    rig.provision(&Trigger::Changed).unwrap();
    rig.pass(2);
    rig.provision(&Trigger::Tick).unwrap();
    assert_eq!(rig.status("alpha"), Status::Provisioning);
    rig
}

#[test]
fn what_control_tower_is_at_work_on_is_only_looked_at() {
    let rig = launched();
    let before = rig.entry("alpha");
    let plan = planned(&rig);
    let [row] = plan.as_slice() else { panic!("{plan:?}") };
    assert!(matches!(row.outlook, Outlook::Settle(Finding::AtWork { .. })), "{row:?}");
    assert_eq!(row.product.as_ref().map(|it| it.status), Some(ProductStatus::UnderChange));
    assert_eq!(rig.entry("alpha"), before, "a plan changes nothing");
    rig.pass(1);
    applied(&rig, &plan);
    assert_eq!(rig.status("alpha"), Status::Provisioning);
}

#[test]
fn an_account_whose_event_was_lost_is_found_before_it_is_due() {
    let rig = launched();
    let plan = planned(&rig);
    rig.pass(25);
    drop(rig.world.zone.take_lifecycle_events());
    rig.provision(&Trigger::Tick).unwrap();
    assert_eq!(rig.status("alpha"), Status::Provisioning, "no look is due");
    let fresh = planned(&rig);
    assert!(matches!(fresh[0].outlook, Outlook::Settle(Finding::Made(_))), "{:?}", fresh[0]);
    // The plan of before: what is done is what is so by now.
    assert_eq!(applied(&rig, &plan), [Reconciled::Now(Status::Configuring)]);
    let last = rig.entry("alpha").history.pop().unwrap();
    assert_eq!((last.event.as_str(), last.source), ("account made", Source::Operator(jane())));
    assert_eq!(applied(&rig, &fresh), [Reconciled::Changed], "it holds no slot any longer");
    assert_eq!(rig.told("alpha").len(), 0);
    let plan = planned(&rig);
    assert!(matches!(plan[0].outlook, Outlook::Handover(_)), "{plan:?}");
    assert_eq!(applied(&rig, &plan), [Reconciled::Nothing]);
}

/// However it becomes known: failures before it are no reason to pause any more.
#[test]
fn an_account_whose_event_was_lost_ends_a_streak_of_failures() {
    for by_hand in [true, false] {
        let rig = launched();
        let streak = Some(Streak { kind: FailureKind::NoLaunchPath, rows: 2 });
        at_once(rig.ledger.set_streak(streak)).unwrap().unwrap();
        rig.pass(60);
        drop(rig.world.zone.take_lifecycle_events());
        if by_hand {
            let plan = planned(&rig);
            assert_eq!(applied(&rig, &plan), [Reconciled::Now(Status::Configuring)]);
        } else {
            rig.provision(&Trigger::Tick).unwrap();
            assert_eq!(rig.status("alpha"), Status::Configuring);
        }
        assert_eq!(rig.world.ledger.launching_now().streak, None, "by hand: {by_hand}");
    }
}

#[test]
fn what_is_open_of_an_account_that_is_configuring_is_listed() {
    let rig = launched();
    rig.pass(40);
    rig.provision(&Trigger::Tick).unwrap();
    rig.attend("alpha").unwrap();
    let plan = planned(&rig);
    let words = "permission set AWSReadOnlyAccess for group Developers: under way";
    assert_eq!(plan[0].outlook, Outlook::Handover(vec![words.to_owned()]));
    assert!(!plan[0].outlook.does_something());
}

#[test]
fn a_slot_of_nobody_is_freed() {
    let rig = launched();
    rig.world.ledger.delete_by_hand(&AccountName::new("alpha").unwrap());
    let plan = planned(&rig);
    assert_eq!(plan[0].outlook, Outlook::FreeSlot);
    assert_eq!(applied(&rig, &plan), [Reconciled::SlotFreed]);
    assert!(rig.world.ledger.launching_now().in_flight.is_empty());
}

#[test]
fn a_tick_frees_the_slot_of_nobody() {
    let rig = launched();
    rig.world.ledger.delete_by_hand(&AccountName::new("alpha").unwrap());
    rig.provision(&Trigger::Tick).unwrap();
    assert!(rig.world.ledger.launching_now().in_flight.is_empty());
}

#[test]
fn what_cannot_be_asked_about_is_said_and_left_as_it_is() {
    let rig = launched();
    let before = rig.entry("alpha");
    let plan = planned(&rig);
    rig.fail("find", Fails::Before);
    let unknown = planned(&rig);
    let Outlook::NotAnswered(why) = &unknown[0].outlook else { panic!("{unknown:?}") };
    assert!(why.ends_with("no answer"), "{why}");
    assert_eq!(applied(&rig, &unknown), [Reconciled::Nothing]);
    let [Reconciled::NotAnswered(_)] = applied(&rig, &plan)[..] else { panic!("answered") };
    assert_eq!(rig.entry("alpha"), before);
}

#[test]
fn a_launch_that_was_never_answered_is_left_to_the_tick() {
    let rig = Rig::new();
    rig.ingest(&rig.upload(&[("alpha", "alpha@example.com")])).unwrap();
    rig.fail("provision", Fails::Before);
    rig.provision(&Trigger::Changed).unwrap();
    rig.heal();
    rig.pass(5);
    let before = rig.entry("alpha");
    let plan = planned(&rig);
    assert_eq!(plan[0].outlook, Outlook::Settle(Finding::AskAgain));
    assert_eq!(applied(&rig, &plan), [Reconciled::Nothing]);
    assert_eq!(rig.entry("alpha"), before);
    rig.provision(&Trigger::Tick).unwrap();
    assert!(rig.entry("alpha").launch.is_some_and(|launch| launch.product.is_some()));
}
