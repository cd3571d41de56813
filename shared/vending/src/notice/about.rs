//! What a notice is about, for machines: facts, each under a name of its own.

use serde::Serialize;

use crate::failure::{Failure, FailureKind};
use crate::ledger::{Batch, Entry, Timestamp};

/// The facts of a notice. What it does not speak of is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// The batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// The account's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The line in the batch's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The status of the account that is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// Where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<&'static str>,
    /// The account's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// The attempt that is told, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// Who asked for the account: an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<String>,
    /// The kind of the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureKind>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// AWS's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// The provisioned product, `pp-…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The record of the last launch, `rec-…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Rows in the batch's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Rows of it that were refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<u64>,
    /// Rows of it that are READY.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<u64>,
    /// Rows of it that FAILED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<u64>,
    /// Where its results file is, `s3://…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<String>,
    /// Since when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

impl About {
    /// The facts of a batch.
    pub(super) fn batch(batch: &Batch) -> Self {
        Self {
            batch: Some(batch.id.to_string()),
            rows: Some(batch.rows),
            refused: Some(batch.refused),
            ready: Some(batch.ready),
            failed: Some(batch.failed),
            results: Some(place(batch)),
            ..Self::default()
        }
    }

    /// The facts of an entry, as it stands.
    pub(super) fn entry(entry: &Entry) -> Self {
        let product = entry.launch.as_ref().and_then(|launch| launch.product.clone());
        let (product, record) = product.map(|(product, record)| (product.0, record.0)).unzip();
        Self {
            batch: Some(entry.batch.to_string()),
            account: Some(entry.request.name.to_string()),
            line: Some(entry.line),
            status: Some(entry.status().as_str()),
            account_id: entry.account.as_ref().map(ToString::to_string),
            attempt: Some(entry.attempt),
            requested_by: entry.request.requester.as_ref().map(|it| it.as_str().to_owned()),
            product,
            record,
            ..Self::default()
        }
    }

    /// The same, of something that failed.
    pub(super) fn failing(self, failure: &Failure) -> Self {
        Self {
            failure: Some(failure.kind),
            cause: Some(failure.kind.cause().to_owned()),
            said: Some(failure.detail.clone()).filter(|said| !said.is_empty()),
            remedy: Some(failure.kind.remedy().to_owned()),
            ..self
        }
    }
}

/// Where the results file of a batch is.
pub(super) fn place(batch: &Batch) -> String {
    format!("s3://{}/{}", batch.object.bucket, batch.results_key())
}
