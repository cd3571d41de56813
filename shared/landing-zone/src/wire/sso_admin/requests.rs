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

paged!(ListInstances, ListPermissionSets, ListAccountAssignments);

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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribePermissionSet {
    pub instance_arn: String,
    pub permission_set_arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreateAccountAssignment {
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
