//! What portfolio files ask for.

use async_trait::async_trait;
use vending::ledger::{BatchId, PortfolioBatch, PortfolioOrder};
use vending::ports::{CouldNotAsk, PortfolioOrders, Saved};

use super::MemoryLedger;

#[async_trait]
impl PortfolioOrders for MemoryLedger {
    async fn portfolio_batch(&self, id: &BatchId) -> Result<Option<PortfolioBatch>, CouldNotAsk> {
        Ok(self.state().portfolio_batches.get(id).cloned())
    }

    async fn save_portfolio_batch(&self, batch: &PortfolioBatch) -> Result<Saved, CouldNotAsk> {
        let batches = &mut self.state().portfolio_batches;
        let before = batches.get(&batch.id).map_or(0, |before| before.version);
        if before + 1 != batch.version {
            return Ok(Saved::Changed);
        }
        batches.insert(batch.id.clone(), batch.clone());
        Ok(Saved::Saved)
    }

    async fn place_orders(&self, orders: &[PortfolioOrder]) -> Result<(), CouldNotAsk> {
        let mut state = self.state();
        for order in orders {
            let key = (order.batch.clone(), order.number);
            state.orders.entry(key).or_insert_with(|| order.clone());
        }
        Ok(())
    }

    async fn orders(&self, batch: &PortfolioBatch) -> Result<Vec<PortfolioOrder>, CouldNotAsk> {
        let state = self.state();
        let keys = (0..batch.orders).map(|number| (batch.id.clone(), number));
        Ok(keys.filter_map(|key| state.orders.get(&key).cloned()).collect())
    }

    async fn save_order(&self, order: &PortfolioOrder) -> Result<Saved, CouldNotAsk> {
        let mut state = self.state();
        let key = (order.batch.clone(), order.number);
        let before = state.orders.get(&key).map(|before| before.version);
        if before.map(|before| before + 1) != Some(order.version) {
            return Ok(Saved::Changed);
        }
        state.orders.insert(key, order.clone());
        Ok(Saved::Saved)
    }
}
