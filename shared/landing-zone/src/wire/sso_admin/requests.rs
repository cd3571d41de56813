//! What is asked of Identity Center, as it comes over the wire.

use serde::Deserialize;

use crate::wire::json::Wanted;

/// `MaxResults` of every list: 100 at the most.
const PAGE: usize = 100;

/// Requests for a list, a page at a time.
pub(super) trait Paged {
    /// The page that is wanted.
    fn wanted(&self) -> Wanted<'_>;
}

macro_rules! paged {
    ($($list:ty),+) => {$(
        impl Paged for $list {
            fn wanted(&self) -> Wanted<'_> {
                Wanted { token: self.next_token.as_deref(), at_most: self.max_results, limit: PAGE }
            }
        }
    )+};
}

paged!(
    ListInstances,
    ListPermissionSets,
    ListAccountAssignments,
    ListAccountAssignmentsForPrincipal,
    ListOfPermissionSet,
    ListAccounts,
    ListPermissionSetsOfAccount
);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListInstances {
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPermissionSets {
    pub instance_arn: String,
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

/// Of every operation that needs nothing but a permission set.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct OfPermissionSet {
    pub instance_arn: String,
    pub permission_set_arn: String,
}

/// Of every list of what is in a permission set.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListOfPermissionSet {
    pub instance_arn: String,
    pub permission_set_arn: String,
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreatePermissionSet {
    pub instance_arn: String,
    pub name: String,
    pub description: Option<String>,
    pub session_duration: Option<String>,
    pub relay_state: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct UpdatePermissionSet {
    pub instance_arn: String,
    pub permission_set_arn: String,
    pub description: Option<String>,
    pub session_duration: Option<String>,
    pub relay_state: Option<String>,
}

/// To attach and to detach.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ManagedPolicy {
    pub instance_arn: String,
    pub permission_set_arn: String,
    pub managed_policy_arn: String,
}

/// To attach and to detach.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CustomerPolicy {
    pub instance_arn: String,
    pub permission_set_arn: String,
    pub customer_managed_policy_reference: Reference,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Reference {
    pub name: String,
    pub path: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct PutInlinePolicy {
    pub instance_arn: String,
    pub permission_set_arn: String,
    pub inline_policy: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct PutPermissionsBoundary {
    pub instance_arn: String,
    pub permission_set_arn: String,
    pub permissions_boundary: PermissionsBoundary,
}

/// One of its members is there, though the API model does not call it a union.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct PermissionsBoundary {
    pub customer_managed_policy_reference: Option<Reference>,
    pub managed_policy_arn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ProvisionPermissionSet {
    pub instance_arn: String,
    pub permission_set_arn: String,
    pub target_type: String,
    pub target_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeProvisioningStatus {
    pub instance_arn: String,
    pub provision_permission_set_request_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListAccounts {
    pub instance_arn: String,
    pub permission_set_arn: String,
    pub provisioning_status: Option<String>,
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPermissionSetsOfAccount {
    pub instance_arn: String,
    pub account_id: String,
    pub provisioning_status: Option<String>,
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

/// To create and to delete.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct AccountAssignment {
    pub instance_arn: String,
    pub target_id: String,
    pub target_type: String,
    pub permission_set_arn: String,
    pub principal_type: String,
    pub principal_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeCreationStatus {
    pub instance_arn: String,
    pub account_assignment_creation_request_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListAccountAssignments {
    pub instance_arn: String,
    pub account_id: String,
    pub permission_set_arn: String,
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeDeletionStatus {
    pub instance_arn: String,
    pub account_assignment_deletion_request_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListAccountAssignmentsForPrincipal {
    pub instance_arn: String,
    pub principal_id: String,
    pub principal_type: String,
    pub filter: Option<Filter>,
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Filter {
    pub account_id: Option<String>,
}
