//! The configuration of `provision`, from its environment.

use vending::notice::Links;
use vending::provision::MOST_IN_FLIGHT;
use vending_aws::{Environment, MissingVariables, TableNames};

/// What `provision` is configured with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The two tables.
    pub tables: TableNames,
    /// The topic that notices go to.
    pub topic_arn: String,
    /// What notices point to.
    pub links: Links,
    /// Launches at a time, 1–10.
    pub max_in_flight: usize,
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
            max_in_flight: environment.within("VEND_MAX_IN_FLIGHT", 1, 1..=MOST_IN_FLIGHT),
        })
    }
}
