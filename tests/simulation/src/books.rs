//! The results files, version by version: what each of their rows may say, and what it
//! must say in the end.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use landing_zone::model::topics::Message;
use vending::ledger::{Batch, BatchId, Entry, Status, Timestamp};
use vending::ports::{Clock, Ledger};

use crate::gate::Fate;
use crate::invariants::at_once;
use crate::schedule::MOST_OFF;
use crate::sim::Sim;
use crate::violation::{Checked, Violation, holds};
use crate::world::name;

/// How long after an end people are told without the results file, where the store does
/// not answer: an hour, and the clocks may be apart.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

/// The calls whose failure keeps a results file from being brought up to date.
const NEEDED: [&str; 4] = ["results_of", "replace_results", "entries", "batch_entries"];

/// What is known of the results files.
#[derive(Debug, Default)]
pub struct Books {
    /// What each file held when it was last looked at, and what that says.
    said: BTreeMap<BatchId, (Vec<u8>, Vec<FileRow>)>,
    /// Batches of which people may have been told without the file.
    excused: BTreeSet<BatchId>,
}

/// A row of a results file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileRow {
    name: String,
    status: String,
    account_id: String,
    error: String,
    outcome: String,
}

impl Sim {
    /// Looks, after a call of a function that `tells` people or not, at what it has made of
    /// the results files.
    ///
    /// # Errors
    /// When a file is not as it must be.
    pub(crate) fn look_at_files(&mut self, call: &str, fate: Fate, tells: bool) -> Checked {
        let unanswered = matches!(fate, Fate::Throttled | Fate::Unavailable | Fate::TimedOut);
        if tells && unanswered && NEEDED.contains(&call) {
            self.excuse_late_ones();
        }
        let made = matches!(fate, Fate::Fine | Fate::TimedOut | Fate::DiesAfter);
        if !made || !matches!(call, "replace_results" | "write_results") {
            return Ok(());
        }
        let changed = self.read_files()?;
        if call == "replace_results" {
            self.coverage.happened(match changed {
                true => "results file brought up to date",
                false => "results file written by another meanwhile",
            });
        }
        Ok(())
    }

    /// Whether any file says something else by now.
    fn read_files(&mut self) -> Result<bool, Violation> {
        let mut changed = false;
        for index in 0..self.uploads.len() {
            let upload = &self.uploads[index];
            let id = BatchId::of(&upload.object);
            let Some(content) = self.content_of(&upload.object.bucket, &id) else { continue };
            let before = self.books.said.get(&id);
            if before.is_some_and(|(before, _)| *before == content) {
                continue;
            }
            let rows = rows_of(&content)?;
            let asked = upload.rows.iter().map(|(number, _, _)| name(*number));
            holds(asked.eq(rows.iter().map(|row| row.name.clone())), || {
                format!("the results file of {id} has not the rows of its list: {rows:?}")
            })?;
            // Until then a row of another list's may be refused by the next delivery for what is wrong by now.
            let before = before.iter().filter(|_| self.is_taken(&id)).flat_map(|(_, rows)| rows);
            let back = before.zip(&rows).find(|(before, after)| takes_back(before, after));
            holds(back.is_none(), || format!("a results file takes back READY: {back:?}"))?;
            self.books.said.insert(id, (content, rows));
            changed = true;
        }
        Ok(changed)
    }

    fn is_taken(&self, id: &BatchId) -> bool {
        let batch = at_once(self.world.ledger.batch(id)).and_then(Result::ok).flatten();
        batch.is_some_and(|batch| batch.taken)
    }

    pub(crate) fn content_of(&self, bucket: &str, id: &BatchId) -> Option<Vec<u8>> {
        self.world.source.get(bucket, &format!("{}{id}.csv", Batch::RESULTS_PREFIX))
    }

    fn file_of(&self, bucket: &str, id: &BatchId) -> Result<Option<Vec<FileRow>>, Violation> {
        self.content_of(bucket, id).map(|content| rows_of(&content)).transpose()
    }

    /// Notes the batches of which Vend tells by now though their files are not up to date.
    fn excuse_late_ones(&mut self) {
        let now = self.world.zone.now();
        let late = |since: Timestamp| now - since >= PATIENCE - MOST_OFF * 2;
        let entries = self.world.ledger.all();
        let untold = entries.iter().filter(|entry| entry.is_unannounced());
        let of_entries = untold.filter(|it| first_end(it).is_some_and(late));
        let mut excused: Vec<BatchId> = of_entries.map(|it| it.batch.clone()).collect();
        let own = |batch: &Batch| entries.iter().filter(|it| it.batch == batch.id).collect();
        let open = self.batches().filter(|batch| !batch.closed);
        let of_batches = open.filter(|batch| last_end(batch, own(batch)).is_some_and(late));
        excused.extend(of_batches.map(|batch| batch.id));
        self.books.excused.extend(excused);
    }

    /// Who is told of an end may look into the results file: it says so already.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn is_in_the_file(&self, message: &Message) -> Checked {
        let kind = message.attributes.get("kind").map_or("", |kind| kind.value.as_str());
        let told = match kind {
            "account-ready" => Status::Ready,
            "account-failed" => Status::Failed,
            _ => return Ok(()),
        };
        let is_of = |entry: &&Entry| {
            let subject = message.subject.as_deref().unwrap_or_default();
            subject.starts_with(&format!("Vend: account {} ", entry.request.name))
                && message.body.contains(&format!("\nAttempt: {}\n", entry.attempt))
                && entry.status() == told
        };
        let entries = self.world.ledger.all();
        let Some(entry) = entries.iter().find(is_of) else { return Ok(()) };
        let batch = at_once(self.world.ledger.batch(&entry.batch)).and_then(Result::ok).flatten();
        // Until then intake looks by itself at what has come to its end.
        let Some(batch) = batch.filter(|batch| batch.announced) else { return Ok(()) };
        if self.books.excused.contains(&batch.id) {
            return Ok(());
        }
        let rows = self.file_of(&batch.object.bucket, &batch.id)?.unwrap_or_default();
        let says_so = rows.iter().any(|row| row.is_of(entry) && row.status == told.as_str());
        holds(says_so, || {
            format!("{} is told {told}, and its results file says: {rows:?}", entry.request.name)
        })
    }

    /// Every row of a batch that was taken says in its results file how it ended, or where
    /// to look for that.
    ///
    /// # Errors
    /// When one does not.
    pub(crate) fn files_are_true(&self) -> Checked {
        let entries = self.world.ledger.all();
        let taken = self.batches().filter(|batch| batch.closed);
        let taken = taken.filter(|batch| self.taken.contains(batch.id.as_str()));
        for batch in taken.filter(|batch| !self.books.excused.contains(&batch.id)) {
            let rows = self.file_of(&batch.object.bucket, &batch.id)?.unwrap_or_default();
            let own = entries.iter().filter(|entry| entry.batch == batch.id);
            let wrong = own.clone().find(|entry| !rows.iter().any(|row| row.is_true_of(entry)));
            holds(wrong.is_none(), || {
                format!("the results file says otherwise: {rows:?}, and in the ledger is {wrong:?}")
            })?;
            let open = rows.iter().find(|row| !row.rests());
            holds(open.is_none(), || {
                format!("the results file leaves open what became: {open:?}")
            })?;
        }
        Ok(())
    }
}

impl FileRow {
    /// Whether it is the row of that entry; a row that was refused is none's.
    fn is_of(&self, entry: &Entry) -> bool {
        self.name == entry.request.name.as_str() && !self.status.is_empty()
    }

    fn is_true_of(&self, entry: &Entry) -> bool {
        let account = entry.account.as_ref().map(ToString::to_string).unwrap_or_default();
        self.is_of(entry)
            && self.status == entry.status().as_str()
            && self.account_id == account
            && self.error.is_empty() != (entry.status() == Status::Failed)
    }

    /// Whether it says how the row ended, or where to look for that.
    fn rests(&self) -> bool {
        let ended = [Status::Ready, Status::Failed].map(Status::as_str);
        ended.contains(&self.status.as_str())
            || self.outcome.contains(Batch::RESULTS_PREFIX)
            || (self.status.is_empty() && self.outcome == "refused")
    }
}

/// What is READY stays so, with its account.
fn takes_back(before: &FileRow, after: &FileRow) -> bool {
    before.status == Status::Ready.as_str()
        && (&before.status, &before.account_id) != (&after.status, &after.account_id)
}

fn first_end(entry: &Entry) -> Option<Timestamp> {
    entry.untold.iter().map(|it| it.failed_at).min().or(entry.finished_at)
}

/// Since when the batch, with those entries, waits to be told of as it does now.
fn last_end(batch: &Batch, own: Vec<&Entry>) -> Option<Timestamp> {
    if !batch.announced {
        return Some(batch.received_at);
    }
    let ended = own.into_iter().filter_map(|entry| entry.finished_at).max();
    batch.is_complete().then(|| ended.unwrap_or(batch.received_at))
}

fn rows_of(content: &[u8]) -> Result<Vec<FileRow>, Violation> {
    let broken = |error: csv::Error| Violation::new(format!("a results file is broken: {error}"));
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let mut reader = csv::Reader::from_reader(content);
    let header = reader.headers().map_err(broken)?.clone();
    let row = |record: csv::StringRecord| {
        let cell = |column: &str| {
            let place = header.iter().position(|it| it == column);
            place.and_then(|place| record.get(place)).unwrap_or_default().to_owned()
        };
        FileRow {
            name: cell("AccountName"),
            status: cell("Status"),
            account_id: cell("AccountId"),
            error: cell("ErrorMsg"),
            outcome: cell("Outcome"),
        }
    };
    reader.records().map(|record| record.map(row).map_err(broken)).collect()
}
