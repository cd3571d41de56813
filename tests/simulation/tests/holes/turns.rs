//! Turns, and steps of handover that take too long.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use simulation::invariants::at_once;
use vending::account::{AccountId, AccountName};
use vending::handover::{self, Handover};
use vending::ledger::{Grant, Progress, State, Status, Timestamp};
use vending::ports::{
    AssignError, Assignments, Clock, CouldNotAsk, PrincipalText, StepStatus, Turn, Turns,
    Unresolved,
};

use crate::rig::{Fails, Rig};

/// Whether somebody else may take the only turn at assignments.
fn is_turn_free(rig: &Rig) -> bool {
    let now = rig.world.zone.now();
    let taken = rig.world.ledger.take("assignments", "somebody", 1, now, now);
    at_once(taken).unwrap().unwrap().is_held()
}

#[test]
fn the_turn_of_a_request_that_was_not_answered_is_given_back_when_it_turns_out_done() {
    let rig = Rig::new();
    rig.made("alpha");
    rig.fail("request", Fails::After);
    assert!(rig.attend("alpha").is_err());
    assert!(!is_turn_free(&rig), "the call may have been heard");
    rig.heal();
    rig.pass(5);
    rig.attend("alpha").unwrap();
    assert_eq!(rig.status("alpha"), Status::Ready);
    assert!(is_turn_free(&rig));
}

#[test]
fn an_account_keeps_its_place_while_a_request_that_nobody_heard_of_is_in_its_own_way() {
    let rig = Rig::new();
    rig.made("alpha");
    rig.fail("request", Fails::After);
    assert!(rig.attend("alpha").is_err());
    rig.heal();
    rig.attend("alpha").unwrap();
    let [step] = rig.entry("alpha").steps.try_into().unwrap();
    assert!(matches!(step.progress, Progress::Pending { tries: 1, .. }), "{step:?}");
    assert!(!is_turn_free(&rig), "it conflicts with what it asked for itself");
    rig.pass(2);
    rig.attend("alpha").unwrap();
    assert_eq!(rig.status("alpha"), Status::Ready);
    assert!(is_turn_free(&rig));
}

/// Lets somebody else be the one that talks to Identity Center, for two minutes.
fn somebody_talks(rig: &Rig) {
    let now = rig.world.zone.now();
    let until = now + TimeDelta::minutes(2);
    let taken = rig.world.ledger.take("identity-center", "somebody", 1, now, until);
    assert_eq!(at_once(taken).unwrap().unwrap(), Turn::Taken);
}

#[test]
fn an_account_is_left_to_the_invocation_that_talks_to_identity_center() {
    let rig = Rig::new();
    rig.made("alpha");
    somebody_talks(&rig);
    rig.attend("alpha").unwrap();
    let tick = || at_once(handover::tick(&rig.handover())).unwrap().unwrap();
    tick();
    assert_eq!(rig.entry("alpha").steps, []);
    // That one has died: its turn ends.
    rig.pass(2);
    tick();
    assert_eq!(rig.entry("alpha").steps.len(), 1);
    rig.pass(2);
    tick();
    assert_eq!(rig.status("alpha"), Status::Ready);
}

/// The turn to talk to Identity Center, just before whose taking another invocation has had it,
/// and carried the account on.
struct Second<'a> {
    rig: &'a Rig,
    first: AtomicBool,
}

#[async_trait]
impl Turns for Second<'_> {
    async fn take(
        &self,
        resource: &str,
        holder: &str,
        places: usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Turn, CouldNotAsk> {
        if resource == "identity-center" && !self.first.swap(true, Ordering::Relaxed) {
            self.rig.attend("alpha").unwrap();
            self.rig.pass(5);
        }
        self.rig.ledger.take(resource, holder, places, now, until).await
    }

    async fn give_back(&self, resource: &str, holder: &str) -> Result<(), CouldNotAsk> {
        self.rig.ledger.give_back(resource, holder).await
    }
}

#[test]
fn what_another_invocation_asked_for_before_one_had_the_turn_is_not_asked_for_again() {
    let rig = Rig::new();
    rig.made("alpha");
    let turns = Second { rig: &rig, first: AtomicBool::new(false) };
    let world = Handover { turns: &turns, ..rig.handover() };
    let name = AccountName::new("alpha").unwrap();
    rig.calls();
    at_once(handover::attend(&world, &name)).unwrap().unwrap();
    assert_eq!(rig.calls().iter().filter(|call| **call == "request").count(), 1);
    assert_eq!(rig.status("alpha"), Status::Ready);
}

#[test]
fn who_cannot_give_the_turn_back_keeps_others_out_for_two_minutes() {
    let rig = Rig::new();
    rig.made("alpha");
    rig.fail("give_back", Fails::Before);
    assert!(rig.attend("alpha").is_err());
    rig.heal();
    let asked = rig.entry("alpha").steps;
    rig.pass(1);
    rig.attend("alpha").unwrap();
    assert_eq!(rig.entry("alpha").steps, asked);
    rig.pass(1);
    rig.attend("alpha").unwrap();
    assert_eq!(rig.status("alpha"), Status::Ready);
}

/// Identity Center never ends what it was asked for.
struct Stuck<'a>(&'a dyn Assignments);

#[async_trait]
impl Assignments for Stuck<'_> {
    async fn resolve(&self, principal: &PrincipalText, set: &str) -> Result<Grant, Unresolved> {
        self.0.resolve(principal, set).await
    }

    async fn exists(&self, _: &AccountId, _: &Grant) -> Result<bool, CouldNotAsk> {
        Ok(false)
    }

    async fn request(&self, account: &AccountId, grant: &Grant) -> Result<String, AssignError> {
        self.0.request(account, grant).await
    }

    async fn status(&self, _: &str) -> Result<StepStatus, CouldNotAsk> {
        Ok(StepStatus::InProgress)
    }
}

#[test]
fn an_assignment_that_is_under_way_for_an_hour_fails_and_the_account_is_kept() {
    let rig = Rig::new();
    rig.made("alpha");
    let stuck = Stuck(&rig.zone);
    let attend = || {
        let name = AccountName::new("alpha").unwrap();
        let world = Handover { assignments: &stuck, ..rig.handover() };
        at_once(handover::attend(&world, &name)).unwrap().unwrap();
        rig.entry("alpha")
    };
    attend();
    rig.pass(10);
    assert_eq!(attend().status(), Status::Configuring);
    assert!(!is_turn_free(&rig));
    rig.pass(49);
    assert_eq!(attend().status(), Status::Configuring);
    rig.pass(1);
    let failed = attend();
    let State::Failed { failure, .. } = &failed.state else { panic!("{failed:?}") };
    assert!(failure.detail.ends_with("AWS has not ended it within 60 minutes"), "{failure:?}");
    assert!(failed.account.is_some());
}
