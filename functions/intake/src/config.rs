//! The configuration of `intake`, from its environment.

use vending::notice::Links;
use vending::ports::AccessDefaults;
use vending_aws::{Environment, IdentityCenter, MissingVariables, TableNames};

/// What `intake` is configured with.
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
    /// Take the rows without a fault of a file that has some.
    pub accept_valid_rows: bool,
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
            accept_valid_rows: environment.parsed("VEND_ACCEPT_VALID_ROWS", false),
        })
    }
}
