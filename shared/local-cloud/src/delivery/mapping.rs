//! One stream mapping at work: it reads ahead one batch, and knows where it is
//! and when it may try again.

use std::collections::VecDeque;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::batch::{Batch, Verdict, created, sequence_number};
use super::function::FunctionError;
use super::undelivered::{Lost, Reason, Undelivered};
use super::wiring::StreamMapping;
use crate::clock::Moment;
use crate::tables::{RETENTION_SECONDS, Tables};

/// The engine returns no more records at once, as DynamoDB does.
const MOST_RECORDS: usize = 1000;

/// The longest wait before a retry.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(1);

/// A mapping and where it is.
#[derive(Debug)]
pub(super) struct Mapping {
    pub(super) settings: StreamMapping,
    pub(super) place: Place,
    /// [`Tables::changes`] when the stream was last read to its end.
    seen: u64,
}

/// Where a mapping is; kept between runs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Place {
    /// The last record that was read, be it delivered or not.
    read_to: Option<String>,
    /// Records that are gathered for the next batch.
    gathered: Vec<Value>,
    /// Since when.
    gathering_since: Option<Moment>,
    /// Batches that were read and are not done.
    backlog: VecDeque<Batch>,
    /// When the first of them may be tried again.
    retry_at: Option<Moment>,
}

impl Mapping {
    pub(super) fn new(settings: StreamMapping) -> Self {
        Self { settings, place: Place::default(), seen: 0 }
    }

    /// By what its place is kept.
    pub(super) fn key(&self) -> String {
        format!("{}/{}", self.settings.table, self.settings.function)
    }

    /// When it has something to do that it does not have now.
    pub(super) fn next_at(&self) -> Option<Moment> {
        let gathered = self.place.gathering_since.map(|since| since + self.settings.window);
        let waiting = gathered.filter(|_| self.place.backlog.is_empty());
        self.place.retry_at.or(waiting)
    }

    /// The batch that is due at `now`, if any. Batches that became too old are
    /// given up on the way.
    pub(super) fn due(
        &mut self,
        tables: &Tables,
        now: Moment,
        given_up: &mut Vec<Undelivered>,
    ) -> Result<Option<&Batch>, String> {
        if self.place.retry_at.is_some_and(|at| at > now) {
            return Ok(None);
        }
        while !self.place.backlog.is_empty() || self.gather(tables, now)? {
            match self.give_up_old(now) {
                Some(undelivered) => given_up.push(undelivered),
                None => return Ok(self.place.backlog.front()),
            }
        }
        Ok(None)
    }

    /// Gathers the next batch; whether it is full, or has been gathered for long enough.
    fn gather(&mut self, tables: &Tables, now: Moment) -> Result<bool, String> {
        self.read(tables)?;
        if self.place.gathered.is_empty() {
            return Ok(false);
        }
        let since = *self.place.gathering_since.get_or_insert(now);
        let full = self.place.gathered.len() >= self.settings.batch_size;
        if !full && now < since + self.settings.window {
            return Ok(false);
        }
        self.place.gathering_since = None;
        let records = std::mem::take(&mut self.place.gathered);
        self.place.backlog.push_back(Batch { records, tries: 0 });
        Ok(true)
    }

    /// Reads on until the batch is full or the stream is at its end; only what passes
    /// the filters is kept.
    fn read(&mut self, tables: &Tables) -> Result<(), String> {
        let changes = tables.changes();
        if self.seen == changes {
            return Ok(());
        }
        let records = &mut self.place.gathered;
        while records.len() < self.settings.batch_size {
            let limit = (self.settings.batch_size - records.len()).min(MOST_RECORDS);
            let after = self.place.read_to.as_deref();
            let page = tables.read_stream(&self.settings.table, after, limit)?;
            if let Some(last) = page.records.last() {
                self.place.read_to = Some(sequence_number(last).to_owned());
            }
            let filters = &self.settings.filters;
            records.extend(page.records.into_iter().filter(|record| filters.pass(record)));
            if !page.more {
                self.seen = changes;
                break;
            }
        }
        Ok(())
    }

    /// Takes what is too old from the front of the first batch.
    fn give_up_old(&mut self, now: Moment) -> Option<Undelivered> {
        let kept = TimeDelta::seconds(RETENTION_SECONDS);
        let oldest = now - self.settings.maximum_age.unwrap_or(kept).min(kept);
        let batch = self.place.backlog.front_mut()?;
        let young = batch.records.iter().position(|it| created(it) >= oldest.timestamp());
        let old: Vec<Value> = batch.records.drain(..young.unwrap_or(batch.records.len())).collect();
        if old.is_empty() {
            return None;
        }
        let attempts = std::mem::take(&mut batch.tries);
        if batch.records.is_empty() {
            self.place.backlog.pop_front();
        }
        self.place.retry_at = None;
        Some(self.lost(Reason::TooOld, &old, attempts, None, now))
    }

    /// Takes in how the batch that was due has fared. Returns what is given up.
    pub(super) fn settle(
        &mut self,
        result: Result<Value, FunctionError>,
        now: Moment,
    ) -> Option<Undelivered> {
        self.place.retry_at = None;
        let mut batch = self.place.backlog.pop_front()?;
        let (tries, error) = match batch.verdict(result, self.settings.report_item_failures) {
            Verdict::Done => return None,
            // What comes before the checkpoint is done, and a new record is the
            // first to fail. With or without bisecting, "Lambda retries only the
            // remaining records" (developer guide).
            Verdict::FailedFrom(place) if place > 0 => {
                batch.records.drain(..place);
                (1, None)
            }
            Verdict::FailedFrom(_) => (batch.tries + 1, None),
            Verdict::Failed(_) if self.settings.bisect && batch.records.len() > 1 => {
                self.halve(batch, now);
                return None;
            }
            Verdict::Failed(error) => (batch.tries + 1, Some(error)),
        };
        if self.settings.retries.is_some_and(|retries| tries > retries) {
            return Some(self.lost(Reason::RetriesExhausted, &batch.records, tries, error, now));
        }
        self.place.backlog.push_front(Batch { records: batch.records, tries });
        self.place.retry_at = Some(now + self.wait(tries));
        None
    }

    /// "Splitting a batch doesn't consume the retry quota" (developer guide).
    fn halve(&mut self, mut batch: Batch, now: Moment) {
        let later = batch.records.split_off(batch.records.len() / 2);
        self.place.backlog.push_front(Batch { records: later, tries: batch.tries });
        self.place.backlog.push_front(batch);
        self.place.retry_at = Some(now + self.wait(1));
    }

    fn wait(&self, tries: u32) -> TimeDelta {
        let doublings = tries.saturating_sub(1).min(16);
        (self.settings.retry_after * (1 << doublings)).min(LONGEST_WAIT)
    }

    fn lost(
        &self,
        reason: Reason,
        records: &[Value],
        attempts: u32,
        error: Option<FunctionError>,
        at: Moment,
    ) -> Undelivered {
        let (function, table) = (&self.settings.function, &self.settings.table);
        let destination = self.settings.on_failure.as_deref();
        Lost { function, destination, table, reason, records, attempts, error, at }.undelivered()
    }
}
