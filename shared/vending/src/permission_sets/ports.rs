//! What declared permission sets need of Identity Center.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{PermissionSet, PermissionSetName, Step};
use crate::ports::{CouldNotAsk, Refusal, StepStatus};

/// A permission set that there is, and who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its ARN.
    pub arn: String,
    /// What it is.
    pub set: PermissionSet,
    /// The ids of the accounts that hold it.
    pub accounts: Vec<String>,
    /// The ids of those that hold it as it was before a change.
    pub outdated: Vec<String>,
}

/// Why a permission set is not changed; completes "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Something else is being changed, or the set is no longer what it was: read it again
    /// in a moment.
    #[error("change what is being changed: {0}")]
    Conflict(Refusal),
    /// AWS refuses it for good.
    #[error("do what AWS refuses: {0}")]
    Refused(Refusal),
    /// Nobody knows.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
}

/// Permission sets, and the accounts that hold them.
#[async_trait]
pub trait PermissionSets: Send + Sync {
    /// Those of these names that there are.
    async fn named(
        &self,
        names: &[PermissionSetName],
    ) -> Result<BTreeMap<PermissionSetName, Held>, CouldNotAsk>;

    /// The set of that ARN again, as it is now.
    async fn again(&self, arn: &str) -> Result<Held, CouldNotAsk>;

    /// Makes a set with everything but its policies; answers its ARN.
    async fn create(&self, set: &PermissionSet) -> Result<String, ChangeError>;

    /// Carries out one step with the set of that ARN.
    async fn carry_out(&self, arn: &str, step: &Step) -> Result<(), ChangeError>;

    /// Begins to bring the set of that ARN into all accounts that hold it; answers what to
    /// ask about.
    async fn provision(&self, arn: &str) -> Result<String, ChangeError>;

    /// How far a request to provision is.
    async fn provisioning(&self, request: &str) -> Result<StepStatus, CouldNotAsk>;
}
