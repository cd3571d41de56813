//! Whether what is looked at has come to its end, and to a good one.

use vending::ledger::{Batch, Entry, Status};

use super::scene::{Scene, Subject, counts};

impl Scene {
    /// Whether nothing of what is looked at will change by itself any more, and all of it
    /// was seen.
    pub(super) fn is_over(&self) -> bool {
        match &self.subject {
            Subject::Account(_) => self.entries.values().all(|it| it.status().is_terminal()),
            Subject::Batch(_) | Subject::Everything => self.batches.iter().all(|batch| {
                is_refused(batch) || batch.is_complete() && self.count(batch) == counts(batch)
            }),
        }
    }

    /// Whether something that is looked at needs a person.
    pub(super) fn needs_somebody(&self) -> bool {
        let failed = |entry: &Entry| entry.status() == Status::Failed;
        self.batches.iter().any(|batch| batch.failed + batch.refused > 0)
            || self.entries.values().any(failed)
    }
}

/// Whether a batch was refused as a whole.
pub(super) fn is_refused(batch: &Batch) -> bool {
    batch.announced && !batch.taken
}
