//! `vend access audit`: asks, and prints as a table, as CSV or as JSON.

use std::io::Write;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use vending::audit::{self, Auditing, Drift, Filter, Finding, Origin, Report};
use vending::ports::Unresolved;
use vending_aws::operator::{IdentityCenterAccess, OrganizationsAccounts};

use super::table;
use crate::Exit;
use crate::arguments::AuditArguments;
use crate::output::Hinted;
use crate::stack::Stack;
use crate::terminal::{self, line};

/// Runs the command.
///
/// # Errors
/// When AWS does not answer, or what is named does not exist.
pub(super) async fn run(stack: &Stack, arguments: &AuditArguments) -> Result<Exit> {
    let report = tokio::select! {
        report = look(stack, arguments) => report?,
        pressed = tokio::signal::ctrl_c() => {
            pressed.context("listen for Ctrl-C")?;
            return Ok(Exit::Interrupted);
        }
    };
    match (arguments.csv, arguments.json) {
        (true, _) => write(&audit::sheet(&report))?,
        (false, true) => terminal::json(&document(&report))?,
        (false, false) => line(table::text(&report, usize::from(terminal::width()))),
    }
    Ok(exit(&report))
}

async fn look(stack: &Stack, arguments: &AuditArguments) -> Result<Report> {
    let access = IdentityCenterAccess::new(stack.clients(), stack.identity_center()?);
    let accounts = OrganizationsAccounts::new(stack.clients());
    let world = Auditing { accounts: &accounts, access: &access, records: stack.ledger() };
    let filter = Filter {
        accounts: arguments.account.clone(),
        groups: arguments.group.clone(),
        users: arguments.user.clone(),
        permission_sets: arguments.permission_set.clone(),
        people: arguments.people,
    };
    audit::audit(&world, &filter).await.map_err(failure)
}

/// What is named and does not exist is the operator's to mend.
fn failure(error: Unresolved) -> anyhow::Error {
    match error {
        Unresolved::Unknown(what) => {
            let hint = "names are as IAM Identity Center and Organizations have them, letter by \
                        letter; ids do as well";
            Hinted::new(format!("find what is asked for: {what}"), hint).into()
        }
        Unresolved::CouldNotAsk(error) => anyhow::Error::new(error).context("audit the access"),
    }
}

/// How the command ends: with 1 where there is drift.
fn exit(report: &Report) -> Exit {
    let drifts = report.findings.iter().any(|finding| finding.drift.is_some());
    if drifts { Exit::SomeFailed } else { Exit::AllReady }
}

fn write(sheet: &[u8]) -> Result<()> {
    let written = std::io::stdout().write_all(sheet);
    written.context("write the CSV")
}

fn document(report: &Report) -> Value {
    json!({
        "accounts": report.accounts,
        "inactiveAccounts": report.inactive,
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "given": {
            "vend": report.of(Origin::Vend),
            "controlTower": report.of(Origin::ControlTower),
            "others": report.of(Origin::Others),
        },
        "missing": report.drifting(Drift::Missing),
        "extra": report.drifting(Drift::Extra),
        "exitCode": exit(report).code(),
    })
}

fn finding(finding: &Finding) -> Value {
    let who =
        |who: &audit::Who| json!({ "type": who.kind.as_str(), "id": who.id, "name": who.name });
    json!({
        "account": { "id": finding.account.as_str(), "name": finding.account_name },
        "permissionSet": finding.permission_set,
        "permissionSetArn": finding.permission_set_arn,
        "principal": who(&finding.principal),
        "through": finding.through.as_ref().map(who),
        "origin": finding.origin.as_str(),
        "drift": finding.drift.map(Drift::as_str),
    })
}
