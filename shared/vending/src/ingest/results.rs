//! The results file of a batch: every row of the file, and what happened to it.

use std::collections::HashMap;

use super::plan::{PlannedRow, RowPlan};
use crate::file::{Fault, ResultRow, Sheet, write};
use crate::ledger::Status;

/// The results of a file of which nothing is in the ledger.
pub(super) fn of_refusal(sheet: &Sheet, faults: &[Fault]) -> Vec<u8> {
    let by_line = by_line(faults);
    // Faults of the file and of its header are no row's own, so every row has them.
    let of_file = |fault: &&Fault| fault.line.is_none_or(|line| line == sheet.header.line());
    let whole = faults
        .iter()
        .filter(of_file)
        .fold(String::new(), |all, fault| join(&all, &fault.to_string()));
    let rows = sheet.rows.iter().map(|row| {
        let own = by_line.get(&Some(row.line())).cloned().unwrap_or_default();
        let outcome = if own.is_empty() { "not taken: the file has faults" } else { "refused" };
        ResultRow { error: join(&whole, &own), outcome: outcome.into(), ..ResultRow::of_row(row) }
    });
    let rows: Vec<ResultRow> = rows.collect();
    write(&rows)
}

/// The results of a file whose acceptable rows are in the ledger.
pub(super) fn of_taken(sheet: &Sheet, planned: &[PlannedRow], faults: &[Fault]) -> Vec<u8> {
    let by_line = by_line(faults);
    let planned: HashMap<u64, &PlannedRow> = planned.iter().map(|row| (row.line, row)).collect();
    let rows = sheet.rows.iter().map(|row| match planned.get(&row.line()) {
        Some(planned) => accepted(ResultRow::of_row(row), planned),
        None => {
            let error = by_line.get(&Some(row.line())).cloned().unwrap_or_default();
            ResultRow { error, outcome: "refused".into(), ..ResultRow::of_row(row) }
        }
    });
    let rows: Vec<ResultRow> = rows.collect();
    write(&rows)
}

fn accepted(row: ResultRow, planned: &PlannedRow) -> ResultRow {
    let (status, outcome) = match planned.plan {
        RowPlan::Queue => (Status::Queued, "queued".to_owned()),
        RowPlan::QueueAgain => (Status::Queued, "queued again with these values".to_owned()),
        RowPlan::TakeValues => (Status::Queued, "was queued; takes these values".to_owned()),
        RowPlan::AccessAgain => {
            (Status::Configuring, "access and portfolios are tried again".to_owned())
        }
        RowPlan::Unchanged(status) => (status, format!("unchanged: {status}")),
    };
    let ignored = if planned.ignores_values() { "; the new values are ignored" } else { "" };
    let account = planned.before.as_ref().and_then(|entry| entry.account.as_ref());
    ResultRow {
        status: status.as_str().into(),
        account_id: account.map(ToString::to_string).unwrap_or_default(),
        outcome: format!("{outcome}{ignored}"),
        ..row
    }
}

/// The texts of the faults, by line.
fn by_line(faults: &[Fault]) -> HashMap<Option<u64>, String> {
    let mut by_line: HashMap<Option<u64>, String> = HashMap::new();
    for fault in faults {
        let text = by_line.entry(fault.line).or_default();
        *text = join(text, &fault.to_string());
    }
    by_line
}

fn join(one: &str, other: &str) -> String {
    match (one.is_empty(), other.is_empty()) {
        (true, _) => other.to_owned(),
        (_, true) => one.to_owned(),
        (false, false) => format!("{one}; {other}"),
    }
}
