//! A ledger in which an operator tries a row again while its batch is being closed.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use landing_zone::ports::{Hook, MemoryLedger, Shared};
use vending::account::AccountName;
use vending::advance::advance;
use vending::ledger::{BatchId, Event, Operator, Source};
use vending::ports::{CouldNotAsk, Ledger};

/// Tries the row again when the entries of its batch are read for the first time after the
/// last of them has ended.
pub struct TriedAgain {
    pub ledger: MemoryLedger,
    pub clock: Shared,
    pub batch: BatchId,
    pub row: AccountName,
    pub done: AtomicBool,
}

impl TriedAgain {
    async fn try_again(&self) -> Result<(), CouldNotAsk> {
        let batch = self.ledger.batch(&self.batch).await?;
        if batch.is_none_or(|it| !it.is_complete()) || self.done.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        let entry = self.ledger.entry(&self.row).await?.unwrap();
        let by = Operator("jane".into());
        let (source, event) = (Source::Operator(by.clone()), Event::Retried { by });
        advance(&self.ledger, &self.clock, &source, &entry, event).await.unwrap();
        Ok(())
    }
}

#[async_trait]
impl Hook for TriedAgain {
    async fn before(&self, _: &'static str) -> Result<(), CouldNotAsk> {
        Ok(())
    }

    async fn after(&self, call: &'static str) -> Result<(), CouldNotAsk> {
        if call == "batch_entries" { self.try_again().await } else { Ok(()) }
    }
}
