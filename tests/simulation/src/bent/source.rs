//! The lists, bent.

use async_trait::async_trait;
use landing_zone::ports::{MemorySource, MemoryWorld, Shared};
use vending::file::SheetReader;
use vending::ledger::{ObjectRef, Timestamp};
use vending::ports::{BatchSource, Clock, CouldNotAsk, ReadError};

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
        reader: &mut SheetReader,
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
