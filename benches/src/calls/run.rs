//! Runs of whole lists in the built-in landing zone, in which every account takes equally
//! long, and what they called.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use vend::local::{CountedRun, Counts};
use vend::{LocalArguments, Speed};
use vending::ledger::Batch;

use super::old;

/// The built-in landing zone, as a text.
const LANDING_ZONE: &str = include_str!("../../../samples/landing-zone.toml");

/// The header of a list, as the template of it has it.
const HEADER: &str =
    "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit";

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Rows of the list.
    pub rows: usize,
    /// Launches at a time.
    pub width: u8,
    /// How long Control Tower takes for each account.
    pub minutes: u8,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The calls, by what woke the function.
    pub counts: Counts,
    /// How long it took from the upload to the last notice.
    pub took: TimeDelta,
}

/// A landing zone, the stack in it, and a folder in which both are.
pub struct Rig {
    run: CountedRun,
    folder: tempfile::TempDir,
    lists: usize,
}

impl Rig {
    /// A new one, in which an account takes so many `minutes`, and `width` are launched at
    /// a time.
    ///
    /// # Errors
    /// When its folder cannot be made.
    pub async fn new(width: u8, minutes: u8) -> Result<Self> {
        let folder = tempfile::tempdir().context("make a folder")?;
        let zone = folder.path().join("zone.toml");
        std::fs::write(&zone, landing_zone(minutes)?).context("write the landing zone")?;
        let run = CountedRun::open(&arguments(folder.path(), &zone, width)).await?;
        Ok(Self { run, folder, lists: 0 })
    }

    /// Puts so many entries of last year into the ledger.
    ///
    /// # Errors
    /// When the ledger does not take them.
    pub async fn fill(&self, entries: usize) -> Result<()> {
        old::fill(&self.run, entries, start()).await
    }

    /// Has a list of so many rows taken, and all its accounts made.
    ///
    /// # Errors
    /// When an account of it is not READY in the end.
    pub async fn take(&mut self, rows: usize) -> Result<Ran> {
        self.lists += 1;
        let file = self.folder.path().join(format!("list-{}.csv", self.lists));
        std::fs::write(&file, list(self.lists, rows)).context("write the list")?;
        let before = self.run.counts();
        let batch = self.run.take(&file).await?;
        // The last changes wake the functions once more, and the next tick is none of theirs.
        self.run.pass(TimeDelta::seconds(30)).await?;
        anyhow::ensure!(batch.ready == u64::try_from(rows)?, "not all are READY: {batch:?}");
        let took = self.took(&batch).await?;
        Ok(Ran { counts: difference(self.run.counts(), &before), took })
    }

    async fn took(&self, batch: &Batch) -> Result<TimeDelta> {
        use vending::ports::Ledger;
        let entries = self.run.ledger().batch_entries(&batch.id).await.context("read the list")?;
        let ends = entries.iter().filter_map(|entry| entry.finished_at);
        Ok(ends.max().context("find the last end")? - batch.received_at)
    }

    /// Lets so many minutes pass; answers what was called in them.
    ///
    /// # Errors
    /// When the run cannot go on.
    pub async fn pass(&mut self, minutes: i64) -> Result<Counts> {
        let before = self.run.counts();
        self.run.pass(TimeDelta::minutes(minutes)).await?;
        Ok(difference(self.run.counts(), &before))
    }
}

/// Runs one list.
///
/// # Errors
/// As [`Rig::take`].
pub async fn run(asked: Asked) -> Result<Ran> {
    Rig::new(asked.width, asked.minutes).await?.take(asked.rows).await
}

fn landing_zone(minutes: u8) -> Result<String> {
    let fixed = |text: &str, what: &str, is: u8| {
        let (line, now) = (format!("{what}_minutes = {is}"), format!("{what}_minutes = {minutes}"));
        anyhow::ensure!(text.contains(&line), "the landing zone has no {line}");
        Ok(text.replace(&line, &now))
    };
    let text = fixed(&fixed(LANDING_ZONE, "shortest", 20)?, "longest", 35)?;
    Ok(text.replace("concurrent_operations = 5", "concurrent_operations = 10"))
}

fn arguments(folder: &Path, zone: &Path, width: u8) -> LocalArguments {
    LocalArguments {
        file: None,
        landing_zone: Some(zone.to_owned()),
        speed: Speed::Max,
        seed: 1,
        state: Some(folder.join("state")),
        fail: Vec::new(),
        chaos: None,
        sockets: false,
        max_in_flight: width,
        accept_valid_rows: false,
        resume: false,
        json: true,
        stats: false,
        serve: None,
        logs: false,
        start: Some(start()),
    }
}

/// Any moment will do that is the same in every run.
fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_000_030, 0).unwrap_or_default()
}

/// A list of accounts that no list before it has.
fn list(number: usize, rows: usize) -> String {
    let mut text = format!("{HEADER}\n");
    for row in 0..rows {
        text.push_str(&format!(
            "team-{number}-{row},owner@example.com,team-{number}-{row}@example.com,Jane,Doe,Sandbox (ou-aaaa-sandbox1)\n"
        ));
    }
    text
}

fn difference(after: Counts, before: &Counts) -> Counts {
    let mut counts = after;
    for (key, earlier) in before {
        let Some(count) = counts.get_mut(key) else { continue };
        count.invocations -= earlier.invocations;
        for (operation, calls) in &earlier.calls {
            *count.calls.entry(operation.clone()).or_default() -= calls;
        }
        count.calls.retain(|_, calls| *calls > 0);
    }
    counts.retain(|_, count| count.invocations > 0);
    counts
}
