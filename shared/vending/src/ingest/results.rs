//! The results file of a batch: every row of the file, and what happened to it.

use std::collections::HashMap;

use super::plan::{PlannedRow, RowPlan};
use crate::file::{Fault, Layout, ResultRow, Sheet, write};
use crate::ledger::{Batch, BatchId, Status};

/// Bytes of a row's faults as text after which no more of them are told: a cell takes
/// 32,767 characters, and the function writes ten thousand rows within its memory.
const MOST_TOLD: usize = 2_000;

/// How an account that is READY gets more access.
const MORE_ACCESS: &str = "; vend access apply gives access to accounts that exist";

/// The results of a file of which nothing is in the ledger; the faults are sorted.
pub(super) fn of_refusal(sheet: &Sheet, faults: &[Fault]) -> Vec<u8> {
    // Faults of the file and of its header are no row's own, so every row has them.
    let header = on_line(faults, Some(sheet.header.line()));
    let whole = told(on_line(faults, None).iter().chain(header));
    write(
        Layout::of(&sheet.header),
        sheet.rows.iter().map(|row| {
            let own = told(on_line(faults, Some(row.line())));
            let outcome = if own.is_empty() { "not taken: the file has faults" } else { "refused" };
            ResultRow {
                error: join(&whole, &own),
                outcome: outcome.into(),
                ..ResultRow::of_row(row)
            }
        }),
    )
}

/// The results of a file whose acceptable rows are in the ledger; the faults are sorted.
pub(super) fn of_taken(sheet: &Sheet, planned: &[PlannedRow], faults: &[Fault]) -> Vec<u8> {
    let planned: HashMap<u64, &PlannedRow> = planned.iter().map(|row| (row.line, row)).collect();
    write(
        Layout::of(&sheet.header),
        sheet.rows.iter().map(|row| match planned.get(&row.line()) {
            Some(planned) => accepted(ResultRow::of_row(row), planned),
            None => {
                let error = told(on_line(faults, Some(row.line())));
                ResultRow { error, outcome: "refused".into(), ..ResultRow::of_row(row) }
            }
        }),
    )
}

fn accepted(row: ResultRow, planned: &PlannedRow) -> ResultRow {
    let (status, outcome) = match planned.plan {
        RowPlan::Queue => (Status::Queued, "queued".to_owned()),
        RowPlan::QueueAgain => (Status::Queued, "queued again with these values".to_owned()),
        RowPlan::TakeValues => (Status::Queued, "was queued; takes these values".to_owned()),
        RowPlan::AccessAgain => (
            Status::Configuring,
            "access and portfolios are tried again, as this row asks for them".to_owned(),
        ),
        RowPlan::Unchanged(status) => {
            (status, format!("unchanged: {status}{}", end(status, planned)))
        }
        RowPlan::Superseded(status) => {
            let superseded = "superseded by a list that was uploaded later";
            (status, format!("{superseded}: {status}{}", end(status, planned)))
        }
    };
    let ignored = if planned.ignores_values() { "; the new values are ignored" } else { "" };
    let apply = if planned.ignores_access() { MORE_ACCESS } else { "" };
    let account = planned.before.as_ref().and_then(|entry| entry.account.as_ref());
    ResultRow {
        status: status.as_str().into(),
        account_id: account.map(ToString::to_string).unwrap_or_default(),
        outcome: format!("{outcome}{ignored}{apply}"),
        ..row
    }
}

/// Where to look for the end of a row in flight that another list has asked for.
fn end(status: Status, planned: &PlannedRow) -> String {
    match planned.before.as_ref().filter(|_| !status.is_terminal()) {
        Some(entry) => format!("; its end: {}", file_of(&entry.batch)),
        None => String::new(),
    }
}

fn file_of(batch: &BatchId) -> String {
    format!("{}{batch}.csv", Batch::RESULTS_PREFIX)
}

/// Those of the sorted faults that are on that line.
fn on_line(faults: &[Fault], line: Option<u64>) -> &[Fault] {
    let start = faults.partition_point(|fault| fault.line < line);
    let end = faults.partition_point(|fault| fault.line <= line);
    faults.get(start..end).unwrap_or_default()
}

/// The texts of the faults, up to [`MOST_TOLD`]; the rest is counted.
fn told<'f>(faults: impl IntoIterator<Item = &'f Fault>) -> String {
    let (mut text, mut more) = (String::new(), 0_usize);
    for fault in faults {
        match text.len() < MOST_TOLD {
            true => text = join(&text, &fault.to_string()),
            false => more += 1,
        }
    }
    if more == 0 { text } else { format!("{text}; and {more} more") }
}

fn join(one: &str, other: &str) -> String {
    match (one.is_empty(), other.is_empty()) {
        (true, _) => other.to_owned(),
        (_, true) => one.to_owned(),
        (false, false) => format!("{one}; {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::SheetReader;
    use crate::testing;

    fn fault(line: Option<u64>, problem: &str) -> Fault {
        Fault { line, ..Fault::of_file(problem, "") }
    }

    #[test]
    fn the_faults_of_a_line_are_found() {
        let lines = [None, None, Some(1), Some(3), Some(3), Some(9)];
        let faults = lines.map(|line| fault(line, "is odd"));
        let found = |line| on_line(&faults, line).len();
        let counts = [None, Some(1), Some(2), Some(3), Some(9), Some(10)].map(found);
        assert_eq!(counts, [2, 1, 0, 2, 1, 0]);
    }

    #[test]
    fn no_more_is_told_than_a_cell_should_hold() {
        let few = [fault(Some(2), "is odd"), fault(Some(2), "is even")];
        assert_eq!(told(&few), "line 2: is odd; line 2: is even");
        let many = vec![fault(Some(2), &"x".repeat(700)); 10];
        let told = told(&many);
        assert!(told.len() < 3_000 && told.ends_with("; and 7 more"), "{told}");
    }

    /// The columns of the results file after those of the list, row by row.
    fn columns(content: &[u8]) -> Vec<String> {
        let text = String::from_utf8(content.to_vec()).unwrap();
        text.lines().skip(1).map(|line| line.splitn(7, ',').last().unwrap().to_owned()).collect()
    }

    const LIST: &str = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Status,AccountId,ErrorMsg\n\
                        alpha,jane@example.com,alpha@example.com,Jane,Doe,Test-OU-1,,,\n\
                        beta,jane@example.com,beta@example.com,Jane,Doe,Test-OU-1,,,\n";

    fn sheet() -> Sheet {
        let mut reader = SheetReader::new();
        reader.push(LIST.as_bytes()).unwrap();
        reader.finish().unwrap()
    }

    #[test]
    fn every_row_of_a_refused_file_says_why() {
        let mut faults = [fault(Some(3), "is odd"), fault(Some(1), "is even"), fault(None, "is x")];
        faults.sort();
        assert_eq!(
            columns(&of_refusal(&sheet(), &faults)),
            [
                ",,is x; line 1: is even,not taken: the file has faults",
                ",,is x; line 1: is even; line 3: is odd,refused",
            ]
        );
    }

    #[test]
    fn every_row_of_a_taken_file_says_what_it_comes_to() {
        let planned = PlannedRow {
            line: 2,
            request: testing::request("alpha"),
            before: Some(testing::ready("alpha")),
            plan: RowPlan::Unchanged(Status::Ready),
        };
        assert_eq!(
            columns(&of_taken(&sheet(), &[planned], &[fault(Some(3), "is odd")])),
            ["READY,123456789012,,unchanged: READY", ",,line 3: is odd,refused"]
        );
    }
}
