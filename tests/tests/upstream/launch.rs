//! Launching, waiting, failing, and giving access.

use landing_zone::model::service_catalog::{Outcome, portfolio_visible};
use serde_json::{Value, json};
use vending::failure::FailureKind;
use vending::ledger::{Stage, State, Status};
use vending::provision::{Trigger, provision};
use vending_aws::events::Wake;

use crate::rig::{Rig, list};

fn failure(rig: &Rig, name: &str) -> (Stage, FailureKind) {
    match rig.entry(name).state {
        State::Failed { stage, failure, .. } => (stage, failure.kind),
        state => panic!("{name} is {state:?}"),
    }
}

#[tokio::test]
async fn a_transient_error_makes_its_row_wait_and_fails_no_row() {
    let rig = Rig::new(&[("beta", Outcome::Busy)]);
    rig.upload(list(&["alpha", "beta", "gamma"])).await;
    rig.run().await;
    for name in ["alpha", "beta", "gamma"] {
        assert_eq!(rig.status(name), Status::Ready, "{name}");
        assert_eq!(rig.entry(name).attempt, 1, "a wait counts as no attempt");
    }
}

#[tokio::test]
async fn a_launch_that_ends_without_an_event_fails_its_row_and_the_queue_goes_on() {
    let rig = Rig::new(&[("alpha", Outcome::UnregisteredOu)]);
    rig.upload(list(&["alpha", "beta"])).await;
    rig.run().await;
    assert_eq!(failure(&rig, "alpha"), (Stage::Provision, FailureKind::UnitNotRegistered));
    assert_eq!(rig.status("beta"), Status::Ready);
}

#[tokio::test]
async fn a_failure_without_a_message_fails_its_row_and_the_queue_goes_on() {
    let rig = Rig::new(&[("alpha", Outcome::Tainted)]);
    rig.upload(list(&["alpha", "beta"])).await;
    rig.run().await;
    assert_eq!(rig.status("alpha"), Status::Failed);
    assert_eq!(rig.status("beta"), Status::Ready);
}

#[tokio::test]
async fn an_event_that_never_comes_is_made_up_for_by_asking() {
    let rig = Rig::new(&[("alpha", Outcome::LostEvent)]);
    rig.upload(list(&["alpha", "beta"])).await;
    rig.run().await;
    assert_eq!(rig.status("alpha"), Status::Ready);
    assert_eq!(rig.status("beta"), Status::Ready);
}

/// A stream event of an `INSERT` and a `MODIFY`, in AWS's own form.
fn insert_and_modify() -> Value {
    let sample = |name: &str| {
        let path = format!("{}/../samples/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str::<Value>(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let (insert, modify) = (sample("stream-insert"), sample("stream-modify"));
    json!({ "Records": [insert["Records"][0], modify["Records"][0]] })
}

#[tokio::test]
async fn a_stream_batch_of_an_insert_and_a_modify_launches_what_is_queued() {
    let rig = Rig::new(&[]);
    rig.upload(list(&["alpha"])).await;
    let Wake::Changed(changes) = Wake::decode(&insert_and_modify()).unwrap() else {
        panic!("not a change")
    };
    assert_eq!(changes.len(), 2);
    provision(&rig.world.provisioning(), &Trigger::Changed).await.unwrap();
    assert_eq!(rig.status("alpha"), Status::Provisioning);
}

#[tokio::test]
async fn two_wake_ups_launch_an_account_once() {
    let rig = Rig::new(&[]);
    rig.upload(list(&["alpha"])).await;
    let world = rig.world.provisioning();
    let (one, other) =
        tokio::join!(provision(&world, &Trigger::Changed), provision(&world, &Trigger::Changed));
    one.and(other).unwrap();
    rig.run().await;
    assert_eq!(rig.launches("alpha@example.com"), 1);
    assert_eq!(rig.accounts("alpha@example.com"), 1);
}

#[tokio::test]
async fn a_row_in_flight_is_seen_as_such_with_a_token_that_stays() {
    let rig = Rig::new(&[]);
    rig.upload(list(&["alpha"])).await;
    let decided = rig.entry("alpha").next_token();
    provision(&rig.world.provisioning(), &Trigger::Changed).await.unwrap();
    let entry = rig.entry("alpha");
    assert_eq!(entry.status(), Status::Provisioning);
    assert_eq!(entry.launch.map(|launch| launch.token), Some(decided));
}

#[tokio::test]
async fn uploading_again_leaves_finished_rows_as_they_are() {
    let rig = Rig::new(&[]);
    rig.upload(list(&["alpha"])).await;
    rig.run().await;
    let finished = rig.entry("alpha");
    rig.upload(list(&["alpha", "beta"])).await;
    rig.run().await;
    assert_eq!(rig.entry("alpha"), finished);
    assert_eq!(rig.launches("alpha@example.com"), 1);
    assert_eq!(rig.status("beta"), Status::Ready);
}

#[tokio::test]
async fn a_retry_that_control_tower_reports_as_an_update_makes_the_account_ready() {
    let rig = Rig::new(&[("alpha", Outcome::Failed)]);
    rig.upload(list(&["alpha"])).await;
    rig.run().await;
    assert_eq!(failure(&rig, "alpha"), (Stage::Provision, FailureKind::RoleNotAssumable));
    rig.upload(list(&["alpha"])).await;
    rig.run().await;
    assert_eq!(rig.status("alpha"), Status::Ready);
    assert_eq!(rig.entry("alpha").attempt, 2);
    assert_eq!(
        rig.accounts("alpha@example.com"),
        1,
        "the account of the first attempt is enrolled"
    );
}

#[tokio::test]
async fn a_failed_event_without_an_account_leaves_no_account_id() {
    let rig = Rig::new(&[("alpha", Outcome::FailedNoId)]);
    rig.upload(list(&["alpha"])).await;
    rig.run().await;
    assert_eq!(rig.status("alpha"), Status::Failed);
    assert_eq!(rig.entry("alpha").account, None);
}

#[tokio::test]
async fn a_conflict_is_waited_for_and_the_access_is_there_in_the_end() {
    let rig = Rig::new(&[("alpha", Outcome::Conflict)]);
    rig.upload(list(&["alpha"])).await;
    rig.run().await;
    let entry = rig.entry("alpha");
    assert_eq!(entry.status(), Status::Ready);
    assert!(has_admins(&rig, entry.account.unwrap().as_str()));
}

#[tokio::test]
async fn an_assignment_that_ends_failed_fails_its_row_and_keeps_the_account() {
    let rig = Rig::new(&[("alpha", Outcome::AccessFails)]);
    rig.upload(list(&["alpha"])).await;
    rig.run().await;
    assert_eq!(failure(&rig, "alpha"), (Stage::Access, FailureKind::PermissionSetQuota));
    let account = rig.entry("alpha").account.unwrap();
    assert!(!has_admins(&rig, account.as_str()));
    rig.world.zone.with(|zone| zone.service_catalog.plan("alpha", Outcome::Ready));
    rig.upload(list(&["alpha"])).await;
    rig.run().await;
    assert_eq!(rig.status("alpha"), Status::Ready);
    assert_eq!(rig.entry("alpha").account, Some(account));
    assert_eq!(rig.launches("alpha@example.com"), 1, "it is never provisioned again");
}

#[tokio::test]
async fn nothing_that_others_gave_is_ever_taken_away() {
    let rig = Rig::new(&[]);
    rig.upload(list(&["alpha"])).await;
    rig.run().await;
    let given = || rig.world.zone.with(|zone| zone.identity_center.assignments().clone());
    let before = given();
    assert!(!before.is_empty(), "Control Tower and Vend gave alpha something");
    rig.upload(list(&["alpha", "beta"])).await;
    rig.run().await;
    let after = given();
    assert!(before.iter().all(|one| after.contains(one)), "{before:?} {after:?}");
    for name in ["alpha", "beta"] {
        let account = rig.entry(name).account.unwrap();
        let visible = rig
            .world
            .zone
            .with(|zone| portfolio_visible(zone, account.as_str(), "port-network000001"));
        assert!(visible, "{name}");
    }
}

#[tokio::test]
async fn people_are_told_of_every_row_and_of_the_batch() {
    let rig = Rig::new(&[("beta", Outcome::Quota)]);
    rig.upload(list(&["alpha", "beta"])).await;
    rig.run().await;
    let subjects: Vec<String> = rig.mail().into_iter().filter_map(|mail| mail.subject).collect();
    let told = |words: &str| subjects.iter().any(|subject| subject.contains(words));
    assert!(told("taken"), "{subjects:?}");
    assert!(told("account alpha is ready"), "{subjects:?}");
    assert!(told("account beta failed"), "{subjects:?}");
    assert!(told("complete: 1 ready, 1 failed"), "{subjects:?}");
}

fn has_admins(rig: &Rig, account: &str) -> bool {
    rig.world.zone.with(|zone| {
        let center = &zone.identity_center;
        let admins = center.group_named("Platform-Admins").expect("the group").id.clone();
        center.assignments().iter().any(|it| it.account == account && it.principal == admins)
    })
}

/// The part of a source file before its tests, without comments.
fn product(path: &std::path::Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default().lines();
    code.filter(|line| !line.trim_start().starts_with("//")).collect()
}

fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_arn_of_one_partition_is_written_into_the_product() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for folder in ["functions", "shared/vending/src", "shared/vending-aws/src"] {
        sources(&root.join(folder), &mut found);
    }
    assert!(found.len() > 50, "the sources are found");
    for path in found.iter().filter(|path| !path.ends_with("testing.rs")) {
        assert!(!product(path).contains("arn:aws:"), "{}", path.display());
    }
}
