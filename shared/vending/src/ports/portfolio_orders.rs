//! The ports of portfolio files: the orders in the ledger, the organization's units and what
//! is in them, and the sharing of a portfolio with a unit.

use async_trait::async_trait;

use super::{CouldNotAsk, Saved, ShareError};
use crate::account::{AccountId, OrganizationalUnit};
use crate::ledger::{BatchId, Portfolio, PortfolioBatch, PortfolioOrder, Unreached};

/// What portfolio files ask for, in the ledger.
#[async_trait]
pub trait PortfolioOrders: Send + Sync {
    /// The batch of that id, as it is at this moment.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn portfolio_batch(&self, id: &BatchId) -> Result<Option<PortfolioBatch>, CouldNotAsk>;

    /// Writes the batch over the version before its own, and keeps it among the open ones
    /// until it is closed.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn save_portfolio_batch(&self, batch: &PortfolioBatch) -> Result<Saved, CouldNotAsk>;

    /// Puts those orders in that are not there yet; one that is stays as it is.
    ///
    /// # Errors
    /// [`CouldNotAsk`]; some may be there by then.
    async fn place_orders(&self, orders: &[PortfolioOrder]) -> Result<(), CouldNotAsk>;

    /// The orders of the batch by their numbers, as they are at this moment.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn orders(&self, batch: &PortfolioBatch) -> Result<Vec<PortfolioOrder>, CouldNotAsk>;

    /// Writes the order over the version before its own.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn save_order(&self, order: &PortfolioOrder) -> Result<Saved, CouldNotAsk>;
}

/// An account in a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitAccount {
    /// Its id.
    pub id: AccountId,
    /// Whether it is ACTIVE: not closed, suspended or still being made.
    pub active: bool,
}

/// The organization's tree.
#[async_trait]
pub trait OrganizationTree: Send + Sync {
    /// Every unit, registered with Control Tower or not. A call for each: only for where a
    /// unit is looked for by its name.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, CouldNotAsk>;

    /// The unit of that id.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn unit(&self, id: &str) -> Result<Option<OrganizationalUnit>, CouldNotAsk>;

    /// The accounts in the unit of that id, and in those below it.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn accounts_in(&self, unit: &str) -> Result<Vec<UnitAccount>, CouldNotAsk>;

    /// The account that the organization is managed from.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn management_account(&self) -> Result<AccountId, CouldNotAsk>;
}

/// Where the sharing with a unit stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitShareStatus {
    /// AWS is at work on it.
    InProgress,
    /// It has ended, and did not reach these accounts.
    Ended(Vec<Unreached>),
    /// It failed as a whole, in AWS's words.
    Failed(String),
    /// AWS knows nothing of it (any more).
    Unknown,
}

/// Service Catalog's portfolio shares with organizational units.
#[async_trait]
pub trait UnitSharing: Send + Sync {
    /// The portfolios that are this account's own, not shared with it, by ids and names.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn owned(&self) -> Result<Vec<Portfolio>, CouldNotAsk>;

    /// Shares the portfolio with the unit of that id and all below it; answers the token to
    /// ask the outcome with, or `None` when AWS took it for a repetition and gave none.
    ///
    /// # Errors
    /// See [`ShareError`].
    async fn share_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<Option<String>, ShareError>;

    /// Where a share stands.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn unit_share_status(&self, token: &str) -> Result<UnitShareStatus, CouldNotAsk>;

    /// Whether the portfolio is shared with the unit itself.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn is_shared_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<bool, CouldNotAsk>;
}
