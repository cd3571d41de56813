//! What must hold of the notices, whatever the texts in them say.

use chrono::DateTime;
use vending::account::{
    AccessRequest, AccountId, AccountName, AccountRequest, EmailAddress, PersonName, SsoUser,
};
use vending::failure::{Failure, Verdict, classify};
use vending::file::{SheetReader, UnknownNames, check};
use vending::ledger::{Batch, BatchId, Entry, ObjectRef, Pause, Stage, Timestamp};
use vending::notice::{
    Notice, Subject, account_failed, account_ready, batch_complete, batch_refused, batch_taken,
    launching_paused, outside_failed,
};

use crate::zone::units;

/// What is added when a body is cut.
const AFTER_CUT: usize = 64;

/// Makes every notice of any texts: subjects that SNS takes, bodies of plain lines.
pub fn notice(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (key, said) = text.split_once('\n').unwrap_or((&text, ""));
    plain_subject(&Subject::new(&text));
    let object =
        ObjectRef { bucket: "lists".into(), key: key.to_owned(), version: Some(said.to_owned()) };
    let mut notices = of_batch(&Batch::new(&object, at()), bytes);
    notices.extend(of_account(&BatchId::of(&object), said));
    for notice in &notices {
        plain_subject(&notice.subject);
        plain_body(&notice.body);
    }
    safe_id(&object);
}

fn at() -> Timestamp {
    DateTime::UNIX_EPOCH
}

fn of_batch(batch: &Batch, file: &[u8]) -> Vec<Notice> {
    let mut reader = SheetReader::new();
    let read = reader.push(file).and_then(|()| reader.finish());
    let faults = match read {
        Ok(sheet) => check(&sheet, &units(), &UnknownNames::default()).faults,
        Err(unreadable) => vec![unreadable.into()],
    };
    vec![
        batch_refused(batch, &faults),
        batch_taken(batch, &faults),
        batch_complete(batch, &[], at()),
    ]
}

fn of_account(batch: &BatchId, said: &str) -> Vec<Notice> {
    let entry = Entry::queued(request(), batch.clone(), 2, at());
    let failure = match classify(said) {
        Verdict::Fail(failure) => failure,
        Verdict::Wait(_) => Failure::new(vending::failure::FailureKind::Unknown, said),
    };
    let pause = Pause { since: at(), reason: failure.message(), announced: false, by: None };
    let account = AccountId::new("123456789012").expect("an id");
    vec![
        account_ready(&entry),
        account_failed(&entry, Stage::Provision, &failure),
        outside_failed(&account, None, &failure, &[]),
        launching_paused(&pause),
    ]
}

fn request() -> AccountRequest {
    let email = EmailAddress::new("ana@example.com").expect("an address");
    let person = |name| PersonName::new(name).expect("a name");
    AccountRequest {
        name: AccountName::new("alpha").expect("a name"),
        email: email.clone(),
        sso_user: SsoUser { email, first_name: person("Ana"), last_name: person("Silva") },
        unit: units().remove(0),
        requester: None,
        access: AccessRequest::default(),
    }
}

/// A subject line that SNS takes: printable ASCII, under 100 characters, a letter first.
///
/// # Panics
/// Where it is none.
pub fn plain_subject(subject: &Subject) {
    let subject = subject.as_str();
    assert!(subject.len() < 100, "{subject}");
    assert!(subject.starts_with("Vend: "), "{subject}");
    assert!(subject.chars().all(|c| c == ' ' || c.is_ascii_graphic()), "{subject:?}");
}

/// A body that fits a message, with line breaks and nothing else that is not seen.
///
/// # Panics
/// Where it is none.
pub fn plain_body(body: &str) {
    assert!(body.len() <= Notice::BODY_KEPT + AFTER_CUT, "{} bytes", body.len());
    let unseen = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!body.contains(unseen), "{body:?}");
}

/// A batch's id goes into keys, logs and subjects.
fn safe_id(object: &ObjectRef) {
    let id = BatchId::of(object);
    assert!(id.as_str().len() <= 49, "{id}");
    assert!(id.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{id}");
    assert_eq!(Batch::new(object, at()).results_key(), format!("results/{id}.csv"));
}
