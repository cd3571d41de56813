//! What is known about every version of every object, in the order in which they
//! were made, and kept in a file so that a later run knows it too.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

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
    fn number(&self) -> usize {
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
    file: File,
    issued: usize,
}

impl Versions {
    /// Opens the file at `path`, or starts one.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let file = OpenOptions::new().append(true).create(true).open(path);
        let mut versions = Self {
            all: Vec::new(),
            by_id: HashMap::new(),
            newest: HashMap::new(),
            file: file.map_err(|error| error.to_string())?,
            issued: 0,
        };
        for line in text.lines() {
            let version = serde_json::from_str(line);
            versions.remember(version.map_err(|error| format!("{}: {error}", path.display()))?);
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
        let mut line = serde_json::to_vec(&version)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
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
