//! What a process remembers of results files: how it left those that it wrote last. The next
//! end in such a batch is written over that, without reading a megabyte of other rows first.
//!
//! Another process may have written meanwhile. Then the store refuses the write, and the file
//! is read. That there is nothing to write, only a file that was read can tell.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::ledger::BatchId;
use crate::ports::ResultsFile;

/// Bytes that are remembered, at most: one file of 10,000 of the longest rows, or many small ones.
const MOST_BYTES: usize = 16_000_000;

/// Results files as this process wrote them.
#[derive(Default)]
pub struct RecentFiles {
    /// The one that was written last at the end.
    files: Mutex<VecDeque<(BatchId, ResultsFile)>>,
}

impl RecentFiles {
    /// The file of the batch as it was left, which is not remembered from now on: whoever takes
    /// it is about to write another, or to find that it is not so any more.
    pub(super) fn take(&self, batch: &BatchId) -> Option<ResultsFile> {
        let mut files = self.files();
        let place = files.iter().position(|(of, _)| of == batch)?;
        files.remove(place).map(|(_, file)| file)
    }

    /// Remembers how the file of the batch was left, in the place of those that were written
    /// longest ago, where all together are too many bytes.
    pub(super) fn keep(&self, batch: &BatchId, file: ResultsFile) {
        let mut files = self.files();
        files.retain(|(of, _)| of != batch);
        files.push_back((batch.clone(), file));
        let mut bytes: usize = files.iter().map(|(_, file)| file.content.len()).sum();
        while bytes > MOST_BYTES
            && let Some((_, forgotten)) = files.pop_front()
        {
            bytes -= forgotten.content.len();
        }
    }

    fn files(&self) -> MutexGuard<'_, VecDeque<(BatchId, ResultsFile)>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RecentFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = self.files();
        f.debug_list().entries(files.iter().map(|(batch, file)| (batch, file))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Revision;

    fn file(bytes: usize) -> ResultsFile {
        ResultsFile { content: vec![b'r'; bytes], revision: Revision(bytes.to_string()) }
    }

    fn kept(files: &[(&str, usize)]) -> RecentFiles {
        let recent = RecentFiles::default();
        for (batch, bytes) in files {
            recent.keep(&BatchId((*batch).to_owned()), file(*bytes));
        }
        recent
    }

    fn taken(recent: &RecentFiles, batch: &str) -> Option<usize> {
        recent.take(&BatchId(batch.to_owned())).map(|file| file.content.len())
    }

    #[test]
    fn a_file_is_taken_once_and_as_it_was_left_last() {
        let recent = kept(&[("a", 1), ("b", 2), ("a", 3)]);
        assert_eq!(taken(&recent, "c"), None);
        assert_eq!(taken(&recent, "a"), Some(3));
        assert_eq!(taken(&recent, "a"), None);
        assert_eq!(taken(&recent, "b"), Some(2));
    }

    #[test]
    fn what_was_written_longest_ago_is_forgotten_first() {
        let recent = kept(&[("a", MOST_BYTES / 2), ("b", MOST_BYTES / 2), ("c", 1)]);
        assert_eq!(taken(&recent, "a"), None);
        assert_eq!(taken(&recent, "b"), Some(MOST_BYTES / 2));
        assert_eq!(taken(&recent, "c"), Some(1));
        // Written anew, it is the newest.
        let recent = kept(&[("a", 1), ("b", 2), ("a", MOST_BYTES - 1)]);
        assert_eq!(taken(&recent, "b"), None);
        assert_eq!(taken(&recent, "a"), Some(MOST_BYTES - 1));
    }

    #[test]
    fn all_the_bytes_there_may_be_are_kept_and_a_file_of_more_is_not() {
        let recent = kept(&[("a", MOST_BYTES - 1), ("b", 1)]);
        assert_eq!(taken(&recent, "a"), Some(MOST_BYTES - 1));
        assert_eq!(taken(&recent, "b"), Some(1));
        let recent = kept(&[("a", 1), ("b", MOST_BYTES + 1)]);
        assert_eq!(taken(&recent, "a"), None);
        assert_eq!(taken(&recent, "b"), None);
    }

    #[test]
    fn debug_prints_no_rows() {
        let shown = format!("{:?}", kept(&[("a", 4)]));
        assert!(shown.contains("bytes: 4") && !shown.contains("rrrr"), "{shown}");
    }
}
