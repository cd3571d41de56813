//! What a run came to: the table, the faults, the results file, the mail, or all
//! of it as JSON.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use local_cloud::delivery::{Delivery, Stats};
use serde_json::{Value, json};
use vending::account::AccountName;
use vending::ledger::{BatchId, Entry, Pause, State, Status};
use vending::ports::Ledger;
use vending_aws::TableNames;

use super::chaos::Counts;
use super::stage::Stage;
use super::stats::CallStats;
use super::verdict::disagreements;
use super::wiring::BUCKET;
use super::{mail, results};
use crate::{Exit, LocalArguments};

/// What a run came to.
pub(super) struct Report {
    batch: BatchId,
    entries: Vec<Entry>,
    faults: Vec<String>,
    more_faults: u64,
    refused: bool,
    refused_rows: u64,
    pause: Option<Pause>,
    mail: Vec<PathBuf>,
    results: PathBuf,
    stats: CallStats,
    chaos: Option<Counts>,
}

impl Report {
    /// Gathers what became of the accounts that the file names.
    pub(super) async fn gather(
        stage: &Stage,
        batch: &BatchId,
        names: &[AccountName],
        delivery: &Stats,
    ) -> Result<Self> {
        let mut entries = stage.ledger.entries(names).await.context("read the ledger")?;
        let places: HashMap<&AccountName, usize> = names.iter().zip(0..).collect();
        entries.sort_by_key(|entry| places.get(&entry.request.name).copied());
        let answer = stage.answer.get().unwrap_or_default();
        let answer = answer.get(0).cloned().unwrap_or_default();
        let faults = answer["faults"].as_array().cloned().unwrap_or_default();
        let faults = faults.iter().filter_map(|fault| fault["text"].as_str().map(str::to_owned));
        // The ledger knows of a refusal also where intake's answer was lost.
        let taken = stage.ledger.batch(batch).await.context("read the ledger")?;
        let peak = stage.cloud.inspect(|zone| zone.service_catalog.peak().ours);
        let stats = CallStats::new(stage.calls(), delivery, entries.len(), peak);
        Ok(Self {
            batch: batch.clone(),
            faults: faults.collect(),
            refused: taken.as_ref().is_some_and(|batch| batch.announced && !batch.taken),
            refused_rows: taken.map(|batch| batch.refused).unwrap_or_default(),
            pause: stage.ledger.launching().await.context("read the ledger")?.pause,
            more_faults: answer["faultsInAll"].as_u64().unwrap_or_default(),
            mail: mail::paths(&stage.folder),
            results: results::write(stage, batch).await?,
            stats,
            chaos: stage.chaos.as_ref().map(|chaos| chaos.counts()),
            entries,
        })
    }

    /// Looks whether the landing zone agrees, where chaos was asked for.
    ///
    /// # Errors
    /// Every point on which it does not.
    pub(super) fn check(&self, stage: &Stage, arguments: &LocalArguments) -> Result<()> {
        if self.chaos.is_none() {
            return Ok(());
        }
        let most = usize::from(arguments.max_in_flight);
        let found = stage.cloud.inspect(|zone| disagreements(zone, &self.entries, most));
        anyhow::ensure!(found.is_empty(), "agree with the landing zone: {}", found.join("; "));
        Ok(())
    }

    /// How the command ends.
    pub(super) fn exit(&self) -> Exit {
        let ready = self.entries.iter().all(|entry| entry.status() == Status::Ready);
        let ready = ready && self.refused_rows == 0;
        match (self.refused, ready) {
            (true, _) => Exit::Refused,
            (false, true) => Exit::AllReady,
            (false, false) => Exit::SomeFailed,
        }
    }

    /// Prints the report.
    pub(super) fn print(&self, stage: &Stage, arguments: &LocalArguments) {
        if arguments.json {
            println!("{:#}", self.json(stage, arguments.stats));
            return;
        }
        if self.refused {
            self.print_refusal();
        } else {
            self.print_entries();
        }
        self.print_mail(stage);
        println!("state:   {}", stage.folder.display());
        if let Some(chaos) = &self.chaos {
            chaos.print();
        }
        if arguments.stats {
            self.stats.print();
        }
    }

    fn print_mail(&self, stage: &Stage) {
        println!("\nmail:");
        for path in self.mail.iter().take(LISTED) {
            println!("  {}", path.display());
        }
        let more = self.mail.len().saturating_sub(LISTED);
        if more > 0 {
            println!("  and {more} more in {}", mail::folder(&stage.folder).display());
        }
    }

    fn print_refusal(&self) {
        println!("refused: no account of this file is launched ({} faults)\n", self.more_faults);
        for fault in &self.faults {
            println!("{fault}");
        }
        let more = self.more_faults.saturating_sub(self.faults.len() as u64);
        if more > 0 {
            println!("… and {more} more");
        }
        println!("\nresults: {}", self.results.display());
    }

    fn print_entries(&self) {
        for fault in &self.faults {
            println!("refused: {fault}");
        }
        if self.entries.len() <= LISTED {
            println!("{}", table(&self.entries));
        } else {
            println!("{}", table(self.unready().take(LISTED)));
        }
        let count = |status| self.entries.iter().filter(|entry| entry.status() == status).count();
        let counts: Vec<String> = Status::ALL
            .into_iter()
            .filter(|status| count(*status) > 0)
            .map(|status| format!("{} {status}", count(status)))
            .collect();
        println!("{}", counts.join(", "));
        for entry in self.unready().take(LISTED) {
            if let State::Failed { failure, .. } = &entry.state {
                println!("\n{}: {}", entry.request.name, failure.message());
            }
        }
        if let Some(pause) = &self.pause {
            println!(
                "\nlaunching is paused: {}\nrun again with --state and --resume to go on",
                pause.reason
            );
        }
        println!("\nresults: {}", self.results.display());
    }

    fn unready(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.status() != Status::Ready)
    }

    fn json(&self, stage: &Stage, stats: bool) -> Value {
        let mut document = json!({
            "batch": self.batch,
            "refused": self.refused,
            "faults": self.faults,
            "exitCode": self.exit().code(),
            "accounts": self.entries.iter().map(account_json).collect::<Vec<_>>(),
            "paused": self.pause.as_ref().map(|pause| &pause.reason),
            "mail": self.mail,
            "results": self.results,
            "state": stage.folder,
        });
        if stats {
            document["stats"] = self.stats.json();
        }
        if let Some(chaos) = &self.chaos {
            document["chaos"] = chaos.json();
        }
        document
    }
}

/// Accounts that are listed one by one; of a longer list, only those that are not READY. So
/// many mails, too.
const LISTED: usize = 50;

fn table<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header([
        "account",
        "status",
        "account id",
        "organizational unit",
        "attempt",
        "minutes",
    ]);
    for entry in entries {
        let account = entry.account.as_ref().map(ToString::to_string).unwrap_or_default();
        let started = entry.launch.as_ref().map(|launch| launch.started_at);
        let minutes = started.zip(entry.finished_at).map(|(from, to)| (to - from).num_minutes());
        table.add_row([
            entry.request.name.to_string(),
            entry.status().to_string(),
            account,
            entry.request.unit.to_string(),
            entry.attempt.to_string(),
            minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
        ]);
    }
    table
}

/// What went wrong with the account, or what it waits for.
fn error_of(entry: &Entry) -> Option<String> {
    match &entry.state {
        State::Failed { failure, .. } => Some(failure.message()),
        State::Queued { waiting_for, .. } => waiting_for.clone(),
        State::Provisioning { .. } | State::Configuring | State::Ready { .. } => None,
    }
}

fn account_json(entry: &Entry) -> Value {
    json!({
        "name": entry.request.name,
        "status": entry.status(),
        "accountId": entry.account,
        "line": entry.line,
        "attempt": entry.attempt,
        "error": error_of(entry),
    })
}

/// Prints what was given up: on AWS it would be in a dead-letter queue.
pub(super) fn print_undelivered(delivery: &Delivery) {
    for one in delivery.undelivered() {
        let error = one.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
        eprintln!("given up after {} tries: an event for {}{error}", one.attempts, one.function);
    }
}

/// Prints how to reach the endpoints with the AWS CLI.
pub(super) fn print_endpoints(stage: &Stage, address: SocketAddr) {
    let region = stage.cloud.region();
    println!(
        "\nThe endpoints are up at http://{address} until Ctrl-C. In another shell:\n\n  \
         vend doctor --local={address}\n  \
         vend submit --local={address} samples/accounts.csv\n\n\
         or with the AWS CLI:\n\n  \
         export AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret} AWS_REGION={region}\n  \
         aws --endpoint-url http://{address} s3api put-object --bucket {BUCKET} --key accounts.csv --body samples/accounts.csv\n  \
         aws --endpoint-url http://{address} dynamodb scan --table-name {table}",
        key = local_cloud::ACCESS_KEY,
        secret = local_cloud::SECRET_KEY,
        table = TableNames::default().accounts,
    );
}

/// Prints how to go on after Ctrl-C.
pub(super) fn print_interrupted(stage: &Stage) {
    eprintln!("stopped. To go on, run the same command with --state {}", stage.folder.display());
}
