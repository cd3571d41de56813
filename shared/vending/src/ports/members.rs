//! The port of what is done in a member account so that a portfolio can be used there:
//! Service Catalog and IAM as the account itself sees them, by a role that is assumed in it.

use async_trait::async_trait;

use super::CouldNotAsk;
use crate::account::AccountId;
use crate::ledger::{Portfolio, PortfolioPrincipal};

/// Why something was not done in an account.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// There is no role to assume in the account, or it does not let itself be assumed:
    /// in a new account it may come yet.
    #[error("no way in: {0}")]
    NoWayIn(String),
    /// Another change is in the way, or what is asked for has not arrived: ask again later.
    #[error("told to wait: {0}")]
    Wait(String),
    /// AWS answered no.
    #[error("refused: {0}")]
    Refused(String),
    /// Nobody knows: ask again.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
}

/// Who offers an account's own copy of a portfolio; with the description it tells the copy
/// from a portfolio of somebody else's that has the same name.
pub const LOCAL_PROVIDER: &str = "Vend";

/// The description of an account's own copy of `shared`.
#[must_use]
pub fn local_description(shared: &Portfolio) -> String {
    format!("Local copy of {}, made by Vend", shared.id)
}

/// The token by which a call about `words` is the same call the next time: of
/// `[a-zA-Z0-9][a-zA-Z0-9_-]*`, 1 to 128 characters (Service Catalog's `IdempotencyToken`).
#[must_use]
pub fn member_token(words: &[&str]) -> String {
    const LONGEST: usize = 128;
    let fits = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let words = words.join("-");
    "vend-".chars().chain(words.chars().map(fits)).take(LONGEST).collect()
}

/// Service Catalog and IAM in an account of the organization.
///
/// What is asked for twice is done once; nothing is ever taken away.
#[async_trait]
pub trait MemberCatalog: Send + Sync {
    /// Whether the account sees the portfolio.
    ///
    /// # Errors
    /// See [`MemberError`].
    async fn sees(&self, account: &AccountId, portfolio: &Portfolio) -> Result<bool, MemberError>;

    /// Accepts the portfolio, which was shared with the account by invitation.
    ///
    /// # Errors
    /// See [`MemberError`].
    async fn accept(&self, account: &AccountId, portfolio: &Portfolio) -> Result<(), MemberError>;

    /// The ARN of a principal; `None` while the account has none such. Of a role, user or
    /// group that is named it may be answered without a look whether there is one.
    ///
    /// # Errors
    /// See [`MemberError`].
    async fn principal(
        &self,
        account: &AccountId,
        principal: &PortfolioPrincipal,
    ) -> Result<Option<String>, MemberError>;

    /// Lets the principal of that ARN use the portfolio of that id.
    ///
    /// # Errors
    /// See [`MemberError`]; [`MemberError::Wait`] where there is no such principal (yet).
    async fn associate(
        &self,
        account: &AccountId,
        portfolio: &str,
        principal: &str,
    ) -> Result<(), MemberError>;

    /// The id of the account's own portfolio that stands for `shared`, if there is one.
    ///
    /// # Errors
    /// See [`MemberError`].
    async fn local_portfolio(
        &self,
        account: &AccountId,
        shared: &Portfolio,
    ) -> Result<Option<String>, MemberError>;

    /// Makes the account's own portfolio that stands for `shared`; answers its id.
    ///
    /// # Errors
    /// See [`MemberError`].
    async fn create_local_portfolio(
        &self,
        account: &AccountId,
        shared: &Portfolio,
    ) -> Result<String, MemberError>;

    /// The ids of the products in a portfolio, shared or local, as the account sees them.
    ///
    /// # Errors
    /// See [`MemberError`].
    async fn products(
        &self,
        account: &AccountId,
        portfolio: &str,
    ) -> Result<Vec<String>, MemberError>;

    /// Puts a product of the portfolio `shared` into the portfolio `local`.
    ///
    /// # Errors
    /// See [`MemberError`].
    async fn import_product(
        &self,
        account: &AccountId,
        product: &str,
        shared: &str,
        local: &str,
    ) -> Result<(), MemberError>;

    /// What a product of a portfolio is launched by: what its launch constraint says, a
    /// role's name or an ARN; `None` where it has none.
    ///
    /// # Errors
    /// See [`MemberError`].
    async fn launch_role(
        &self,
        account: &AccountId,
        portfolio: &str,
        product: &str,
    ) -> Result<Option<String>, MemberError>;

    /// Has a product of a portfolio launched by the role of that name in the account.
    ///
    /// # Errors
    /// See [`MemberError`]; [`MemberError::Wait`] where there is no such role (yet).
    async fn launch_by(
        &self,
        account: &AccountId,
        portfolio: &str,
        product: &str,
        role: &str,
    ) -> Result<(), MemberError>;

    /// Gives the portfolio a tag option, which is made where the account has none such.
    ///
    /// # Errors
    /// See [`MemberError`].
    async fn tag(
        &self,
        account: &AccountId,
        portfolio: &str,
        key: &str,
        value: &str,
    ) -> Result<(), MemberError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_one_that_service_catalog_takes() {
        assert_eq!(member_token(&["port-1", "team@x"]), "vend-port-1-team-x");
        assert_eq!(member_token(&[&"x".repeat(200)]).len(), 128);
    }
}
