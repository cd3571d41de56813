//! Each role has what its function calls, and nothing else: the calls are noted while
//! the functions run, and the source tells whether one was left out.

use std::collections::{BTreeMap, BTreeSet};

use local_cloud::template::Stack;
use serde_json::{Value, json};

use crate::calls::Need;
use crate::stack::{FUNCTIONS, TEXT, each, made_of, resource, stack, texts};
use crate::{scan, scenarios};

/// What a role has although the function makes no such call, and why. `*` is every role.
const BESIDES: [(&str, &[&str], &str); 10] = [
    ("*", &["logs:CreateLogStream", "logs:PutLogEvents"], "Lambda writes the logs by the role"),
    (
        "*",
        &["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
        "Lambda writes the traces by the role",
    ),
    ("*", &["sqs:SendMessage"], "Lambda sends what was given up on by the role"),
    (
        "provision",
        &[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        ],
        "Lambda reads the stream by the role",
    ),
    (
        "handover",
        &[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        ],
        "Lambda reads the stream by the role",
    ),
    (
        "intake",
        &["s3:ListBucket"],
        "without it S3 answers 403 and not 404 for a list that is gone (API reference, GetObject)",
    ),
    ("handover", &["s3:ListBucket"], "likewise, for a results file that is gone"),
    (
        "intake",
        &["iam:GetRole"],
        "Service Catalog looks by the caller's rights whether the principal exists",
    ),
    (
        "provision",
        &PROVISION_PRODUCT,
        "ProvisionProduct works with the rights of its caller: Control Tower user guide, \
         \"Automated account provisioning with IAM roles\" and \"Provision and manage accounts\"",
    ),
    (
        "provision",
        &[
            "cloudformation:CreateStack",
            "cloudformation:DeleteStack",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStacks",
            "cloudformation:GetTemplateSummary",
            "cloudformation:SetStackPolicy",
            "cloudformation:UpdateStack",
            "cloudformation:ValidateTemplate",
        ],
        "of AWSServiceCatalogEndUserFullAccess, which the same guide wants for the caller",
    ),
];

/// The guides' own list.
const PROVISION_PRODUCT: [&str; 35] = [
    "controltower:CreateManagedAccount",
    "controltower:DeregisterManagedAccount",
    "controltower:DescribeManagedAccount",
    "organizations:CreateAccount",
    "organizations:DescribeCreateAccountStatus",
    "organizations:DescribeOrganization",
    "s3:GetObject",
    "sso-directory:AddMemberToGroup",
    "sso-directory:CreateUser",
    "sso-directory:DescribeDirectory",
    "sso-directory:DescribeGroups",
    "sso-directory:GetUserPoolInfo",
    "sso-directory:ListMembersInGroup",
    "sso-directory:SearchGroups",
    "sso-directory:SearchGroupsWithGroupName",
    "sso-directory:SearchUsers",
    "sso:AssociateProfile",
    "sso:CreateApplicationInstance",
    "sso:CreateProfile",
    "sso:CreateTrust",
    "sso:DescribeRegisteredRegions",
    "sso:GetApplicationInstance",
    "sso:GetPeregrineStatus",
    "sso:GetPermissionSet",
    "sso:GetProfile",
    "sso:GetSSOStatus",
    "sso:GetTrust",
    "sso:ListDirectoryAssociations",
    "sso:ListPermissionSets",
    "sso:ListProfileAssociations",
    "sso:ProvisionApplicationInstanceForAWSAccount",
    "sso:ProvisionApplicationProfileForAWSAccountInstance",
    "sso:ProvisionSAMLProvider",
    "sso:UpdateProfile",
    "sso:UpdateTrust",
];

/// Operations that the source names and no function calls, and why.
const NOT_OF_FUNCTIONS: [(&str, &str); 1] =
    [("CreateTable", "the local run and tests make the tables; on AWS the template does")];

/// One action on one resource, with wildcards in the resource.
type Grant = (String, String);

/// What the role of a function allows.
fn granted(stack: &Stack, logical: &str) -> BTreeSet<Grant> {
    let role = &resource(stack, logical).properties["Role"];
    let mut roles = stack.of_kind("AWS::IAM::Role");
    let (_, role) = roles.find(|(name, _)| *role == stack.attribute(name, "Arn").unwrap()).unwrap();
    let policies = each(&role.properties["Policies"]);
    let statements = policies.iter().flat_map(|it| each(&it["PolicyDocument"]["Statement"]));
    let mut granted = BTreeSet::new();
    for statement in statements {
        assert_eq!(statement["Effect"], "Allow");
        assert!(is_without_condition(&statement), "conditions are not evaluated here");
        for action in texts(&statement["Action"]) {
            let resources = texts(&statement["Resource"]);
            granted.extend(resources.into_iter().map(|it| (action.clone(), it)));
        }
    }
    granted
}

/// Whether nothing narrows the statement but that roles are of this organization's accounts.
fn is_without_condition(statement: &Value) -> bool {
    let ours = json!({ "StringEquals": { "aws:ResourceOrgID": "${aws:PrincipalOrgID}" } });
    statement["Condition"].is_null()
        || (texts(&statement["Action"]) == ["sts:AssumeRole"] && statement["Condition"] == ours)
}

/// Whether an ARN is one that a pattern with `*`s covers.
fn covers(pattern: &str, arn: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == arn,
        Some((before, after)) => arn.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len())
                .filter(|at| rest.is_char_boundary(*at))
                .any(|at| covers(after, &rest[at..]))
        }),
    }
}

fn allows((action, pattern): &Grant, need: &Need) -> bool {
    let resource = need.resource.as_deref();
    *action == need.action && resource.is_none_or(|resource| covers(pattern, resource))
}

/// Everything is allowed where the call names what it is about.
fn is_too_wide((_, pattern): &Grant, need: &Need) -> bool {
    pattern == "*" && need.resource.is_some()
}

fn is_besides(function: &str, action: &str) -> bool {
    BESIDES.iter().any(|(whose, actions, _)| {
        (*whose == "*" || *whose == function) && actions.contains(&action)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_has_what_its_function_calls_and_nothing_else() {
    let needs = scenarios::needs().await;
    let in_members = scenarios::needs_in_accounts().await;
    let named = needs.values().flatten().chain(&in_members);
    let named: BTreeSet<_> = named.map(|need| need.operation.clone()).collect();
    let left_out: Vec<_> = scan::operations()
        .into_iter()
        .filter(|it| !named.contains(it) && NOT_OF_FUNCTIONS.iter().all(|(name, _)| name != it))
        .collect();
    let in_accounts = &scenarios::IN_ACCOUNTS[..1];
    assert_eq!(differences(&stack(in_accounts), &needs), [""; 0]);
    let without = differences(&stack(&[]), &needs);
    let lacks = |it: &String| it.starts_with("handover lacks sts:AssumeRole on ");
    assert!(!without.is_empty() && without.iter().all(lacks), "no role to assume: {without:?}");
    assert!(left_out.is_empty(), "no scenario reaches {left_out:?}");

    // And the other way round: what is taken from a role is missed, what is added is spare.
    let lacking = TEXT.replace("- servicecatalog:DescribeRecord\n", "- sns:Publish\n");
    let lacking = differences(&made_of(&lacking, "aws", in_accounts), &needs);
    assert_eq!(
        lacking,
        [
            "provision does not use sns:Publish on *",
            "provision lacks servicecatalog:DescribeRecord"
        ]
    );
    let elsewhere = TEXT.replace("${ListBucket.Arn}/results/*", "${ListBucket.Arn}/other/*");
    let elsewhere = differences(&made_of(&elsewhere, "aws", in_accounts), &needs);
    assert!(
        elsewhere.iter().any(|it| it.starts_with("intake lacks s3:PutObject")),
        "{elsewhere:?}"
    );
}

/// What the roles of a stack lack, and what they have for nothing.
fn differences(stack: &Stack, needs: &BTreeMap<&str, BTreeSet<Need>>) -> Vec<String> {
    let mut differences = BTreeSet::new();
    for (logical, name) in FUNCTIONS {
        let granted = granted(stack, logical);
        for need in &needs[name] {
            if !granted.iter().any(|grant| allows(grant, need)) {
                let on = need.resource.as_ref().map(|it| format!(" on {it}")).unwrap_or_default();
                differences.insert(format!("{name} lacks {}{on}", need.action));
            }
        }
        for grant in &granted {
            let used =
                needs[name].iter().any(|need| allows(grant, need) && !is_too_wide(grant, need));
            if !used && !is_besides(name, &grant.0) {
                differences.insert(format!("{name} does not use {} on {}", grant.0, grant.1));
            }
        }
    }
    differences.into_iter().collect()
}

#[test]
fn every_exception_is_about_something_that_a_role_has() {
    let stack = stack(&[]);
    for (whose, actions, why) in BESIDES {
        for (logical, name) in FUNCTIONS {
            let granted = granted(&stack, logical);
            let of_role = whose == "*" || whose == name;
            for action in actions.iter().filter(|_| of_role) {
                assert!(granted.iter().any(|grant| grant.0 == **action), "{name}: {action}, {why}");
            }
        }
    }
}

/// Every call that a scenario makes is one that its role has: no scenario scans, either.
#[test]
fn no_function_may_scan_a_table() {
    for in_accounts in [&scenarios::IN_ACCOUNTS[..1], &[]] {
        let stack = stack(in_accounts);
        for (logical, name) in FUNCTIONS {
            let tables = granted(&stack, logical).into_iter().map(|(action, _)| action);
            let tables: Vec<_> = tables.filter(|it| it.starts_with("dynamodb:")).collect();
            assert!(tables.iter().any(|action| action == "dynamodb:GetItem"), "{name}: {tables:?}");
            let wide = |action: &&String| *action == "dynamodb:Scan" || action.contains('*');
            assert_eq!(tables.iter().find(wide), None, "{name}");
        }
    }
}

#[test]
fn patterns_cover_as_iam_says() {
    assert!(covers("*", "arn:aws:s3:::b/k"));
    assert!(covers("arn:aws:s3:::b/results/*", "arn:aws:s3:::b/results/a.csv"));
    assert!(!covers("arn:aws:s3:::b/results/*", "arn:aws:s3:::b/a.csv"));
    assert!(covers("a*c*e", "abcde") && !covers("a*c*e", "abcd"));
}
