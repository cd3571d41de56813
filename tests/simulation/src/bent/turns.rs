//! Turns, bent, and accounts made outside Vend, as they are.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::TimeDelta;
use vending::account::AccountId;
use vending::ledger::Timestamp;
use vending::ports::{CouldNotAsk, OutsideAccount, OutsideAccounts, Turn, Turns};

use super::BentLedger;
use crate::sabotage::Sabotage;

/// The turn to talk to Identity Center, and the places there.
const LEASE: &str = "identity-center";
const PLACES: &str = "assignments";

#[async_trait]
impl Turns for BentLedger {
    async fn take(
        &self,
        resource: &str,
        holder: &str,
        places: usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Turn, CouldNotAsk> {
        let forgotten = match resource {
            LEASE => self.is(Sabotage::LeaseForgotten),
            PLACES => self.is(Sabotage::PlacesForgotten),
            _ => false,
        };
        if forgotten {
            return Ok(Turn::Taken);
        }
        let kept = resource == LEASE && self.is(Sabotage::LeaseKept);
        let until = if kept { until + TimeDelta::days(1_000) } else { until };
        self.ledger.take(resource, holder, places, now, until).await
    }

    async fn give_back(&self, resource: &str, holder: &str) -> Result<(), CouldNotAsk> {
        if resource == LEASE && self.is(Sabotage::LeaseKept) {
            return Ok(());
        }
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

    async fn outsiders(
        &self,
        ids: &BTreeSet<AccountId>,
    ) -> Result<Vec<OutsideAccount>, CouldNotAsk> {
        self.ledger.outsiders(ids).await
    }
}
