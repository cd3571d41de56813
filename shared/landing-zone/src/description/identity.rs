//! What a landing zone's description says about IAM Identity Center.

use serde::Deserialize;

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
