//! The lists and their results files, bent.

use async_trait::async_trait;
use landing_zone::ports::{MemorySource, MemoryWorld, Shared};
use vending::file::FileReader;
use vending::ledger::{Batch, ObjectRef, Timestamp};
use vending::ports::{
    BatchSource, Clock, CouldNotAsk, ReadError, Replaced, ResultsError, ResultsFile, ResultsFiles,
    Revision,
};

use crate::sabotage::Sabotage;

/// The bucket, as Vend sees it.
#[derive(Debug, Clone)]
pub struct BentSource {
    source: MemorySource,
    zone: Shared,
    sabotage: Option<Sabotage>,
}

impl BentSource {
    /// The bucket of `world`.
    #[must_use]
    pub fn new(world: &MemoryWorld, sabotage: Option<Sabotage>) -> Self {
        Self { source: world.source.clone(), zone: world.zone.clone(), sabotage }
    }
}

#[async_trait]
impl BatchSource for BentSource {
    async fn read(
        &self,
        object: &ObjectRef,
        reader: &mut dyn FileReader,
    ) -> Result<Timestamp, ReadError> {
        let uploaded_at = self.source.read(object, reader).await?;
        let forgotten = self.sabotage == Some(Sabotage::UploadOrderForgotten);
        Ok(if forgotten { self.zone.now() } else { uploaded_at })
    }

    async fn write_results(
        &self,
        bucket: &str,
        key: &str,
        content: Vec<u8>,
    ) -> Result<(), CouldNotAsk> {
        self.source.write_results(bucket, key, content).await
    }
}

#[async_trait]
impl ResultsFiles for BentSource {
    async fn results_of(&self, batch: &Batch) -> Result<Option<ResultsFile>, ResultsError> {
        self.source.results_of(batch).await
    }

    async fn replace_results(
        &self,
        batch: &Batch,
        over: Option<&Revision>,
        content: Vec<u8>,
    ) -> Result<Replaced, ResultsError> {
        match self.sabotage {
            Some(Sabotage::ResultsLeftAsTheyWere) if over.is_some() => self.as_it_is(batch).await,
            Some(Sabotage::ResultsWithoutRevision) => {
                let present = self.source.results_of(batch).await?.map(|file| file.revision);
                self.source.replace_results(batch, present.as_ref(), content).await
            }
            Some(Sabotage::ResultsConflictSwallowed) => {
                self.source.replace_results(batch, over, content).await?;
                self.as_it_is(batch).await
            }
            Some(Sabotage::ResultsForgetTheirRows) => {
                self.source.replace_results(batch, over, without_last_row(content)).await
            }
            _ => self.source.replace_results(batch, over, content).await,
        }
    }
}

impl BentSource {
    /// Says that it was written, when it was not.
    async fn as_it_is(&self, batch: &Batch) -> Result<Replaced, ResultsError> {
        let file = self.source.results_of(batch).await?;
        Ok(file.map_or(Replaced::Changed, |file| Replaced::By(file.revision)))
    }
}

/// The file up to its last row.
fn without_last_row(mut content: Vec<u8>) -> Vec<u8> {
    let ends = content.iter().rposition(|byte| *byte != b'\n').unwrap_or_default();
    let last = content.iter().take(ends).rposition(|byte| *byte == b'\n');
    content.truncate(last.map_or(0, |end| end + 1));
    content
}
