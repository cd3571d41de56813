//! What is kept when the stack goes, and that every function understands the variables
//! that the template gives it.

use std::collections::BTreeSet;

use local_cloud::template::Stack;
use serde_json::Value;
use vending::announce::ReadyNotices;
use vending_aws::{Environment, MissingVariables};

use crate::stack::{FUNCTIONS, OPTIONAL, REQUIRED, TEXT, number, resource, stack, variables};

#[test]
fn lists_and_ledger_outlive_the_stack() {
    let stack = stack(&[]);
    for logical in ["ListBucket", "AccountsTable", "ControlTable"] {
        let kept = resource(&stack, logical);
        assert_eq!(kept.deletion_policy.as_deref(), Some("Retain"), "{logical}");
        assert_eq!(kept.update_replace_policy.as_deref(), Some("Retain"), "{logical}");
    }
    for (logical, table) in stack.of_kind("AWS::DynamoDB::Table") {
        let given = &table.properties;
        assert_eq!(given["BillingMode"], "PAY_PER_REQUEST", "{logical}");
        assert_eq!(given["SSESpecification"]["SSEEnabled"], true, "{logical}");
        let recovery = &given["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"];
        assert_eq!(*recovery, true, "{logical}");
    }
    let bucket = &resource(&stack, "ListBucket").properties;
    assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled");
    assert!(bucket["BucketEncryption"].is_object());
}

#[test]
fn every_function_logs_into_a_group_whose_logs_end() {
    for (parameters, days) in [(&OPTIONAL[..0], 365), (&[("LogRetentionDays", "30")][..], 30)] {
        let stack = stack(parameters);
        let groups: BTreeSet<_> = stack
            .of_kind("AWS::Logs::LogGroup")
            .map(|(logical, group)| {
                let kept = &group.properties["RetentionInDays"];
                let kept = kept.as_u64().or_else(|| kept.as_str()?.parse().ok());
                assert_eq!(kept, Some(days), "{logical}");
                stack.reference(logical).unwrap()
            })
            .collect();
        let used: BTreeSet<_> = FUNCTIONS
            .iter()
            .map(|(logical, _)| {
                let group = &resource(&stack, logical).properties["LoggingConfig"]["LogGroup"];
                group.as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!((groups.len(), &groups), (3, &used));
    }
}

/// Reads the variables of a function as the function itself does.
fn read(stack: &Stack, logical: &str) -> Result<(), MissingVariables> {
    let environment = Environment::of(variables(stack, logical));
    match logical {
        "IntakeFunction" => intake::Config::from(environment).map(drop),
        "ProvisionFunction" => provision::Config::from(environment).map(drop),
        _ => handover::Config::from(environment).map(drop),
    }
}

#[test]
fn every_function_takes_the_variables_that_the_template_gives_it() {
    for parameters in [&[][..], &OPTIONAL[..]] {
        let stack = stack(parameters);
        for (logical, _) in FUNCTIONS {
            assert_eq!(read(&stack, logical), Ok(()), "{logical} with {parameters:?}");
        }
    }
}

#[test]
fn every_parameter_reaches_the_function_that_goes_by_it() {
    let stack = stack(&OPTIONAL);
    let environment = |logical: &str| Environment::of(variables(&stack, logical));
    let intake = intake::Config::from(environment("IntakeFunction")).unwrap();
    let handover = handover::Config::from(environment("HandoverFunction")).unwrap();
    let provision = provision::Config::from(environment("ProvisionFunction")).unwrap();
    assert!(intake.accept_valid_rows && !handover.outside_accounts);
    assert_eq!(provision.max_in_flight, 5);
    assert_eq!(handover.ready_notices, ReadyNotices::Digest);
    assert_eq!(intake.defaults, handover.defaults);
    assert_eq!(intake.defaults.portfolios, ["Network baseline", "port-security00001"]);
    let role = (handover.member_role.name.as_deref(), handover.member_role.external_id.as_deref());
    assert_eq!(role, (Some("team/vend-member"), Some("some-external-id")));
    assert!(handover.uses.in_accounts && handover.uses.principals.len() == 2);
    assert_eq!(handover.uses.launch_role.as_deref(), Some("launch"));
    assert_eq!(handover.uses.tag_options.len(), 2);
    let [(group, permission_set)] = &intake.defaults.assignments[..] else { panic!() };
    assert_eq!((&*group.text, &**permission_set), ("Platform-Admins", "AWSAdministratorAccess"));
    let stack = crate::stack::stack(&[]);
    let defaults = intake::Config::from(Environment::of(variables(&stack, "IntakeFunction")));
    let defaults = defaults.unwrap().defaults;
    assert!(defaults.assignments.is_empty() && defaults.portfolios.is_empty());
}

#[test]
fn every_variable_of_the_template_is_one_that_the_code_reads() {
    let sources = crate::scan::sources(&["shared/vending-aws/src", "functions"]);
    let stack = stack(&OPTIONAL);
    for (logical, _) in FUNCTIONS {
        for name in variables(&stack, logical).keys() {
            assert!(sources.contains(&format!("\"{name}\"")), "{logical} is given {name}");
        }
    }
}

#[test]
fn the_tests_know_every_parameter() {
    let template = local_cloud::template::Template::parse(TEXT).unwrap();
    let declared: BTreeSet<_> = template.parameters().collect();
    let known: BTreeSet<_> = REQUIRED.iter().chain(&OPTIONAL).map(|(name, _)| *name).collect();
    assert_eq!(declared, known);
}

#[test]
fn a_function_ends_before_it_would_meet_itself() {
    let stack = stack(&[]);
    // A launch that is being sent must have ended before the next tick looks at it.
    assert!(number(&stack, "ProvisionFunction", "Timeout") <= 60);
    assert!(number(&stack, "IntakeFunction", "Timeout") <= 900);
    for (logical, _) in FUNCTIONS {
        let given = &resource(&stack, logical).properties;
        assert_eq!(given["Runtime"], "provided.al2023", "{logical}");
        assert_eq!(given["Architectures"], serde_json::json!(["arm64"]), "{logical}");
        assert_eq!(given["TracingConfig"]["Mode"], "Active", "{logical}");
        assert_ne!(given["Role"], Value::Null, "{logical}");
    }
}
