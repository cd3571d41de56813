//! The port of Service Catalog's portfolio shares with accounts.

use async_trait::async_trait;

use super::{CouldNotAsk, StepStatus, Unresolved};
use crate::account::AccountId;
use crate::ledger::Portfolio;

/// Why a share was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// Another change is in the way: ask again later.
    #[error("told to wait: {0}")]
    Wait(String),
    /// Service Catalog answered no.
    #[error("refused: {0}")]
    Refused(String),
    /// Nobody knows: ask again.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
}

/// How a portfolio reaches an account that Vend has not shared it with by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// A share with a node above the account: the organization or a unit, by its id.
    Through(String),
    /// The account was invited by its id.
    Invitation {
        /// Whether it has accepted.
        accepted: bool,
    },
}

/// Service Catalog's portfolio shares, by organization node.
#[async_trait]
pub trait PortfolioSharing: Send + Sync {
    /// Turns a configured portfolio name or id into a portfolio.
    ///
    /// # Errors
    /// See [`Unresolved`].
    async fn resolve(&self, portfolio: &str) -> Result<Portfolio, Unresolved>;

    /// Shares the portfolio with the account; answers the token to ask the
    /// outcome with, or `None` when AWS took it for a repetition and gave none.
    ///
    /// # Errors
    /// See [`ShareError`].
    async fn share(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<Option<String>, ShareError>;

    /// Where a share stands, for that account.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn status(&self, token: &str, account: &AccountId) -> Result<StepStatus, CouldNotAsk>;

    /// How the portfolio reaches the account through a share that is not Vend's own, with a
    /// node above the account or by invitation; the first of the two that there is.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn reach(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<Option<Reach>, CouldNotAsk>;

    /// Whether the portfolio is shared with the account itself. A listing: only
    /// for when there is no token to ask with.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn is_shared(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<bool, CouldNotAsk>;
}
