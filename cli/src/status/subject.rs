//! What the operator means: a batch, by its id or the beginning of it, or an account.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use vending::account::AccountName;
use vending::file::nearest;
use vending::ledger::BatchId;
use vending::ports::Ledger;

use super::portfolios;
use super::recent::recent;
use super::scene::Subject;
use crate::output::Hinted;
use crate::stack::Stack;

/// Finds what is meant by `words`; a batch goes before an account of the same name.
pub(super) async fn find(stack: &Stack, words: Option<&str>) -> Result<Subject> {
    let ledger = stack.ledger();
    let Some(words) = words else { return Ok(Subject::Everything) };
    if let Some(id) = try_batch(ledger, words).await? {
        return Ok(Subject::Batch(id));
    }
    if let Ok(name) = AccountName::new(words)
        && ledger.entry(&name).await.context(READ)?.is_some()
    {
        return Ok(Subject::Account(name));
    }
    let open = ledger.open_batches().await.context(READ)?;
    let begins = open.iter().filter(|batch| batch.id.as_str().starts_with(words));
    match begins.map(|batch| batch.id.clone()).collect::<Vec<_>>().as_slice() {
        [one] => Ok(Subject::Batch(one.clone())),
        _ => Err(unknown(stack, "batch or account", words).await),
    }
}

/// The batch of that id.
///
/// # Errors
/// When there is none, with those that are open as a hint.
pub(crate) async fn batch(stack: &Stack, words: &str) -> Result<BatchId> {
    let ledger = stack.ledger();
    if let Some(id) = try_batch(ledger, words).await? {
        return Ok(id);
    }
    if let Some(batch) = portfolios::find(stack, Some(words)).await? {
        let hint = "upload it again: what is there stays, and what failed is tried again; \
                    vend status shows it";
        return Err(
            Hinted::new(format!("find accounts in the portfolio file {}", batch.id), hint).into()
        );
    }
    let open = ledger.open_batches().await.context(READ)?;
    let open: Vec<&str> = open.iter().map(|batch| batch.id.as_str()).collect();
    let hint = match open.as_slice() {
        [] => "no batch is open; the id of one that has ended is in its notice".to_owned(),
        some => format!("open are: {}", some.join(", ")),
    };
    Err(Hinted::new(format!("find the batch {words:?}"), hint).into())
}

async fn try_batch(ledger: &dyn Ledger, words: &str) -> Result<Option<BatchId>> {
    let id = BatchId(words.to_owned());
    // The empty id is no key of the table.
    if words.is_empty() {
        return Ok(None);
    }
    Ok(ledger.batch(&id).await.context(READ)?.map(|batch| batch.id))
}

/// That there is no such `thing`, with the one that may be meant.
pub(crate) async fn unknown(stack: &Stack, thing: &str, words: &str) -> anyhow::Error {
    let meant = suggestion(stack, words).await;
    let hint = match meant {
        Some(meant) => format!("is {meant} meant?"),
        None => "vend status lists the open batches; vend status BATCH its accounts".to_owned(),
    };
    Hinted::new(format!("find the {thing} {words:?}"), hint).into()
}

/// The known name that `words` most likely means. The ledger is not read whole for it: what
/// is in batches that are open or ended lately is known.
pub(crate) async fn suggestion(stack: &Stack, words: &str) -> Option<String> {
    let ledger = stack.ledger();
    // An error is told already, and this is no more than a help.
    let open = ledger.open_batches().await.unwrap_or_default();
    let mut batches: BTreeSet<BatchId> = open.into_iter().map(|batch| batch.id).collect();
    batches.extend(recent(stack, RECENT).await);
    let mut names = Vec::new();
    for batch in &batches {
        let entries = ledger.batch_entries(batch).await.unwrap_or_default();
        names.extend(entries.into_iter().map(|entry| entry.request.name));
    }
    let batches = batches.iter().map(BatchId::as_str);
    nearest(words, names.iter().map(AccountName::as_str).chain(batches)).map(str::to_owned)
}

/// Batches that ended lately whose names are known.
const RECENT: usize = 5;

const READ: &str = "read the ledger";
