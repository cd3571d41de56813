//! A failure that its entry went on from before anybody was told.

use super::{BatchId, Entry, Stage, State, Timestamp};
use crate::failure::Failure;

/// A failure that is still to be told, kept while its entry goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// The attempt that failed.
    pub attempt: u32,
    /// The batch that had asked for it.
    pub batch: BatchId,
    /// The line in its file.
    pub line: u64,
    /// Where it failed.
    pub stage: Stage,
    /// Why, and what to do.
    pub failure: Failure,
    /// When it failed.
    pub failed_at: Timestamp,
}

impl Untold {
    /// The failure of `before` that nobody was told of, where `after` is no longer it.
    #[must_use]
    pub fn left(before: &Entry, after: &Entry) -> Option<Self> {
        let State::Failed { stage, failure, announced: false, .. } = &before.state else {
            return None;
        };
        (failure_of(after) != Some((*stage, failure))).then(|| Self {
            attempt: before.attempt,
            batch: before.batch.clone(),
            line: before.line,
            stage: *stage,
            failure: failure.clone(),
            failed_at: before.finished_at.unwrap_or(before.queued_at),
        })
    }
}

fn failure_of(entry: &Entry) -> Option<(Stage, &Failure)> {
    match &entry.state {
        State::Failed { stage, failure, .. } => Some((*stage, failure)),
        State::Queued { .. }
        | State::Provisioning { .. }
        | State::Configuring
        | State::Ready { .. } => None,
    }
}
