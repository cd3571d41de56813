//! Rows that an earlier delivery of the same list put into the ledger: they are there, whatever
//! is wrong with them by now.

use std::collections::BTreeSet;

use super::plan::{Asking, PlannedRow, RowPlan};
use crate::Error;
use crate::account::AccountName;
use crate::file::{Column, Fault, RawRow, Sheet};
use crate::ledger::Entry;
use crate::ports::Ledger;

/// Those rows, of the ones with `faults`, and the faults of the others. A name that is gone by
/// now is told when it is needed.
///
/// # Errors
/// When the ledger does not answer.
pub(super) async fn kept(
    ledger: &dyn Ledger,
    asking: &Asking,
    sheet: &Sheet,
    faults: Vec<Fault>,
) -> Result<(Vec<PlannedRow>, Vec<Fault>), Error> {
    let faulty: BTreeSet<u64> = faults.iter().filter_map(|fault| fault.line).collect();
    let rows = sheet.rows.iter().filter(|row| faulty.contains(&row.line()));
    let names: Vec<AccountName> = rows.filter_map(name_of).collect();
    if names.is_empty() {
        return Ok((Vec::new(), faults));
    }
    let entries = ledger.entries(&names).await?.into_iter();
    let own = entries.filter(|it| it.batch == asking.batch && faulty.contains(&it.line));
    let rows: Vec<PlannedRow> = own.map(planned).collect();
    let lines: BTreeSet<u64> = rows.iter().map(|row| row.line).collect();
    let of_others = |fault: &Fault| fault.line.is_none_or(|line| !lines.contains(&line));
    Ok((rows, faults.into_iter().filter(of_others).collect()))
}

fn name_of(row: &RawRow) -> Option<AccountName> {
    AccountName::new(row.text(Column::AccountName)?).ok()
}

fn planned(entry: Entry) -> PlannedRow {
    let (line, request) = (entry.line, entry.request.clone());
    PlannedRow { line, request, before: Some(entry), plan: RowPlan::Queue }
}
