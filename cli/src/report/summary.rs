//! What a report says: plain data, derived from what the ledger holds of a batch.

use serde::Serialize;
use vending::ledger::{Batch, Entry, Status, Timestamp};

use super::account::Account;
use super::discreet::discreet;
use super::times::Times;
use super::words::number;
use crate::Exit;

/// How far a batch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Standing {
    /// Its file is being read.
    Reading,
    /// Its file was refused: nothing of it is launched.
    Refused,
    /// Some of its accounts are not READY or FAILED yet.
    UnderWay,
    /// Every one is READY or FAILED.
    Complete,
}

/// The rows of the file that are no account of this batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rows {
    /// Rows in the file.
    pub(crate) in_file: u64,
    /// Refused.
    pub(crate) refused: u64,
    /// READY or under way already, when the file came.
    pub(crate) unchanged: u64,
    /// Asked for by a list that was uploaded later, before or since.
    pub(crate) superseded: u64,
}

/// How many accounts stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counts {
    /// All.
    pub(crate) accounts: usize,
    /// READY.
    pub(crate) ready: usize,
    /// FAILED.
    pub(crate) failed: usize,
    /// PROVISIONING or CONFIGURING.
    pub(crate) under_way: usize,
    /// QUEUED.
    pub(crate) waiting: usize,
}

/// What there is to tell of a batch at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// The batch's id.
    pub(crate) batch: String,
    /// The name of its file.
    pub(crate) file: String,
    /// Where its results file is, in the bucket of the lists.
    pub(crate) results_key: String,
    /// When it came.
    pub(crate) received_at: Timestamp,
    /// The moment that the report tells of.
    pub(crate) made_at: Timestamp,
    /// When the last account became READY or FAILED, if none is left.
    pub(crate) completed_at: Option<Timestamp>,
    /// How far it has come.
    pub(crate) standing: Standing,
    /// What became of the file's other rows.
    pub(crate) rows: Rows,
    /// How many accounts stand where.
    pub(crate) counts: Counts,
    /// How long accounts took, once one is READY.
    pub(crate) times: Option<Times>,
    /// Its accounts, by line.
    pub(crate) accounts: Vec<Account>,
}

impl Report {
    /// What there is to tell of `batch`, whose accounts are `entries`, at the moment `now`.
    pub(crate) fn new(batch: &Batch, entries: &[Entry], now: Timestamp) -> Self {
        let since = batch.received_at;
        let mut accounts: Vec<Account> =
            entries.iter().map(|entry| Account::new(entry, since, now)).collect();
        accounts.sort_by(|one, other| (one.line, &one.name).cmp(&(other.line, &other.name)));
        let standing = standing(batch, &accounts);
        let ends = accounts.iter().filter_map(|account| account.finished_at);
        Self {
            batch: batch.id.to_string(),
            file: discreet(batch.object.file_name()),
            results_key: batch.results_key(),
            received_at: since,
            made_at: now.max(since),
            completed_at: ends.max().filter(|_| standing == Standing::Complete),
            standing,
            rows: Rows::of(batch, accounts.len()),
            counts: Counts::of(&accounts),
            times: Times::of(&accounts),
            accounts,
        }
    }

    /// How the command ends: whether something needs a person.
    pub(crate) fn exit(&self) -> Exit {
        let well = self.counts.failed == 0 && self.rows.refused == 0;
        match self.standing {
            Standing::Refused => Exit::SomeFailed,
            Standing::Reading | Standing::UnderWay | Standing::Complete if well => Exit::AllReady,
            Standing::Reading | Standing::UnderWay | Standing::Complete => Exit::SomeFailed,
        }
    }
}

fn standing(batch: &Batch, accounts: &[Account]) -> Standing {
    let is_over = accounts.iter().all(|account| account.status.is_terminal());
    match (batch.taken, batch.announced) {
        (false, true) => Standing::Refused,
        (false, false) => Standing::Reading,
        (true, _) if is_over => Standing::Complete,
        (true, _) => Standing::UnderWay,
    }
}

impl Rows {
    fn of(batch: &Batch, accounts: usize) -> Self {
        let told = batch.refused + batch.unchanged + batch.superseded + accounts as u64;
        // What a later list has asked for since belongs to that one.
        let since = if batch.taken { batch.rows.saturating_sub(told) } else { 0 };
        Self {
            in_file: batch.rows,
            refused: batch.refused,
            unchanged: batch.unchanged,
            superseded: batch.superseded + since,
        }
    }
}

impl Counts {
    fn of(accounts: &[Account]) -> Self {
        let mut counts = Self { accounts: accounts.len(), ..Self::default() };
        for account in accounts {
            match account.status {
                Status::Queued => counts.waiting += 1,
                Status::Provisioning | Status::Configuring => counts.under_way += 1,
                Status::Ready => counts.ready += 1,
                Status::Failed => counts.failed += 1,
            }
        }
        counts
    }
}

/// Where the batch stands, in a sentence.
pub(crate) fn headline(report: &Report) -> String {
    match report.standing {
        Standing::Reading => "The file is being read; nothing is launched yet.".to_owned(),
        Standing::Refused => "The file was refused: no account of it is launched.".to_owned(),
        Standing::UnderWay | Standing::Complete => counted(report.counts),
    }
}

fn counted(counts: Counts) -> String {
    let Counts { accounts, ready, failed, under_way, waiting } = counts;
    match accounts {
        0 => return "There was nothing to launch.".to_owned(),
        1 => return alone(counts).to_owned(),
        all if all == ready => return format!("All {} accounts are ready.", number(all)),
        _ => {}
    }
    let (is, waits) = (
        |count| if count == 1 { "is" } else { "are" },
        if waiting == 1 { "waits" } else { "wait" },
    );
    let first = match ready {
        0 => format!("None of {} accounts is ready", number(accounts)),
        _ => format!("{} of {} accounts {} ready", number(ready), number(accounts), is(ready)),
    };
    let others = [
        (failed, format!("{} failed", number(failed))),
        (under_way, format!("{} {} under way", number(under_way), is(under_way))),
        (waiting, format!("{} {waits}", number(waiting))),
    ];
    let others: Vec<String> =
        others.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    format!("{first}; {}.", others.join(", "))
}

/// Of a batch of one account.
fn alone(counts: Counts) -> &'static str {
    match counts {
        Counts { ready: 1.., .. } => "The account is ready.",
        Counts { failed: 1.., .. } => "The account failed.",
        Counts { under_way: 1.., .. } => "The account is under way.",
        Counts { .. } => "The account waits for its turn.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::{self, Story};

    #[test]
    fn the_headline_counts_what_there_is() {
        let said = |ready, failed, under_way, waiting| {
            let accounts = ready + failed + under_way + waiting;
            counted(Counts { accounts, ready, failed, under_way, waiting })
        };
        let all = [
            said(0, 0, 0, 0),
            said(0, 1, 0, 0),
            said(3, 0, 0, 0),
            said(1, 1, 1, 1),
            said(0, 0, 2, 8),
            said(38, 0, 0, 1_200),
        ];
        insta::assert_snapshot!(all.join("\n"), @"
        There was nothing to launch.
        The account failed.
        All 3 accounts are ready.
        1 of 4 accounts is ready; 1 failed, 1 is under way, 1 waits.
        None of 10 accounts is ready; 2 are under way, 8 wait.
        38 of 1,238 accounts are ready; 1,200 wait.
        ");
    }

    #[test]
    fn a_refused_file_is_told_as_one_and_needs_a_person() {
        let reading = Batch { taken: false, announced: false, ..samples::batch("in/a.csv", 3) };
        let refused = Batch { announced: true, refused: 3, ..reading.clone() };
        let report = |batch: &Batch| samples::report(batch, Vec::new(), 1);
        assert_eq!(
            headline(&report(&refused)),
            "The file was refused: no account of it is launched."
        );
        assert_eq!(report(&refused).exit(), Exit::SomeFailed);
        assert_eq!(report(&reading).standing, Standing::Reading);
        assert_eq!(report(&reading).exit(), Exit::AllReady);
    }

    #[test]
    fn every_row_of_the_file_is_accounted_for() {
        let batch =
            Batch { refused: 1, unchanged: 2, superseded: 3, ..samples::batch("in/a.csv", 10) };
        let story = Story::of(&batch, 2, "alpha", "Workloads");
        let Rows { in_file, refused, unchanged, superseded } =
            samples::report(&batch, vec![story], 1).rows;
        assert_eq!((refused, unchanged, superseded), (1, 2, 6), "three rows went to a later list");
        assert_eq!(in_file, refused + unchanged + superseded + 1);
    }

    #[test]
    fn it_is_complete_when_the_last_account_is() {
        let one = samples::one();
        assert_eq!((one.standing, one.exit()), (Standing::Complete, Exit::AllReady));
        assert_eq!(one.completed_at, one.accounts[0].finished_at);
        let three = samples::three();
        assert_eq!((three.standing, three.exit()), (Standing::UnderWay, Exit::SomeFailed));
        assert_eq!(three.completed_at, None);
    }
}
