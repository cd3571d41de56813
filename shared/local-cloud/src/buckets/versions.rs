//! What is known about every version of every object, in the order in which they
//! were made, and kept in a file so that a later run knows it too.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::delivery::Expiration;
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
    /// What else a read of it tells.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub(super) attributes: Attributes,
}

/// What was said of an object beside its content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) metadata: Option<HashMap<String, String>>,
}

impl Attributes {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
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

    /// The version `id` of `bucket/key`, where it has content.
    pub(super) fn find(&self, bucket: &str, key: &str, id: &str) -> Option<&Version> {
        let found = self.by_id.get(id).and_then(|place| self.all.get(*place));
        found.filter(|it| it.bucket == bucket && it.key == key && it.is_created())
    }

    /// The newest version of `bucket/key`.
    pub(super) fn newest(&self, bucket: &str, key: &str) -> Option<&Version> {
        let place = self.newest.get(&(bucket.to_owned(), key.to_owned()))?;
        self.all.get(*place)
    }

    /// The ids of the versions that have expired by `rule`.
    pub(super) fn expired(&self, rule: &Expiration, now: Moment) -> Vec<String> {
        let is_meant = |it: &&Version| it.bucket == rule.bucket && it.key.starts_with(&rule.prefix);
        let mut later: HashMap<&str, (usize, Moment)> = HashMap::new();
        let mut expired = Vec::new();
        for version in self.all.iter().rev().filter(is_meant) {
            if let Some((newer, replaced_at)) = later.get(version.key.as_str())
                && *newer > rule.newest_kept
                && (*replaced_at + rule.after).date_naive() < now.date_naive()
            {
                expired.push(version.id.clone());
            }
            let newer = later.entry(&version.key).or_insert((0, version.at));
            *newer = (newer.0 + 1, version.at);
        }
        expired
    }

    /// The versions after the first `seen`, and how many there are in all.
    pub(super) fn since(&self, seen: usize) -> (Vec<Version>, usize) {
        (self.all.get(seen..).unwrap_or_default().to_vec(), self.all.len())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

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
            attributes: Attributes::default(),
        }
    }

    #[test]
    fn what_was_replaced_days_ago_expires_but_for_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let mut versions = Versions::open(&folder.path().join("versions.jsonl")).unwrap();
        let at = |hours| Moment::UNIX_EPOCH + TimeDelta::hours(hours);
        let keys = ["out/a", "in/a", "out/b", "out/a", "in/a", "out/a", "out/a"];
        let ids: Vec<String> = keys.iter().map(|_| versions.next_id()).collect();
        for ((key, id), hours) in keys.iter().zip(&ids).zip([0, 0, 0, 3, 3, 6, 9]) {
            let key = (*key).to_owned();
            versions.add(Version { key, at: at(hours), ..version(id.clone()) }).unwrap();
        }
        let mut rule = Expiration {
            bucket: "lists".to_owned(),
            prefix: "out/".to_owned(),
            after: TimeDelta::days(1),
            newest_kept: 1,
        };
        // Replaced on the first day, and a day is over at the next midnight.
        assert_eq!(versions.expired(&rule, at(47)), Vec::<String>::new());
        assert_eq!(versions.expired(&rule, at(48)), [&*ids[3], &*ids[0]]);
        rule.newest_kept = 0;
        assert_eq!(versions.expired(&rule, at(48)), [&*ids[5], &*ids[3], &*ids[0]]);
        rule.bucket = "others".to_owned();
        assert_eq!(versions.expired(&rule, at(48)), Vec::<String>::new());
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
