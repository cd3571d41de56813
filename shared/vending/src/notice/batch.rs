//! Notices about a batch.

use super::about::place;
use super::table::table;
use super::{About, Notice, NoticeKind};
use crate::file::Fault;
use crate::ledger::{Batch, Entry, Timestamp};

/// Faults listed in a notice; the results file has them all.
const ROWS_LISTED: usize = 200;

/// The rows of a batch are in the ledger, but for those with `faults`.
#[must_use]
pub fn batch_taken(batch: &Batch, faults: &[Fault]) -> Notice {
    let mut body = format!(
        "The account list {file:?} was taken as batch {id}.\n\n\
         Rows in the file: {rows}\nQueued: {queued}\nUnchanged (ready or in flight already): {unchanged}\nRefused: {refused}\n{superseded}\n",
        file = batch.object.key,
        id = batch.id,
        rows = batch.rows,
        queued = batch.queued(),
        unchanged = batch.unchanged,
        refused = batch.refused,
        superseded = superseded(batch),
    );
    if !faults.is_empty() {
        body.push_str(&format!("What was refused:\n{}\n", list(faults)));
    }
    let results = place(batch);
    body.push_str(&format!(
        "What it means: the queued accounts are launched in the order of the file. What becomes of each row is written to {results} as it ends.\n{}",
        if faults.is_empty() {
            "What to do: nothing.\n"
        } else {
            "What to do: correct the refused rows and upload them again; the rows that were taken may stay in the file.\n"
        },
    ));
    let subject = format!("batch {} taken", batch.id);
    Notice::new(NoticeKind::BatchTaken, &subject, body, About::batch(batch))
}

/// Said only where it is so: it needs two lists that overtook each other.
fn superseded(batch: &Batch) -> String {
    match batch.superseded {
        0 => String::new(),
        rows => format!("Superseded by a list that was uploaded later: {rows}\n"),
    }
}

/// A file was refused; nothing of it is in the ledger.
#[must_use]
pub fn batch_refused(batch: &Batch, faults: &[Fault]) -> Notice {
    let body = format!(
        "The account list {file:?} was refused. No account of it is launched.\n\n{count} {word}:\n{list}\n\
         What it means: nothing was changed; what was asked for before goes on.\n\
         What to do: correct the file and upload it again. The faults are also in {results}.\n",
        file = batch.object.key,
        count = faults.len(),
        word = if faults.len() == 1 { "fault" } else { "faults" },
        list = list(faults),
        results = place(batch),
    );
    let subject = format!("batch {} refused", batch.id);
    let about = About { refused: Some(batch.rows), ..About::batch(batch) };
    Notice::new(NoticeKind::BatchRefused, &subject, body, about)
}

pub(super) fn list(faults: &[Fault]) -> String {
    let mut list = String::new();
    for fault in faults.iter().take(ROWS_LISTED) {
        list.push_str(&format!("- {fault}\n"));
    }
    if faults.len() > ROWS_LISTED {
        list.push_str(&format!("… and {} more\n", faults.len() - ROWS_LISTED));
    }
    list
}

/// Every row of a batch is READY or FAILED.
#[must_use]
pub fn batch_complete(batch: &Batch, entries: &[Entry], now: Timestamp) -> Notice {
    let took = now - batch.received_at;
    let body = format!(
        "Batch {id} is complete: {ready} ready, {failed} failed, after {hours} h {minutes:02} min.\n\n\
         {table}\n\
         What it means: nothing more happens to this list by itself.\n{remedy}\
         What became of every row of the file is in {results}.\n",
        id = batch.id,
        ready = batch.ready,
        failed = batch.failed,
        hours = took.num_hours(),
        minutes = took.num_minutes() % 60,
        table = table(entries),
        remedy = remedy(batch),
        results = place(batch),
    );
    let subject =
        format!("batch {} complete: {} ready, {} failed", batch.id, batch.ready, batch.failed);
    Notice::new(NoticeKind::BatchComplete, &subject, body, About::batch(batch))
}

fn remedy(batch: &Batch) -> String {
    match batch.failed {
        0 => "What to do: nothing.\n".to_owned(),
        _ => format!(
            "What to do: mend what each row names. Where nothing in the row is wrong: vend retry --batch {} --apply. \
             Where a value is wrong: correct the row and upload the list again.\n",
            batch.id
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, shown};

    #[test]
    fn a_refused_batch_is_told_with_its_faults_as_many_as_there_is_room_for() {
        let batch = Batch { rows: 2, ..testing::batch() };
        let fault = |line| Fault::of_row(line, "is odd", "even");
        insta::assert_snapshot!(shown(&batch_refused(&batch, &[fault(2), fault(3)])));
        let listed = |faults: usize| list(&vec![fault(2); faults]);
        assert_eq!(listed(ROWS_LISTED).lines().count(), ROWS_LISTED);
        assert!(listed(ROWS_LISTED + 1).ends_with("\n… and 1 more\n"));
    }

    #[test]
    fn where_nothing_failed_there_is_nothing_to_do() {
        let batch = Batch { taken: true, ready: 1, rows: 1, ..testing::batch() };
        let notice = batch_complete(&batch, &[testing::ready("alpha")], testing::at(60));
        assert!(notice.body.contains("\nWhat to do: nothing.\n"), "{}", notice.body);
    }

    #[test]
    fn a_complete_batch_is_told_with_counts_table_and_time() {
        let batch = Batch { taken: true, ready: 1, failed: 1, rows: 2, ..testing::batch() };
        let entries = [testing::ready("alpha"), Entry { line: 3, ..testing::failed("beta") }];
        let notice = batch_complete(&batch, &entries, testing::at(3_720));
        insta::assert_snapshot!(shown(&notice));
    }

    #[test]
    fn a_taken_batch_is_told_with_what_happened_to_its_rows() {
        let batch = Batch { taken: true, remaining: 2, unchanged: 1, rows: 3, ..testing::batch() };
        insta::assert_snapshot!(shown(&batch_taken(&batch, &[])));
        let superseded = batch_taken(&Batch { superseded: 2, ..batch }, &[]).body;
        assert!(superseded.contains("\nSuperseded by a list that was uploaded later: 2\n\n"));
    }
}
