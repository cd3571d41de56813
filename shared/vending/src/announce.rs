//! Telling people what the ledger says. Every notice is derived from the ledger
//! and marked there after it is out, so that a crash in between repeats it and
//! never loses it.

use crate::Error;
use crate::advance::{Advance, advance_exactly};
use crate::ledger::{Batch, BatchId, Entry, Event, State};
use crate::notice::{self, Notice};
use crate::ports::{Clock, Ledger, Notifier};

/// Tells of every end of the entry that nobody was told of, and of its batch if that is complete now.
///
/// # Errors
/// When a dependency does not answer.
pub async fn entry(
    ledger: &dyn Ledger,
    notifier: &dyn Notifier,
    clock: &dyn Clock,
    entry: &Entry,
) -> Result<(), Error> {
    for untold in &entry.untold {
        notifier.publish(&notice::account_had_failed(entry, untold)).await?;
    }
    if entry.is_end_unannounced()
        && let Some(notice) = notice_of(entry)
    {
        notifier.publish(&notice).await?;
    }
    // Exactly this state was told: if the entry is another by now, that one is still to be told.
    let told = advance_exactly(ledger, clock, entry, Event::Announced).await?;
    if matches!(told, Advance::Overtaken) {
        return Ok(());
    }
    batch(ledger, notifier, clock, &entry.batch).await
}

fn notice_of(entry: &Entry) -> Option<Notice> {
    match &entry.state {
        State::Ready { .. } => Some(notice::account_ready(entry)),
        State::Failed { stage, failure, .. } => {
            Some(notice::account_failed(entry, *stage, failure))
        }
        State::Queued { .. } | State::Provisioning { .. } | State::Configuring => None,
    }
}

async fn batch(
    ledger: &dyn Ledger,
    notifier: &dyn Notifier,
    clock: &dyn Clock,
    id: &BatchId,
) -> Result<(), Error> {
    match ledger.batch(id).await? {
        Some(batch) => close(ledger, notifier, clock, batch).await,
        None => Ok(()),
    }
}

/// Tells of every open batch what there is to tell.
///
/// # Errors
/// When a dependency does not answer.
pub async fn batches(
    ledger: &dyn Ledger,
    notifier: &dyn Notifier,
    clock: &dyn Clock,
) -> Result<(), Error> {
    for open in ledger.open_batches().await? {
        if open.closed {
            // Put on the list again by an old copy: off it goes.
            ledger.save_batch(&open).await?;
            continue;
        }
        close(ledger, notifier, clock, open).await?;
    }
    Ok(())
}

/// Tells that the batch was taken, and that it is complete, where that is so and was not told.
///
/// # Errors
/// When a dependency does not answer.
pub async fn close(
    ledger: &dyn Ledger,
    notifier: &dyn Notifier,
    clock: &dyn Clock,
    mut batch: Batch,
) -> Result<(), Error> {
    if batch.taken && !batch.announced {
        notifier.publish(&notice::batch_taken(&batch, &[])).await?;
        batch.announced = true;
        batch.closed = batch.queued() == 0;
        ledger.save_batch(&batch).await?;
    }
    if batch.is_complete() && !batch.closed {
        let entries = ledger.batch_entries(&batch.id).await?;
        notifier.publish(&notice::batch_complete(&batch, &entries, clock.now())).await?;
        batch.closed = true;
        ledger.save_batch(&batch).await?;
    }
    Ok(())
}
