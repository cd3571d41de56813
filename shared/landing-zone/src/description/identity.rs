//! What a landing zone's description says about IAM Identity Center.

use serde::Deserialize;

pub use crate::model::identity_center::{Boundary, PolicyReference};

/// The organization's Identity Center instance and its identity store.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityCenterDescription {
    /// `arn:aws:sso:::instance/ssoins-` and 16 characters.
    pub instance_arn: String,
    /// `d-` and ten hexadecimal digits.
    pub identity_store: String,
    /// How far the organization's instance is.
    #[serde(default)]
    pub status: InstanceStatus,
    /// Whether the organization manages Identity Center without Control Tower,
    /// which then assigns nothing by itself.
    #[serde(default)]
    pub self_managed: bool,
    /// Whether more than 20 calls within a second of virtual time are refused,
    /// as AWS does. Off unless said: virtual time stands still while a function
    /// runs, so that its calls all fall into one second.
    #[serde(default)]
    pub throttle: bool,
    /// An instance of a member account, which the caller can see as well.
    pub account_instance: Option<AccountInstanceDescription>,
    /// The permission sets.
    #[serde(default)]
    pub permission_sets: Vec<PermissionSetDescription>,
    /// The groups of the identity store.
    #[serde(default)]
    pub groups: Vec<GroupDescription>,
    /// The users of the identity store.
    #[serde(default)]
    pub users: Vec<UserDescription>,
    /// Assignments that are in effect from the start.
    #[serde(default)]
    pub assignments: Vec<AssignmentDescription>,
    /// The policies that AWS manages, by path and name or ARN. Unless said, whatever looks
    /// like one is.
    pub aws_managed_policies: Option<Vec<String>>,
    /// The policies that accounts have of their own.
    #[serde(default)]
    pub customer_managed_policies: Vec<CustomerPolicyDescription>,
    /// How many there may be.
    #[serde(default)]
    pub quotas: QuotasDescription,
    /// What goes wrong.
    #[serde(default)]
    pub faults: FaultsDescription,
}

/// An assignment: of a group, or of a user.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignmentDescription {
    /// The account's id.
    pub account: String,
    /// The permission set's name.
    pub permission_set: String,
    /// The group's display name.
    pub group: Option<String>,
    /// The name that the user signs in with.
    pub user: Option<String>,
}

/// A policy that accounts have, of their own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerPolicyDescription {
    /// Its name.
    pub name: String,
    /// Its path.
    #[serde(default = "root")]
    pub path: String,
    /// The accounts that have it, by id; every account unless said.
    pub accounts: Option<Vec<String>>,
}

/// How many there may be (IAM Identity Center quotas; all of these go up on request).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuotasDescription {
    /// Permission sets in the instance.
    pub permission_sets: usize,
    /// Permission sets in one account.
    pub permission_sets_per_account: usize,
    /// Managed policies in a permission set, AWS's and the accounts' together, because IAM
    /// counts them so in the role that is made of it.
    pub policies_per_permission_set: usize,
}

impl Default for QuotasDescription {
    fn default() -> Self {
        Self {
            permission_sets: 2000,
            permission_sets_per_account: 500,
            policies_per_permission_set: 10,
        }
    }
}

/// What goes wrong in Identity Center.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultsDescription {
    /// How many of the first changes of each permission set are refused as a conflict with
    /// an earlier one.
    pub write_conflicts: u32,
    /// The ids of accounts in which provisioning ends `FAILED`, and so does every
    /// assignment.
    pub provisioning_fails: Vec<String>,
}

fn root() -> String {
    "/".to_owned()
}

fn an_hour() -> String {
    "PT1H".to_owned()
}

/// How far an instance is: Identity Center's `InstanceStatus`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InstanceStatus {
    /// Being made.
    CreateInProgress,
    /// It could not be made.
    CreateFailed,
    /// Being deleted.
    DeleteInProgress,
    /// In use.
    #[default]
    Active,
}

impl InstanceStatus {
    /// As the API has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateInProgress => "CREATE_IN_PROGRESS",
            Self::CreateFailed => "CREATE_FAILED",
            Self::DeleteInProgress => "DELETE_IN_PROGRESS",
            Self::Active => "ACTIVE",
        }
    }
}

/// An Identity Center instance that belongs to a member account alone.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountInstanceDescription {
    /// `arn:aws:sso:::instance/ssoins-` and 16 characters.
    pub instance_arn: String,
    /// `d-` and ten hexadecimal digits.
    pub identity_store: String,
    /// The id of the account it belongs to.
    pub owner: String,
}

/// A permission set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionSetDescription {
    /// 1 to 32 characters, unique in the instance.
    pub name: String,
    /// The 16 characters behind `ps-` at the end of its ARN.
    pub id: String,
    /// For people.
    pub description: Option<String>,
    /// How long a session lasts, in ISO 8601: one to twelve hours.
    #[serde(default = "an_hour")]
    pub session_duration: String,
    /// Where in the console a session begins.
    pub relay_state: Option<String>,
    /// Policies that AWS manages, by path and name (`job-function/Billing`) or ARN.
    #[serde(default)]
    pub managed_policies: Vec<String>,
    /// Policies that each account has under that name and path.
    #[serde(default)]
    pub customer_managed_policies: Vec<PolicyReference>,
    /// A policy of its own, as JSON text.
    pub inline_policy: Option<String>,
    /// What it can never go beyond.
    pub boundary: Option<Boundary>,
}

/// A group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupDescription {
    /// Its display name, unique in the identity store.
    pub name: String,
    /// A UUID, with or without the store's prefix.
    pub id: String,
    /// For people.
    pub description: Option<String>,
    /// The names that its users sign in with.
    #[serde(default)]
    pub members: Vec<String>,
}

/// A user.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserDescription {
    /// The name to sign in with, unique in the identity store.
    pub name: String,
    /// A UUID, with or without the store's prefix.
    pub id: String,
    /// The primary e-mail.
    pub email: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
}
