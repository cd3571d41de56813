//! Launches that are never answered, and failures in a row.

use chrono::TimeDelta;
use landing_zone::Zone;
use landing_zone::model::service_catalog::{
    self, AccountParameters, FACTORY_PORTFOLIO_ID, LaunchRequest, Named, Outcome, PRODUCT_ID,
    PrincipalType, artifacts, caller, disassociate, launch_path, registered_units,
};
use vending::advance::{Advance, advance};
use vending::failure::{Failure, FailureKind};
use vending::ledger::{Entry, Event, Operator, ProvisionToken, Source, State, Status, Streak};
use vending::ports::{Clock, Ledger};
use vending::provision::Trigger;

use crate::rig::{Fails, Rig};
use simulation::invariants::at_once;

fn list(rig: &Rig, names: &[&str]) {
    let emails: Vec<String> = names.iter().map(|name| format!("{name}@example.com")).collect();
    let rows: Vec<(&str, &str)> =
        names.iter().zip(&emails).map(|(name, email)| (*name, email.as_str())).collect();
    rig.ingest(&rig.upload(&rows)).unwrap();
}

#[test]
fn an_account_ends_a_streak_once_and_what_fails_after_it_in_the_same_fill_counts() {
    let rig = Rig::new();
    list(&rig, &["alpha", "beta", "gamma", "delta", "epsilon"]);
    rig.provision(&Trigger::Changed).unwrap();
    rig.pass(60);
    let event = rig.world.zone.take_lifecycle_events().into_iter().find(|it| it.succeeded);
    let streak = Some(Streak { kind: FailureKind::NoLaunchPath, rows: 2 });
    at_once(rig.ledger.set_streak(streak)).unwrap().unwrap();
    rig.world.zone.with(|zone| {
        let own = caller(zone);
        disassociate(zone, FACTORY_PORTFOLIO_ID, &own, PrincipalType::Iam).unwrap();
    });
    rig.provision(&Trigger::ControlTower(event.expect("it succeeded"))).unwrap();

    assert_eq!(rig.status("alpha"), Status::Configuring);
    let failed = ["beta", "gamma", "delta"].map(|name| rig.status(name));
    assert_eq!(failed, [Status::Failed; 3], "the two before the account do not count");
    assert_eq!(rig.status("epsilon"), Status::Queued, "the three after it do");
    let launching = rig.world.ledger.launching_now();
    assert_eq!(
        (launching.pause.map(|pause| pause.announced), launching.streak),
        (Some(true), None)
    );
    assert_eq!(rig.told("launching is paused").len(), 1);
}

#[test]
fn what_is_learnt_of_a_launch_is_of_that_launch_however_old_the_entry_was_that_asked() {
    let lost = || Failure::new(FailureKind::ProductGone, "pp-1");
    let failed = || Event::LaunchFailed { failure: lost(), account: None };
    for launched_again in [false, true] {
        let rig = Rig::new();
        list(&rig, &["alpha"]);
        rig.provision(&Trigger::Changed).unwrap();
        let old = rig.entry("alpha");
        let to = |entry: &Entry, event: Event| {
            let (ledger, clock) = (&rig.ledger, &rig.world.zone);
            at_once(advance(ledger, clock, &Source::Minute, entry, event)).unwrap().unwrap()
        };
        let check_at = rig.world.zone.now() + TimeDelta::minutes(5);
        if launched_again {
            to(&old, failed());
            to(&rig.entry("alpha"), Event::Retried { by: Operator("jane".into()) });
            let token = ProvisionToken("another".into());
            to(&rig.entry("alpha"), Event::Claimed { token, check_at });
            assert_eq!(to(&old, failed()), Advance::Overtaken);
            assert_eq!(rig.status("alpha"), Status::Provisioning);
        } else {
            to(&old, Event::StillAtWork { check_at, account: None });
            assert!(matches!(to(&old, failed()), Advance::Advanced(_)));
            assert_eq!(rig.status("alpha"), Status::Failed);
        }
    }
}

#[test]
fn a_launch_that_is_never_answered_is_given_up_after_two_hours_and_its_slot_is_free() {
    let rig = Rig::new();
    list(&rig, &["alpha"]);
    rig.fail("provision", Fails::Before);
    rig.provision(&Trigger::Changed).unwrap();
    for _ in 0..119 {
        rig.pass(1);
        // Each tick that asks again fails with the call.
        drop(rig.provision(&Trigger::Tick));
        assert_eq!(rig.status("alpha"), Status::Provisioning);
    }
    rig.pass(1);
    rig.provision(&Trigger::Tick).unwrap();
    let overdue = rig.entry("alpha");
    assert!(overdue.holds_slot(), "the call may have been heard: {overdue:?}");
    assert!(matches!(overdue.state, State::Failed { launch_open: true, .. }));
    rig.provision(&Trigger::Tick).unwrap();
    let failed = rig.entry("alpha");
    let State::Failed { failure, .. } = &failed.state else { panic!("{failed:?}") };
    assert_eq!(
        (failure.kind, failure.detail.as_str()),
        (FailureKind::Overdue, "the launch was never answered")
    );
    assert!(rig.world.ledger.launching_now().in_flight.is_empty());
}

#[test]
fn a_launch_whose_answer_was_lost_is_found_by_its_name_when_it_was_given_up() {
    let rig = Rig::new();
    list(&rig, &["alpha"]);
    rig.fail("provision", Fails::After);
    rig.provision(&Trigger::Changed).unwrap();
    rig.pass(121);
    rig.provision(&Trigger::Tick).unwrap();
    assert_eq!(rig.status("alpha"), Status::Failed);
    rig.provision(&Trigger::Tick).unwrap();
    rig.provision(&Trigger::Tick).unwrap();
    assert_eq!(rig.status("alpha"), Status::Configuring, "it had succeeded long since");
    assert_eq!(rig.world.zone.with(|zone| zone.service_catalog.launches().len()), 1);
}

/// A launch that was asked for and not answered, and that is refused from now on: what
/// happened `meanwhile`.
fn refused_when_asked_again(heard: Fails, meanwhile: impl FnOnce(&mut Zone, &str)) -> Rig {
    let rig = Rig::new();
    list(&rig, &["alpha"]);
    rig.fail("provision", heard);
    rig.provision(&Trigger::Changed).unwrap();
    rig.heal();
    let name = rig.entry("alpha").product_name();
    rig.world.zone.with(|zone| {
        meanwhile(zone, &name);
        let own = caller(zone);
        disassociate(zone, FACTORY_PORTFOLIO_ID, &own, PrincipalType::Iam).unwrap();
    });
    rig.pass(10);
    rig.provision(&Trigger::Tick).unwrap();
    rig
}

#[test]
fn a_launch_that_was_heard_goes_on_though_it_is_refused_when_asked_for_again() {
    let rig = refused_when_asked_again(Fails::After, |_, _| {});
    assert_eq!(rig.status("alpha"), Status::Provisioning);
    rig.pass(60);
    rig.provision(&Trigger::Tick).unwrap();
    assert_eq!(rig.status("alpha"), Status::Configuring);
}

#[test]
fn a_product_of_somebody_elses_that_has_the_name_is_not_taken_for_a_launch_that_was_refused() {
    let rig = refused_when_asked_again(Fails::Before, |zone, name| {
        let parameters = AccountParameters {
            account_name: "theirs".into(),
            account_email: "theirs@example.com".into(),
            sso_user_first_name: "John".into(),
            sso_user_last_name: "Smith".into(),
            sso_user_email: "john@example.com".into(),
            managed_organizational_unit: registered_units(zone).swap_remove(0),
        };
        let path = launch_path(zone).unwrap().to_owned();
        let artifact = artifacts(&zone.service_catalog).find(|it| it.active).unwrap().id.to_owned();
        let request = LaunchRequest {
            product: Named::Id(PRODUCT_ID.to_owned()),
            artifact: Named::Id(artifact),
            path: Some(path),
            name: name.to_owned(),
            token: "theirs".into(),
            parameters: parameters.into_pairs(),
        };
        service_catalog::provision(zone, request).unwrap();
    });
    let entry = rig.entry("alpha");
    let State::Failed { failure, .. } = &entry.state else { panic!("{entry:?}") };
    assert_eq!(failure.kind, FailureKind::NoLaunchPath);
    assert_eq!(entry.account, None);
}

#[test]
fn an_account_that_is_let_go_of_with_its_product_is_not_taken_for_finished() {
    let rig = Rig::with(|it| {
        it.account_factory.outcomes.insert("alpha".into(), Outcome::Activation);
    });
    list(&rig, &["alpha"]);
    rig.provision(&Trigger::Changed).unwrap();
    for _ in 0..40 {
        rig.pass(1);
        rig.provision(&Trigger::Tick).unwrap();
        if rig.status("alpha") == Status::Queued {
            break;
        }
    }
    // It waits to be launched again, and the product of the first launch is being removed.
    let id = rig.world.zone.with(|zone| {
        let account = zone.organization.accounts().iter().find(|it| it.name == "alpha").cloned();
        account.expect("it was made").id
    });
    let event = vending::lifecycle::LifecycleEvent {
        id: "by-hand".into(),
        created: false,
        succeeded: true,
        account_name: Some("alpha".into()),
        account_id: vending::account::AccountId::new(id).ok(),
        message: None,
    };
    rig.provision(&Trigger::ControlTower(event)).unwrap();
    assert_eq!(rig.status("alpha"), Status::Queued);
}

#[test]
fn a_launch_of_which_service_catalog_says_nothing_for_hours_is_given_up_and_keeps_its_slot() {
    let rig = Rig::new();
    list(&rig, &["alpha"]);
    rig.provision(&Trigger::Changed).unwrap();
    rig.fail("find", Fails::Before);
    for _ in 0..24 {
        rig.pass(10);
        let told = rig.provision(&Trigger::Tick);
        told.expect_err("who calls is told every time that it does not answer");
    }
    let overdue = rig.entry("alpha");
    let State::Failed { failure, launch_open: true, .. } = &overdue.state else {
        panic!("{overdue:?}")
    };
    assert_eq!(failure.kind, FailureKind::Overdue);
    rig.heal();
    rig.provision(&Trigger::Tick).unwrap();
    assert_eq!(rig.status("alpha"), Status::Configuring, "it was made meanwhile");
}

#[test]
fn a_failure_is_known_by_its_event_and_waits_for_no_tick() {
    let rig = Rig::with(|it| {
        it.account_factory.outcomes.insert("alpha".into(), Outcome::Failed);
    });
    list(&rig, &["alpha", "beta"]);
    rig.provision(&Trigger::Changed).unwrap();
    rig.pass(60);
    let events = rig.world.zone.take_lifecycle_events();
    let event = events.into_iter().find(|it| !it.succeeded).expect("it failed");
    rig.provision(&Trigger::ControlTower(event)).unwrap();
    assert_eq!(rig.status("alpha"), Status::Failed);
}

#[test]
fn an_account_is_known_by_its_id_where_the_event_has_an_old_name() {
    let rig = Rig::new();
    list(&rig, &["alpha"]);
    rig.provision(&Trigger::Changed).unwrap();
    rig.pass(60);
    let mut event = rig.world.zone.take_lifecycle_events().remove(0);
    event.account_name = Some("an old name".into());
    rig.provision(&Trigger::ControlTower(event)).unwrap();
    assert_eq!(rig.status("alpha"), Status::Configuring);
}

#[test]
fn while_control_tower_is_busy_nothing_is_launched_but_for_each_account_that_it_is_done_with() {
    let rig = Rig::with(|it| {
        it.account_factory.outcomes.insert("alpha".into(), Outcome::Busy);
    });
    list(&rig, &["alpha", "beta", "gamma"]);
    rig.provision(&Trigger::Changed).unwrap();
    rig.pass(1);
    drop(rig.provision(&Trigger::Tick));
    assert!(rig.world.ledger.launching_now().hold_until.is_some(), "{:?}", rig.entry("alpha"));
}
