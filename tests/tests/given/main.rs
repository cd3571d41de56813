//! What accounts are given besides an entry: the defaults where they were made outside Vend,
//! and what operators ask for, however the two meet.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

mod rig;

use chrono::TimeDelta;
use rig::{ACCOUNT, Rig, group};
use vending::ledger::Progress;
use vending::ports::DefaultAccess;

const DEFAULT: &str = "permission set AWSAdministratorAccess for group Platform-Admins";
const ASKED: &str = "permission set BillingView for group Developers";

fn done(words: &[&str]) -> Vec<(String, &'static str)> {
    words.iter().map(|word| ((*word).to_owned(), "done")).collect()
}

#[tokio::test]
async fn an_account_made_outside_has_the_defaults_once() {
    let rig = Rig::new();
    rig.welcome().await;
    assert_eq!(rig.ended().await, done(&[DEFAULT]));
    assert!(rig.has("Platform-Admins", "AWSAdministratorAccess"));
    rig.take_away("Platform-Admins", "AWSAdministratorAccess");
    rig.welcome().await;
    rig.pass(10).await;
    assert!(!rig.has("Platform-Admins", "AWSAdministratorAccess"), "what an admin took away");
}

#[tokio::test]
async fn an_account_that_was_only_updated_or_never_made_is_given_nothing() {
    for (created, succeeded) in [(false, true), (true, false), (false, false)] {
        let rig = Rig::new();
        rig.hear(created, succeeded).await;
        rig.pass(10).await;
        assert!(rig.record().await.is_none(), "created {created}, succeeded {succeeded}");
        assert!(!rig.has("Platform-Admins", "AWSAdministratorAccess"));
    }
}

#[tokio::test]
async fn what_is_asked_for_is_given_within_a_minute_or_two() {
    let rig = Rig::new();
    rig.ask(&[group("Developers", "BillingView")]).await;
    rig.pass(3).await;
    let record = rig.record().await.unwrap();
    assert!(record.closed, "{record:?}");
    assert_eq!(rig.told().await, done(&[ASKED]));
    assert!(rig.has("Developers", "BillingView"));
    assert_eq!(rig.notices(), [""; 0], "what is well is not told");
    assert_eq!(record.defaults, DefaultAccess::NotGiven);
}

#[tokio::test]
async fn an_account_that_is_asked_about_before_its_event_has_both() {
    let rig = Rig::new();
    rig.ask(&[group("Developers", "BillingView")]).await;
    rig.ended().await;
    rig.welcome().await;
    assert_eq!(rig.ended().await, done(&[ASKED, DEFAULT]));
    assert!(rig.has("Platform-Admins", "AWSAdministratorAccess"));
}

#[tokio::test]
async fn an_account_that_is_asked_about_while_its_defaults_are_due_has_both() {
    let rig = Rig::new();
    rig.hold_identity_center().await;
    rig.welcome().await;
    assert_eq!(rig.record().await.unwrap().defaults, DefaultAccess::Due);
    rig.ask(&[group("Developers", "BillingView")]).await;
    rig.release_identity_center().await;
    assert_eq!(rig.ended().await, done(&[ASKED, DEFAULT]));
}

#[tokio::test]
async fn defaults_that_are_due_wait_for_the_turn_also_where_all_that_was_asked_for_is_given() {
    let rig = Rig::new();
    rig.ask(&[group("Developers", "BillingView")]).await;
    rig.ended().await;
    rig.hold_identity_center().await;
    rig.welcome().await;
    rig.pass(10).await;
    assert_eq!(rig.told().await, done(&[ASKED]), "another invocation talks to Identity Center");
    rig.release_identity_center().await;
    assert_eq!(rig.ended().await, done(&[ASKED, DEFAULT]));
}

#[tokio::test]
async fn defaults_that_do_not_exist_are_told_and_keep_nothing_else_from_it() {
    let rig = Rig::defaulting_to("group:Nobody=AWSAdministratorAccess");
    rig.ask(&[group("Developers", "BillingView")]).await;
    rig.welcome().await;
    assert_eq!(rig.ended().await, done(&[ASKED]));
    assert_eq!(rig.notices().len(), 1);
    rig.pass(10).await;
    assert_eq!(rig.notices().len(), 1, "told once");
}

#[tokio::test]
async fn what_fails_is_told_with_who_asked_and_the_rest_is_given() {
    let rig = Rig::new();
    let nobody = rig::grant("9067012345-ffffffff-0000-4000-8000-000000000000", "BillingView");
    rig.ask(&[nobody, group("Developers", "BillingView")]).await;
    let ended = rig.ended().await;
    assert_eq!(ended.iter().map(|(_, word)| *word).collect::<Vec<_>>(), ["failed", "done"]);
    let [notice] = rig.notices().try_into().unwrap();
    assert!(notice.contains("Asked for by: Admin/jane"), "{notice}");
    assert!(notice.contains("vend access apply"), "{notice}");
}

#[tokio::test]
async fn what_was_given_is_looked_at_again_and_comes_back() {
    let rig = Rig::new();
    let asked = [group("Developers", "BillingView"), group("Platform-Admins", "BillingView")];
    rig.ask(&asked).await;
    rig.ended().await;
    rig.take_away("Developers", "BillingView");
    rig.ask(&asked).await;
    rig.ended().await;
    assert!(rig.has("Developers", "BillingView") && rig.has("Platform-Admins", "BillingView"));
}

#[tokio::test]
async fn an_entry_at_work_on_the_same_account_is_no_hindrance() {
    let rig = Rig::new();
    let name = rig.entry_configuring().await;
    let asked = [group("Developers", "BillingView"), group("Developers", "AWSReadOnlyAccess")];
    rig.ask(&asked).await;
    rig.ended().await;
    for _ in 0..30 {
        rig.pass(1).await;
    }
    let entry = rig.entry(&name).await;
    assert!(entry.steps.iter().all(|step| step.progress == Progress::Done), "{:?}", entry.steps);
    for set in ["BillingView", "AWSReadOnlyAccess"] {
        assert!(rig.has("Developers", set), "{set} in {ACCOUNT}");
    }
    assert!(rig.most_under_way() <= 1, "one change in an account at a time");
    assert!(rig.since_start() < TimeDelta::hours(2));
}
