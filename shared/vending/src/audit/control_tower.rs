//! What Control Tower assigns by itself in an account that it enrolls.
//!
//! Control Tower user guide, "IAM Identity Center groups for AWS Control Tower": the
//! account's own user as administrator, and three groups.

use super::names::Names;
use super::ports::Assigned;
use crate::account::{EmailAddress, PrincipalKind};

/// What the account's own user gets.
const FOR_THE_USER: &str = "AWSAdministratorAccess";

/// Group and permission set, in every member account.
const FOR_GROUPS: [(&str, &str); 3] = [
    ("AWSControlTowerAdmins", "AWSOrganizationsFullAccess"),
    ("AWSSecurityAuditPowerUsers", "AWSPowerUserAccess"),
    ("AWSSecurityAuditors", "AWSReadOnlyAccess"),
];

/// Whether Control Tower gave it by itself, in an account with that `owner`, if one is known.
pub(super) fn gave(assigned: &Assigned, names: &Names, owner: Option<&EmailAddress>) -> bool {
    let Some(set) = names.permission_sets.get(&assigned.permission_set) else { return false };
    match assigned.holder.kind {
        PrincipalKind::Group => {
            let group = names.groups.get(&assigned.holder.id);
            group.is_some_and(|group| FOR_GROUPS.contains(&(group.as_str(), set.as_str())))
        }
        PrincipalKind::User => {
            let user = names.users.get(&assigned.holder.id);
            let is_owner = user.zip(owner).is_some_and(|(user, owner)| user.is_called(owner));
            is_owner && set == FOR_THE_USER
        }
    }
}
