//! What portfolio files ask for: an item for each batch, one that names the open ones, and
//! an item for each order.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::TransactWriteItem;
use serde::{Deserialize, Serialize};
use vending::account::AccountId;
use vending::ledger::{
    Aim, BatchId, OrderState, Portfolio, PortfolioBatch, PortfolioOrder, RowPlace, Status,
};
use vending::ports::{CouldNotAsk, PortfolioOrders, Saved};

use super::actions::put_version;
use super::agenda::list;
use super::attributes::{ID, ORDERS, RawItem, control_key, order_id, portfolio_batch_id};
use super::item::{UnreadableItem, from_raw, to_raw};
use super::transaction::{MOST_ACTIONS, Transacted, write_together};
use super::{DYNAMODB, DynamoDbLedger};
use crate::calls::could_not;

const READ: &str = "read what a portfolio file asks for";
const SAVE: &str = "save what a portfolio file asks for";

/// How often orders are looked for that others put in meanwhile: another intake of the same
/// file, which puts in the same.
const ROUNDS: u32 = 8;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchItem {
    id: String,
    version: u64,
    batch: PortfolioBatch,
}

/// An order. What people look at comes first; the rest is read back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OrderItem {
    id: String,
    batch_id: BatchId,
    number: u64,
    row: Option<u64>,
    line: Option<u64>,
    portfolio_id: String,
    portfolio_name: String,
    /// `Name (ou-id)`.
    org_unit: String,
    account_id: Option<AccountId>,
    status: Status,
    error_msg: Option<String>,
    aim: Aim,
    state: OrderState,
    told: bool,
    version: u64,
}

impl From<&PortfolioOrder> for OrderItem {
    fn from(order: &PortfolioOrder) -> Self {
        let PortfolioOrder { batch, number, place, portfolio, unit, aim, state, told, version } =
            order.clone();
        let (row, line) = place.map(|place| (place.row, place.line)).unzip();
        Self {
            id: order_id(&batch, number),
            batch_id: batch,
            number,
            row,
            line,
            portfolio_id: portfolio.id,
            portfolio_name: portfolio.name,
            org_unit: unit.to_string(),
            account_id: order.account().cloned(),
            status: order.status(),
            error_msg: Some(order.error()).filter(|error| !error.is_empty()),
            aim,
            state,
            told,
            version,
        }
    }
}

fn read_order(item: RawItem) -> Result<PortfolioOrder, UnreadableItem> {
    let item: OrderItem = from_raw(item, ID)?;
    let unit = vending::account::OrganizationalUnit::parse(&item.org_unit);
    let unit = unit.ok_or_else(|| UnreadableItem {
        item: item.id.clone(),
        attribute: "OrgUnit".to_owned(),
        problem: "is not of the form Name (ou-id)".to_owned(),
    })?;
    Ok(PortfolioOrder {
        batch: item.batch_id,
        number: item.number,
        place: item.row.zip(item.line).map(|(row, line)| RowPlace { row, line }),
        portfolio: Portfolio { id: item.portfolio_id, name: item.portfolio_name },
        unit,
        aim: item.aim,
        state: item.state,
        told: item.told,
        version: item.version,
    })
}

fn read_batch(item: RawItem) -> Result<PortfolioBatch, UnreadableItem> {
    from_raw::<BatchItem>(item, ID).map(|item| item.batch)
}

#[async_trait]
impl PortfolioOrders for DynamoDbLedger {
    async fn portfolio_batch(&self, id: &BatchId) -> Result<Option<PortfolioBatch>, CouldNotAsk> {
        let item = self.get(&self.tables.control, control_key(portfolio_batch_id(id))).await?;
        item.map(read_batch).transpose().map_err(could_not(DYNAMODB, READ))
    }

    async fn save_portfolio_batch(&self, batch: &PortfolioBatch) -> Result<Saved, CouldNotAsk> {
        let item = BatchItem {
            id: portfolio_batch_id(&batch.id),
            version: batch.version,
            batch: batch.clone(),
        };
        let listed = list(&self.tables.control, ORDERS, batch.id.as_str(), !batch.closed);
        let put = self.put_next(item, batch.version)?;
        let actions = [put, listed.map_err(could_not(DYNAMODB, SAVE))?];
        self.write(&actions).await
    }

    async fn place_orders(&self, orders: &[PortfolioOrder]) -> Result<(), CouldNotAsk> {
        for orders in orders.chunks(MOST_ACTIONS) {
            self.place_some(orders).await?;
        }
        Ok(())
    }

    async fn orders(&self, batch: &PortfolioBatch) -> Result<Vec<PortfolioOrder>, CouldNotAsk> {
        let keys = (0..batch.orders).map(|number| control_key(order_id(&batch.id, number)));
        let items = self.get_many(&self.tables.control, keys.collect()).await?;
        let orders: Result<Vec<PortfolioOrder>, _> = items.into_iter().map(read_order).collect();
        let mut orders = orders.map_err(could_not(DYNAMODB, READ))?;
        orders.sort_by_key(|order| order.number);
        Ok(orders)
    }

    async fn save_order(&self, order: &PortfolioOrder) -> Result<Saved, CouldNotAsk> {
        let put = self.put_next(OrderItem::from(order), order.version)?;
        self.write(&[put]).await
    }
}

impl DynamoDbLedger {
    async fn place_some(&self, orders: &[PortfolioOrder]) -> Result<(), CouldNotAsk> {
        for _ in 0..ROUNDS {
            let missing = self.missing(orders).await?;
            if missing.is_empty() {
                return Ok(());
            }
            let puts = missing.into_iter().map(|order| self.put_next(OrderItem::from(order), 1));
            let puts: Vec<TransactWriteItem> = puts.collect::<Result<_, _>>()?;
            if self.write(&puts).await? == Saved::Saved {
                return Ok(());
            }
        }
        Err(CouldNotAsk::new(DYNAMODB, SAVE, "others keep putting the same orders in"))
    }

    /// Those of the orders that are not there.
    async fn missing<'o>(
        &self,
        orders: &'o [PortfolioOrder],
    ) -> Result<Vec<&'o PortfolioOrder>, CouldNotAsk> {
        let keys = orders.iter().map(|order| control_key(order_id(&order.batch, order.number)));
        let items = self.get_many(&self.tables.control, keys.collect()).await?;
        let there: Vec<&str> =
            items.iter().filter_map(|item| Some(item.get(ID)?.as_s().ok()?.as_str())).collect();
        let is_there = |order: &&PortfolioOrder| {
            there.contains(&order_id(&order.batch, order.number).as_str())
        };
        Ok(orders.iter().filter(|order| !is_there(order)).collect())
    }

    /// Puts an item of that version over the one before; the first over nothing.
    fn put_next<T: Serialize>(
        &self,
        item: T,
        version: u64,
    ) -> Result<TransactWriteItem, CouldNotAsk> {
        let item = to_raw(item).map_err(could_not(DYNAMODB, SAVE))?;
        let replaced = version.checked_sub(1).filter(|before| *before > 0);
        put_version(&self.tables.control, item, ID, replaced).map_err(could_not(DYNAMODB, SAVE))
    }

    async fn write(&self, actions: &[TransactWriteItem]) -> Result<Saved, CouldNotAsk> {
        Ok(match write_together(&self.client, SAVE, actions).await? {
            Transacted::Written => Saved::Saved,
            Transacted::Cancelled(_) => Saved::Changed,
        })
    }
}
