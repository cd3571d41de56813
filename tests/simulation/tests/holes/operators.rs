//! What operators do, over the ledger: what a plan says is done to exactly what it was
//! made of.

use landing_zone::model::service_catalog::Outcome;
use simulation::invariants::at_once;
use vending::account::AccountName;
use vending::ledger::{BatchId, Operator, Order, Status};
use vending::operate::{
    Chosen, Done, Intent, Operating, PausePlan, Plan, ResumePlan, WhyNot, apply, pause, plan,
    resume,
};
use vending::provision::Trigger;

use crate::rig::Rig;

fn world(rig: &Rig) -> Operating<'_> {
    Operating { ledger: &rig.ledger, clock: &rig.world.zone }
}

fn planned(rig: &Rig, order: Order, names: &[&str]) -> Plan {
    let names = names.iter().map(|name| AccountName::new(*name).unwrap()).collect();
    at_once(plan(&world(rig), order, &Chosen::Names(names))).unwrap().unwrap()
}

fn applied(rig: &Rig, plan: &Plan) -> Vec<Done> {
    at_once(apply(&world(rig), plan, &Operator("jane".into()))).unwrap().unwrap()
}

/// Alpha FAILED, beta is QUEUED.
fn two() -> (Rig, BatchId) {
    let rig = Rig::with(|it| {
        it.account_factory.outcomes.insert("alpha".into(), Outcome::Refused);
    });
    let object = rig.upload(&[("alpha", "alpha@example.com"), ("beta", "beta@example.com")]);
    rig.ingest(&object).unwrap();
    let jane = Operator("jane".into());
    at_once(pause(&world(&rig), &jane, "later")).unwrap().unwrap();
    rig.provision(&Trigger::Changed).unwrap();
    assert_eq!(rig.told("launching is paused").len(), 1);
    let john = Operator("john".into());
    at_once(resume(&world(&rig), &john)).unwrap().unwrap();
    rig.provision(&Trigger::Changed).unwrap();
    (rig, BatchId::of(&object))
}

#[test]
fn a_retry_says_of_each_row_what_it_does_and_does_just_that() {
    let (rig, batch) = two();
    let plan = at_once(plan(&world(&rig), Order::Retry, &Chosen::Batch(batch))).unwrap().unwrap();
    let says: Vec<_> = plan.rows.iter().map(|row| (row.name.as_str(), row.intent)).collect();
    let in_flight = WhyNot::NotFailed(Status::Provisioning);
    assert_eq!(says, [("alpha", Ok(Intent::LaunchAgain)), ("beta", Err(in_flight))]);
    assert_eq!(rig.status("alpha"), Status::Failed, "a plan changes nothing");
    assert_eq!(applied(&rig, &plan), [Done::Done(Intent::LaunchAgain), Done::Not(in_flight)]);
    let alpha = rig.entry("alpha");
    assert_eq!((alpha.status(), alpha.attempt), (Status::Queued, 2));
    assert_eq!(alpha.by_hand.map(|it| it.by), Some(Operator("jane".into())));
    assert_eq!(applied(&rig, &plan)[0], Done::Changed, "a plan is applied once");
}

#[test]
fn what_is_cancelled_is_not_launched_and_what_was_launched_meanwhile_is_not_cancelled() {
    let (rig, _) = two();
    applied(&rig, &planned(&rig, Order::Retry, &["alpha"]));
    let cancel = planned(&rig, Order::Cancel, &["alpha", "beta", "nobody"]);
    let done = applied(&rig, &cancel);
    let not = |why| Done::Not(why);
    let beta = not(WhyNot::NotQueued(Status::Provisioning));
    assert_eq!(done, [Done::Done(Intent::Cancel), beta, not(WhyNot::Unknown)]);
    assert_eq!(rig.status("alpha"), Status::Failed);

    applied(&rig, &planned(&rig, Order::Retry, &["alpha"]));
    let late = planned(&rig, Order::Cancel, &["alpha"]);
    rig.pass(60);
    rig.provision(&Trigger::Tick).unwrap();
    assert_eq!(rig.status("alpha"), Status::Provisioning);
    assert_eq!(applied(&rig, &late), [Done::Changed]);
}

#[test]
fn a_pause_is_made_once_and_says_who_made_it() {
    let rig = Rig::new();
    let jane = Operator("jane".into());
    let pausing = || at_once(pause(&world(&rig), &jane, "drift")).unwrap().unwrap();
    assert_eq!(pausing(), PausePlan::Pause { in_flight: 0 });
    assert!(
        matches!(pausing(), PausePlan::Already(pause) if pause.reason == "paused by jane: drift" && pause.by == Some(jane.clone()))
    );
    let john = Operator("john".into());
    let resuming = || at_once(resume(&world(&rig), &john)).unwrap().unwrap();
    assert!(matches!(resuming(), ResumePlan::Resume(_)));
    assert_eq!(resuming(), ResumePlan::NotPaused);
    let launching = rig.world.ledger.launching_now();
    assert_eq!((launching.pause, launching.resumed.map(|it| it.by)), (None, Some(john)));
}
