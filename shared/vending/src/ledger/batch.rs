//! One uploaded file, and how far its rows have come.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Timestamp;

/// The object that a file was uploaded as: this version and no other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ObjectRef {
    /// The bucket.
    pub bucket: String,
    /// The key, decoded.
    pub key: String,
    /// The version, when the bucket keeps versions.
    pub version: Option<String>,
}

impl ObjectRef {
    /// The key's last part.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.key.rsplit('/').next().unwrap_or(&self.key)
    }
}

/// Names a batch: the file's name, made safe, and a digest of bucket, key and
/// version, so that the same object is the same batch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(pub String);

impl BatchId {
    /// Characters of the file's name that are kept.
    const NAME_KEPT: usize = 40;

    /// The id of the batch that `object` is.
    #[must_use]
    pub fn of(object: &ObjectRef) -> Self {
        let version = object.version.as_deref().unwrap_or_default();
        let text = format!("{}\n{}\n{version}", object.bucket, object.key);
        let digest = Sha256::digest(text.as_bytes());
        let hex: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let name = object.file_name();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let stem: String = stem.chars().map(safe).take(Self::NAME_KEPT).collect();
        Self(format!("{stem}-{hex}"))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One uploaded file and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// The object it came as.
    pub object: ObjectRef,
    /// When intake first saw it.
    pub received_at: Timestamp,
    /// Rows in the file.
    pub rows: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// Rows that were neither queued nor refused: READY or in flight already.
    pub unchanged: u64,
    /// Rows that a list had asked for already which was uploaded later.
    pub superseded: u64,
    /// Rows of this batch in the ledger that are not READY or FAILED.
    pub remaining: u64,
    /// Rows of this batch that are READY.
    pub ready: u64,
    /// Rows of this batch that are FAILED.
    pub failed: u64,
    /// Whether every accepted row is in the ledger.
    pub taken: bool,
    /// Whether it was told that the batch was taken, or refused.
    pub announced: bool,
    /// Whether it was told that the batch is complete (or there is nothing to complete).
    pub closed: bool,
}

impl Batch {
    /// A batch of which no row is known yet.
    #[must_use]
    pub fn new(object: &ObjectRef, received_at: Timestamp) -> Self {
        Self {
            id: BatchId::of(object),
            object: object.clone(),
            received_at,
            rows: 0,
            refused: 0,
            unchanged: 0,
            superseded: 0,
            remaining: 0,
            ready: 0,
            failed: 0,
            taken: false,
            announced: false,
            closed: false,
        }
    }

    /// Rows that this batch put into the ledger.
    #[must_use]
    pub fn queued(&self) -> u64 {
        self.remaining + self.ready + self.failed
    }

    /// Whether every row that it put into the ledger is READY or FAILED.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.taken && self.remaining == 0
    }

    /// Where the results file of this batch is: never where a list is looked for.
    #[must_use]
    pub fn results_key(&self) -> String {
        format!("{}{}.csv", Self::RESULTS_PREFIX, self.id)
    }

    /// The prefix of every results file.
    pub const RESULTS_PREFIX: &str = "results/";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str, version: &str) -> ObjectRef {
        ObjectRef { bucket: "b".into(), key: key.into(), version: Some(version.into()) }
    }

    #[test]
    fn the_same_object_is_the_same_batch_and_another_version_is_not() {
        let id = |key, version| BatchId::of(&object(key, version));
        assert_eq!(id("in/a b.csv", "1"), id("in/a b.csv", "1"));
        assert_ne!(id("in/a b.csv", "1"), id("in/a b.csv", "2"));
        assert!(id("in/a b\n=cmd.csv", "1").as_str().starts_with("a-b--cmd-"));
    }

    #[test]
    fn whatever_became_of_a_row_it_was_put_into_the_ledger() {
        let batch = Batch { remaining: 4, ready: 2, failed: 1, ..crate::testing::batch() };
        assert_eq!(batch.queued(), 7);
    }
}
