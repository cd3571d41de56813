//! What a landing zone looks like at the start: read from a TOML file, or the
//! built-in one that the samples are written for.

mod check;
mod check_access;
mod control_tower;
mod identity;
mod members;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;

pub use crate::model::service_catalog::{
    AccountFactoryDescription, OtherOperation, PortfolioDescription, ProductDescription,
};
pub use control_tower::{
    CallerDescription, ControlTowerDescription, Drift, LandingZoneStatus, SubscribersDescription,
};
pub use identity::{
    AccountInstanceDescription, AssignmentDescription, Boundary, CustomerPolicyDescription,
    FaultsDescription, GroupDescription, IdentityCenterDescription, InstanceStatus,
    PermissionSetDescription, PolicyReference, QuotasDescription, UserDescription,
};
pub use members::MembersDescription;

/// The commented sample is the built-in description, so that they cannot differ.
const BUILTIN: &str = include_str!("../../../../samples/landing-zone.toml");

/// A landing zone at the start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The organization itself.
    pub organization: OrganizationDescription,
    /// Its organizational units, in any order.
    #[serde(default)]
    pub organizational_units: Vec<UnitDescription>,
    /// Its accounts, the management account among them, in the order in which
    /// they joined.
    pub accounts: Vec<AccountDescription>,
    /// Permission sets, users and groups.
    pub identity_center: IdentityCenterDescription,
    /// How Control Tower's landing zone is.
    #[serde(default)]
    pub control_tower: ControlTowerDescription,
    /// How Account Factory behaves, and who may use it.
    #[serde(default)]
    pub account_factory: AccountFactoryDescription,
    /// How the member accounts are inside.
    #[serde(default)]
    pub members: MembersDescription,
    /// The portfolios that can be shared with accounts.
    #[serde(default)]
    pub portfolios: Vec<PortfolioDescription>,
    /// Whoever calls AWS.
    #[serde(default)]
    pub caller: CallerDescription,
    /// Whoever notices go to by e-mail.
    #[serde(default)]
    pub subscribers: SubscribersDescription,
    /// What Vend's own stack is configured with here. The model does not read it.
    #[serde(default)]
    pub stack: StackDescription,
}

/// What Vend's stack is configured with: the defaults that every new account is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StackDescription {
    /// Assignments: `group:NAME=PermissionSet` or `user:NAME=PermissionSet`, names or ids.
    pub assignments: Vec<String>,
    /// Portfolios to share, by name or id.
    pub portfolios: Vec<String>,
    /// The role to assume in the accounts, by name; empty if nothing is done there.
    pub member_role: String,
    /// What that role's trust asks for.
    pub member_external_id: String,
    /// Who may use each portfolio: `role:NAME`, `user:NAME`, `group:NAME` or
    /// `permission-set:NAME`.
    pub portfolio_principals: Vec<String>,
    /// The role that launches the products of local portfolios; empty if none is named.
    pub launch_role: String,
    /// What tags the launches from local portfolios get, each as `KEY=VALUE`.
    pub local_tag_options: Vec<String>,
}

/// The organization, without its units and accounts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationDescription {
    /// `o-xxxxxxxxxx`.
    pub id: String,
    /// The root's id, `r-xxxx`.
    pub root: String,
    /// The id of the management account.
    pub management_account: String,
    /// The Control Tower home Region.
    pub home_region: String,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    #[serde(default = "aws")]
    pub partition: String,
    /// How many accounts the organization may hold, the management account and
    /// closed ones included. AWS starts with 10 and goes up on request.
    #[serde(default = "many_accounts")]
    pub account_quota: usize,
    /// Service principals with trusted access.
    #[serde(default = "control_tower_services")]
    pub trusted_services: Vec<String>,
    /// When the accounts of this description joined.
    #[serde(default = "since")]
    pub since: DateTime<Utc>,
}

/// An organizational unit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitDescription {
    /// 1 to 128 characters of any kind, unique among its siblings only.
    pub name: String,
    /// `ou-xxxx-yyyyyyyy`.
    pub id: String,
    /// The id of the unit or the root above it.
    pub parent: String,
    /// Whether Control Tower governs it; only there can accounts be vended.
    #[serde(default = "yes")]
    pub registered: bool,
}

/// An account that exists from the start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountDescription {
    /// Its name, not unique.
    pub name: String,
    /// The e-mail of its root user.
    pub email: String,
    /// Twelve digits.
    pub id: String,
    /// The id of the unit or the root it is in; the root unless said.
    pub unit: Option<String>,
    /// Where it stands in its life; active unless said.
    #[serde(default)]
    pub state: AccountState,
    /// Whether it is enrolled in Control Tower; unless said, what is in a
    /// registered unit is.
    pub managed: Option<bool>,
}

/// Where an account stands in its life: Organizations' `State`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountState {
    /// Being activated.
    PendingActivation,
    /// In use.
    #[default]
    Active,
    /// Suspended by AWS, or closed and in its 90 days of grace.
    Suspended,
    /// About to be closed.
    PendingClosure,
    /// Closed.
    Closed,
}

/// Why a description cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DescriptionError {
    /// It is not TOML, or has a table or key that means nothing; the source
    /// says where.
    #[error("landing zone description is not well-formed")]
    Syntax(#[source] Box<toml::de::Error>),
    /// It is well-formed and makes no sense.
    #[error("landing zone description makes no sense: {0}")]
    Faults(Faults),
}

/// Everything that makes no sense in a description, each with where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<String>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl Description {
    /// The landing zone of `samples/landing-zone.toml`.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "the sample is part of the program, and a test parses it"
    )]
    pub fn builtin() -> Self {
        Self::parse(BUILTIN).expect("the built-in description is correct")
    }

    /// Reads a description and checks that it makes sense.
    ///
    /// # Errors
    ///
    /// When `text` is not well-formed, or with all that makes no sense in it.
    pub fn parse(text: &str) -> Result<Self, DescriptionError> {
        let description: Self =
            toml::from_str(text).map_err(|error| DescriptionError::Syntax(Box::new(error)))?;
        let faults = check::faults(&description);
        if faults.is_empty() {
            Ok(description)
        } else {
            Err(DescriptionError::Faults(Faults(faults)))
        }
    }
}

fn aws() -> String {
    "aws".to_owned()
}

fn yes() -> bool {
    true
}

/// Enough for the largest organization AWS's own documentation speaks of,
/// 10,000 accounts, and those that are there from the start.
fn many_accounts() -> usize {
    10_100
}

/// What Control Tower and portfolio sharing switch on.
fn control_tower_services() -> Vec<String> {
    ["config", "controltower", "member.org.stacksets.cloudformation", "servicecatalog", "sso"]
        .map(|service| format!("{service}.amazonaws.com"))
        .to_vec()
}

/// 2024-01-15T09:00:00Z.
fn since() -> DateTime<Utc> {
    DateTime::from_timestamp(1_705_309_200, 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_description_holds_what_the_samples_need() {
        let builtin = Description::builtin();
        let unit = |id: &str| builtin.organizational_units.iter().find(|unit| unit.id == id);
        assert_eq!(unit("ou-aaaa-bbbbcccc").map(|unit| unit.name.as_str()), Some("Test-OU-1"));
        assert_eq!(unit("ou-aaaa-ddddeeee").map(|unit| unit.name.as_str()), Some("Test-OU-2"));
        assert!(builtin.organizational_units.iter().any(|unit| !unit.registered));
        assert!(builtin.accounts.iter().any(|account| account.state == AccountState::Suspended));
        assert!(builtin.organization.account_quota >= builtin.accounts.len() + 10_000);
        assert!(builtin.portfolios.len() >= 2);
    }

    #[test]
    fn two_built_in_units_have_one_name_under_different_parents() {
        let units = Description::builtin().organizational_units;
        let twins = units.iter().any(|one| {
            units.iter().any(|other| other.name == one.name && other.parent != one.parent)
        });
        assert!(twins);
    }

    #[test]
    fn a_key_that_means_nothing_is_named_with_its_place() {
        let text = BUILTIN.replacen("home_region", "home_regoin", 1);
        let error = Description::parse(&text).expect_err("a misspelt key");
        assert_eq!(error.to_string(), "landing zone description is not well-formed");
        let source = std::error::Error::source(&error).expect("a source").to_string();
        assert!(source.contains("home_regoin") && source.contains("line"), "{source}");
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let text = BUILTIN
            .replacen("parent = \"r-aaaa\"", "parent = \"ou-aaaa-nowhere00\"", 1)
            .replacen("id = \"o-exampleorg\"", "id = \"example\"", 1);
        let Err(DescriptionError::Faults(Faults(faults))) = Description::parse(&text) else {
            panic!("the faults were not found");
        };
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].contains("`example`"), "{faults:?}");
        assert!(faults[1].contains("ou-aaaa-nowhere00"), "{faults:?}");
    }
}
