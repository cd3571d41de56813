//! The settings of a cloud, and what it keeps in its state folder besides the
//! files of its parts: `landing-zone.jsonl`, `clock.json`, `buckets/`.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;
use thiserror::Error;

use crate::clock::Moment;
use crate::journal::{Header, Journal, JournalError, Line};

/// Characters of a moment as JSON, at most: nanoseconds, an offset, quotes.
const LONGEST_MOMENT: usize = 40;

/// What a cloud is opened with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder that keeps the state between runs. `None`: memory and a
    /// temporary folder, gone with the cloud.
    pub state: Option<PathBuf>,
    /// The seed of all chance in the landing zone. An existing state folder
    /// keeps the one it was made with.
    pub seed: u64,
    /// The moment a new cloud starts at. An existing state folder goes on from
    /// the moment it was left at.
    pub start: Moment,
    /// The Region, for ARNs and events.
    pub region: String,
    /// The account id, twelve digits, for ARNs and events.
    pub account: String,
}

/// Why a cloud could not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The journal cannot be read or written.
    #[error("open the journal of the landing zone")]
    Journal(#[from] JournalError),
    /// A folder or a file of the state cannot be used.
    #[error("use {path}")]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The table engine refused to start.
    #[error("open the tables: {0}")]
    Tables(String),
    /// The object store refused to start.
    #[error("open the buckets: {0}")]
    Buckets(String),
}

/// The journal, if there is one, its header, and the lines to replay.
type Opened = (Option<Journal>, Header, Vec<Line>);

/// Opens the journal in the state folder, which is made if need be.
pub(crate) fn open_journal(settings: &Settings, fresh: Header) -> Result<Opened, OpenError> {
    let Some(state) = &settings.state else { return Ok((None, fresh, Vec::new())) };
    std::fs::create_dir_all(state).map_err(|source| folder(state, source))?;
    let (journal, header, lines) = Journal::open(&state.join("landing-zone.jsonl"), fresh)?;
    Ok((Some(journal), header, lines))
}

/// The folder of the buckets: in the state folder, or a temporary one.
pub(crate) fn bucket_folder(
    state: Option<&Path>,
) -> Result<(PathBuf, Option<tempfile::TempDir>), OpenError> {
    let Some(state) = state else {
        let parent = std::env::temp_dir();
        let folder = tempfile::tempdir().map_err(|source| folder(&parent, source))?;
        return Ok((folder.path().to_owned(), Some(folder)));
    };
    let root = state.join("buckets");
    std::fs::create_dir_all(&root).map_err(|source| folder(&root, source))?;
    Ok((root, None))
}

/// The moment at which the state folder was left.
pub(crate) fn read_clock(state: &Path) -> Result<Option<Moment>, OpenError> {
    let path = state.join("clock.json");
    match std::fs::read(&path) {
        // A clock that cannot be read is set by the journal.
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(folder(&path, source)),
    }
}

/// Keeps the present moment, written over the one before: it changes many times for an
/// account, and a file that is made anew each time leaves an inode to be cleared. One write of
/// one length leaves no part of another.
pub(crate) fn write_clock(state: &Path, now: Moment) -> Result<(), OpenError> {
    let path = state.join("clock.json");
    let line = format!("{:<LONGEST_MOMENT$}\n", Value::from(now.to_rfc3339()).to_string());
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .map_err(|source| folder(&path, source))
}

fn folder(path: &Path, source: std::io::Error) -> OpenError {
    OpenError::Folder { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_moment_is_written_over_a_longer_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_clock(folder.path()).unwrap(), None);
        let whole = "2026-01-02T03:04:05Z".parse::<Moment>().unwrap();
        for moment in [whole + TimeDelta::nanoseconds(123_456_789), whole] {
            write_clock(folder.path(), moment).unwrap();
            assert_eq!(read_clock(folder.path()).unwrap(), Some(moment));
        }
    }
}
