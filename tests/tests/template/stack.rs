//! The template, and stacks that are made of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use local_cloud::delivery::{Function, Wiring};
use local_cloud::template::{Placement, Resource, Stack, Template};
use serde_json::Value;

/// The text of it.
pub const TEXT: &str = include_str!("../../../infra/template.yaml");

/// The functions by their logical ids, with what the local run calls them.
pub const FUNCTIONS: [(&str, &str); 3] = [
    ("IntakeFunction", "intake"),
    ("ProvisionFunction", "provision"),
    ("HandoverFunction", "handover"),
];

/// The bucket of the sample events.
pub const BUCKET: &str = "vend-account-lists-111122223333";

/// Parameters that have no default.
pub const REQUIRED: [(&str, &str); 2] =
    [("BucketName", BUCKET), ("AdminEmail", "cloud-team@example.com")];

/// Every other parameter with a value that is not its default.
pub const OPTIONAL: [(&str, &str); 15] = [
    ("MemberRole", "team/vend-member"),
    ("MemberExternalId", "some-external-id"),
    ("PortfolioPrincipals", "role:deploy; permission-set:AWSReadOnlyAccess"),
    ("LaunchRole", "launch"),
    ("LocalTagOptions", "team=web;stage=test"),
    ("ReadyNotices", "digest"),
    ("IdentityCenterInstanceArn", "arn:aws:sso:::instance/ssoins-72230123456789ab"),
    ("IdentityStoreId", "d-9067012345"),
    ("GroupName", "Platform-Admins"),
    ("PermissionSet", "AWSAdministratorAccess"),
    ("Portfolios", "Network baseline,port-security00001"),
    ("OutsideAccounts", "false"),
    ("AcceptValidRows", "true"),
    ("MaxInFlight", "5"),
    ("LogRetentionDays", "30"),
];

/// The stack with the given parameters besides those that it must have.
pub fn stack(parameters: &[(&str, &str)]) -> Stack {
    made_of(TEXT, "aws", parameters)
}

/// The stack that a template makes in a partition.
pub fn made_of(text: &str, partition: &str, parameters: &[(&str, &str)]) -> Stack {
    let placement = Placement {
        stack: "vend".to_owned(),
        partition: partition.to_owned(),
        region: "us-east-1".to_owned(),
        account: "111122223333".to_owned(),
    };
    let given = REQUIRED.iter().chain(parameters);
    let given: BTreeMap<_, _> =
        given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Template::parse(text).unwrap().stack(placement, &given).unwrap()
}

/// A resource of a stack.
pub fn resource<'a>(stack: &'a Stack, logical: &str) -> &'a Resource {
    stack.resources().get(logical).unwrap_or_else(|| panic!("there is no {logical}"))
}

/// The variables of a function, as the stack sets them.
pub fn variables(stack: &Stack, logical: &str) -> BTreeMap<String, String> {
    let variables = &resource(stack, logical).properties["Environment"]["Variables"];
    let variables = variables.as_object().unwrap().iter();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    variables.map(|(name, value)| (name.clone(), text(value))).collect()
}

/// A whole number among the properties of a resource.
pub fn number(stack: &Stack, logical: &str, name: &str) -> u64 {
    let value = &resource(stack, logical).properties[name];
    value.as_u64().unwrap_or_else(|| panic!("{logical}.{name} is {value}"))
}

/// The name of a queue.
pub fn queue(stack: &Stack, logical: &str) -> Option<String> {
    Some(stack.attribute(logical, "QueueName").unwrap())
}

/// The wiring of functions that are called as in [`FUNCTIONS`].
pub fn wiring(stack: &Stack, functions: impl IntoIterator<Item = Arc<dyn Function>>) -> Wiring {
    let logical = |name: &str| FUNCTIONS.iter().find(|it| it.1 == name).unwrap().0.to_owned();
    let functions = functions.into_iter().map(|it| (logical(it.name()), it)).collect();
    stack.wiring(&functions).unwrap()
}

/// A path in the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// One value, or each of a list: IAM and CloudFormation take both.
pub fn each(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values.clone(),
        Value::Null => Vec::new(),
        single => vec![single.clone()],
    }
}

/// The texts of one value or of a list.
pub fn texts(value: &Value) -> Vec<String> {
    each(value).iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}
