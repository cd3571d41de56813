//! What wakes which function: as the template of the deployed stack says.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use local_cloud::Cloud;
use local_cloud::delivery::{Function, Wiring};
use local_cloud::template::{Placement, Stack, Template};

/// The template that is deployed.
const TEMPLATE: &str = include_str!("../../../infra/template.yaml");

/// The bucket that files are dropped into.
pub const BUCKET: &str = "vend-lists";

/// The name of the stack, from which the tables have theirs.
const STACK: &str = "vend";

/// The function that takes files in.
pub const INTAKE: &str = "intake";
/// The function that launches accounts.
pub const PROVISION: &str = "provision";
/// The function that gives accounts their access.
pub const HANDOVER: &str = "handover";

/// What wakes `functions` in `cloud`.
///
/// # Errors
/// When the template has something that the local cloud does not know.
pub fn wiring(cloud: &Cloud, functions: Vec<Arc<dyn Function>>) -> Result<Wiring> {
    let stack = stack(cloud.region(), cloud.account())?;
    let functions = functions.into_iter().map(|it| (logical_id(it.name()), it));
    stack.wiring(&functions.collect()).context("wire the functions as the template says")
}

/// The stack as it is made of the template in a Region of an account.
fn stack(region: &str, account: &str) -> Result<Stack> {
    let placement = Placement {
        stack: STACK.into(),
        partition: "aws".into(),
        region: region.into(),
        account: account.into(),
    };
    let parameters = [("BucketName", BUCKET), ("AdminEmail", "admin@example.com")];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let template = Template::parse(TEMPLATE).context("read the template")?;
    template.stack(placement, &BTreeMap::from(parameters)).context("make a stack of the template")
}

/// The id of a function in the template.
fn logical_id(function: &str) -> String {
    let logical = match function {
        INTAKE => "IntakeFunction",
        PROVISION => "ProvisionFunction",
        HANDOVER => "HandoverFunction",
        other => other,
    };
    logical.to_owned()
}

#[cfg(test)]
mod tests {
    use vending::ledger::Batch;
    use vending_aws::TableNames;

    use super::*;

    #[test]
    fn the_template_is_about_the_bucket_and_the_tables_of_the_local_run() {
        let stack = stack("us-east-1", "111122223333").unwrap();
        let named = |logical: &str| stack.reference(logical).unwrap();
        let tables =
            TableNames { accounts: named("AccountsTable"), control: named("ControlTable") };
        assert_eq!(tables, TableNames::default());
        assert_eq!(named("ListBucket"), BUCKET);
        assert!(TEMPLATE.contains(&format!("prefix: {}\n", Batch::RESULTS_PREFIX)));
    }
}
