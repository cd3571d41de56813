//! What a landing zone's description says about Account Factory and portfolios.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Outcome;

/// How Control Tower's Account Factory behaves, and who may use it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountFactoryDescription {
    /// Whether there is the product at all.
    pub product: bool,
    /// Whether one of its versions is active. Without one nothing can be launched.
    pub active_version: bool,
    /// How many account operations Control Tower runs at once: AWS's quota
    /// "Concurrent account operations", 5 unless raised, at most 10.
    pub concurrent_operations: usize,
    /// The shortest an account operation takes, in minutes.
    pub shortest_minutes: u32,
    /// The longest an account operation takes, in minutes.
    pub longest_minutes: u32,
    /// The share of lifecycle events that never arrive, 0 to 1.
    pub lost_events: f64,
    /// The share of lifecycle events that arrive many minutes late, 0 to 1.
    pub late_events: f64,
    /// The share of lifecycle events that arrive more than once, 0 to 1.
    pub repeated_events: f64,
    /// The role that calls Service Catalog: an ARN, or the name (with its path,
    /// if it has one) of a role in the management account.
    pub caller: String,
    /// The roles associated with the Account Factory portfolio at the start,
    /// each like `caller`. Without the caller among them nothing can be launched.
    pub principals: Vec<String>,
    /// How the first launch of an account turns out, by account name.
    pub outcomes: BTreeMap<String, Outcome>,
    /// When somebody else uses Control Tower.
    pub other_operations: Vec<OtherOperation>,
    /// E-mail addresses of AWS accounts outside the organization.
    pub taken_emails: Vec<String>,
}

impl Default for AccountFactoryDescription {
    fn default() -> Self {
        Self {
            product: true,
            active_version: true,
            concurrent_operations: 5,
            shortest_minutes: 20,
            longest_minutes: 35,
            lost_events: 0.0,
            late_events: 0.0,
            repeated_events: 0.0,
            caller: "vend-provision".to_owned(),
            principals: vec!["vend-provision".to_owned()],
            outcomes: BTreeMap::new(),
            other_operations: Vec::new(),
            taken_emails: Vec::new(),
        }
    }
}

/// A time in which somebody else uses Control Tower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherOperation {
    /// When it begins, in minutes after the start of the landing zone.
    pub from_minute: u32,
    /// How long it lasts, in minutes.
    pub for_minutes: u32,
    /// How many account operations these are; 0 for an operation beside which
    /// Control Tower does nothing else, such as the registration of a unit.
    #[serde(default)]
    pub account_operations: usize,
}

/// A portfolio of the management account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortfolioDescription {
    /// `port-xxxxxxxxxxxxx`.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// What can be launched from it.
    #[serde(default)]
    pub products: Vec<ProductDescription>,
}

/// A product of a portfolio.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductDescription {
    /// `prod-xxxxxxxxxxxxx`.
    pub id: String,
    /// Its name.
    pub name: String,
}
