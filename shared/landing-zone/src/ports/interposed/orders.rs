//! The ports of portfolio files, with a hook around each call.

use async_trait::async_trait;
use vending::account::{AccountId, OrganizationalUnit};
use vending::ledger::{BatchId, Portfolio, PortfolioBatch, PortfolioOrder};
use vending::ports::{
    CouldNotAsk, OrganizationTree, PortfolioOrders, Saved, ShareError, UnitAccount,
    UnitShareStatus, UnitSharing,
};

use super::Interposed;

#[async_trait]
impl<P: PortfolioOrders> PortfolioOrders for Interposed<P> {
    async fn portfolio_batch(&self, id: &BatchId) -> Result<Option<PortfolioBatch>, CouldNotAsk> {
        self.around("portfolio_batch", self.port.portfolio_batch(id)).await
    }

    async fn save_portfolio_batch(&self, batch: &PortfolioBatch) -> Result<Saved, CouldNotAsk> {
        self.around("save_portfolio_batch", self.port.save_portfolio_batch(batch)).await
    }

    async fn place_orders(&self, orders: &[PortfolioOrder]) -> Result<(), CouldNotAsk> {
        self.around("place_orders", self.port.place_orders(orders)).await
    }

    async fn orders(&self, batch: &PortfolioBatch) -> Result<Vec<PortfolioOrder>, CouldNotAsk> {
        self.around("orders", self.port.orders(batch)).await
    }

    async fn save_order(&self, order: &PortfolioOrder) -> Result<Saved, CouldNotAsk> {
        self.around("save_order", self.port.save_order(order)).await
    }
}

#[async_trait]
impl<P: OrganizationTree> OrganizationTree for Interposed<P> {
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, CouldNotAsk> {
        self.around("units", self.port.units()).await
    }

    async fn unit(&self, id: &str) -> Result<Option<OrganizationalUnit>, CouldNotAsk> {
        self.around("unit", self.port.unit(id)).await
    }

    async fn accounts_in(&self, unit: &str) -> Result<Vec<UnitAccount>, CouldNotAsk> {
        self.around("accounts_in", self.port.accounts_in(unit)).await
    }

    async fn management_account(&self) -> Result<AccountId, CouldNotAsk> {
        self.around("management_account", self.port.management_account()).await
    }
}

#[async_trait]
impl<P: UnitSharing> UnitSharing for Interposed<P> {
    async fn owned(&self) -> Result<Vec<Portfolio>, CouldNotAsk> {
        self.around("owned", self.port.owned()).await
    }

    async fn share_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<Option<String>, ShareError> {
        self.around("share_with_unit", self.port.share_with_unit(portfolio, unit)).await
    }

    async fn unit_share_status(&self, token: &str) -> Result<UnitShareStatus, CouldNotAsk> {
        self.around("unit_share_status", self.port.unit_share_status(token)).await
    }

    async fn is_shared_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<bool, CouldNotAsk> {
        self.around("is_shared_with_unit", self.port.is_shared_with_unit(portfolio, unit)).await
    }
}
