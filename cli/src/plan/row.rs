//! What would happen to one row of a list, in words.

use std::collections::{BTreeSet, HashMap};

use vending::account::AccessRequest;
use vending::file::{Column, Fault, Sheet};
use vending::ingest::{PlannedRow, Prepared, RowPlan};
use vending::ledger::{Entry, State, Status};

/// Assignments and portfolios of a row that are named; the plan as JSON has them all.
const MOST_ITEMS: usize = 4;

/// What would happen to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// An account is made.
    Create,
    /// It FAILED, and is launched again.
    QueueAgain,
    /// Its account is there; its access is tried again.
    AccessAgain,
    /// It waits, and takes the row's values.
    TakeValues,
    /// It waits, with the same values.
    Wait,
    /// Nothing.
    Skip,
    /// It conflicts with what the ledger or the organization holds.
    Conflict,
    /// Something in it is wrong.
    Refuse,
}

impl Kind {
    /// All of them, in the order in which they are counted.
    pub(super) const ALL: [Self; 8] = [
        Self::Create,
        Self::QueueAgain,
        Self::AccessAgain,
        Self::TakeValues,
        Self::Wait,
        Self::Skip,
        Self::Conflict,
        Self::Refuse,
    ];

    /// The words that people see.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::QueueAgain => "queue again",
            Self::AccessAgain => "try access again",
            Self::TakeValues => "take new values",
            Self::Wait => "go on waiting",
            Self::Skip => "skip",
            Self::Conflict => "conflict",
            Self::Refuse => "refuse",
        }
    }

    /// The word that programs see.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::QueueAgain => "queueAgain",
            Self::AccessAgain => "accessAgain",
            Self::TakeValues => "takeValues",
            Self::Wait => "wait",
            Self::Skip => "skip",
            Self::Conflict => "conflict",
            Self::Refuse => "refuse",
        }
    }

    fn of(plan: RowPlan, changes: &[Column]) -> Self {
        match plan {
            RowPlan::TakeValues if changes.is_empty() => Self::Wait,
            RowPlan::Queue => Self::Create,
            RowPlan::QueueAgain => Self::QueueAgain,
            RowPlan::AccessAgain => Self::AccessAgain,
            RowPlan::TakeValues => Self::TakeValues,
            RowPlan::Unchanged(_) | RowPlan::Superseded(_) => Self::Skip,
        }
    }
}

/// One row of a list, and what would happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its line.
    pub(super) line: u64,
    /// The account's name, as the row has it.
    pub(super) name: String,
    /// What would happen.
    pub(super) kind: Kind,
    /// More about it; may be empty.
    pub(super) about: String,
    /// Whether somebody should look at it, rather than that it is as expected.
    pub(super) notable: bool,
    /// The status of its entry, where it has one.
    pub(super) status: Option<Status>,
    /// The columns in which it asks for other values than its entry has.
    pub(super) changes: Vec<Column>,
    /// What access the account is given, where the row is sound.
    pub(super) access: Option<AccessRequest>,
}

/// Every row of the list, in its order. None where nothing can be launched at all.
pub(super) fn rows(sheet: &Sheet, prepared: &Prepared) -> Vec<Row> {
    let planned: HashMap<u64, &PlannedRow> =
        prepared.rows.iter().map(|row| (row.line, row)).collect();
    let conflicts: BTreeSet<u64> = prepared.conflicts.iter().copied().collect();
    let mut faults: HashMap<u64, Vec<&Fault>> = HashMap::new();
    for fault in &prepared.faults {
        faults.entry(fault.line.unwrap_or_default()).or_default().push(fault);
    }
    let row = |line, name: &str| match (planned.get(&line), faults.get(&line)) {
        (Some(planned), _) => Some(of_planned(planned)),
        (None, Some(faults)) => Some(of_faulty(line, name, faults, conflicts.contains(&line))),
        (None, None) => None,
    };
    let rows = sheet.rows.iter();
    rows.filter_map(|it| row(it.line(), it.text(Column::AccountName).unwrap_or_default())).collect()
}

fn of_faulty(line: u64, name: &str, faults: &[&Fault], conflict: bool) -> Row {
    let first = faults.first().map(|fault| {
        let column = fault.column.map(|column| format!("{column} ")).unwrap_or_default();
        format!("{column}{}", fault.problem)
    });
    let more = match faults.len() {
        0 | 1 => String::new(),
        some => format!(", and {} more", some - 1),
    };
    Row {
        line,
        name: name.to_owned(),
        kind: if conflict { Kind::Conflict } else { Kind::Refuse },
        about: format!("{}{more}", first.unwrap_or_default()),
        notable: true,
        status: None,
        changes: Vec::new(),
        access: None,
    }
}

fn of_planned(row: &PlannedRow) -> Row {
    let changes = row.changes();
    Row {
        line: row.line,
        name: row.request.name.to_string(),
        kind: Kind::of(row.plan, &changes),
        about: about(row, &changes),
        notable: is_notable(row, &changes),
        status: row.before.as_ref().map(Entry::status),
        changes,
        access: Some(row.request.access.clone()),
    }
}

fn is_notable(row: &PlannedRow, changes: &[Column]) -> bool {
    match row.plan {
        RowPlan::Queue => false,
        RowPlan::QueueAgain | RowPlan::AccessAgain | RowPlan::Superseded(_) => true,
        RowPlan::TakeValues | RowPlan::Unchanged(_) => !changes.is_empty(),
    }
}

fn about(row: &PlannedRow, changes: &[Column]) -> String {
    let changed = names(changes);
    let asked = asked(row);
    let about = match (row.plan, &row.before) {
        (RowPlan::Queue, _) | (_, None) => String::new(),
        (RowPlan::QueueAgain, Some(entry)) => with(again(entry), "new", &changed),
        (RowPlan::AccessAgain, Some(entry)) => again(entry),
        (RowPlan::TakeValues, Some(_)) if changes.is_empty() => "QUEUED, the same values".into(),
        (RowPlan::TakeValues, Some(_)) => format!("QUEUED, new {changed}"),
        (RowPlan::Unchanged(Status::Ready), Some(_)) => "READY".into(),
        (RowPlan::Unchanged(status), Some(_)) => format!("in flight, {status}"),
        (RowPlan::Superseded(status), Some(_)) => {
            format!("a later list has asked for it, {status}")
        }
    };
    let about = match row.ignores_values() {
        true => with(about, "its new values are ignored:", &names(&ignored(row, changes))),
        false => about,
    };
    match (about.is_empty(), asked.is_empty()) {
        (_, true) => about,
        (true, false) => asked,
        (false, false) => format!("{about}; {asked}"),
    }
}

/// The columns of which the row's values are ignored: access that is tried again is that of
/// the row.
fn ignored(row: &PlannedRow, changes: &[Column]) -> Vec<Column> {
    let taken = |column: &Column| {
        let of_access = [Column::Assignments, Column::Portfolios, Column::Defaults];
        row.plan == RowPlan::AccessAgain && of_access.contains(column)
    };
    changes.iter().copied().filter(|column| !taken(column)).collect()
}

/// What access the row would have its account given, where it would and says so.
fn asked(row: &PlannedRow) -> String {
    match row.plan {
        RowPlan::Queue | RowPlan::QueueAgain | RowPlan::AccessAgain | RowPlan::TakeValues => {
            row.request.access.describe(MOST_ITEMS)
        }
        RowPlan::Unchanged(_) | RowPlan::Superseded(_) => String::new(),
    }
}

fn with(about: String, word: &str, changed: &str) -> String {
    if changed.is_empty() { about } else { format!("{about}; {word} {changed}") }
}

/// The attempt that comes next, and why the last one FAILED.
fn again(entry: &Entry) -> String {
    let cause = match &entry.state {
        State::Failed { failure, .. } => failure.kind.cause(),
        State::Queued { .. }
        | State::Provisioning { .. }
        | State::Configuring
        | State::Ready { .. } => "it is no longer FAILED",
    };
    format!("attempt {}; the last FAILED: {cause}", entry.attempt + 1)
}

fn names(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use vending::account::OrganizationalUnit;
    use vending::failure::FailureKind;
    use vending::file::SheetReader;

    use super::*;
    use crate::status::testing::{failed, provisioning, queued, ready};

    fn planned(before: Option<Entry>, plan: RowPlan) -> PlannedRow {
        let request = queued("alpha", 2).request;
        PlannedRow { line: 2, request, before, plan }
    }

    fn asking(row: PlannedRow, replaces_defaults: bool) -> PlannedRow {
        let read = |text| AccessRequest::read_assignment(text).unwrap();
        let mut row = row;
        row.request.access = AccessRequest {
            replaces_defaults,
            assignments: ["group:A=Read", "group:B=Read", "user:c=Admin"].map(read).into(),
            portfolios: vec!["Net".into(), "local:Data".into()],
        };
        row
    }

    fn elsewhere(row: PlannedRow) -> PlannedRow {
        let mut row = row;
        row.request.unit = OrganizationalUnit { name: "B".into(), id: "ou-aaaa-11111111".into() };
        row
    }

    #[test]
    fn each_row_says_what_would_happen_and_why() {
        let quota = failed("alpha", 2, FailureKind::AccountQuota);
        let access = failed("alpha", 2, FailureKind::AssignmentFailed);
        let flying = RowPlan::Unchanged(Status::Provisioning);
        let said: Vec<String> = [
            planned(None, RowPlan::Queue),
            planned(Some(quota.clone()), RowPlan::QueueAgain),
            elsewhere(planned(Some(quota.clone()), RowPlan::QueueAgain)),
            elsewhere(planned(Some(quota), RowPlan::AccessAgain)),
            planned(Some(queued("alpha", 2)), RowPlan::TakeValues),
            elsewhere(planned(Some(queued("alpha", 2)), RowPlan::TakeValues)),
            planned(Some(ready("alpha", 2)), RowPlan::Unchanged(Status::Ready)),
            elsewhere(planned(Some(provisioning("alpha", 2)), flying)),
            planned(Some(ready("alpha", 2)), RowPlan::Superseded(Status::Ready)),
            asking(planned(None, RowPlan::Queue), false),
            asking(planned(Some(queued("alpha", 2)), RowPlan::TakeValues), true),
            asking(planned(Some(access.clone()), RowPlan::AccessAgain), false),
            elsewhere(asking(planned(Some(access), RowPlan::AccessAgain), true)),
            asking(planned(Some(ready("alpha", 2)), RowPlan::Unchanged(Status::Ready)), false),
        ]
        .iter()
        .map(of_planned)
        .map(|row| {
            let mark = if row.notable { "!" } else { " " };
            format!("{mark} {}: {}", row.kind.words(), row.about)
        })
        .collect();
        insta::assert_snapshot!(said.join("\n"));
    }

    #[test]
    fn rows_are_told_in_the_files_order_with_their_faults() {
        let mut reader = SheetReader::new();
        reader.push(include_bytes!("../../../samples/accounts.csv")).unwrap();
        let sheet = reader.finish().unwrap();
        let fault = |line, problem: &str| {
            Fault::of_cell(line, Column::AccountEmail, "a@example.com", problem, "another")
        };
        let faults = vec![fault(3, "is taken"), fault(4, "is odd"), fault(4, "is even")];
        let mut prepared = Prepared::refused(faults);
        prepared.conflicts = vec![3];
        prepared.rows = vec![planned(None, RowPlan::Queue)];
        let rows = super::rows(&sheet, &prepared);
        let said: Vec<_> =
            rows.iter().map(|row| (row.line, row.kind, row.about.as_str())).collect();
        assert_eq!(
            said,
            [
                (2, Kind::Create, ""),
                (3, Kind::Conflict, "AccountEmail is taken"),
                (4, Kind::Refuse, "AccountEmail is odd, and 1 more"),
            ]
        );
        let whole = vec![Fault::of_file("nothing can be launched", "")];
        assert_eq!(super::rows(&sheet, &Prepared::refused(whole)), []);
    }
}
