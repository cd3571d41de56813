//! The port of the results files: each is read with the revision that it has, and
//! written over that one alone, so that two who bring it up to date lose nothing.

use async_trait::async_trait;

use super::CouldNotAsk;
use crate::ledger::Batch;

/// Names what a results file held at one moment: S3's entity tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision(pub String);

/// A results file as it was read. `Debug` does not print its rows.
#[derive(Clone, PartialEq, Eq)]
pub struct ResultsFile {
    /// What it holds.
    pub content: Vec<u8>,
    /// Which revision that is.
    pub revision: Revision,
}

impl std::fmt::Debug for ResultsFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut file = f.debug_struct("ResultsFile");
        file.field("bytes", &self.content.len()).field("revision", &self.revision).finish()
    }
}

/// Why a results file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// The store said no, and would say so again: a right is missing, or the bucket.
    #[error("the store refuses the results file: {0}")]
    Refused(String),
    /// The store did not answer.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
}

/// What became of a write that named the revision it replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// It is written, and that is its revision.
    By(Revision),
    /// Something else is there by now; nothing was written.
    Changed,
}

/// The results files, one for each batch.
#[async_trait]
pub trait ResultsFiles: Send + Sync {
    /// The results file of the batch; `None` when there is none, or none any more.
    ///
    /// # Errors
    /// [`ResultsError`].
    async fn results_of(&self, batch: &Batch) -> Result<Option<ResultsFile>, ResultsError>;

    /// Writes the results file of the batch in the place of the revision `over`, or where
    /// there is none yet; [`Replaced::Changed`] when by now something else is there.
    ///
    /// # Errors
    /// [`ResultsError`]; after [`ResultsError::CouldNotAsk`] it may be written all the same.
    async fn replace_results(
        &self,
        batch: &Batch,
        over: Option<&Revision>,
        content: Vec<u8>,
    ) -> Result<Replaced, ResultsError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_how_long_a_file_is_and_none_of_its_rows() {
        let revision = Revision("tag".to_owned());
        let shown = format!("{:?}", ResultsFile { content: b"jane".to_vec(), revision });
        assert!(shown.contains("bytes: 4") && shown.contains("tag"), "{shown}");
    }
}
