//! Uploaded account lists and written results, kept in memory by version.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use vending::file::FileReader;
use vending::ledger::{Batch, ObjectRef, Timestamp};
use vending::ports::{
    BatchSource, CouldNotAsk, ReadError, Replaced, ResultsError, ResultsFile, ResultsFiles,
    Revision,
};

/// Bytes handed over at a time: small, so that a list arrives in pieces.
const PIECE: usize = 1_024;

/// A version of an object, and when it was uploaded.
type Version = (Timestamp, Vec<u8>);

/// The versions of the object of one bucket and key, oldest first.
type Objects = BTreeMap<(String, String), Vec<Version>>;

/// Buckets with versions. Clones are the same buckets.
#[derive(Debug, Clone, Default)]
pub struct MemorySource {
    objects: Arc<Mutex<Objects>>,
}

impl MemorySource {
    /// Keeps `content` as the newest version of `key` in `bucket`, uploaded when all
    /// others were: none is older.
    pub fn put(&self, bucket: &str, key: &str, content: impl Into<Vec<u8>>) -> ObjectRef {
        self.put_at(Timestamp::UNIX_EPOCH, bucket, key, content)
    }

    /// Keeps `content` as the newest version of `key` in `bucket`, uploaded at `moment`.
    pub fn put_at(
        &self,
        moment: Timestamp,
        bucket: &str,
        key: &str,
        content: impl Into<Vec<u8>>,
    ) -> ObjectRef {
        let mut objects = self.objects();
        let versions = objects.entry((bucket.to_owned(), key.to_owned())).or_default();
        versions.push((moment, content.into()));
        ObjectRef {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version: Some(format!("v{}", versions.len())),
        }
    }

    /// The newest version of `key` in `bucket`, if there is one.
    #[must_use]
    pub fn get(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        let objects = self.objects();
        objects
            .get(&(bucket.to_owned(), key.to_owned()))?
            .last()
            .map(|(_, content)| content.clone())
    }

    /// Deletes `key` from `bucket`.
    pub fn delete(&self, bucket: &str, key: &str) {
        self.objects().remove(&(bucket.to_owned(), key.to_owned()));
    }

    /// Every key in `bucket`, in order.
    #[must_use]
    pub fn keys(&self, bucket: &str) -> Vec<String> {
        let objects = self.objects();
        objects.keys().filter(|(of, _)| of == bucket).map(|(_, key)| key.clone()).collect()
    }

    fn find(&self, object: &ObjectRef) -> Option<Version> {
        let objects = self.objects();
        let versions = objects.get(&(object.bucket.clone(), object.key.clone()))?;
        let index = match &object.version {
            None => versions.len().checked_sub(1)?,
            Some(version) => version.strip_prefix('v')?.parse::<usize>().ok()?.checked_sub(1)?,
        };
        versions.get(index).cloned()
    }

    fn objects(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl BatchSource for MemorySource {
    async fn read(
        &self,
        object: &ObjectRef,
        reader: &mut dyn FileReader,
    ) -> Result<Timestamp, ReadError> {
        let Some((uploaded_at, content)) = self.find(object) else {
            return Err(ReadError::Gone(object.key.clone()));
        };
        for piece in content.chunks(PIECE) {
            reader.push(piece)?;
        }
        Ok(uploaded_at)
    }

    async fn write_results(
        &self,
        bucket: &str,
        key: &str,
        content: Vec<u8>,
    ) -> Result<(), CouldNotAsk> {
        self.put(bucket, key, content);
        Ok(())
    }
}

#[async_trait]
impl ResultsFiles for MemorySource {
    async fn results_of(&self, batch: &Batch) -> Result<Option<ResultsFile>, ResultsError> {
        let objects = self.objects();
        let versions = objects.get(&place(batch)).filter(|versions| !versions.is_empty());
        Ok(versions.map(|versions| ResultsFile {
            content: versions.last().map(|(_, content)| content.clone()).unwrap_or_default(),
            revision: revision(versions),
        }))
    }

    async fn replace_results(
        &self,
        batch: &Batch,
        over: Option<&Revision>,
        content: Vec<u8>,
    ) -> Result<Replaced, ResultsError> {
        let mut objects = self.objects();
        let versions = objects.entry(place(batch)).or_default();
        let present = (!versions.is_empty()).then(|| revision(versions));
        if present.as_ref() != over {
            return Ok(Replaced::Changed);
        }
        versions.push((Timestamp::UNIX_EPOCH, content));
        Ok(Replaced::By(revision(versions)))
    }
}

fn place(batch: &Batch) -> (String, String) {
    (batch.object.bucket.clone(), batch.results_key())
}

/// A digest of what the newest version holds, as an entity tag of S3 is: what was deleted and
/// written anew has the revision that it had.
fn revision(versions: &[Version]) -> Revision {
    let mut hasher = DefaultHasher::new();
    versions.last().map(|(_, content)| content).hash(&mut hasher);
    Revision(format!("{:016x}", hasher.finish()))
}
