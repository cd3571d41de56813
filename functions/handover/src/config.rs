//! The configuration of `handover`, from its environment.

use vending::announce::ReadyNotices;
use vending::handover::PortfolioUses;
use vending::notice::Links;
use vending::ports::AccessDefaults;
use vending_aws::{Environment, IdentityCenter, MemberRole, MissingVariables, TableNames};

/// What `handover` is configured with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The two tables.
    pub tables: TableNames,
    /// The topic that notices go to.
    pub topic_arn: String,
    /// What notices point to.
    pub links: Links,
    /// Where IAM Identity Center is.
    pub identity_center: IdentityCenter,
    /// What every new account is given.
    pub defaults: AccessDefaults,
    /// Which role is assumed in the accounts.
    pub member_role: MemberRole,
    /// What makes portfolios usable in the accounts.
    pub uses: PortfolioUses,
    /// Whether accounts made outside Vend are given it, too.
    pub outside_accounts: bool,
    /// What is told of accounts that are READY.
    pub ready_notices: ReadyNotices,
}

impl Config {
    /// Reads `environment`.
    ///
    /// # Errors
    /// [`MissingVariables`] that names every variable which is missing or wrong.
    pub fn from(environment: Environment) -> Result<Self, MissingVariables> {
        environment.build(|environment| Self {
            tables: environment.tables(),
            topic_arn: environment.text("VEND_TOPIC_ARN"),
            links: environment.links(),
            identity_center: environment.identity_center(),
            defaults: environment.defaults(),
            member_role: environment.member_role(),
            uses: environment.portfolio_uses(),
            outside_accounts: environment.parsed("VEND_OUTSIDE_ACCOUNTS", true),
            ready_notices: environment.parsed("VEND_READY_NOTICES", ReadyNotices::Each),
        })
    }
}
