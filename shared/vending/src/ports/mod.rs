//! What the use cases need of the world: one small port per capability, in the
//! domain's words.
//!
//! Every port separates *refused* (AWS answered no, and why) from
//! [`CouldNotAsk`] (nobody knows); only the second is a reason to ask again
//! without thinking.

mod access;
mod factory;
mod launch_path;
mod ledger;
mod members;
mod outside;
mod portfolio_orders;
mod results;
mod sharing;
mod turns;
mod waiter;

use std::error::Error;

use async_trait::async_trait;

pub use access::{AccessDefaults, AssignError, Assignments, PrincipalText, StepStatus, Unresolved};
pub use factory::{
    AccountFactory, Directory, Discarded, LaunchRequest, OrganizationAccount, ProductRef,
    ProductReport, ProductStatus, ProvisionError, Refusal,
};
pub use launch_path::{FactoryPortfolio, LaunchPath, PathError};
pub use ledger::{Admission, Admitted, Claim, Ledger, OpenWork, Saved};
pub use members::{LOCAL_PROVIDER, MemberCatalog, MemberError, local_description, member_token};
pub use outside::{Asked, DefaultAccess, OutsideAccount, OutsideAccounts};
pub use portfolio_orders::{
    OrganizationTree, PortfolioOrders, UnitAccount, UnitShareStatus, UnitSharing,
};
pub use results::{Replaced, ResultsError, ResultsFile, ResultsFiles, Revision};
pub use sharing::{PortfolioSharing, Reach, ShareError};
pub use turns::{Turn, Turns};
pub use waiter::{NoTime, Waiter};

use crate::file::FileReader;
use crate::ledger::{ObjectRef, Timestamp};
use crate::notice::Notice;

/// Nobody knows whether AWS did it: the call failed, timed out, or was throttled to the end.
#[derive(Debug, thiserror::Error)]
#[error("failed to ask {service} to {operation}")]
pub struct CouldNotAsk {
    /// The service, by its short name.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// What the client said.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

impl CouldNotAsk {
    /// The failure `source` of `operation` at `service`.
    pub fn new(
        service: &'static str,
        operation: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { service, operation, source: source.into() }
    }

    /// The error with all its causes, for a log.
    #[must_use]
    pub fn chain(&self) -> String {
        crate::error::chain(self)
    }
}

/// The present moment.
pub trait Clock: Send + Sync {
    /// The present moment, in UTC.
    fn now(&self) -> Timestamp;
}

/// Where batches come from, and where their results go.
#[async_trait]
pub trait BatchSource: Send + Sync {
    /// Reads `object` piece by piece into `reader`, until its end or until the reader has
    /// seen enough; answers when this version was uploaded, to the second, as the store has it.
    ///
    /// # Errors
    /// [`ReadError::Gone`] when there is no such object, [`CouldNotAsk`] otherwise.
    async fn read(
        &self,
        object: &ObjectRef,
        reader: &mut dyn FileReader,
    ) -> Result<Timestamp, ReadError>;

    /// Writes the results of a batch to `key` in `bucket`.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn write_results(
        &self,
        bucket: &str,
        key: &str,
        content: Vec<u8>,
    ) -> Result<(), CouldNotAsk>;
}

/// Why an object could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such object, or no such version of it.
    #[error("there is no object {0:?} of that version")]
    Gone(String),
    /// What is in it cannot be read as an account list.
    #[error(transparent)]
    Unreadable(#[from] crate::file::Unreadable),
    /// The store did not answer.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
}

/// Tells people.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Publishes `notice`; may be called again with the same one after a crash.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn publish(&self, notice: &Notice) -> Result<(), CouldNotAsk>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_names_every_cause() {
        let cause = CouldNotAsk::new("S3", "read the object", "the line is cut");
        let error = CouldNotAsk::new("S3", "read the list", cause);
        assert_eq!(
            error.chain(),
            "failed to ask S3 to read the list: failed to ask S3 to read the object: the line is cut"
        );
    }
}
