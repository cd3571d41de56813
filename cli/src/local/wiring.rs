//! The stack that the local run stands for, made from the template that is deployed: what
//! wakes which function, and what CloudFormation tells of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use landing_zone::Description;
use local_cloud::delivery::{Function, Wiring};
use local_cloud::template::{Placement, Stack, Template};

use crate::LocalArguments;

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

/// The address that the stack's notices go to.
pub(super) const ADMIN: &str = "admin@example.com";

/// What wakes `functions`, as `stack` says.
///
/// # Errors
/// When the template has something that the local cloud does not know.
pub fn wiring(stack: &Stack, functions: Vec<Arc<dyn Function>>) -> Result<Wiring> {
    let functions = functions.into_iter().map(|it| (logical_id(it.name()), it));
    stack.wiring(&functions.collect()).context("wire the functions as the template says")
}

/// The stack as it is made of the template in a landing zone, for this run.
///
/// # Errors
/// When the template cannot be read or made into a stack.
pub fn stack(description: &Description, arguments: &LocalArguments) -> Result<Stack> {
    let organization = &description.organization;
    let placement = Placement {
        stack: STACK.into(),
        partition: organization.partition.clone(),
        region: organization.home_region.clone(),
        account: organization.management_account.clone(),
    };
    let template = Template::parse(TEMPLATE).context("read the template")?;
    let stack = template.stack(placement, &parameters(description, arguments));
    let mut stack = stack.context("make a stack of the template")?;
    // CloudFormation chooses the role's name; the landing zone has it in its portfolio.
    let role = &description.account_factory.caller;
    stack.choose_name("ProvisionRole", role.rsplit('/').next().unwrap_or(role));
    Ok(stack)
}

/// The values of the parameters. The template takes one group: of several assignments the
/// first group's is told, although the functions here give them all.
fn parameters(description: &Description, arguments: &LocalArguments) -> BTreeMap<String, String> {
    let mut values = BTreeMap::from([
        ("BucketName", BUCKET.to_owned()),
        ("AdminEmail", ADMIN.to_owned()),
        ("MaxInFlight", arguments.max_in_flight.to_string()),
        ("AcceptValidRows", arguments.accept_valid_rows.to_string()),
        ("Portfolios", portfolios(description)),
    ]);
    let given = &description.stack;
    values.extend([
        ("MemberRole", given.member_role.clone()),
        ("MemberExternalId", given.member_external_id.clone()),
        ("PortfolioPrincipals", given.portfolio_principals.join(";")),
        ("LaunchRole", given.launch_role.clone()),
        ("LocalTagOptions", given.local_tag_options.join(";")),
    ]);
    let mut groups = given.assignments.iter();
    let group = groups.find_map(|it| it.trim().strip_prefix("group:")?.rsplit_once('='));
    if let Some((group, permission_set)) = group {
        values.insert("GroupName", group.trim().to_owned());
        values.insert("PermissionSet", permission_set.trim().to_owned());
    }
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// As the parameter has them: one with a comma in its name is given by its id.
fn portfolios(description: &Description) -> String {
    let given = description.stack.portfolios.iter().map(|name| {
        let described = description.portfolios.iter().find(|it| it.name == *name);
        let id = described.filter(|_| name.contains(',')).map(|it| it.id.as_str());
        id.unwrap_or(name)
    });
    given.collect::<Vec<_>>().join(",")
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
    use clap::Parser;
    use vending::ledger::Batch;
    use vending_aws::TableNames;

    use super::*;
    use crate::{Arguments, Command};

    fn stack_with(description: &Description) -> Stack {
        let line = ["vend", "local", "list.csv", "--max-in-flight", "3"];
        let Command::Local(arguments) = Arguments::parse_from(line).command else { panic!() };
        stack(description, &arguments).unwrap()
    }

    #[test]
    fn the_template_is_about_the_bucket_and_the_tables_of_the_local_run() {
        let stack = stack_with(&Description::builtin());
        let named = |logical: &str| stack.reference(logical).unwrap();
        let tables =
            TableNames { accounts: named("AccountsTable"), control: named("ControlTable") };
        assert_eq!(tables, TableNames::default());
        assert_eq!(named("ListBucket"), BUCKET);
        assert_eq!(named("Topic"), "arn:aws:sns:us-east-1:111122223333:vend-notices");
        assert_eq!(stack.physical_id("ProvisionRole").unwrap(), "vend-provision");
        assert!(TEMPLATE.contains(&format!("prefix: {}\n", Batch::RESULTS_PREFIX)));
    }

    #[test]
    fn the_stack_is_said_to_give_what_the_functions_give() {
        let mut description = Description::builtin();
        let told = |description: &Description| -> BTreeMap<String, String> {
            let stack = stack_with(description);
            stack.parameters().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let values = told(&description);
        assert_eq!(values["GroupName"], "Platform-Admins");
        assert_eq!(values["PermissionSet"], "AWSAdministratorAccess");
        assert_eq!(values["Portfolios"], "Network baseline");
        assert_eq!(values["MemberRole"], "vend-member");
        assert_eq!(values["PortfolioPrincipals"], "role:deploy");
        assert_eq!(
            (values["MaxInFlight"].as_str(), values["AcceptValidRows"].as_str()),
            ("3", "false")
        );
        description.stack.assignments.clear();
        description.portfolios[1].name = "Security, EU".to_owned();
        description.stack.portfolios.push("Security, EU".to_owned());
        let values = told(&description);
        assert_eq!(values["GroupName"], "");
        assert_eq!(values["Portfolios"], "Network baseline,port-security00001");
    }
}
