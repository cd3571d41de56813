//! The journal: every request and command that may have changed the landing
//! zone, one JSON line each, written before it is answered. The model is
//! deterministic, so replaying the lines rebuilds it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::clock::Moment;
use crate::lines::Lines;

/// The version of the lines and of the files beside them; another one is refused rather than
/// guessed at.
const VERSION: u32 = 2;

/// Why the journal cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error("use {path}")]
    File {
        /// The journal.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process has the state folder open.
    #[error("use {0}: another process is using this state folder")]
    InUse(PathBuf),
    /// A line is not one of ours.
    #[error("read line {line} of {path}")]
    Line {
        /// The journal.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The first line is not a header that this version understands.
    #[error("read {path}: it was not written by this version (expected journal version {VERSION})")]
    Version {
        /// The journal.
        path: PathBuf,
    },
}

/// What the landing zone was made from.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Header {
    version: u32,
    /// The seed of all chance.
    pub(crate) seed: u64,
    /// The moment it started at.
    pub(crate) start: Moment,
}

impl Header {
    pub(crate) fn new(seed: u64, start: Moment) -> Self {
        Self { version: VERSION, seed, start }
    }
}

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub(crate) enum Line {
    /// The first one.
    Header(Header),
    /// A request over the wire.
    Request {
        /// When it came, in virtual time.
        at: Moment,
        /// The signing name.
        service: String,
        /// The `x-amz-target` header.
        target: Option<String>,
        /// The body; the protocols of the landing zone are all UTF-8.
        body: String,
        /// The member account whose session signed it, if one's did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
    },
    /// A command of the caller's own.
    Command {
        /// When it came, in virtual time.
        at: Moment,
        /// What it says.
        command: Value,
    },
}

/// An open journal, locked against other processes.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    lines: Lines,
}

impl Journal {
    /// Opens the journal at `path`, or starts one with `fresh`, and reads what is
    /// in it. A last line that was cut off by a crash was never answered, and is
    /// removed.
    pub(crate) fn open(
        path: &Path,
        fresh: Header,
    ) -> Result<(Self, Header, Vec<Line>), JournalError> {
        let mut journal = Self { path: path.to_owned(), lines: open_locked(path)? };
        let mut lines = journal.read()?.into_iter();
        let header = match lines.next() {
            None => {
                journal.append(&Line::Header(fresh))?;
                fresh
            }
            Some(Line::Header(header)) if header.version == VERSION => header,
            Some(_) => return Err(JournalError::Version { path: path.to_owned() }),
        };
        Ok((journal, header, lines.collect()))
    }

    /// Appends one line, in one write.
    pub(crate) fn append(&mut self, line: &Line) -> Result<(), JournalError> {
        let text = serde_json::to_vec(line).map_err(|source| self.bad_line(0, source))?;
        self.lines.append(text).map_err(|source| file(&self.path, source))
    }

    fn read(&mut self) -> Result<Vec<Line>, JournalError> {
        let texts = self.lines.read().map_err(|source| file(&self.path, source))?;
        let parse = |(number, text): (usize, &Vec<u8>)| {
            serde_json::from_slice(text).map_err(|source| self.bad_line(number, source))
        };
        (1..).zip(&texts).map(parse).collect()
    }

    fn bad_line(&self, line: usize, source: serde_json::Error) -> JournalError {
        JournalError::Line { path: self.path.clone(), line, source }
    }
}

fn open_locked(path: &Path) -> Result<Lines, JournalError> {
    let lines = Lines::open(path).map_err(|source| file(path, source))?;
    match lines.lock().map_err(|source| file(path, source))? {
        true => Ok(lines),
        false => Err(JournalError::InUse(path.to_owned())),
    }
}

fn file(path: &Path, source: std::io::Error) -> JournalError {
    JournalError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header::new(7, Moment::UNIX_EPOCH)
    }

    fn command(n: u32) -> Line {
        Line::Command { at: Moment::UNIX_EPOCH, command: Value::from(n) }
    }

    #[test]
    fn lines_come_back_and_the_first_header_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.jsonl");
        let (mut journal, _, lines) = Journal::open(&path, header()).unwrap();
        assert!(lines.is_empty());
        journal.append(&command(1)).unwrap();
        drop(journal);
        let other = Header::new(8, Moment::UNIX_EPOCH);
        let (_, header, lines) = Journal::open(&path, other).unwrap();
        assert_eq!(header.seed, 7);
        assert!(matches!(&lines[..], [Line::Command { command, .. }] if *command == 1));
    }

    #[test]
    fn a_line_cut_off_by_a_crash_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.jsonl");
        drop(Journal::open(&path, header()).unwrap());
        let whole = std::fs::read(&path).unwrap();
        let mut torn = whole.clone();
        torn.extend_from_slice(b"{\"line\":\"comm");
        std::fs::write(&path, torn).unwrap();
        let (mut journal, _, lines) = Journal::open(&path, header()).unwrap();
        assert!(lines.is_empty());
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        journal.append(&command(2)).unwrap();
        drop(journal);
        assert_eq!(Journal::open(&path, header()).unwrap().2.len(), 1);
    }

    #[test]
    fn a_second_process_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.jsonl");
        let _first = Journal::open(&path, header()).unwrap();
        assert!(matches!(Journal::open(&path, header()), Err(JournalError::InUse(_))));
    }

    #[test]
    fn another_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.jsonl");
        std::fs::write(
            &path,
            "{\"line\":\"header\",\"version\":99,\"seed\":1,\"start\":\"1970-01-01T00:00:00Z\"}\n",
        )
        .unwrap();
        assert!(matches!(Journal::open(&path, header()), Err(JournalError::Version { .. })));
    }
}
