//! How Identity Center answers, request by request.

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
    let refusal = asked(&mut zone, "ListPermissionSets", &first).expect_err("no permission sets");
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

fn empty() -> Value {
    json!({})
}

/// Asks about a permission set of the organization's instance.
fn about(zone: &mut Zone, operation: &str, set: &str, more: &Value) -> Result<Value, Refusal> {
    let mut body = json!({
        "InstanceArn": zone.identity_center.instance().arn,
        "PermissionSetArn": set,
    });
    for (key, value) in more.as_object().expect("members") {
        body[key] = value.clone();
    }
    asked(zone, operation, &body)
}

fn create(zone: &mut Zone, name: &str) -> Result<String, Refusal> {
    let body = json!({
        "InstanceArn": zone.identity_center.instance().arn,
        "Name": name,
        "Description": "For a team",
        "SessionDuration": "PT4H",
        "RelayState": "https://console.aws.amazon.com/",
    });
    let made = asked(zone, "CreatePermissionSet", &body)?;
    Ok(made["PermissionSet"]["PermissionSetArn"].as_str().expect("an ARN").to_owned())
}

#[test]
fn a_permission_set_is_made_changed_and_described() {
    let mut zone = zone();
    let set = create(&mut zone, "Team").expect("made");
    let session = json!({ "SessionDuration": "PT8H" });
    let changed = about(&mut zone, "UpdatePermissionSet", &set, &session).expect("changed");
    assert_eq!(changed, empty());
    let set = about(&mut zone, "DescribePermissionSet", &set, &empty()).expect("known");
    let set = &set["PermissionSet"];
    assert_eq!((&set["Name"], &set["SessionDuration"]), (&json!("Team"), &json!("PT8H")));
    assert_eq!((&set["Description"], set.get("RelayState")), (&json!("For a team"), None));
    assert_eq!(create(&mut zone, "Team").expect_err("taken").code, "ConflictException");
}

#[test]
fn what_no_permission_set_may_be_is_malformed() {
    let mut zone = zone();
    let arn = zone.identity_center.instance().arn.clone();
    for (key, value) in [
        ("Name", "no name"),
        ("Name", "123456789012345678901234567890123"),
        ("SessionDuration", "PT13H"),
        ("Description", "\u{2013}"),
        ("RelayState", "<>"),
    ] {
        let mut body = json!({ "InstanceArn": arn, "Name": "Team" });
        body[key] = value.into();
        let refusal = asked(&mut zone, "CreatePermissionSet", &body).expect_err("malformed");
        assert_eq!(refusal.code, INVALID, "{key} {value}");
    }
    let tags = json!({ "InstanceArn": arn, "Name": "Team", "Tags": [] });
    let refusal = asked(&mut zone, "CreatePermissionSet", &tags).expect_err("not modeled");
    assert!(refusal.message.contains("unknown field `Tags`"), "{}", refusal.message);
}

#[test]
fn managed_policies_are_attached_listed_and_detached() {
    let mut zone = zone();
    let set = create(&mut zone, "Team").expect("made");
    let policy = json!({ "ManagedPolicyArn": "arn:aws:iam::aws:policy/job-function/Billing" });
    let mut ask = |operation: &str, more: &Value| about(&mut zone, operation, &set, more);
    ask("AttachManagedPolicyToPermissionSet", &policy).expect("attached");
    let again = ask("AttachManagedPolicyToPermissionSet", &policy).expect_err("attached already");
    assert_eq!(again.code, "ConflictException");
    let listed = ask("ListManagedPoliciesInPermissionSet", &empty()).expect("a list");
    assert_eq!(listed["AttachedManagedPolicies"][0]["Name"], "Billing");
    ask("DetachManagedPolicyFromPermissionSet", &policy).expect("detached");
    let again = ask("DetachManagedPolicyFromPermissionSet", &policy).expect_err("not attached");
    assert_eq!(again.code, "ResourceNotFoundException");
    let own = json!({ "ManagedPolicyArn": "arn:aws:iam::111122223333:policy/Mine" });
    let refusal = ask("AttachManagedPolicyToPermissionSet", &own).expect_err("not AWS's");
    assert_eq!(refusal.code, INVALID);
}

#[test]
fn policies_of_the_accounts_are_attached_listed_and_detached() {
    let mut zone = zone();
    let set = create(&mut zone, "Team").expect("made");
    let policy = json!({ "CustomerManagedPolicyReference": { "Name": "Edge" } });
    let mut ask = |operation: &str, more: &Value| about(&mut zone, operation, &set, more);
    ask("AttachCustomerManagedPolicyReferenceToPermissionSet", &policy).expect("attached");
    let list = "ListCustomerManagedPolicyReferencesInPermissionSet";
    let listed = ask(list, &empty()).expect("a list");
    assert_eq!(
        listed["CustomerManagedPolicyReferences"][0],
        json!({ "Name": "Edge", "Path": "/" })
    );
    ask("DetachCustomerManagedPolicyReferenceFromPermissionSet", &policy).expect("detached");
    let listed = ask(list, &empty()).expect("a list");
    assert_eq!(listed["CustomerManagedPolicyReferences"], json!([]));
}

#[test]
fn an_inline_policy_and_a_boundary_are_put_read_and_deleted() {
    let mut zone = zone();
    let set = create(&mut zone, "Team").expect("made");
    let mut ask = |operation: &str, more: &Value| about(&mut zone, operation, &set, more);
    let policy = json!({ "InlinePolicy": r#"{"Version":"2012-10-17","Statement":[]}"# });
    ask("PutInlinePolicyToPermissionSet", &policy).expect("put");
    assert_eq!(ask("GetInlinePolicyForPermissionSet", &empty()), Ok(policy));
    ask("DeleteInlinePolicyFromPermissionSet", &empty()).expect("deleted");
    assert_eq!(ask("GetInlinePolicyForPermissionSet", &empty()), Ok(empty()));
    let boundary = json!({ "PermissionsBoundary": {
        "ManagedPolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess",
    } });
    ask("PutPermissionsBoundaryToPermissionSet", &boundary).expect("put");
    assert_eq!(ask("GetPermissionsBoundaryForPermissionSet", &empty()), Ok(boundary));
    ask("DeletePermissionsBoundaryFromPermissionSet", &empty()).expect("deleted");
    let none = ask("GetPermissionsBoundaryForPermissionSet", &empty()).expect_err("none");
    assert_eq!(none.code, "ResourceNotFoundException");
    let neither = json!({ "PermissionsBoundary": {} });
    let refusal = ask("PutPermissionsBoundaryToPermissionSet", &neither).expect_err("neither");
    assert_eq!(refusal.code, INVALID);
}

#[test]
fn a_policy_too_long_is_malformed_and_one_of_too_many_bytes_is_over_the_quota() {
    let mut zone = zone();
    let set = create(&mut zone, "Team").expect("made");
    let mut code = |filler: &str, times| {
        let text = format!(r#"{{"Statement":[],"Id":"{}"}}"#, filler.repeat(times));
        let policy = json!({ "InlinePolicy": text });
        let put = about(&mut zone, "PutInlinePolicyToPermissionSet", &set, &policy);
        put.err().map(|refusal| refusal.code)
    };
    assert_eq!(code("x", 32_700), None);
    assert_eq!(code("x", 32_769).as_deref(), Some(INVALID));
    assert_eq!(code("ü", 20_000).as_deref(), Some("ServiceQuotaExceededException"));
}

#[test]
fn a_change_is_provisioned_where_the_permission_set_is_held() {
    let mut zone = zone();
    let wanted = assignment(&zone);
    asked(&mut zone, "CreateAccountAssignment", &wanted).expect("begun");
    zone.advance_to(zone.now() + TimeDelta::minutes(1));
    let set = wanted["PermissionSetArn"].as_str().expect("an ARN");
    about(&mut zone, "UpdatePermissionSet", set, &json!({})).expect("changed");
    let outdated = json!({ "ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED" });
    let list = "ListAccountsForProvisionedPermissionSet";
    let listed = about(&mut zone, list, set, &outdated).expect("a list");
    assert_eq!(listed["AccountIds"], json!(["555566667777"]));
    let all = json!({ "TargetType": "ALL_PROVISIONED_ACCOUNTS" });
    let begun = about(&mut zone, "ProvisionPermissionSet", set, &all).expect("begun");
    let begun = &begun["PermissionSetProvisioningStatus"];
    assert_eq!((&begun["Status"], begun.get("AccountId")), (&json!("IN_PROGRESS"), None));
    zone.advance_to(zone.now() + TimeDelta::minutes(1));
    let status = json!({
        "InstanceArn": wanted["InstanceArn"],
        "ProvisionPermissionSetRequestId": begun["RequestId"],
    });
    let over = asked(&mut zone, "DescribePermissionSetProvisioningStatus", &status);
    assert_eq!(over.expect("known")["PermissionSetProvisioningStatus"]["Status"], "SUCCEEDED");
    let listed = about(&mut zone, list, set, &outdated).expect("a list");
    assert_eq!(listed["AccountIds"], json!([]));
    let account = json!({ "InstanceArn": wanted["InstanceArn"], "AccountId": "555566667777" });
    let listed = asked(&mut zone, "ListPermissionSetsProvisionedToAccount", &account);
    assert_eq!(listed.expect("a list")["PermissionSets"], json!([set]));
}

#[test]
fn provisioning_needs_an_account_or_all_of_them() {
    let mut zone = zone();
    let set = zone.identity_center.permission_sets()[0].arn.clone();
    for (members, code) in [
        (json!({ "TargetType": "AWS_ACCOUNT" }), INVALID),
        (json!({ "TargetType": "OU", "TargetId": "555566667777" }), INVALID),
        (json!({ "TargetType": "ALL_PROVISIONED_ACCOUNTS", "TargetId": "555566667777" }), INVALID),
        (
            json!({ "TargetType": "AWS_ACCOUNT", "TargetId": "999999999999" }),
            "ResourceNotFoundException",
        ),
    ] {
        let refusal = about(&mut zone, "ProvisionPermissionSet", &set, &members);
        assert_eq!(refusal.expect_err("refused").code, code, "{members}");
    }
}

#[test]
fn an_assignment_is_taken_away_and_asked_about() {
    let mut zone = zone();
    let wanted = assignment(&zone);
    let none = asked(&mut zone, "DeleteAccountAssignment", &wanted).expect_err("none");
    assert_eq!(none.code, "ResourceNotFoundException");
    asked(&mut zone, "CreateAccountAssignment", &wanted).expect("begun");
    zone.advance_to(zone.now() + TimeDelta::minutes(1));
    let begun = asked(&mut zone, "DeleteAccountAssignment", &wanted).expect("begun");
    let conflict = asked(&mut zone, "CreateAccountAssignment", &wanted).expect_err("busy");
    assert_eq!(conflict.code, "ConflictException");
    zone.advance_to(zone.now() + TimeDelta::minutes(1));
    let about = json!({
        "InstanceArn": wanted["InstanceArn"],
        "AccountAssignmentDeletionRequestId":
            begun["AccountAssignmentDeletionStatus"]["RequestId"],
    });
    let over = asked(&mut zone, "DescribeAccountAssignmentDeletionStatus", &about).expect("known");
    assert_eq!(over["AccountAssignmentDeletionStatus"]["Status"], "SUCCEEDED");
    assert!(zone.identity_center.assignments().is_empty());
}

#[test]
fn a_users_assignments_are_listed_with_those_of_its_groups() {
    let mut zone = zone();
    let wanted = assignment(&zone);
    asked(&mut zone, "CreateAccountAssignment", &wanted).expect("begun");
    zone.advance_to(zone.now() + TimeDelta::minutes(1));
    let john = zone.identity_center.user_named("john.smith").expect("a user").id.clone();
    let mut list = json!({
        "InstanceArn": wanted["InstanceArn"],
        "PrincipalId": john,
        "PrincipalType": "USER",
        "Filter": { "AccountId": "555566667777" },
    });
    let listed = asked(&mut zone, "ListAccountAssignmentsForPrincipal", &list).expect("a list");
    assert_eq!(listed["AccountAssignments"][0]["PrincipalId"], wanted["PrincipalId"]);
    assert_eq!(listed["AccountAssignments"][0]["PrincipalType"], "GROUP");
    list["Filter"]["AccountId"] = "444455556666".into();
    let listed = asked(&mut zone, "ListAccountAssignmentsForPrincipal", &list).expect("a list");
    assert_eq!(listed["AccountAssignments"], json!([]));
}

#[test]
fn only_the_management_account_lists_a_principals_assignments() {
    let mut description = Description::builtin();
    description.caller.account = Some("444455556666".to_owned());
    let mut zone = Zone::new(&description, 1, description.organization.since);
    let wanted = assignment(&zone);
    let list = json!({
        "InstanceArn": wanted["InstanceArn"],
        "PrincipalId": wanted["PrincipalId"],
        "PrincipalType": "GROUP",
    });
    let refusal =
        asked(&mut zone, "ListAccountAssignmentsForPrincipal", &list).expect_err("denied");
    assert_eq!(refusal.code, "AccessDeniedException");
}

#[test]
fn a_delegated_administrator_keeps_away_from_the_management_account() {
    let mut description = Description::builtin();
    description.caller.account = Some("444455556666".to_owned());
    let mut zone = Zone::new(&description, 1, description.organization.since);
    let mut wanted = assignment(&zone);
    let set = wanted["PermissionSetArn"].as_str().expect("an ARN").to_owned();
    asked(&mut zone, "CreateAccountAssignment", &wanted).expect("begun");
    about(&mut zone, "UpdatePermissionSet", &set, &empty()).expect("changed");
    wanted["TargetId"] = "111122223333".into();
    let refusal = asked(&mut zone, "CreateAccountAssignment", &wanted).expect_err("denied");
    assert_eq!(refusal.code, "AccessDeniedException");
    let owner = zone.identity_center.instance().owner.clone();
    let group = wanted["PrincipalId"].as_str().expect("an id").to_owned();
    zone.identity_center.put_in_effect(crate::model::identity_center::Assignment {
        account: owner,
        permission_set: set.clone(),
        kind: crate::model::identity_center::PrincipalKind::Group,
        principal: group,
    });
    let refusal = about(&mut zone, "UpdatePermissionSet", &set, &empty()).expect_err("denied");
    assert_eq!(refusal.code, "AccessDeniedException");
    about(&mut zone, "DescribePermissionSet", &set, &empty()).expect("looked at");
}
