//! What is asked of Organizations, as it comes over the wire.

use serde::Deserialize;

use crate::wire::json::Wanted;

/// `MaxResults` of every list: 20 at the most, and unless less is asked for.
const PAGE: usize = 20;

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

paged!(List, ListUnder, ListParents, ListChildren);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Nothing {}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct List {
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListUnder {
    pub parent_id: String,
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListParents {
    pub child_id: String,
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListChildren {
    pub parent_id: String,
    pub child_type: String,
    pub next_token: Option<String>,
    pub max_results: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeAccount {
    pub account_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeUnit {
    pub organizational_unit_id: String,
}
