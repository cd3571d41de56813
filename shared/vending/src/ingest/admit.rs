//! Putting planned rows into the ledger. What has changed since it was read is
//! read and planned anew.

use tracing::info;

use super::facts::{self, Organization};
use super::plan::{Asking, PlannedRow, plan};
use super::{Intake, LedgerFacts};
use crate::Error;
use crate::account::{AccountName, AccountRequest};
use crate::file::{Column, Fault};
use crate::ledger::{Entry, Event, Source, Status, Transition};
use crate::ports::{Admission, Admitted};

/// How often rows that changed meanwhile are planned anew.
const ROUNDS: u32 = 5;

/// Admits the rows; answers those that are in the ledger (or unchanged), in file
/// order, and the faults of those that turned out not to be acceptable.
pub(super) async fn admit(
    world: &Intake<'_>,
    asking: &Asking,
    rows: Vec<PlannedRow>,
    organization: &Organization,
) -> Result<(Vec<PlannedRow>, Vec<Fault>), Error> {
    let (mut done, mut faults, mut open) = (Vec::new(), Vec::new(), rows);
    for _ in 0..ROUNDS {
        let (changed, more) = round(world, asking, open, &mut done).await?;
        faults.extend(more);
        if changed.is_empty() {
            done.sort_by_key(|row| row.line);
            return Ok((done, faults));
        }
        let ledger: LedgerFacts = facts::ledger(world.ledger, &changed).await?;
        let (planned, more) = plan(asking, changed, &ledger, &organization.accounts);
        faults.extend(more);
        open = planned;
    }
    // The same delivery again finds what is done, and goes on with the rest.
    Err(Error::Contended)
}

type Requests = Vec<(u64, AccountRequest)>;

/// Admits the rows once; answers those that have changed since they were read.
async fn round(
    world: &Intake<'_>,
    asking: &Asking,
    rows: Vec<PlannedRow>,
    done: &mut Vec<PlannedRow>,
) -> Result<(Requests, Vec<Fault>), Error> {
    let (mut asked, mut admissions) = (Vec::new(), Vec::new());
    for row in rows {
        match admission(world, asking, &row)? {
            Some(admission) => {
                asked.push(row);
                admissions.push(admission);
            }
            None => done.push(row),
        }
    }
    let (mut changed, mut faults) = (Vec::new(), Vec::new());
    let answers = world.ledger.admit(&admissions).await?;
    log(asking, &admissions, &answers);
    for (row, admitted) in asked.into_iter().zip(answers) {
        match admitted {
            Admitted::Admitted => done.push(row),
            Admitted::Changed => changed.push((row.line, row.request)),
            Admitted::EmailTaken(owner) => faults.push(email_taken(&row, &owner)),
        }
    }
    Ok((changed, faults))
}

/// What the row puts into the ledger; `None` when it changes nothing.
fn admission(
    world: &Intake<'_>,
    asking: &Asking,
    row: &PlannedRow,
) -> Result<Option<Admission>, Error> {
    let now = world.clock.now();
    let Asking { batch, uploaded_at } = asking.clone();
    let (request, line) = (row.request.clone(), row.line);
    let Some(before) = &row.before else {
        let after = Entry { uploaded_at, ..Entry::queued(request, batch, line, now) };
        return Ok(Some(Admission { before: None, after }));
    };
    if row.changes_nothing() || before.batch == batch {
        return Ok(None);
    }
    let event = Event::Requested { request, batch, line, uploaded_at };
    match before.after(event, &Source::Upload, now)? {
        Transition::Advanced(after) => {
            Ok(Some(Admission { before: Some(before.clone()), after: *after }))
        }
        Transition::AlreadyThere => Ok(None),
    }
}

/// One line per status that entries have now and had not before.
fn log(asking: &Asking, admissions: &[Admission], answers: &[Admitted]) {
    for status in [Status::Queued, Status::Configuring] {
        let is_new = |(it, answer): &(&Admission, &Admitted)| {
            let before = it.before.as_ref().map(Entry::status);
            **answer == Admitted::Admitted && it.after.status() == status && before != Some(status)
        };
        let entries = admissions.iter().zip(answers).filter(is_new).count();
        if entries > 0 {
            info!(batch.id = %asking.batch, status.to = status.as_str(), entries, "entries changed their status");
        }
    }
}

fn email_taken(row: &PlannedRow, owner: &AccountName) -> Fault {
    let email = row.request.email.as_str();
    let problem = format!("is the e-mail of {owner} in the ledger");
    Fault::of_cell(
        row.line,
        Column::AccountEmail,
        email,
        problem,
        "an address that no AWS account has",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::BatchId;
    use crate::testing::{self, logged};

    #[test]
    fn what_was_put_into_the_ledger_is_logged_once_for_each_status() {
        let asking = Asking { batch: BatchId("b".to_owned()), uploaded_at: testing::at(0) };
        let (queued, again) = (testing::entry("alpha"), testing::configuring("beta"));
        let new = Admission { before: None, after: queued.clone() };
        let same = Admission { before: Some(queued.clone()), after: queued.clone() };
        let back = Admission { before: Some(testing::failed("beta")), after: again };
        let all = [new.clone(), new.clone(), same, back, new];
        let owner = queued.request.name;
        let answers = [
            Admitted::Admitted,
            Admitted::Admitted,
            Admitted::Admitted,
            Admitted::Admitted,
            Admitted::EmailTaken(owner),
        ];
        let lines = logged(|| log(&asking, &all, &answers));
        let told: Vec<&str> = lines.lines().collect();
        let [first, second] = told[..] else { panic!("{lines}") };
        assert!(first.contains(r#""status.to":"QUEUED","entries":2"#), "{first}");
        assert!(second.contains(r#""status.to":"CONFIGURING","entries":1"#), "{second}");
        assert_eq!(logged(|| log(&asking, &[], &[])), "");
    }
}
