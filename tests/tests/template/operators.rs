//! The policy for operators: it allows what the doctor asks, and changes nothing.

use std::collections::BTreeSet;

use local_cloud::template::Stack;

use crate::scan::sources;
use crate::stack::{each, stack, texts};

/// What it allows besides, for the commands that show how things stand; the doctor asks
/// some of it, too, through what it shares with the functions.
const BESIDES: [&str; 22] = [
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "identitystore:GetGroupId",
    "identitystore:GetUserId",
    "identitystore:ListGroupMemberships",
    "identitystore:ListGroupMembershipsForMember",
    "identitystore:ListGroups",
    "identitystore:ListUsers",
    "sso:GetInlinePolicyForPermissionSet",
    "sso:GetPermissionsBoundaryForPermissionSet",
    "sso:ListAccountAssignments",
    "sso:ListAccountAssignmentsForPrincipal",
    "sso:ListAccountsForProvisionedPermissionSet",
    "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
    "sso:ListManagedPoliciesInPermissionSet",
    "sso:ListPermissionSets",
    "sso:ListPermissionSetsProvisionedToAccount",
    // Needs no permission, and none can be taken away.
    "sts:GetCallerIdentity",
];

fn allowed(stack: &Stack) -> BTreeSet<String> {
    let policy = &stack.resources()["OperatorPolicy"].properties;
    let statements = each(&policy["PolicyDocument"]["Statement"]);
    statements.iter().flat_map(|it| texts(&it["Action"])).collect()
}

/// The actions that the doctor's adapters name where a call may be denied.
fn named() -> BTreeSet<String> {
    let text = sources(&["shared/vending-aws/src/operator"]);
    let quoted = text.split('"').skip(1).step_by(2);
    let is_action = |it: &&str| {
        it.split_once(':').is_some_and(|(service, action)| {
            service.bytes().all(|byte| byte.is_ascii_lowercase())
                && action.starts_with(|first: char| first.is_ascii_uppercase())
                && action.bytes().all(|byte| byte.is_ascii_alphabetic())
        })
    };
    quoted.filter(is_action).map(str::to_owned).collect()
}

#[test]
fn operators_may_ask_what_the_doctor_asks_and_hardly_more() {
    let (allowed, named) = (allowed(&stack(&[])), named());
    assert!(named.len() > 15, "{named:?}");
    let besides: BTreeSet<String> = BESIDES.map(str::to_owned).into();
    let lacking: Vec<_> = named.difference(&allowed).filter(|it| !besides.contains(*it)).collect();
    assert!(lacking.is_empty(), "the policy lacks {lacking:?}");
    let spare: Vec<_> = allowed.difference(&named).filter(|it| !besides.contains(*it)).collect();
    assert!(spare.is_empty(), "nobody asks {spare:?}");
}

#[test]
fn operators_change_nothing_by_it() {
    for action in allowed(&stack(&[])) {
        let (_, verb) = action.split_once(':').unwrap();
        let reads = ["BatchGet", "Describe", "Get", "List", "Query", "Scan"];
        assert!(reads.iter().any(|read| verb.starts_with(read)), "{action}");
    }
}
