//! Finds the batch that is meant, and gathers what the ledger knows of it.

use anyhow::{Context, Result};
use vending::ledger::{Batch, BatchId};
use vending::ports::{Clock, Ledger};

use super::summary::Report;
use crate::output::Hinted;

/// What is known at this moment of the batch that is `asked` for.
///
/// # Errors
/// When it is not one batch, or the ledger does not answer.
pub(super) async fn gather(ledger: &dyn Ledger, clock: &dyn Clock, asked: &str) -> Result<Report> {
    let batch = find(ledger, asked).await?;
    let entries = ledger.batch_entries(&batch.id).await.context("read the batch's accounts")?;
    Ok(Report::new(&batch, &entries, clock.now()))
}

/// The batch of that id; or the only open one whose id begins so, or whose file has that name.
async fn find(ledger: &dyn Ledger, asked: &str) -> Result<Batch> {
    let read = "read the ledger";
    if let Some(batch) = ledger.batch(&BatchId(asked.to_owned())).await.context(read)? {
        return Ok(batch);
    }
    let is_meant =
        |batch: &Batch| batch.id.as_str().starts_with(asked) || batch.object.file_name() == asked;
    let mut open = ledger.open_batches().await.context(read)?;
    open.retain(is_meant);
    match open.len() {
        1 => Ok(open.remove(0)),
        0 => Err(no_such(asked)),
        _ => Err(ambiguous(asked, &open)),
    }
}

fn no_such(asked: &str) -> anyhow::Error {
    let hint = "give a batch's whole id, as vend status and the notices have it; a beginning or \
                a file's name is enough while the batch is under way";
    Hinted::new(format!("find the batch {asked:?}"), hint).into()
}

fn ambiguous(asked: &str, open: &[Batch]) -> anyhow::Error {
    let ids: Vec<&str> = open.iter().map(|batch| batch.id.as_str()).collect();
    let hint = format!("it is one of {}", ids.join(", "));
    Hinted::new(format!("tell which batch {asked:?} is"), hint).into()
}

#[cfg(test)]
mod tests {
    use landing_zone::ports::MemoryLedger;

    use super::*;
    use crate::report::samples;

    /// A ledger with two open batches of one beginning, and a closed one.
    async fn ledger() -> (MemoryLedger, [Batch; 3]) {
        let ledger = MemoryLedger::default();
        let closed = Batch { closed: true, ..samples::batch("in/closed.csv", 0) };
        let batches =
            [samples::batch("in/team-a.csv", 0), samples::batch("in/team-b.csv", 0), closed];
        for batch in &batches {
            ledger.save_batch(batch).await.unwrap();
        }
        (ledger, batches)
    }

    #[tokio::test]
    async fn a_batch_is_found_by_its_id_and_an_open_one_by_less() {
        let (ledger, [one, _, closed]) = ledger().await;
        for asked in [one.id.as_str(), "team-a", "team-a.csv"] {
            assert_eq!(find(&ledger, asked).await.unwrap().id, one.id, "{asked}");
        }
        assert_eq!(find(&ledger, closed.id.as_str()).await.unwrap().id, closed.id);
    }

    #[tokio::test]
    async fn what_is_no_batch_or_several_is_not_guessed() {
        let (ledger, _) = ledger().await;
        let refused = async |asked| find(&ledger, asked).await.unwrap_err().to_string();
        assert_eq!(refused("team-").await, "tell which batch \"team-\" is");
        assert_eq!(refused("closed").await, "find the batch \"closed\"");
    }
}
