//! Objects as files in a folder, and over them what a versioned bucket has:
//! every version is kept, byte for byte, in a hidden bucket under its id, until it expires.
//!
//! A version is a second name of the file that holds the object: the next write makes a new
//! file, and leaves that one alone.

use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use s3s::{S3Result, s3_error};
use s3s_fs::FileSystem;

use super::versions::{self, Attributes, Version, Versions};
use crate::clock::VirtualClock;
use crate::lock;

/// The bucket that keeps every version under its id. Its name is not one that a
/// client may use, so no request can reach it.
pub(super) const KEPT: &str = ".versions";

/// The object store, versioned.
pub(super) struct Store {
    pub(super) files: FileSystem,
    root: PathBuf,
    clock: VirtualClock,
    versions: Arc<Mutex<Versions>>,
    /// Held from the write of an object until its version is kept, and while one is opened:
    /// what it holds and what is known about it are several files.
    pub(super) turn: tokio::sync::Mutex<()>,
}

impl Store {
    /// Opens the store in the folder `root`, which exists.
    pub(super) fn open(
        root: &Path,
        clock: VirtualClock,
        versions: Arc<Mutex<Versions>>,
    ) -> Result<Self, String> {
        let files = FileSystem::new(root).map_err(|error| format!("{error:?}"))?;
        let turn = tokio::sync::Mutex::new(());
        Ok(Self { files, root: root.to_owned(), clock, versions, turn })
    }

    /// Fails unless there is the bucket.
    pub(super) fn require_bucket(&self, bucket: &str) -> S3Result<()> {
        if self.root.join(bucket).is_dir() { Ok(()) } else { Err(s3_error!(NoSuchBucket)) }
    }

    /// Fails unless there is the bucket, and an object of that key would be a file in it.
    pub(super) fn require_place(&self, bucket: &str, key: &str) -> S3Result<()> {
        self.require_bucket(bucket)?;
        let is_inside = |part: Component<'_>| matches!(part, Component::Normal(_));
        if Path::new(key).components().all(is_inside) {
            return Ok(());
        }
        Err(s3_error!(InvalidArgument, "a key that is a path out of its bucket is not kept here"))
    }

    /// Keeps what has just been written to `bucket/key` as a version.
    pub(super) fn keep(
        &self,
        (bucket, key): (&str, &str),
        event: &str,
        e_tag: &str,
        attributes: Attributes,
    ) -> S3Result<String> {
        let id = lock(&self.versions).next_id();
        let kept = self.root.join(KEPT).join(&id);
        let size = link(&self.object(bucket, key), &kept);
        let size = size.map_err(|error| s3_error!(error, InternalError))?;
        let version = Version {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            id,
            event: event.to_owned(),
            e_tag: e_tag.to_owned(),
            size,
            at: self.clock.now(),
            attributes,
        };
        self.add(version)
    }

    /// Gives `bucket/key` a file of its own, if it is there, for a write that makes no new one.
    pub(super) fn part(&self, bucket: &str, key: &str) -> S3Result<()> {
        let object = self.object(bucket, key);
        if !object.is_file() {
            return Ok(());
        }
        let own = self.root.join(KEPT).join("own.part");
        let parted = std::fs::copy(&object, &own).and_then(|_| std::fs::rename(&own, &object));
        parted.map_err(|error| s3_error!(error, InternalError))
    }

    fn object(&self, bucket: &str, key: &str) -> PathBuf {
        self.root.join(bucket).join(key)
    }

    /// Keeps that `bucket/key` has been deleted.
    pub(super) fn mark_deleted(&self, bucket: &str, key: &str) -> S3Result<String> {
        let id = lock(&self.versions).next_id();
        self.add(Version {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            id,
            event: versions::DELETED.to_owned(),
            e_tag: String::new(),
            size: 0,
            at: self.clock.now(),
            attributes: Attributes::default(),
        })
    }

    fn add(&self, version: Version) -> S3Result<String> {
        let id = version.id.clone();
        let added = lock(&self.versions).add(version);
        added.map_err(|error| s3_error!(error, InternalError))?;
        Ok(id)
    }

    /// Where a read of `bucket/key` goes: to the kept version that is asked for,
    /// or to the object itself; answers that version.
    pub(super) fn locate(
        &self,
        bucket: &mut String,
        key: &mut String,
        asked: Option<&str>,
    ) -> S3Result<Option<Version>> {
        let versions = lock(&self.versions);
        let Some(id) = asked else { return Ok(versions.newest(bucket, key).cloned()) };
        let is_kept = |_: &&Version| self.root.join(KEPT).join(id).is_file();
        let Some(version) = versions.find(bucket, key, id).filter(is_kept) else {
            return Err(s3_error!(NoSuchVersion, "The specified version does not exist."));
        };
        KEPT.clone_into(bucket);
        id.clone_into(key);
        Ok(Some(version.clone()))
    }
}

/// Makes `kept` a second name of `file`, or a copy where the file system has no such names;
/// answers how many bytes it has.
fn link(file: &Path, kept: &Path) -> std::io::Result<u64> {
    match std::fs::hard_link(file, kept) {
        Ok(()) => std::fs::metadata(kept).map(|kept| kept.len()),
        Err(_) => std::fs::copy(file, kept),
    }
}
