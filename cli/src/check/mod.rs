//! `vend check`: what intake would say of a list, without uploading it.

pub(crate) mod faults;
pub(crate) mod list;

use anyhow::Result;
use serde_json::json;
use vending::file::{Fault, check_alone};

use crate::plan::prepared;
use crate::stack::Stack;
use crate::status::words;
use crate::terminal::{self, BAD, FAINT, GOOD, line, paint};
use crate::{CheckArguments, Exit};
use list::List;

/// What a check without the landing zone leaves open.
const NOT_CHECKED: [&str; 3] = [
    "which organizational units are registered with Control Tower",
    "which e-mails the organization and the ledger have already",
    "whether the stack's group, permission set and portfolios exist",
];

/// What was found.
struct Found {
    rows: usize,
    faults: Vec<Fault>,
}

/// Runs the command.
///
/// # Errors
/// When the file cannot be read, or with `--online` AWS does not answer.
pub(crate) async fn run(arguments: &CheckArguments) -> Result<Exit> {
    let found = match List::read(&arguments.file).await? {
        Err(fault) => Found { rows: 0, faults: vec![fault] },
        Ok(list) if arguments.online => online(&list, arguments).await?,
        Ok(list) => Found { rows: list.sheet.rows.len(), faults: check_alone(&list.sheet) },
    };
    match arguments.json {
        true => print_json(arguments, &found)?,
        false => print(arguments, &found),
    }
    Ok(if found.faults.is_empty() { Exit::AllReady } else { Exit::Refused })
}

async fn online(list: &List, arguments: &CheckArguments) -> Result<Found> {
    let stack = Stack::find(&arguments.connection).await?;
    let faults = prepared(&stack, &list.sheet).await?.faults;
    Ok(Found { rows: list.sheet.rows.len(), faults })
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
    if !arguments.online {
        line("");
        line(paint(FAINT, "Not checked, as it takes the landing zone (--online checks it):"));
        for open in NOT_CHECKED {
            line(paint(FAINT, format!("  {open}")));
        }
    }
}

fn print_json(arguments: &CheckArguments, found: &Found) -> Result<()> {
    let not_checked: &[&str] = if arguments.online { &[] } else { &NOT_CHECKED };
    terminal::json(&json!({
        "file": arguments.file.display().to_string(),
        "rows": found.rows,
        "online": arguments.online,
        "faults": faults::json(&found.faults),
        "faultsInAll": found.faults.len(),
        "notChecked": not_checked,
    }))
}
