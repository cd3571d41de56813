//! What Organizations answers with, as it goes over the wire.

use serde_json::{Value, json};

use crate::description::AccountState;
use crate::model::organization::{Account, Organization, OrganizationalUnit};
use crate::wire::json as protocol;

/// `Account`.
pub(super) fn account(organization: &Organization, account: &Account) -> Value {
    let (status, state) = states(account.state);
    let mut answer = json!({
        "Id": account.id,
        "Arn": arn_in(organization, "account", &account.id),
        "Email": account.email,
        "Name": account.name,
        "State": state,
        "Paths": [path(organization, &account.parent, Some(&account.id))],
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": protocol::seconds(account.joined),
    });
    if let Some(status) = status {
        answer["Status"] = status.into();
    }
    answer
}

/// `Status`, which has fewer values, and `State`.
fn states(state: AccountState) -> (Option<&'static str>, &'static str) {
    match state {
        AccountState::PendingActivation => (None, "PENDING_ACTIVATION"),
        AccountState::Active => (Some("ACTIVE"), "ACTIVE"),
        AccountState::Suspended => (Some("SUSPENDED"), "SUSPENDED"),
        AccountState::PendingClosure => (Some("PENDING_CLOSURE"), "PENDING_CLOSURE"),
        AccountState::Closed => (None, "CLOSED"),
    }
}

/// `OrganizationalUnit`.
pub(super) fn unit(organization: &Organization, unit: &OrganizationalUnit) -> Value {
    json!({
        "Id": unit.id,
        "Arn": arn_in(organization, "ou", &unit.id),
        "Name": unit.name,
        "Path": path(organization, &unit.id, None),
    })
}

/// `o-…/r-…/ou-…/…/`, down to `id` and to the account in it.
fn path(organization: &Organization, id: &str, account: Option<&str>) -> String {
    let upward = organization.upward(id);
    let mut downward = vec![organization.id()];
    downward.extend(upward.iter().rev().map(String::as_str));
    downward.extend(account);
    downward.join("/") + "/"
}

/// `PolicyTypeSummary` of the only type that Control Tower needs.
pub(super) fn policy_type() -> Value {
    json!({ "Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED" })
}

/// The ARN of something that belongs to the management account.
pub(super) fn arn(organization: &Organization, kind: &str, id: &str) -> String {
    let (partition, owner) = (organization.partition(), organization.management_account());
    format!("arn:{partition}:organizations::{owner}:{kind}/{id}")
}

/// The ARN of something in the organization.
pub(super) fn arn_in(organization: &Organization, kind: &str, id: &str) -> String {
    arn(organization, kind, &format!("{}/{id}", organization.id()))
}
