//! Entries and batches for unit tests.

use std::sync::{Arc, Mutex};

use chrono::{TimeDelta, TimeZone, Utc};

use crate::account::{
    AccessRequest, AccountId, AccountName, AccountRequest, EmailAddress, OrganizationalUnit,
    PersonName, SsoUser,
};
use crate::failure::{Failure, FailureKind};
use crate::ledger::{
    Batch, BatchId, Entry, Event, Grant, ObjectRef, Portfolio, Principal, PrincipalKind, Progress,
    ProvisionToken, ProvisionedProductId, RecordId, Source, State, Step, Timestamp, Transition,
};
use crate::notice::{self, Notice};

/// The start of the tests' time, and `seconds` after it.
pub fn at(seconds: i64) -> Timestamp {
    Utc.with_ymd_and_hms(2026, 1, 21, 12, 0, 0).unwrap() + TimeDelta::seconds(seconds)
}

pub fn request(name: &str) -> AccountRequest {
    AccountRequest {
        name: AccountName::new(name).unwrap(),
        email: EmailAddress::new(format!("{}@example.com", name.trim_start_matches(['_', '-'])))
            .unwrap(),
        sso_user: SsoUser {
            email: EmailAddress::new("jane@example.com").unwrap(),
            first_name: PersonName::new("Jane").unwrap(),
            last_name: PersonName::new("Doe").unwrap(),
        },
        unit: OrganizationalUnit { name: "Test-OU-1".into(), id: "ou-aaaa-bbbbcccc".into() },
        requester: None,
        access: AccessRequest::default(),
    }
}

pub fn object() -> ObjectRef {
    ObjectRef { bucket: "lists".into(), key: "in/accounts.csv".into(), version: Some("v1".into()) }
}

pub fn batch() -> Batch {
    Batch::new(&object(), at(0))
}

/// A queued entry.
pub fn entry(name: &str) -> Entry {
    Entry::queued(request(name), BatchId::of(&object()), 2, at(0))
}

/// The entry after `event`, which must advance it.
pub fn after(entry: &Entry, event: Event, now: Timestamp) -> Entry {
    after_by(entry, event, &Source::Queue, now)
}

/// The same, brought by `source`.
pub fn after_by(entry: &Entry, event: Event, source: &Source, now: Timestamp) -> Entry {
    match entry.after(event, source, now).unwrap() {
        Transition::Advanced(next) => *next,
        Transition::AlreadyThere => panic!("nothing changed"),
    }
}

pub fn provisioning(name: &str) -> Entry {
    let token = ProvisionToken("vend-token".into());
    let claimed = after(&entry(name), Event::Claimed { token, check_at: at(60) }, at(0));
    let product = ProvisionedProductId("pp-1".into());
    after(&claimed, Event::Asked { product, record: RecordId("rec-1".into()) }, at(1))
}

pub fn configuring(name: &str) -> Entry {
    let account = AccountId::new("123456789012").unwrap();
    after(&provisioning(name), Event::AccountMade { account }, at(1_800))
}

pub fn steps(progress: &Progress) -> Vec<Step> {
    let assignment = Grant::Assignment {
        permission_set: "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"
            .into(),
        permission_set_name: "AWSAdministratorAccess".into(),
        principal: Principal {
            kind: PrincipalKind::Group,
            id: "g-1".into(),
            name: "Platform-Admins".into(),
        },
    };
    let portfolio = Grant::Portfolio(Portfolio { id: "port-1".into(), name: "Networking".into() });
    [assignment, portfolio]
        .map(|grant| Step { progress: progress.clone(), ..Step::new(grant) })
        .to_vec()
}

pub fn ready(name: &str) -> Entry {
    after(&configuring(name), Event::Configured { steps: steps(&Progress::Done) }, at(1_860))
}

pub fn failed(name: &str) -> Entry {
    let failure = Failure::new(FailureKind::EmailInUse, "EMAIL_ALREADY_EXISTS");
    after(&provisioning(name), Event::LaunchFailed { failure, account: None }, at(120))
}

/// All of a notice: its subject, its text, and its facts for machines.
pub fn shown(notice: &Notice) -> String {
    let about = serde_json::to_string_pretty(&notice.about).unwrap();
    format!("{}\n\n{}\n{about}", notice.subject, notice.body)
}

/// What is logged while `act` runs: JSON lines without a time.
pub fn logged(act: impl FnOnce()) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .without_time()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, act);
    let lines = lines.0.lock().unwrap();
    String::from_utf8(lines.clone()).unwrap()
}

/// Where lines are written to, to be looked at.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The notice that alpha failed.
pub fn failed_notice() -> Notice {
    let entry = failed("alpha");
    let State::Failed { stage, failure, .. } = &entry.state else { panic!("not failed") };
    notice::account_failed(&entry, *stage, failure)
}
