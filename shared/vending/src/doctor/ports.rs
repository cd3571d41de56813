//! The facts that the checks rest on, as ports in the domain's words: each call asks one
//! thing, and changes nothing.

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::account::{AccountId, OrganizationalUnit, RoleArn};
use crate::ledger::{Grant, Launching, Timestamp};
use crate::ports::{CouldNotAsk, FactoryPortfolio, Ledger};

pub use super::subscription::Subscription;

/// Why a fact could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct Unseen {
    /// What AWS said, or that it did not answer; free of people's names and addresses.
    pub cause: String,
    /// Whether whoever asks may not ask.
    pub denied: bool,
    /// The permissions that it takes, by the names of IAM's actions.
    pub needs: &'static str,
}

impl Unseen {
    /// The ledger did not answer.
    #[must_use]
    pub fn ledger(error: &CouldNotAsk) -> Self {
        let cause = error.chain();
        let denied = cause.contains("AccessDenied");
        Self { cause, denied, needs: "dynamodb:GetItem and dynamodb:Query on the stack's tables" }
    }
}

/// Who asks, and the organization that they are in.
#[async_trait]
pub trait Organization: Send + Sync {
    /// The account that the caller's credentials are of.
    async fn caller(&self) -> Result<AccountId, Unseen>;

    /// The organization's management account; `None` where the account is in none.
    async fn management_account(&self) -> Result<Option<AccountId>, Unseen>;

    /// How many accounts there are, the management account and closed ones included.
    async fn accounts(&self) -> Result<usize, Unseen>;

    /// How many there may be.
    async fn account_quota(&self) -> Result<usize, Unseen>;
}

/// How far a landing zone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LandingZoneStatus {
    /// Set up.
    Active,
    /// Being set up, updated, reset or decommissioned.
    Processing,
    /// The last of these went wrong.
    Failed,
    /// Something that Control Tower did not say when this was written.
    Other,
}

/// Control Tower's landing zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LandingZone {
    /// The Region it is at home in.
    pub home_region: String,
    /// How far it is.
    pub status: LandingZoneStatus,
    /// Whether it has drifted; `None` where Control Tower does not say.
    pub drifted: Option<bool>,
    /// Its version.
    pub version: String,
    /// The version that it can be updated to, where that is another one.
    pub newer: Option<String>,
}

/// Control Tower.
#[async_trait]
pub trait LandingZones: Send + Sync {
    /// The landing zone that is told of in the stack's Region; `None` where there is none.
    async fn landing_zone(&self) -> Result<Option<LandingZone>, Unseen>;
}

/// A version of Account Factory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id, `pa-…`.
    pub id: String,
    /// Whether it can be launched.
    pub active: bool,
    /// Whether AWS advises against it.
    pub deprecated: bool,
}

/// Account Factory, as Service Catalog has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id, `prod-…`.
    pub id: String,
    /// Its versions.
    pub versions: Vec<Version>,
}

impl Product {
    /// The active versions that AWS does not advise against, or else all active ones: of
    /// these there has to be exactly one, as for a launch.
    #[must_use]
    pub fn launchable(&self) -> Vec<&Version> {
        let active: Vec<_> = self.versions.iter().filter(|version| version.active).collect();
        let current: Vec<_> = active.iter().copied().filter(|it| !it.deprecated).collect();
        if current.is_empty() { active } else { current }
    }
}

/// Account Factory, seen by an administrator, who need not be able to launch it.
#[async_trait]
pub trait Factory: Send + Sync {
    /// The product; `None` where there is none.
    async fn product(&self) -> Result<Option<Product>, Unseen>;

    /// The units that this version takes.
    async fn units(&self, product: &str, version: &str) -> Result<Vec<OrganizationalUnit>, Unseen>;

    /// The portfolios that the product is in.
    async fn portfolios(&self, product: &str) -> Result<Vec<FactoryPortfolio>, Unseen>;

    /// Whether `role` is associated with the portfolio, by itself or by a pattern.
    async fn is_associated(&self, portfolio: &str, role: &RoleArn) -> Result<bool, Unseen>;
}

/// An instance of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its ARN.
    pub arn: String,
    /// The account that owns it: the management account owns the organization's.
    pub owner: String,
    /// Whether it is in use.
    pub active: bool,
}

/// What is there of what a grant names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The user or the group.
    pub principal: bool,
    /// The permission set.
    pub permission_set: bool,
}

/// IAM Identity Center.
#[async_trait]
pub trait Directories: Send + Sync {
    /// The instances that the caller can see.
    async fn instances(&self) -> Result<Vec<Instance>, Unseen>;

    /// What is there of what an assignment names by ids; of a portfolio, all.
    async fn known(&self, grant: &Grant) -> Result<Known, Unseen>;
}

/// A portfolio of this account and Region, its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPortfolio {
    /// Its id, `port-…`.
    pub id: String,
    /// Its display name.
    pub name: String,
}

/// Service Catalog's portfolios.
#[async_trait]
pub trait Portfolios: Send + Sync {
    /// Those that this account owns; a portfolio that was shared with it is none of them.
    async fn own(&self) -> Result<Vec<OwnPortfolio>, Unseen>;

    /// Whether Service Catalog has access to the organization.
    async fn trusted_access(&self) -> Result<bool, Unseen>;
}

/// The topic of notices and alarms.
#[async_trait]
pub trait Topic: Send + Sync {
    /// Its subscriptions.
    async fn subscriptions(&self) -> Result<Vec<Subscription>, Unseen>;
}

/// A queue of what could not be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueLength {
    /// Its name.
    pub name: String,
    /// The messages that are in it, about.
    pub messages: usize,
}

/// The queues of what could not be delivered.
#[async_trait]
pub trait Queues: Send + Sync {
    /// How much is in each.
    async fn lengths(&self) -> Result<Vec<QueueLength>, Unseen>;
}

/// More rows than an organization may have accounts (10,000; Organizations user guide,
/// "Quotas") need not be counted.
const MOST_ROWS: usize = 10_000;

/// What waits, and what is under way.
#[async_trait]
pub trait Work: Send + Sync {
    /// The state of launching as a whole.
    async fn launching(&self) -> Result<Launching, Unseen>;

    /// How many rows are QUEUED at `now`, those that were told to wait included.
    async fn queued(&self, now: Timestamp) -> Result<usize, Unseen>;
}

#[async_trait]
impl<T: Ledger> Work for T {
    async fn launching(&self) -> Result<Launching, Unseen> {
        Ledger::launching(self).await.map_err(|error| Unseen::ledger(&error))
    }

    async fn queued(&self, now: Timestamp) -> Result<usize, Unseen> {
        // None waits for as long as that.
        let whenever = now + TimeDelta::days(365);
        let rows = Ledger::queued(self, whenever, MOST_ROWS).await;
        rows.map(|rows| rows.len()).map_err(|error| Unseen::ledger(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_launched_is_what_aws_does_not_advise_against_if_there_is_such() {
        let version =
            |id: &str, active, deprecated| Version { id: id.to_owned(), active, deprecated };
        let launchable = |versions: &[Version]| {
            let product = Product { id: "prod-1".to_owned(), versions: versions.to_vec() };
            product.launchable().iter().map(|it| it.id.clone()).collect::<Vec<_>>()
        };
        let [off, old, new] =
            [version("off", false, false), version("old", true, true), version("new", true, false)];
        assert_eq!(launchable(&[off.clone(), old.clone(), new]), ["new"]);
        assert_eq!(launchable(&[off, old]), ["old"]);
    }
}
