//! The access that was asked for, as it stands in a list: readable in the table.

use serde::{Deserialize, Serialize};
use vending::account::AccessRequest;

/// What stands in the column `Defaults`; an item without it asks for the defaults, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum DefaultsWord {
    /// The defaults do not apply.
    Replace,
}

impl DefaultsWord {
    /// The word for that request, where one is needed.
    pub(super) fn of(access: &AccessRequest) -> Option<Self> {
        access.replaces_defaults.then_some(Self::Replace)
    }
}

/// The request that those columns are; each assignment is `group:NAME=PERMISSION-SET`.
///
/// # Errors
/// What is wrong with the assignments.
pub(super) fn read(
    assignments: &[String],
    portfolios: Vec<String>,
    defaults: Option<DefaultsWord>,
) -> Result<AccessRequest, &'static str> {
    let read = assignments.iter().map(|text| AccessRequest::read_assignment(text));
    let assignments: Result<_, _> = read.collect();
    Ok(AccessRequest {
        replaces_defaults: defaults == Some(DefaultsWord::Replace),
        assignments: assignments
            .map_err(|_| "has one that is not of the form group:NAME=PERMISSION-SET")?,
        portfolios,
    })
}
