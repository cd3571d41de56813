//! Watching a run: whether it is over, and what to show of it meanwhile.

use std::collections::HashMap;
use std::io::IsTerminal;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use vending::account::AccountName;
use vending::ledger::{BatchId, Status, Timestamp};
use vending::ports::{Ledger, OpenWork};

use super::stage::Stage;

/// Files of up to so many rows are shown row by row.
const ROWS_SHOWN: usize = 30;

/// At a longer one it looks only every so many moments: looking costs more than what is looked at.
const LOOK_EVERY: usize = 16;

/// Watches one batch.
pub(super) struct Watch<'s> {
    stage: &'s Stage,
    batch: BatchId,
    names: &'s [AccountName],
    seen: HashMap<AccountName, Status>,
    bar: ProgressBar,
    quiet: bool,
    moments: usize,
    started: Timestamp,
    problem: Option<anyhow::Error>,
}

impl<'s> Watch<'s> {
    /// A watch over `batch`, which names `names`; `quiet` shows nothing.
    pub(super) fn new(
        stage: &'s Stage,
        batch: BatchId,
        names: &'s [AccountName],
        quiet: bool,
    ) -> Self {
        let bar = ProgressBar::new(names.len() as u64);
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len} settled  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        if quiet || !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let (seen, started) = (HashMap::new(), stage.cloud.now());
        Self { stage, batch, names, seen, bar, quiet, moments: 0, started, problem: None }
    }

    /// Whether the run is over: everything is settled and told, or launching is
    /// paused and nothing moves, or something went wrong (see [`check`](Self::check)).
    pub(super) async fn is_done(&mut self, deadline: Timestamp) -> bool {
        match self.look(deadline).await {
            Ok(done) => done,
            Err(error) => {
                self.problem = Some(error);
                true
            }
        }
    }

    /// What went wrong while watching, if anything did.
    pub(super) fn check(&mut self) -> Result<()> {
        self.problem.take().map_or(Ok(()), Err)
    }

    /// Clears the progress bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    async fn look(&mut self, deadline: Timestamp) -> Result<bool> {
        self.moments += 1;
        let short = self.names.len() <= ROWS_SHOWN;
        if !short && !self.moments.is_multiple_of(LOOK_EVERY) {
            return Ok(false);
        }
        self.stage.write_mail()?;
        self.show().await?;
        let now = self.stage.cloud.now();
        anyhow::ensure!(
            now < deadline,
            "finish the run: it has not ended after a year of virtual time"
        );
        match self.stage.ledger.batch(&self.batch).await? {
            Some(batch) if batch.closed => self.is_at_rest().await,
            Some(batch) if batch.announced => self.is_stopped().await,
            Some(_) | None => {
                let gone = self.stage.answer.get().is_none()
                    && now - self.started > chrono::TimeDelta::minutes(10);
                anyhow::ensure!(
                    !gone,
                    "finish the run: intake has not taken the file; run it with --logs"
                );
                Ok(false)
            }
        }
    }

    /// Whether nothing at all is left to do, in this batch or another.
    async fn is_at_rest(&self) -> Result<bool> {
        let ledger = &self.stage.ledger;
        Ok(ledger.open_batches().await?.is_empty()
            && ledger.launching().await?.in_flight.is_empty()
            && self.is_told().await?
            || self.is_stopped().await?)
    }

    async fn is_told(&self) -> Result<bool> {
        let ledger = &self.stage.ledger;
        Ok(ledger.open(OpenWork::Unannounced).await?.is_empty()
            && ledger.open(OpenWork::Configuring).await?.is_empty())
    }

    /// Whether launching is paused and nothing moves any more.
    async fn is_stopped(&self) -> Result<bool> {
        let launching = self.stage.ledger.launching().await?;
        let paused = launching.pause.is_some_and(|pause| pause.announced);
        Ok(paused && launching.in_flight.is_empty() && self.is_told().await?)
    }

    async fn show(&mut self) -> Result<()> {
        if self.quiet {
            return Ok(());
        }
        if self.names.len() <= ROWS_SHOWN {
            self.show_rows().await?;
        }
        if let Some(batch) = self.stage.ledger.batch(&self.batch).await? {
            self.bar.set_position(batch.ready + batch.failed);
        }
        let in_flight = self.stage.ledger.launching().await?.in_flight.len();
        self.bar.set_message(format!("{in_flight} in flight, {} of virtual time", self.elapsed()));
        Ok(())
    }

    async fn show_rows(&mut self) -> Result<()> {
        let entries = self.stage.ledger.entries(self.names).await?;
        for name in self.names {
            let Some(entry) = entries.iter().find(|entry| entry.request.name == *name) else {
                continue;
            };
            let before = self.seen.insert(name.clone(), entry.status());
            if before != Some(entry.status()) {
                let line = format!("{:>9}  {name:<24} {}", self.elapsed(), entry.status());
                self.bar.suspend(|| eprintln!("{line}"));
            }
        }
        Ok(())
    }

    fn elapsed(&self) -> String {
        let elapsed = self.stage.cloud.now() - self.started;
        format!("+{}:{:02}", elapsed.num_hours(), elapsed.num_minutes() % 60)
    }
}
