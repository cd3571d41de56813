//! Entries and scenes for unit tests.

use chrono::{TimeDelta, TimeZone, Utc};
use vending::account::{
    AccessRequest, AccountId, AccountName, AccountRequest, EmailAddress, OrganizationalUnit,
    PersonName, SsoUser,
};
use vending::failure::{Failure, FailureKind};
use vending::ledger::{
    Batch, BatchId, Entry, Event, Grant, ObjectRef, Portfolio, Progress, ProvisionToken,
    ProvisionedProductId, RecordId, Source, Step, Timestamp, Transition,
};

use super::scene::{Scene, Subject};

/// The start of the tests' time, and `seconds` after it.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Utc.with_ymd_and_hms(2026, 1, 21, 12, 0, 0).unwrap() + TimeDelta::seconds(seconds)
}

/// A batch of which no row is known.
pub(crate) fn batch() -> Batch {
    let (bucket, key) = ("lists".into(), "in/accounts.csv".into());
    Batch::new(&ObjectRef { bucket, key, version: Some("v1".into()) }, at(0))
}

/// A queued entry.
pub(crate) fn queued(name: &str, line: u64) -> Entry {
    let request = AccountRequest {
        name: AccountName::new(name).unwrap(),
        email: EmailAddress::new(format!("{name}@example.com")).unwrap(),
        sso_user: SsoUser {
            email: EmailAddress::new("jane@example.com").unwrap(),
            first_name: PersonName::new("Jane").unwrap(),
            last_name: PersonName::new("Doe").unwrap(),
        },
        unit: OrganizationalUnit { name: "Test-OU-1".into(), id: "ou-aaaa-bbbbcccc".into() },
        requester: None,
        access: AccessRequest::default(),
    };
    Entry::queued(request, batch().id, line, at(0))
}

/// The entry after `event`, which must advance it.
pub(crate) fn after(entry: &Entry, event: Event, source: &Source, seconds: i64) -> Entry {
    match entry.after(event, source, at(seconds)).unwrap() {
        Transition::Advanced(next) => *next,
        Transition::AlreadyThere => panic!("nothing changed"),
    }
}

/// It took a slot a minute after it was queued.
pub(crate) fn provisioning(name: &str, line: u64) -> Entry {
    let token = ProvisionToken("vend-token".into());
    let claimed = Event::Claimed { token, check_at: at(120) };
    let claimed = after(&queued(name, line), claimed, &Source::Queue, 60);
    let (product, record) = (ProvisionedProductId("pp-1".into()), RecordId("rec-1".into()));
    after(&claimed, Event::Asked { product, record }, &Source::Queue, 61)
}

/// Control Tower made it in half an hour.
pub(crate) fn configuring(name: &str, line: u64) -> Entry {
    let account = AccountId::new("123456789012").unwrap();
    after(&provisioning(name, line), Event::AccountMade { account }, &Source::Lifecycle, 1_860)
}

/// It has its portfolio.
pub(crate) fn ready(name: &str, line: u64) -> Entry {
    let portfolio = Portfolio { id: "port-1".into(), name: "Networking".into() };
    let step = Step { progress: Progress::Done, ..Step::new(Grant::Portfolio(portfolio)) };
    after(&configuring(name, line), Event::Configured { steps: vec![step] }, &Source::Minute, 1_920)
}

/// Its launch failed two minutes after it began.
pub(crate) fn failed(name: &str, line: u64, kind: FailureKind) -> Entry {
    let failure = Failure::new(kind, "what AWS said of it");
    let event = Event::LaunchFailed { failure, account: None };
    after(&provisioning(name, line), event, &Source::Minute, 180)
}

/// What is seen of a batch of these entries.
pub(in crate::status) fn scene(entries: Vec<Entry>, seconds: i64) -> Scene {
    let mut batch = Batch { taken: true, announced: true, rows: entries.len() as u64, ..batch() };
    for entry in &entries {
        match entry.status() {
            vending::ledger::Status::Ready => batch.ready += 1,
            vending::ledger::Status::Failed => batch.failed += 1,
            _ => batch.remaining += 1,
        }
    }
    let subject = Subject::Batch(BatchId(batch.id.to_string()));
    let mut scene = Scene::new(subject, 1, at(seconds));
    scene.slots = entries.iter().filter(|entry| entry.holds_slot()).cloned().collect();
    scene.launching.in_flight = scene.slots.iter().map(|it| it.request.name.clone()).collect();
    scene.open = vec![batch.clone()];
    scene.batches = vec![batch];
    scene.entries = entries.into_iter().map(|it| (it.request.name.clone(), it)).collect();
    scene
}
