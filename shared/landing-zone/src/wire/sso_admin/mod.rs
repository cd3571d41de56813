//! IAM Identity Center, `SWBExternalService`: instances, permission sets and
//! account assignments.

mod assignments;
mod permission_sets;
mod policies;
mod provisioning;
mod requests;
mod shapes;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use self::requests::{ListInstances, Paged};
use self::shapes::instance;
use super::Refusal;
use super::json::{self as protocol, NoPage};
use crate::Zone;
use crate::model::ids;

/// The code for a request that cannot be read.
const INVALID: &str = "ValidationException";

/// Answers one operation.
pub(super) fn answer(zone: &mut Zone, operation: &str, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    admit(zone)?;
    let answer = match operation {
        "ListInstances" => list_instances(zone, &read(body)?)?,
        _ => one_of(zone, operation, body)
            .unwrap_or_else(|| Err(Refusal::unknown_operation("sso-admin", operation)))?,
    };
    protocol::write(&answer)
}

/// What whoever has the operation answers.
fn one_of(zone: &mut Zone, operation: &str, body: &[u8]) -> Option<Result<Value, Refusal>> {
    let asked = Asked { operation, body };
    if let Err(refusal) = check_delegate(zone, asked) {
        return Some(Err(refusal));
    }
    assignments::answer(zone, asked)
        .or_else(|| permission_sets::answer(zone, asked))
        .or_else(|| policies::answer(zone, asked))
        .or_else(|| provisioning::answer(zone, asked))
}

/// An operation's name, and its request.
#[derive(Clone, Copy)]
struct Asked<'a> {
    operation: &'a str,
    body: &'a [u8],
}

impl Asked<'_> {
    fn read<T: DeserializeOwned>(self) -> Result<T, Refusal> {
        read(self.body)
    }
}

/// Counts the call against the rate that all of Identity Center shares.
pub(super) fn admit(zone: &mut Zone) -> Result<(), Refusal> {
    let now = zone.now;
    zone.identity_center
        .admit(now)
        .map_err(|throttled| Refusal::new("ThrottlingException", throttled.to_string()))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    protocol::read(body, INVALID)
}

fn list_instances(zone: &Zone, list: &ListInstances) -> Result<Value, Refusal> {
    let region = zone.organization.home_region();
    let partition = zone.organization.partition();
    paged("Instances", list, zone.identity_center.instances(), |it| instance(it, partition, region))
}

/// A delegated administrator changes neither the access to the management account nor a
/// permission set that is in use there (IAM Identity Center user guide, "Delegated
/// administration").
fn check_delegate(zone: &Zone, asked: Asked<'_>) -> Result<(), Refusal> {
    const READS: [&str; 3] = ["Describe", "Get", "List"];
    let (center, owner) = (&zone.identity_center, &zone.identity_center.instance().owner);
    let is_read = READS.iter().any(|read| asked.operation.starts_with(read));
    if is_read || zone.caller_account() == owner {
        return Ok(());
    }
    let Ok(body) = serde_json::from_slice::<Value>(asked.body) else { return Ok(()) };
    let set = body["PermissionSetArn"].as_str();
    if body["TargetId"] == owner.as_str() || set.is_some_and(|it| center.holds(owner, it).is_some())
    {
        let message = "a delegated administrator cannot change access to the management account";
        return Err(Refusal::new("AccessDeniedException", message));
    }
    Ok(())
}

/// Whether permission sets can be asked about in that instance: only in the
/// organization's, and an account's own instance has none.
fn check_instance(zone: &Zone, arn: &str) -> Result<(), Refusal> {
    check(ids::is_instance(arn), "instanceArn")?;
    let mut known = zone.identity_center.instances().iter();
    if !known.any(|instance| instance.arn == arn) {
        return Err(unknown("Instance", arn));
    }
    if zone.identity_center.instance().arn != arn {
        let message =
            "the operation is not supported for an account instance of IAM Identity Center";
        return Err(Refusal::new("AccessDeniedException", message));
    }
    Ok(())
}

/// The permission set of that ARN in that instance.
fn check_permission_set(zone: &Zone, instance: &str, set: &str) -> Result<(), Refusal> {
    check_instance(zone, instance)?;
    check(ids::is_permission_set(set), "permissionSetArn")?;
    zone.identity_center.permission_set(set).map(drop).ok_or_else(|| unknown("PermissionSet", set))
}

fn check(fits: bool, member: &str) -> Result<(), Refusal> {
    if fits { Ok(()) } else { Err(malformed(member)) }
}

fn malformed(member: &str) -> Refusal {
    let constraint = "failed to satisfy constraint: Member must satisfy regular expression pattern";
    Refusal::new(INVALID, format!("1 validation error detected: Value at '{member}' {constraint}"))
}

fn unknown(kind: &str, id: &str) -> Refusal {
    Refusal::new("ResourceNotFoundException", format!("{kind} {id} could not be found"))
}

/// One page of `items`, each written by `write`.
fn paged<T>(
    key: &str,
    list: &impl Paged,
    items: impl IntoIterator<Item = T>,
    write: impl Fn(T) -> Value,
) -> Result<Value, Refusal> {
    let (items, next) = protocol::page(items, list.wanted()).map_err(|no_page| match no_page {
        NoPage::Size => malformed("maxResults"),
        NoPage::Token => malformed("nextToken"),
    })?;
    let items: Vec<Value> = items.into_iter().map(write).collect();
    let mut answer = json!({ key: items });
    if let Some(next) = next {
        answer["NextToken"] = next.into();
    }
    Ok(answer)
}
