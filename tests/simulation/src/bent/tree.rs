//! The organization's tree, and portfolio shares with its units, bent.

use async_trait::async_trait;
use vending::account::{AccountId, OrganizationalUnit};
use vending::ledger::Portfolio;
use vending::ports::{
    CouldNotAsk, OrganizationTree, ShareError, UnitAccount, UnitShareStatus, UnitSharing,
};

use super::BentZone;
use crate::sabotage::Sabotage;

#[async_trait]
impl OrganizationTree for BentZone {
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, CouldNotAsk> {
        OrganizationTree::units(&self.zone).await
    }

    async fn unit(&self, id: &str) -> Result<Option<OrganizationalUnit>, CouldNotAsk> {
        self.zone.unit(id).await
    }

    async fn accounts_in(&self, unit: &str) -> Result<Vec<UnitAccount>, CouldNotAsk> {
        self.zone.accounts_in(unit).await
    }

    async fn management_account(&self) -> Result<AccountId, CouldNotAsk> {
        self.zone.management_account().await
    }
}

#[async_trait]
impl UnitSharing for BentZone {
    async fn owned(&self) -> Result<Vec<Portfolio>, CouldNotAsk> {
        self.zone.owned().await
    }

    async fn share_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<Option<String>, ShareError> {
        self.zone.share_with_unit(portfolio, unit).await
    }

    async fn unit_share_status(&self, token: &str) -> Result<UnitShareStatus, CouldNotAsk> {
        self.zone.unit_share_status(token).await
    }

    async fn is_shared_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<bool, CouldNotAsk> {
        if self.is(Sabotage::UnitShareAssumed) {
            return Ok(true);
        }
        self.zone.is_shared_with_unit(portfolio, unit).await
    }
}
