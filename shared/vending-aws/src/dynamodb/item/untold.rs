//! Failures that are still to be told, as a list in an item.

use serde::{Deserialize, Serialize};
use vending::failure::{Failure, FailureKind};
use vending::ledger::{BatchId, Stage, Untold};

use crate::dynamodb::moment::Moment;

/// A failure that its entry went on from before anybody was told.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntoldItem {
    attempt: u32,
    batch_id: BatchId,
    line: u64,
    failed_stage: Stage,
    failure_kind: FailureKind,
    failure_detail: Option<String>,
    failed_at: Moment,
}

impl From<&Untold> for UntoldItem {
    fn from(untold: &Untold) -> Self {
        Self {
            attempt: untold.attempt,
            batch_id: untold.batch.clone(),
            line: untold.line,
            failed_stage: untold.stage,
            failure_kind: untold.failure.kind,
            failure_detail: Some(untold.failure.detail.clone()).filter(|detail| !detail.is_empty()),
            failed_at: Moment(untold.failed_at),
        }
    }
}

impl UntoldItem {
    /// The failure that it is.
    pub(super) fn read(self) -> Untold {
        let detail = self.failure_detail.unwrap_or_default();
        Untold {
            attempt: self.attempt,
            batch: self.batch_id,
            line: self.line,
            stage: self.failed_stage,
            failure: Failure { kind: self.failure_kind, detail },
            failed_at: self.failed_at.0,
        }
    }
}
