//! What an earlier delivery of the same list did with its rows: that stays so, whatever is wrong
//! with them by now.

use std::collections::{BTreeSet, HashSet};

use super::plan::{Asking, PlannedRow, RowPlan};
use crate::Error;
use crate::account::AccountName;
use crate::file::{Column, Fault, RawRow, Sheet, statuses};
use crate::ledger::{Batch, Entry};
use crate::ports::{Ledger, ResultsError, ResultsFiles};

/// Those of the rows with `faults` that are in the ledger by this list, and the faults of the
/// others. A name that is gone by now is told when it is needed.
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
    Ok((rows, faults.into_iter().filter(|fault| is_of_another(fault, &lines)).collect()))
}

/// Those of the `faults` that the results file of a list that is taken tells of: the others are of
/// rows that were taken. Where the file is gone, all of them.
///
/// # Errors
/// When the store does not answer.
pub(super) async fn told(
    results: &dyn ResultsFiles,
    batch: &Batch,
    sheet: &Sheet,
    faults: Vec<Fault>,
) -> Result<Vec<Fault>, Error> {
    if faults.is_empty() {
        return Ok(faults);
    }
    let file = match results.results_of(batch).await {
        Ok(file) => file,
        Err(ResultsError::CouldNotAsk(error)) => return Err(error.into()),
        Err(ResultsError::Refused(_)) => None,
    };
    let taken = file.and_then(|file| statuses(&file.content).ok()).unwrap_or_default();
    let taken: HashSet<String> = taken.into_iter().map(|(name, _)| name).collect();
    let is_taken =
        |row: &&RawRow| row.text(Column::AccountName).is_some_and(|it| taken.contains(it));
    let lines: BTreeSet<u64> = sheet.rows.iter().filter(is_taken).map(RawRow::line).collect();
    Ok(faults.into_iter().filter(|fault| is_of_another(fault, &lines)).collect())
}

/// Whether the fault is of no row on those lines.
fn is_of_another(fault: &Fault, lines: &BTreeSet<u64>) -> bool {
    fault.line.is_none_or(|line| !lines.contains(&line))
}

fn name_of(row: &RawRow) -> Option<AccountName> {
    AccountName::new(row.text(Column::AccountName)?).ok()
}

fn planned(entry: Entry) -> PlannedRow {
    let (line, request) = (entry.line, entry.request.clone());
    PlannedRow { line, request, before: Some(entry), plan: RowPlan::Queue }
}
