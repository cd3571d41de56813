//! What portfolio files ask for, bent.

use async_trait::async_trait;
use vending::ledger::{BatchId, PortfolioBatch, PortfolioOrder};
use vending::ports::{CouldNotAsk, PortfolioOrders, Saved};

use super::BentLedger;

type Asked<T> = Result<T, CouldNotAsk>;

#[async_trait]
impl PortfolioOrders for BentLedger {
    async fn portfolio_batch(&self, id: &BatchId) -> Asked<Option<PortfolioBatch>> {
        self.ledger.portfolio_batch(id).await
    }

    async fn save_portfolio_batch(&self, batch: &PortfolioBatch) -> Asked<Saved> {
        self.ledger.save_portfolio_batch(batch).await
    }

    async fn place_orders(&self, orders: &[PortfolioOrder]) -> Asked<()> {
        self.ledger.place_orders(orders).await
    }

    async fn orders(&self, batch: &PortfolioBatch) -> Asked<Vec<PortfolioOrder>> {
        self.ledger.orders(batch).await
    }

    async fn save_order(&self, order: &PortfolioOrder) -> Asked<Saved> {
        self.ledger.save_order(order).await
    }
}
