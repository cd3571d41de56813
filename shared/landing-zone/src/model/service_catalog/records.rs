//! Provisioned products and the records of what was done to them.

use crate::model::Moment;

/// What a record is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordType {
    /// `PROVISION_PRODUCT`.
    Provision,
    /// `UPDATE_PROVISIONED_PRODUCT`.
    Update,
    /// `TERMINATE_PROVISIONED_PRODUCT`.
    Terminate,
}

impl RecordType {
    /// As the service writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Provision => "PROVISION_PRODUCT",
            Self::Update => "UPDATE_PROVISIONED_PRODUCT",
            Self::Terminate => "TERMINATE_PROVISIONED_PRODUCT",
        }
    }
}

/// Where the work that a record stands for has got to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordStatus {
    /// Accepted; nothing is done yet.
    Created,
    /// Under way.
    InProgress,
    /// Failed, and being cleaned up.
    InProgressInError,
    /// Done.
    Succeeded,
    /// Over, in vain.
    Failed,
}

impl RecordStatus {
    /// As the service writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::InProgress => "IN_PROGRESS",
            Self::InProgressInError => "IN_PROGRESS_IN_ERROR",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }
}

/// Where a provisioned product stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductStatus {
    /// Work is under way.
    UnderChange,
    /// As requested.
    Available,
    /// Stable, and not exactly as requested.
    Tainted,
    /// The last work on it failed.
    Error,
}

impl ProductStatus {
    /// As the service writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnderChange => "UNDER_CHANGE",
            Self::Available => "AVAILABLE",
            Self::Tainted => "TAINTED",
            Self::Error => "ERROR",
        }
    }
}

/// What a provisioned product gives out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// `AccountId`, `AccountEmail`, `SSOUserEmail` or `SSOUserPortal`.
    pub key: &'static str,
    /// Its value.
    pub value: String,
    /// What it is.
    pub description: &'static str,
}

/// The record of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// `rec-xxxxxxxxxxxxx`.
    pub id: String,
    /// What it is of.
    pub kind: RecordType,
    /// Where the work has got to.
    pub status: RecordStatus,
    /// When the request was accepted.
    pub created: Moment,
    /// When the status last changed.
    pub updated: Moment,
    /// The provisioned product's id.
    pub product: String,
    /// The provisioned product's name.
    pub product_name: String,
    /// The provisioning artifact's id.
    pub artifact: String,
    /// Why it failed, if it did.
    pub error: Option<String>,
    /// What came out, once it has succeeded.
    pub outputs: Vec<Output>,
}

/// An account as Service Catalog sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionedProduct {
    /// `pp-xxxxxxxxxxxxx`.
    pub id: String,
    /// Unique among the provisioned products of the management account.
    pub name: String,
    /// Where it stands.
    pub status: ProductStatus,
    /// Why it stands there, after a failure.
    pub message: Option<String>,
    /// When it was asked for.
    pub created: Moment,
    /// The provision token it was asked for with.
    pub token: String,
    /// The provisioning artifact's id.
    pub artifact: String,
    /// The account's id, once there is one and Service Catalog has heard of it.
    pub physical_id: Option<String>,
    /// The record of the last request, whatever it was for.
    pub last_record: String,
    /// The record of the last request to provision it.
    pub last_provisioning_record: String,
    /// The record of the last such request that succeeded.
    pub last_successful_provisioning_record: Option<String>,
    /// The role that asked for it.
    pub user_arn: String,
    /// That role's session.
    pub user_arn_session: String,
}
