//! How many entries of a batch stand where.

use std::collections::BTreeMap;

use vending::ledger::{Batch, BatchId, Entry, Status};

/// The counts of one batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    remaining: i64,
    ready: i64,
    failed: i64,
}

impl Counts {
    fn column(&mut self, status: Status) -> &mut i64 {
        match status {
            Status::Queued | Status::Provisioning | Status::Configuring => &mut self.remaining,
            Status::Ready => &mut self.ready,
            Status::Failed => &mut self.failed,
        }
    }
}

/// The counts of every batch.
#[derive(Debug, Default)]
pub(super) struct AllCounts(BTreeMap<BatchId, Counts>);

impl AllCounts {
    /// Counts an entry from where it stood to where it stands.
    ///
    /// One that FAILED and moves to another batch stays counted in the old one,
    /// which was told complete with it.
    pub(super) fn count(&mut self, before: Option<&Entry>, after: &Entry) {
        let stays =
            |before: &&Entry| before.batch != after.batch && before.status() == Status::Failed;
        if let Some(before) = before.filter(|before| !stays(before)) {
            self.add(before, -1);
        }
        self.add(after, 1);
    }

    /// How many rows of the batch are neither READY nor FAILED.
    pub(super) fn remaining(&self, batch: &BatchId) -> i64 {
        self.0.get(batch).map_or(0, |counts| counts.remaining)
    }

    fn add(&mut self, entry: &Entry, by: i64) {
        let counts = self.0.entry(entry.batch.clone()).or_default();
        *counts.column(entry.status()) += by;
    }

    /// The batch with its counts of this moment.
    pub(super) fn of(&self, batch: &Batch) -> Batch {
        let counts = self.0.get(&batch.id).copied().unwrap_or_default();
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        Batch {
            remaining: count(counts.remaining),
            ready: count(counts.ready),
            failed: count(counts.failed),
            ..batch.clone()
        }
    }
}
