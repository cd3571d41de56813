//! What a portfolio share is: with whom, how far it has got, who sees what.

use super::CatalogRefusal;
use crate::Zone;
use crate::model::ids;

/// A node of the organization that a portfolio is shared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// The whole organization, `o-…`.
    Organization(String),
    /// A unit and all below it, `ou-…`.
    OrganizationalUnit(String),
    /// A member account.
    Account(String),
}

impl Node {
    /// The node's id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Organization(id) | Self::OrganizationalUnit(id) | Self::Account(id) => id,
        }
    }

    /// The accounts of the node that can be shared with.
    pub(super) fn accounts(&self, zone: &Zone) -> Vec<String> {
        let owner = zone.organization.management_account();
        let shared_with = |id: &&str| *id != owner && self.covers(zone, id);
        let owned = |ids: &mut dyn Iterator<Item = &str>| ids.map(ToOwned::to_owned).collect();
        match self {
            Self::Account(id) => {
                let account = zone.organization.account(id).map(|account| account.id.as_str());
                owned(&mut account.into_iter().filter(shared_with))
            }
            Self::Organization(_) | Self::OrganizationalUnit(_) => {
                let accounts = zone.organization.accounts().iter();
                owned(&mut accounts.map(|account| account.id.as_str()).filter(shared_with))
            }
        }
    }

    fn covers(&self, zone: &Zone, account: &str) -> bool {
        match self {
            Self::Organization(_) => zone.organization.account(account).is_some(),
            Self::OrganizationalUnit(id) => zone.organization.ancestors(account).contains(id),
            Self::Account(id) => id == account,
        }
    }

    fn exists(&self, zone: &Zone) -> bool {
        match self {
            Self::Organization(id) => id == zone.organization.id(),
            Self::OrganizationalUnit(id) => zone.organization.unit(id).is_some(),
            Self::Account(id) => {
                zone.organization.account(id).is_some()
                    && id != zone.organization.management_account()
            }
        }
    }
}

/// With whom a portfolio is to be shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareTarget {
    /// `AccountId`: any account, which then has to accept.
    Account(String),
    /// `OrganizationNode`: imported by itself.
    Node(Node),
}

impl ShareTarget {
    pub(super) fn check(&self, zone: &Zone) -> Result<(), CatalogRefusal> {
        let exists = match self {
            Self::Account(id) => {
                ids::is_account(id) && id != zone.organization.management_account()
            }
            Self::Node(node) => node.exists(zone),
        };
        let message = || format!("Invalid share target: {}", self.id());
        exists.then_some(()).ok_or_else(|| CatalogRefusal::InvalidParameters(message()))
    }

    /// The account's or the node's id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Account(id) => id,
            Self::Node(node) => node.id(),
        }
    }

    /// The type that `DescribePortfolioShares` lists it under.
    #[must_use]
    pub const fn kind(&self) -> ShareType {
        match self {
            Self::Account(_) => ShareType::Account,
            Self::Node(Node::Organization(_)) => ShareType::Organization,
            Self::Node(Node::OrganizationalUnit(_)) => ShareType::OrganizationalUnit,
            Self::Node(Node::Account(_)) => ShareType::OrganizationMemberAccount,
        }
    }
}

/// The types that `DescribePortfolioShares` tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareType {
    /// With an account, by invitation.
    Account,
    /// With the organization.
    Organization,
    /// With a unit.
    OrganizationalUnit,
    /// With a member account, through the organization.
    OrganizationMemberAccount,
}

impl ShareType {
    /// As the service writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "ACCOUNT",
            Self::Organization => "ORGANIZATION",
            Self::OrganizationalUnit => "ORGANIZATIONAL_UNIT",
            Self::OrganizationMemberAccount => "ORGANIZATION_MEMBER_ACCOUNT",
        }
    }
}

/// A portfolio share that is in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The portfolio's id.
    pub portfolio: String,
    /// With whom.
    pub target: ShareTarget,
    /// Whether the recipient has it; an invited account has to accept first.
    pub accepted: bool,
    /// Whether TagOptions are shared as well.
    pub share_tag_options: bool,
    /// Whether principals are shared as well.
    pub share_principals: bool,
    /// Accounts of the node that it did not reach.
    pub unreached: Vec<String>,
}

impl Share {
    pub(crate) fn reaches(&self, zone: &Zone, account: &str) -> bool {
        self.accepted
            && !self.unreached.iter().any(|id| id == account)
            && match &self.target {
                ShareTarget::Account(id) => id == account,
                ShareTarget::Node(node) => node.covers(zone, account),
            }
    }
}

/// Whether the account sees the portfolio: it is shared with it, with a unit
/// above it or with the organization, or it is the owner's.
#[must_use]
pub fn portfolio_visible(zone: &Zone, account: &str, portfolio: &str) -> bool {
    let owned = account == zone.organization.management_account();
    let shares = zone.service_catalog.shares.about(account);
    let mut shares = shares.filter(|share| share.portfolio == portfolio);
    zone.service_catalog.find_portfolio(portfolio).is_ok()
        && (owned || shares.any(|share| share.reaches(zone, account)))
}

/// How far a share has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareStatus {
    /// Accepted.
    NotStarted,
    /// Under way.
    InProgress,
    /// Over.
    Completed,
    /// Over, and not for everybody.
    CompletedWithErrors,
}

impl ShareStatus {
    /// As the service writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "NOT_STARTED",
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::CompletedWithErrors => "COMPLETED_WITH_ERRORS",
        }
    }
}

/// Why accounts did not get a portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareError {
    /// Which accounts.
    pub accounts: Vec<String>,
    /// For a person.
    pub message: String,
    /// The error's code.
    pub error: String,
}

/// What became of sharing a portfolio with a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareOperation {
    /// The portfolio share token.
    pub token: String,
    /// The portfolio's id.
    pub portfolio: String,
    /// With which node.
    pub node: Node,
    /// How far it has got.
    pub status: ShareStatus,
    /// The accounts that got it.
    pub successful: Vec<String>,
    /// Who did not, and why.
    pub errors: Vec<ShareError>,
    /// Whether AWS loses it, and says nothing.
    pub(super) lost: bool,
    pub(super) share: Share,
}
