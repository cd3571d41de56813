//! What a landing zone's description says about its member accounts.

use serde::Deserialize;

/// How the member accounts are inside: all alike.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MembersDescription {
    /// The role that Vend assumes in them, by name (with its path, if it has one).
    pub role: String,
    /// What the role's trust asks for besides; empty if nothing.
    pub external_id: String,
    /// How many minutes after an account is made its roles, users and groups are there.
    pub ready_after_minutes: u32,
    /// Their other roles, by name likewise. Those of permission sets come by assignment.
    pub roles: Vec<String>,
    /// Their IAM users, likewise.
    pub users: Vec<String>,
    /// Their IAM groups, likewise.
    pub groups: Vec<String>,
}

impl Default for MembersDescription {
    fn default() -> Self {
        Self {
            role: "vend-member".to_owned(),
            external_id: "vend".to_owned(),
            ready_after_minutes: 0,
            roles: Vec::new(),
            users: Vec::new(),
            groups: Vec::new(),
        }
    }
}
