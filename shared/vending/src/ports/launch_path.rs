//! The port of the way to Account Factory: the portfolios it is in, and the roles
//! that may take it from there.

use async_trait::async_trait;

use super::{CouldNotAsk, Refusal};
use crate::account::RoleArn;

/// A portfolio that Account Factory is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactoryPortfolio {
    /// Its id, `port-…`.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// Who provides it.
    pub provider: String,
}

/// Why the way could not be looked at or changed.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// Service Catalog answered no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Nobody knows: ask again.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
}

/// Who may launch Account Factory: the roles that are associated with its portfolio.
#[async_trait]
pub trait LaunchPath: Send + Sync {
    /// The portfolios that Account Factory is in; `None` where there is no Account Factory.
    ///
    /// # Errors
    /// See [`PathError`].
    async fn portfolios(&self) -> Result<Option<Vec<FactoryPortfolio>>, PathError>;

    /// Associates the role with the portfolio; once more changes nothing.
    ///
    /// # Errors
    /// See [`PathError`].
    async fn associate(&self, portfolio: &str, role: &RoleArn) -> Result<(), PathError>;

    /// Ends the association; where there is none, or no such portfolio, that is a success.
    ///
    /// # Errors
    /// See [`PathError`].
    async fn disassociate(&self, portfolio: &str, role: &RoleArn) -> Result<(), PathError>;
}
