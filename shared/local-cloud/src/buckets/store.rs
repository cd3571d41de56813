//! Objects as files in a folder, and over them what a versioned bucket has:
//! every version is kept, byte for byte, in a hidden bucket under its id, until it expires.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use s3s::{S3, S3Result, s3_error};
use s3s_fs::FileSystem;

use super::copy;
use super::versions::{self, Version, Versions};
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
    /// Held from the write of an object until its version is kept.
    pub(super) writing: tokio::sync::Mutex<()>,
}

impl Store {
    /// Opens the store in the folder `root`, which exists.
    pub(super) fn open(
        root: &Path,
        clock: VirtualClock,
        versions: Arc<Mutex<Versions>>,
    ) -> Result<Self, String> {
        let files = FileSystem::new(root).map_err(|error| format!("{error:?}"))?;
        let writing = tokio::sync::Mutex::new(());
        Ok(Self { files, root: root.to_owned(), clock, versions, writing })
    }

    /// Fails unless there is the bucket.
    pub(super) fn require_bucket(&self, bucket: &str) -> S3Result<()> {
        if self.root.join(bucket).is_dir() { Ok(()) } else { Err(s3_error!(NoSuchBucket)) }
    }

    /// Keeps what has just been written to `bucket/key` as a version.
    pub(super) async fn keep(
        &self,
        bucket: &str,
        key: &str,
        event: &str,
        e_tag: &str,
    ) -> S3Result<String> {
        let id = lock(&self.versions).next_id();
        self.files.copy_object(copy::request(bucket, key, KEPT, &id)?).await?;
        let kept = std::fs::metadata(self.root.join(KEPT).join(&id));
        let size = kept.map_err(|error| s3_error!(error, InternalError))?.len();
        let version = Version {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            id,
            event: event.to_owned(),
            e_tag: e_tag.to_owned(),
            size,
            at: self.clock.now(),
        };
        self.add(version)
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
        })
    }

    fn add(&self, version: Version) -> S3Result<String> {
        let id = version.id.clone();
        let added = lock(&self.versions).add(version);
        added.map_err(|error| s3_error!(error, InternalError))?;
        Ok(id)
    }

    /// Where a read of `bucket/key` goes: to the kept version that is asked for,
    /// or to the object itself, whose version is told.
    pub(super) fn locate(
        &self,
        bucket: &mut String,
        key: &mut String,
        asked: Option<String>,
    ) -> S3Result<Option<String>> {
        let versions = lock(&self.versions);
        let Some(id) = asked else { return Ok(versions.newest(bucket, key)) };
        let is_kept = || self.root.join(KEPT).join(&id).is_file();
        if !(versions.has(bucket, key, &id) && is_kept()) {
            return Err(s3_error!(NoSuchVersion, "The specified version does not exist."));
        }
        KEPT.clone_into(bucket);
        key.clone_from(&id);
        Ok(Some(id))
    }
}
