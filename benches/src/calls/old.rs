//! A ledger with a past: entries of years in every status that lasts, and their batches.

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use vend::local::CountedRun;
use vending::account::{
    AccessRequest, AccountId, AccountName, AccountRequest, EmailAddress, OrganizationalUnit,
    PersonName, SsoUser,
};
use vending::failure::{Failure, FailureKind};
use vending::ledger::{Batch, Entry, ObjectRef, Stage, State};
use vending::ports::{Admission, Ledger};

/// Rows of each old list.
const ROWS: usize = 50;

/// Writes so many old entries, a third of them FAILED, with a closed batch for every fifty.
///
/// # Errors
/// When the ledger does not take them.
pub async fn fill(run: &CountedRun, entries: usize, now: DateTime<Utc>) -> Result<()> {
    let then = now - TimeDelta::days(400);
    for first in (0..entries).step_by(ROWS) {
        let object = ObjectRef {
            bucket: "vend-lists".to_owned(),
            key: format!("old-{first}.csv"),
            version: Some("1".to_owned()),
        };
        let mut batch = Batch::new(&object, then);
        let rows = first..(first + ROWS).min(entries);
        batch.rows = rows.len() as u64;
        let admissions: Vec<Admission> = rows
            .map(|number| Ok(Admission { before: None, after: entry(number, &batch, then)? }))
            .collect::<Result<_>>()?;
        run.ledger().save_batch(&batch).await.context("open an old batch")?;
        run.ledger().admit(&admissions).await.context("write old entries")?;
        let batch =
            run.ledger().batch(&batch.id).await.context("read an old batch")?.unwrap_or(batch);
        let told = Batch { taken: true, announced: true, closed: true, ..batch };
        run.ledger().save_batch(&told).await.context("write an old batch")?;
    }
    Ok(())
}

fn entry(number: usize, batch: &Batch, then: DateTime<Utc>) -> Result<Entry> {
    let failed = number.is_multiple_of(3);
    let state = if failed {
        let failure = Failure::new(FailureKind::EmailInUse, "long ago");
        State::Failed { stage: Stage::Provision, failure, announced: true, launch_open: false }
    } else {
        State::Ready { announced: true }
    };
    let account = (!failed).then(|| AccountId::new(format!("8{number:011}")));
    let line = (number % ROWS) as u64 + 2;
    Ok(Entry {
        account: account.transpose()?,
        state,
        decided: true,
        finished_at: Some(then),
        ..Entry::queued(request(number)?, batch.id.clone(), line, then)
    })
}

fn request(number: usize) -> Result<AccountRequest> {
    Ok(AccountRequest {
        name: AccountName::new(format!("old-{number}"))?,
        email: EmailAddress::new(format!("old-{number}@example.com"))?,
        sso_user: SsoUser {
            email: EmailAddress::new("owner@example.com")?,
            first_name: PersonName::new("Jane").context("name a person")?,
            last_name: PersonName::new("Doe").context("name a person")?,
        },
        unit: OrganizationalUnit { name: "Sandbox".into(), id: "ou-aaaa-sandbox1".into() },
        requester: None,
        access: AccessRequest::default(),
    })
}
