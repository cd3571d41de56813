//! The ports of Account Factory and of the organization.

use async_trait::async_trait;

use super::CouldNotAsk;
use crate::account::{AccountId, AccountRequest, OrganizationalUnit};
use crate::ledger::{ProvisionToken, ProvisionedProductId, RecordId};

/// One launch, as Account Factory is asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchRequest {
    /// The name of the provisioned product.
    pub product_name: String,
    /// The idempotency token.
    pub token: ProvisionToken,
    /// What the row asks for.
    pub request: AccountRequest,
}

/// Account Factory answered no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refused with {code}: {message}")]
pub struct Refusal {
    /// AWS's error code.
    pub code: String,
    /// AWS's words.
    pub message: String,
}

/// Why a launch was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// Account Factory answered no: it does not work on it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A provisioned product of that name exists.
    #[error("a provisioned product of that name exists")]
    NameTaken,
    /// Nobody knows: send the same call again.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
}

/// A provisioned product, by id or by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductRef<'a> {
    /// By its id.
    Id(&'a ProvisionedProductId),
    /// By its name.
    Name(&'a str),
}

/// The status of a provisioned product, in AWS's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductStatus {
    /// Control Tower is at work on it (also `PLAN_IN_PROGRESS`).
    UnderChange,
    /// It is as requested.
    Available,
    /// It is there, but not exactly as requested.
    Tainted,
    /// It is not there.
    Error,
}

/// What Service Catalog says of a provisioned product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductReport {
    /// Its id.
    pub id: ProvisionedProductId,
    /// The record of its last launch or update.
    pub record: Option<RecordId>,
    /// Its status.
    pub status: ProductStatus,
    /// Why, in AWS's words.
    pub message: Option<String>,
    /// Whether a launch of it ever succeeded: then it is never terminated.
    pub succeeded_once: bool,
    /// The token it was launched with.
    pub token: Option<String>,
    /// The account it made. Only told when nothing is at work on it.
    pub account: Option<AccountId>,
    /// The root user's address of that account, likewise.
    pub account_email: Option<String>,
}

/// What became of a product that is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discarded {
    /// It is gone or on its way out, or at work that ends by itself.
    Away,
    /// It has succeeded once: somebody finished it. It is kept.
    Kept,
}

/// Control Tower's Account Factory, behind Service Catalog.
#[async_trait]
pub trait AccountFactory: Send + Sync {
    /// The organizational units that accounts can go to: those registered with Control Tower.
    ///
    /// # Errors
    /// [`ProvisionError::Refused`] where the role cannot launch the product at all.
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, ProvisionError>;

    /// Asks for an account. The same token gets the same answer.
    ///
    /// # Errors
    /// See [`ProvisionError`].
    async fn provision(
        &self,
        launch: &LaunchRequest,
    ) -> Result<(ProvisionedProductId, RecordId), ProvisionError>;

    /// What Service Catalog says of a product; `None` when there is none.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn find(&self, product: ProductRef<'_>) -> Result<Option<ProductReport>, CouldNotAsk>;

    /// Terminates a product that never succeeded, so that its name is free again: looks at
    /// it again immediately before, whatever was read of it earlier. Asynchronous; a product
    /// that is gone already, or under change, needs nothing more.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn discard(&self, product: &ProvisionedProductId) -> Result<Discarded, CouldNotAsk>;
}

/// An account of the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationAccount {
    /// Its id.
    pub id: AccountId,
    /// Its name: any text, and not unique.
    pub name: String,
    /// The root user's address, as AWS has it.
    pub email: String,
}

/// The organization's accounts.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Every account, wherever it is and whatever its state.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn accounts(&self) -> Result<Vec<OrganizationAccount>, CouldNotAsk>;

    /// The account of that id; `None` when the organization has none.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn account(&self, id: &AccountId) -> Result<Option<OrganizationAccount>, CouldNotAsk>;
}
