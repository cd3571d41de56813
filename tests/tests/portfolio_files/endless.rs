//! Service Catalog as it is when a share of a portfolio never comes to its end.

use async_trait::async_trait;
use landing_zone::ports::Shared;
use vending::ledger::Portfolio;
use vending::ports::{CouldNotAsk, ShareError, UnitShareStatus, UnitSharing};

pub struct Endless(pub Shared);

#[async_trait]
impl UnitSharing for Endless {
    async fn owned(&self) -> Result<Vec<Portfolio>, CouldNotAsk> {
        self.0.owned().await
    }

    async fn share_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<Option<String>, ShareError> {
        self.0.share_with_unit(portfolio, unit).await
    }

    async fn unit_share_status(&self, _: &str) -> Result<UnitShareStatus, CouldNotAsk> {
        Ok(UnitShareStatus::InProgress)
    }

    async fn is_shared_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<bool, CouldNotAsk> {
        self.0.is_shared_with_unit(portfolio, unit).await
    }
}
