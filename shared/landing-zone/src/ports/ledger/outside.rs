//! Turns, and accounts made outside Vend.

use std::collections::BTreeSet;

use async_trait::async_trait;
use vending::account::AccountId;
use vending::ledger::Timestamp;
use vending::ports::{CouldNotAsk, OutsideAccount, OutsideAccounts, Turn, Turns};

use super::MemoryLedger;

#[async_trait]
impl Turns for MemoryLedger {
    async fn take(
        &self,
        resource: &str,
        holder: &str,
        places: usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Turn, CouldNotAsk> {
        let mut state = self.state();
        let holders = state.turns.entry(resource.to_owned()).or_default();
        if !holders.contains_key(holder) && holders.len() >= places {
            holders.retain(|_, ends| *ends > now);
        }
        if !holders.contains_key(holder) && holders.len() >= places {
            return Ok(Turn::Refused);
        }
        let before = holders.insert(holder.to_owned(), until);
        Ok(if before.is_some() { Turn::Kept } else { Turn::Taken })
    }

    async fn give_back(&self, resource: &str, holder: &str) -> Result<(), CouldNotAsk> {
        if let Some(holders) = self.state().turns.get_mut(resource) {
            holders.remove(holder);
        }
        Ok(())
    }
}

#[async_trait]
impl OutsideAccounts for MemoryLedger {
    async fn outside(&self, id: &AccountId) -> Result<Option<OutsideAccount>, CouldNotAsk> {
        Ok(self.state().outside.get(id).cloned())
    }

    async fn save_outside(&self, account: &OutsideAccount) -> Result<bool, CouldNotAsk> {
        let mut state = self.state();
        // One that is not there yet stands at version 0, which nothing is written as.
        let before = state.outside.get(&account.account).map_or(0, |before| before.version);
        let follows = before + 1 == account.version;
        if follows {
            state.outside.insert(account.account.clone(), account.clone());
        }
        Ok(follows)
    }

    async fn outsiders(
        &self,
        ids: &BTreeSet<AccountId>,
    ) -> Result<Vec<OutsideAccount>, CouldNotAsk> {
        let state = self.state();
        Ok(ids.iter().filter_map(|id| state.outside.get(id)).cloned().collect())
    }
}
