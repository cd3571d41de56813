//! `vend check`: what intake would say of a list, without uploading it.

pub(crate) mod faults;
pub(crate) mod list;

use anyhow::Result;
use serde_json::json;
use vending::file::{Fault, check_alone};
use vending::portfolio_file::{PortfolioFile, Uploaded, check};

use crate::plan::prepared;
use crate::stack::Stack;
use crate::status::words;
use crate::terminal::{self, BAD, FAINT, GOOD, line, paint};
use crate::{CheckArguments, Exit};
use list::{Document, List};

/// What a check without the landing zone leaves open.
const NOT_CHECKED: [&str; 3] = [
    "which organizational units are registered with Control Tower",
    "which e-mails the organization and the ledger have already",
    "whether the users, groups, permission sets and portfolios exist that it names",
];

/// What is left open of a portfolio file, which is checked against the landing zone when it
/// is uploaded.
const PORTFOLIOS_NOT_CHECKED: [&str; 3] = [
    "which portfolios are this account's own",
    "which organizational units there are",
    "which accounts are in them, and ACTIVE",
];

/// What was found.
struct Found {
    rows: usize,
    faults: Vec<Fault>,
    not_checked: &'static [&'static str],
}

/// Runs the command.
///
/// # Errors
/// When the file cannot be read, or with `--online` AWS does not answer.
pub(crate) async fn run(arguments: &CheckArguments) -> Result<Exit> {
    let found = match Document::read(&arguments.file).await? {
        Ok(Document { uploaded: Uploaded::Portfolios(file), .. }) => of_portfolios(&file),
        read => match read.and_then(Document::into_list) {
            Err(fault) => Found { rows: 0, faults: vec![fault], not_checked: &NOT_CHECKED },
            Ok(list) if arguments.online => online(&list, arguments).await?,
            Ok(list) => Found {
                rows: list.sheet.rows.len(),
                faults: check_alone(&list.sheet),
                not_checked: &NOT_CHECKED,
            },
        },
    };
    match arguments.json {
        true => print_json(arguments, &found)?,
        false => print(arguments, &found),
    }
    Ok(if found.faults.is_empty() { Exit::AllReady } else { Exit::Refused })
}

fn of_portfolios(file: &PortfolioFile) -> Found {
    Found { rows: file.rows(), faults: check(file).1, not_checked: &PORTFOLIOS_NOT_CHECKED }
}

async fn online(list: &List, arguments: &CheckArguments) -> Result<Found> {
    let stack = Stack::find(&arguments.connection).await?;
    let faults = prepared(&stack, &list.sheet).await?.faults;
    Ok(Found { rows: list.sheet.rows.len(), faults, not_checked: &[] })
}

fn print(arguments: &CheckArguments, found: &Found) {
    let file = terminal::harmless(&arguments.file.display().to_string());
    let style = if found.faults.is_empty() { GOOD } else { BAD };
    let counted = paint(style, faults::counted(&found.faults));
    line(format!("{file}: {}, {counted}", words::count(found.rows, "row")));
    if !found.faults.is_empty() {
        line("");
    }
    for fault in &found.faults {
        line(faults::text(fault));
    }
    print_not_checked(found);
}

fn print_not_checked(found: &Found) {
    if found.not_checked.is_empty() {
        return;
    }
    line("");
    let of_portfolios = found.not_checked == PORTFOLIOS_NOT_CHECKED;
    let when = if of_portfolios { "its upload checks it" } else { "--online checks it" };
    line(paint(FAINT, format!("Not checked, as it takes the landing zone ({when}):")));
    for open in found.not_checked {
        line(paint(FAINT, format!("  {open}")));
    }
}

fn print_json(arguments: &CheckArguments, found: &Found) -> Result<()> {
    terminal::json(&json!({
        "file": arguments.file.display().to_string(),
        "rows": found.rows,
        "online": arguments.online,
        "faults": faults::json(&found.faults),
        "faultsInAll": found.faults.len(),
        "notChecked": found.not_checked,
    }))
}
