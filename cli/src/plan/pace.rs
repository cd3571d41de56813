//! How long launches took lately in this stack.

use anyhow::{Context, Result};
use vending::forecast::Pace;
use vending::ingest::Prepared;
use vending::ledger::Entry;
use vending::ports::Ledger;

use crate::stack::Stack;
use crate::status::recent_batches;

/// Batches that are looked at, at most: those that something became of last.
const BATCHES: usize = 5;

/// Entries after which no further batch is looked at.
const ENOUGH: usize = 200;

/// The pace of the launches in the last batches, and of those whose names the list has.
///
/// # Errors
/// When the ledger does not answer.
pub(super) async fn pace(stack: &Stack, prepared: &Prepared) -> Result<Pace> {
    let named = prepared.rows.iter().filter_map(|row| row.before.clone());
    let mut entries: Vec<Entry> = named.collect();
    for batch in recent_batches(stack, BATCHES).await {
        if entries.len() >= ENOUGH {
            break;
        }
        let of_batch = stack.ledger().batch_entries(&batch).await;
        entries.extend(of_batch.context("see how long launches took lately")?);
    }
    entries.sort_by(|a, b| a.request.name.cmp(&b.request.name));
    entries.dedup_by(|a, b| a.request.name == b.request.name);
    Ok(Pace::observed(&entries))
}
