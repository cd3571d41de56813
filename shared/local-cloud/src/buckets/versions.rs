//! What is known about every version of every object, in the order in which they
//! were made, and kept in a file so that a later run knows it too.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::lines::Lines;

/// The event of a delete marker.
pub(super) const DELETED: &str = "ObjectRemoved:DeleteMarkerCreated";

/// One version of one object.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Version {
    /// The bucket.
    pub(crate) bucket: String,
    /// The key, not encoded.
    pub(crate) key: String,
    /// The version id.
    pub(crate) id: String,
    /// How it came about, in S3's event names.
    pub(crate) event: String,
    /// The entity tag, without quotes.
    pub(crate) e_tag: String,
    /// Bytes.
    pub(crate) size: u64,
    /// When, in virtual time.
    pub(crate) at: Moment,
}

impl Version {
    /// Orders the events of one key: "a hexadecimal value" (S3 user guide,
    /// notification content structure), of one length here.
    pub(crate) fn sequencer(&self) -> String {
        format!("{:018X}", self.number())
    }

    /// Which version it is of all, counted from 1.
    pub(super) fn number(&self) -> usize {
        let digits = self.id.trim_start_matches(ID_PREFIX);
        usize::from_str_radix(digits, 16).unwrap_or_default()
    }

    /// Whether it brought an object into being.
    pub(crate) fn is_created(&self) -> bool {
        self.event.starts_with("ObjectCreated:")
    }
}

/// S3's version ids are opaque, of 32 characters; these count, so that a run can
/// be repeated.
const ID_PREFIX: &str = "local";

/// All versions.
#[derive(Debug)]
pub(super) struct Versions {
    all: Vec<Version>,
    by_id: HashMap<String, usize>,
    newest: HashMap<(String, String), usize>,
    lines: Lines,
    issued: usize,
}

impl Versions {
    /// Opens the file at `path`, or starts one.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let open = || {
            let mut lines = Lines::open(path)?;
            let texts = lines.read()?;
            Ok::<_, std::io::Error>((lines, texts))
        };
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let (lines, texts) = open().map_err(|error| failed(&error))?;
        let mut versions = Self {
            all: Vec::new(),
            by_id: HashMap::new(),
            newest: HashMap::new(),
            lines,
            issued: 0,
        };
        for text in texts {
            let version = serde_json::from_slice(&text);
            versions.remember(version.map_err(|error| failed(&error))?);
        }
        versions.issued = versions.all.last().map_or(0, Version::number);
        Ok(versions)
    }

    /// An id that no version has.
    pub(super) fn next_id(&mut self) -> String {
        self.issued += 1;
        format!("{ID_PREFIX}{:027x}", self.issued)
    }

    /// Adds a version.
    pub(super) fn add(&mut self, version: Version) -> std::io::Result<()> {
        self.lines.append(serde_json::to_vec(&version)?)?;
        self.remember(version);
        Ok(())
    }

    fn remember(&mut self, version: Version) {
        let place = self.all.len();
        self.by_id.insert(version.id.clone(), place);
        self.newest.insert((version.bucket.clone(), version.key.clone()), place);
        self.all.push(version);
    }

    /// Whether `bucket/key` has a version `id` with content.
    pub(super) fn has(&self, bucket: &str, key: &str, id: &str) -> bool {
        let found = self.by_id.get(id).and_then(|place| self.all.get(*place));
        found.is_some_and(|it| it.bucket == bucket && it.key == key && it.is_created())
    }

    /// The id of the newest version of `bucket/key`.
    pub(super) fn newest(&self, bucket: &str, key: &str) -> Option<String> {
        let place = self.newest.get(&(bucket.to_owned(), key.to_owned()))?;
        self.all.get(*place).map(|version| version.id.clone())
    }

    /// The versions after the first `seen`, and how many there are in all.
    pub(super) fn since(&self, seen: usize) -> (Vec<Version>, usize) {
        (self.all.get(seen..).unwrap_or_default().to_vec(), self.all.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(id: String) -> Version {
        Version {
            bucket: "lists".to_owned(),
            key: "a.csv".to_owned(),
            id,
            event: "ObjectCreated:Put".to_owned(),
            e_tag: String::new(),
            size: 1,
            at: Moment::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_version_whose_line_was_cut_off_by_a_kill_never_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("versions.jsonl");
        let mut versions = Versions::open(&path).unwrap();
        for _ in 0..2 {
            let id = versions.next_id();
            versions.add(version(id)).unwrap();
        }
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, whole.get(..whole.len() - 5).unwrap()).unwrap();
        let mut versions = Versions::open(&path).unwrap();
        assert_eq!(versions.since(0).1, 1);
        let id = versions.next_id();
        versions.add(version(id)).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }
}
