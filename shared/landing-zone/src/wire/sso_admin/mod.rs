//! IAM Identity Center, `SWBExternalService`: instances, permission sets and
//! account assignments.

mod requests;
mod shapes;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use self::requests::{
    CreateAccountAssignment, DescribeCreationStatus, DescribePermissionSet, ListAccountAssignments,
    ListInstances, ListPermissionSets, Paged,
};
use self::shapes::{instance, principal_type, status};
use super::Refusal;
use super::json::{self as protocol, NoPage};
use crate::Zone;
use crate::model::identity_center::{self, AssignRefusal, Assignment, PrincipalKind};
use crate::model::ids;

/// The code for a request that cannot be read.
const INVALID: &str = "ValidationException";

/// Answers one operation.
pub(super) fn answer(zone: &mut Zone, operation: &str, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    admit(zone)?;
    let answer = match operation {
        "ListInstances" => list_instances(zone, &read(body)?),
        "ListPermissionSets" => list_permission_sets(zone, &read(body)?),
        "DescribePermissionSet" => describe_permission_set(zone, &read(body)?),
        "CreateAccountAssignment" => create_account_assignment(zone, read(body)?),
        "DescribeAccountAssignmentCreationStatus" => describe_creation_status(zone, &read(body)?),
        "ListAccountAssignments" => list_account_assignments(zone, &read(body)?),
        _ => Err(Refusal::unknown_operation("sso-admin", operation)),
    }?;
    protocol::write(&answer)
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

fn list_permission_sets(zone: &Zone, list: &ListPermissionSets) -> Result<Value, Refusal> {
    check_instance(zone, &list.instance_arn)?;
    let sets = zone.identity_center.permission_sets();
    paged("PermissionSets", list, sets, |set| set.arn.as_str().into())
}

fn describe_permission_set(zone: &Zone, wanted: &DescribePermissionSet) -> Result<Value, Refusal> {
    check_instance(zone, &wanted.instance_arn)?;
    check(ids::is_permission_set(&wanted.permission_set_arn), "permissionSetArn")?;
    let set = zone.identity_center.permission_set(&wanted.permission_set_arn);
    let set = set.ok_or_else(|| unknown("PermissionSet", &wanted.permission_set_arn))?;
    let mut answer = json!({
        "Name": set.name,
        "PermissionSetArn": set.arn,
        "CreatedDate": protocol::seconds(set.created),
        "SessionDuration": "PT1H",
    });
    if let Some(description) = &set.description {
        answer["Description"] = description.as_str().into();
    }
    Ok(json!({ "PermissionSet": answer }))
}

fn create_account_assignment(
    zone: &mut Zone,
    wanted: CreateAccountAssignment,
) -> Result<Value, Refusal> {
    check_instance(zone, &wanted.instance_arn)?;
    let assignment = assignment(wanted)?;
    let request = identity_center::assign(zone, assignment).map_err(|it| refusal(&it))?;
    Ok(status(&request))
}

fn describe_creation_status(
    zone: &Zone,
    wanted: &DescribeCreationStatus,
) -> Result<Value, Refusal> {
    check_instance(zone, &wanted.instance_arn)?;
    let id = &wanted.account_assignment_creation_request_id;
    check(ids::is_uuid(id), "accountAssignmentCreationRequestId")?;
    let request = zone.identity_center.request(id);
    request.map(status).ok_or_else(|| unknown("AccountAssignmentCreationRequest", id))
}

fn list_account_assignments(zone: &Zone, list: &ListAccountAssignments) -> Result<Value, Refusal> {
    check_instance(zone, &list.instance_arn)?;
    check(ids::is_account(&list.account_id), "accountId")?;
    check(ids::is_permission_set(&list.permission_set_arn), "permissionSetArn")?;
    let (center, account, set) =
        (&zone.identity_center, &list.account_id, &list.permission_set_arn);
    if zone.organization.account(account).is_none() {
        return Err(unknown("Account", account));
    }
    center.permission_set(set).ok_or_else(|| unknown("PermissionSet", set))?;
    paged("AccountAssignments", list, center.assignments_of(account, set), |it| {
        json!({
            "AccountId": it.account,
            "PermissionSetArn": it.permission_set,
            "PrincipalType": principal_type(it.kind),
            "PrincipalId": it.principal,
        })
    })
}

fn assignment(wanted: CreateAccountAssignment) -> Result<Assignment, Refusal> {
    check(wanted.target_type == "AWS_ACCOUNT", "targetType")?;
    check(ids::is_account(&wanted.target_id), "targetId")?;
    check(ids::is_permission_set(&wanted.permission_set_arn), "permissionSetArn")?;
    check(ids::is_principal(&wanted.principal_id), "principalId")?;
    let kind = match wanted.principal_type.as_str() {
        "USER" => PrincipalKind::User,
        "GROUP" => PrincipalKind::Group,
        _ => return Err(malformed("principalType")),
    };
    Ok(Assignment {
        account: wanted.target_id,
        permission_set: wanted.permission_set_arn,
        kind,
        principal: wanted.principal_id,
    })
}

fn refusal(refusal: &AssignRefusal) -> Refusal {
    let code = match refusal {
        AssignRefusal::UnknownAccount(_)
        | AssignRefusal::UnknownPermissionSet(_)
        | AssignRefusal::UnknownPrincipal(_) => "ResourceNotFoundException",
        AssignRefusal::Conflict(_) => "ConflictException",
        AssignRefusal::TooManyOutstanding => "ServiceQuotaExceededException",
    };
    Refusal::new(code, refusal.to_string())
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

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::Description;

    fn zone() -> Zone {
        let description = Description::builtin();
        Zone::new(&description, 1, description.organization.since)
    }

    fn asked(zone: &mut Zone, operation: &str, body: &Value) -> Result<Value, Refusal> {
        let answer = answer(zone, operation, body.to_string().as_bytes())?;
        Ok(serde_json::from_slice(&answer).expect("JSON"))
    }

    fn assignment(zone: &Zone) -> Value {
        let center = &zone.identity_center;
        json!({
            "InstanceArn": center.instance().arn,
            "TargetId": "555566667777",
            "TargetType": "AWS_ACCOUNT",
            "PermissionSetArn": center.permission_sets()[0].arn,
            "PrincipalType": "GROUP",
            "PrincipalId": center.group_named("Developers").expect("a group").id,
        })
    }

    #[test]
    fn an_assignment_is_asked_for_and_asked_about() {
        let mut zone = zone();
        let wanted = assignment(&zone);
        let begun = asked(&mut zone, "CreateAccountAssignment", &wanted).expect("begun");
        let begun = &begun["AccountAssignmentCreationStatus"];
        assert_eq!(begun["Status"], "IN_PROGRESS");
        zone.advance_to(zone.now() + TimeDelta::minutes(1));
        let about = json!({
            "InstanceArn": wanted["InstanceArn"],
            "AccountAssignmentCreationRequestId": begun["RequestId"],
        });
        let operation = "DescribeAccountAssignmentCreationStatus";
        let over = asked(&mut zone, operation, &about).expect("known");
        assert_eq!(over["AccountAssignmentCreationStatus"]["Status"], "SUCCEEDED");
        let list = json!({
            "InstanceArn": wanted["InstanceArn"],
            "AccountId": "555566667777",
            "PermissionSetArn": wanted["PermissionSetArn"],
        });
        let list = asked(&mut zone, "ListAccountAssignments", &list).expect("a list");
        assert_eq!(list["AccountAssignments"][0]["PrincipalId"], wanted["PrincipalId"]);
    }

    #[test]
    fn a_second_change_in_the_account_is_a_conflict() {
        let mut zone = zone();
        let wanted = assignment(&zone);
        asked(&mut zone, "CreateAccountAssignment", &wanted).expect("begun");
        let refusal = asked(&mut zone, "CreateAccountAssignment", &wanted).expect_err("busy");
        assert_eq!(refusal.code, "ConflictException");
    }

    #[test]
    fn one_more_than_ten_under_way_is_over_the_quota() {
        let mut zone = zone();
        let mut wanted = assignment(&zone);
        let mut asked_for = |zone: &mut Zone, n: usize| {
            let (now, email) = (zone.now, format!("account-{n}@example.com"));
            let id = zone.organization.create_account("many", &email, now, &mut zone.chance);
            wanted["TargetId"] = id.into();
            asked(zone, "CreateAccountAssignment", &wanted)
        };
        for n in 0..10 {
            asked_for(&mut zone, n).expect("begun");
        }
        let refusal = asked_for(&mut zone, 10).expect_err("one too many");
        assert_eq!(refusal.code, "ServiceQuotaExceededException");
    }

    #[test]
    fn a_throttled_call_says_so() {
        let mut description = Description::builtin();
        description.identity_center.throttle = true;
        let mut zone = Zone::new(&description, 1, description.organization.since);
        let codes =
            (0..21).map(|_| asked(&mut zone, "ListInstances", &json!({})).map_err(|it| it.code));
        assert_eq!(codes.last(), Some(Err("ThrottlingException".to_owned())));
    }

    #[test]
    fn the_first_instance_is_the_wrong_one() {
        let mut zone = zone();
        let instances = asked(&mut zone, "ListInstances", &json!({})).expect("a list");
        let first = json!({ "InstanceArn": instances["Instances"][0]["InstanceArn"] });
        let refusal =
            asked(&mut zone, "ListPermissionSets", &first).expect_err("no permission sets");
        assert_eq!(refusal.code, "AccessDeniedException");
        let second = json!({ "InstanceArn": instances["Instances"][1]["InstanceArn"] });
        assert!(asked(&mut zone, "ListPermissionSets", &second).is_ok());
    }

    #[test]
    fn permission_sets_come_in_pages() {
        let mut zone = zone();
        let arn = zone.identity_center.instance().arn.clone();
        let first = json!({ "InstanceArn": arn, "MaxResults": 4 });
        let first = asked(&mut zone, "ListPermissionSets", &first).expect("a page");
        let rest = json!({ "InstanceArn": arn, "NextToken": first["NextToken"] });
        let rest = asked(&mut zone, "ListPermissionSets", &rest).expect("a page");
        assert_eq!(rest["PermissionSets"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn malformed_members_are_told_from_unknown_things() {
        let mut zone = zone();
        let mut wanted = assignment(&zone);
        wanted["TargetId"] = "999999999999".into();
        let refusal = asked(&mut zone, "CreateAccountAssignment", &wanted).expect_err("unknown");
        assert_eq!(refusal.code, "ResourceNotFoundException");
        wanted["TargetId"] = "Not Available".into();
        let refusal = asked(&mut zone, "CreateAccountAssignment", &wanted).expect_err("malformed");
        assert_eq!(refusal.code, INVALID);
    }
}
