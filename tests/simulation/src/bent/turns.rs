//! Turns and accounts made outside Vend, as they are.

use async_trait::async_trait;
use vending::account::AccountId;
use vending::ledger::Timestamp;
use vending::ports::{CouldNotAsk, OutsideAccount, OutsideAccounts, Turns};

use super::BentLedger;

#[async_trait]
impl Turns for BentLedger {
    async fn take(
        &self,
        resource: &str,
        holder: &str,
        places: usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, CouldNotAsk> {
        self.ledger.take(resource, holder, places, now, until).await
    }

    async fn give_back(&self, resource: &str, holder: &str) -> Result<(), CouldNotAsk> {
        self.ledger.give_back(resource, holder).await
    }
}

#[async_trait]
impl OutsideAccounts for BentLedger {
    async fn outside(&self, id: &AccountId) -> Result<Option<OutsideAccount>, CouldNotAsk> {
        self.ledger.outside(id).await
    }

    async fn save_outside(&self, account: &OutsideAccount) -> Result<bool, CouldNotAsk> {
        self.ledger.save_outside(account).await
    }

    async fn open_outside(&self) -> Result<Vec<OutsideAccount>, CouldNotAsk> {
        self.ledger.open_outside().await
    }
}
