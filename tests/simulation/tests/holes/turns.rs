//! Turns, and steps of handover that take too long.

use async_trait::async_trait;
use simulation::invariants::at_once;
use vending::account::{AccountId, AccountName};
use vending::handover::{self, Handover};
use vending::ledger::{Grant, State, Status};
use vending::ports::{
    AssignError, Assignments, Clock, CouldNotAsk, PrincipalText, StepStatus, Turns, Unresolved,
};

use crate::rig::{Fails, Rig};

/// Whether somebody else may take the only turn at assignments.
fn is_turn_free(rig: &Rig) -> bool {
    let now = rig.world.zone.now();
    let taken = rig.world.ledger.take("assignments", "somebody", 1, now, now);
    at_once(taken).unwrap().unwrap()
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
