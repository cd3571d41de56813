//! Entries and batches to try the ledger with, and the steps that they take in it.

use chrono::{DateTime, TimeDelta};
use vending::account::{
    AccessRequest, AccountId, AccountName, AccountRequest, EmailAddress, OrganizationalUnit,
    PersonName, SsoUser,
};
use vending::failure::{Failure, FailureKind};
use vending::ledger::{
    Batch, BatchId, Entry, Event, ObjectRef, ProvisionedProductId, RecordId, Source, Timestamp,
    Transition,
};
use vending::ports::{Admission, Admitted, Claim, Saved};

use crate::world::World;

/// The start of the cases' time, and `seconds` after it.
pub fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(1_769_000_400 + seconds, 0).unwrap()
}

pub fn name(text: &str) -> AccountName {
    AccountName::new(text).unwrap()
}

pub fn request(account: &str, email: &str) -> AccountRequest {
    AccountRequest {
        name: name(account),
        email: EmailAddress::new(email).unwrap(),
        sso_user: SsoUser {
            email: EmailAddress::new("jane.doe@example.com").unwrap(),
            first_name: PersonName::new("Jane").unwrap(),
            last_name: PersonName::new("Doe").unwrap(),
        },
        unit: OrganizationalUnit { name: "Test-OU-1".into(), id: "ou-aaaa-bbbbcccc".into() },
        requester: Some(EmailAddress::new("ana@example.com").unwrap()),
        access: AccessRequest::default(),
    }
}

/// A batch of the list `key`.
pub fn batch(key: &str) -> Batch {
    let object = ObjectRef { bucket: "lists".into(), key: key.into(), version: Some("v1".into()) };
    Batch::new(&object, at(0))
}

/// A queued entry at a line of `batch`, with an e-mail of its own.
pub fn queued(account: &str, batch: &BatchId, line: u64) -> Entry {
    let request = request(account, &format!("{account}@example.com"));
    Entry::queued(request, batch.clone(), line, at(0))
}

/// The entry after `event`, which must advance it.
pub fn after(entry: &Entry, event: Event, now: Timestamp) -> Entry {
    after_by(entry, event, &Source::Queue, now)
}

/// The same, brought by `source`.
pub fn after_by(entry: &Entry, event: Event, source: &Source, now: Timestamp) -> Entry {
    match entry.after(event, source, now).unwrap() {
        Transition::Advanced(next) => *next,
        Transition::AlreadyThere => panic!("nothing changes"),
    }
}

pub fn claimed(entry: &Entry) -> Entry {
    let token = entry.next_token();
    after(entry, Event::Claimed { token, check_at: at(60) }, at(1))
}

pub fn asked(entry: &Entry) -> Entry {
    let product = ProvisionedProductId("pp-1".into());
    after(entry, Event::Asked { product, record: RecordId("rec-1".into()) }, at(2))
}

pub fn made(entry: &Entry) -> Entry {
    let account = AccountId::new("123456789012").unwrap();
    after(entry, Event::AccountMade { account }, at(1_800))
}

pub fn ready(entry: &Entry) -> Entry {
    after(entry, Event::Configured { steps: Vec::new() }, at(1_860))
}

pub fn failure() -> Failure {
    Failure::new(FailureKind::EmailInUse, "EMAIL_ALREADY_EXISTS")
}

pub fn failed(entry: &Entry) -> Entry {
    after(entry, Event::LaunchFailed { failure: failure(), account: None }, at(120))
}

pub fn overdue(entry: &Entry) -> Entry {
    let failure = Failure::new(FailureKind::Overdue, "launched at 12:00");
    after(entry, Event::Overdue { failure }, at(3_600))
}

/// The entry asked for again by a line of `batch`.
pub fn again(entry: &Entry, batch: &BatchId, line: u64) -> Entry {
    let request = entry.request.clone();
    let (batch, uploaded_at) = (batch.clone(), entry.uploaded_at);
    after(entry, Event::Requested { request, batch, line, uploaded_at }, at(4_000))
}

/// Waits `seconds` from the start of time on.
pub fn waiting(entry: &Entry, seconds: i64) -> Entry {
    after(entry, Event::ToldToWait { until: at(seconds), reason: "busy".into() }, at(30))
}

/// Entries at lines 2, 3, … of `batch`, queued in the ledger.
pub async fn admitted(world: &dyn World, batch: &BatchId, names: &[&str]) -> Vec<Entry> {
    let entries = names.iter().zip(2..).map(|(name, line)| queued(name, batch, line));
    let entries: Vec<Entry> = entries.collect();
    for entry in &entries {
        assert_eq!(admit(world, None, entry).await, Admitted::Admitted);
    }
    entries
}

pub async fn admit(world: &dyn World, before: Option<&Entry>, after: &Entry) -> Admitted {
    let admission = Admission { before: before.cloned(), after: after.clone() };
    world.ledger().admit(&[admission]).await.unwrap().remove(0)
}

/// Claims a slot of `slots` for the entry, at the start of time.
pub async fn claim(world: &dyn World, entry: &Entry, slots: usize) -> Claim {
    claim_at(world, entry, slots, 1).await
}

pub async fn claim_at(world: &dyn World, entry: &Entry, slots: usize, seconds: i64) -> Claim {
    world.ledger().claim(entry, &claimed(entry), slots, at(seconds)).await.unwrap()
}

/// Saves `after`, which must go well, and answers it.
pub async fn save(world: &dyn World, before: &Entry, after: Entry) -> Entry {
    assert_eq!(world.ledger().save(before, &after).await.unwrap(), Saved::Saved);
    after
}

/// The entry with a slot, PROVISIONING in the ledger.
pub async fn launched(world: &dyn World, entry: &Entry) -> Entry {
    assert_eq!(claim(world, entry, 10).await, Claim::Taken);
    let claimed = claimed(entry);
    save(world, &claimed, asked(&claimed)).await
}

/// The names of entries, in their order.
pub fn names(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.request.name.as_str()).collect()
}

/// The names that hold a slot.
pub async fn slots(world: &dyn World) -> Vec<String> {
    let launching = world.ledger().launching().await.unwrap();
    launching.in_flight.iter().map(ToString::to_string).collect()
}

/// Minutes, as time that passes.
pub fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}
