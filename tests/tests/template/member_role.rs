//! The role in member accounts: it has what is called by it, and lets nobody else in.

use std::collections::{BTreeMap, BTreeSet};

use local_cloud::template::{Placement, Stack, Template};

use crate::scenarios;
use crate::stack::{each, texts};

const TEXT: &str = include_str!("../../../infra/member-role.yaml");

const HANDOVER: &str = "arn:aws:iam::111122223333:role/vend-HandoverRole-ABC";

/// What the role has although no call needs it by name, and why.
const BESIDES: [(&str, &str); 4] = [
    ("iam:GetRole", "Service Catalog looks by the caller's rights whether the principal exists"),
    ("iam:GetUser", "likewise"),
    ("iam:GetGroup", "likewise"),
    ("iam:PassRole", "a launch constraint passes its role to Service Catalog"),
];

fn stack(partition: &str, launch_role: &str) -> Stack {
    let placement = Placement {
        stack: "vend-member-role".to_owned(),
        partition: partition.to_owned(),
        region: "us-east-1".to_owned(),
        account: "555566667777".to_owned(),
    };
    let values = BTreeMap::from(
        [
            ("HandoverRoleArn", HANDOVER),
            ("ExternalId", "an-external-id-of-ours"),
            ("LaunchRole", launch_role),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    Template::parse(TEXT).unwrap().stack(placement, &values).unwrap()
}

fn allowed(stack: &Stack) -> BTreeSet<String> {
    let properties = &stack.resources()["MemberRole"].properties;
    let policies = each(&properties["Policies"]);
    let statements = policies.iter().flat_map(|it| each(&it["PolicyDocument"]["Statement"]));
    statements.flat_map(|it| texts(&it["Action"])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_has_what_is_called_by_it_and_nothing_else() {
    let called: BTreeSet<String> =
        scenarios::needs_in_accounts().await.into_iter().map(|need| need.action).collect();
    let besides = BESIDES.iter().map(|(action, _)| (*action).to_owned());
    let wanted: BTreeSet<String> = called.into_iter().chain(besides).collect();
    assert_eq!(allowed(&stack("aws", "launch")), wanted);
    let without = allowed(&stack("aws", ""));
    assert!(!without.contains("iam:PassRole"), "nothing to pass");
    assert_eq!(without.len() + 1, wanted.len());
}

#[test]
fn it_takes_nothing_away_and_no_action_is_a_wildcard() {
    for action in allowed(&stack("aws", "launch")) {
        let (_, operation) = action.split_once(':').unwrap();
        let harmless =
            ["Accept", "Associate", "Create", "Describe", "Get", "List", "Pass", "Search"];
        assert!(harmless.iter().any(|verb| operation.starts_with(verb)), "{action}");
        assert!(!action.contains('*'), "{action}");
    }
}

#[test]
fn it_lets_the_handover_role_in_with_the_external_id_alone() {
    let stack = stack("aws", "");
    let trust = &stack.resources()["MemberRole"].properties["AssumeRolePolicyDocument"];
    let [statement] = &each(&trust["Statement"])[..] else { panic!("{trust}") };
    assert_eq!(statement["Principal"]["AWS"], HANDOVER);
    assert_eq!(texts(&statement["Action"]), ["sts:AssumeRole"]);
    let condition = &statement["Condition"]["StringEquals"]["sts:ExternalId"];
    assert_eq!(condition, "an-external-id-of-ours");
    assert_eq!(stack.reference("MemberRole").unwrap(), "vend-member");
}

#[test]
fn every_partition_has_its_own_arns() {
    assert!(!TEXT.contains("arn:aws:"), "an ARN of one partition");
    let text = stack("aws-cn", "launch").resources()["MemberRole"].properties.to_string();
    let arns = text.match_indices("\"arn:").map(|(place, _)| &text[place..]);
    let foreign = arns.filter(|arn| !arn.starts_with("\"arn:aws-cn:"));
    let foreign: Vec<_> =
        foreign.filter(|arn| !arn.starts_with(&format!("\"{HANDOVER}"))).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}
