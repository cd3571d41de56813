//! Telling people what the ledger says. Every notice is derived from the ledger
//! and marked there after it is out, so that a crash in between repeats it and
//! never loses it. The results file says it first: who is told may look there.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::Error;
use crate::account::AccountName;
use crate::advance::advance_exactly;
use crate::ledger::{Batch, BatchId, Entry, Event, Source, State, Timestamp};
use crate::notice::{self, Notice};
use crate::ports::Notifier;
use crate::results::{Books, record, record_all};

/// What is told of accounts that are READY.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReadyNotices {
    /// Each by itself, as soon as it is.
    #[default]
    Each,
    /// All together, when their batch is complete.
    Digest,
}

impl FromStr for ReadyNotices {
    type Err = UnknownReadyNotices;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "each" => Ok(Self::Each),
            "digest" => Ok(Self::Digest),
            _ => Err(UnknownReadyNotices(text.to_owned())),
        }
    }
}

/// The text says neither.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither each nor digest")]
pub struct UnknownReadyNotices(String);

/// What telling needs of the world.
#[derive(Clone, Copy)]
pub struct Telling<'a> {
    /// The ledger, and the results files that say it first.
    pub books: Books<'a>,
    /// Tells people.
    pub notifier: &'a dyn Notifier,
    /// What is told of accounts that are READY.
    pub ready: ReadyNotices,
}

/// Entries that were not told of, and why.
#[derive(Debug)]
pub struct Untellable {
    /// Their names.
    pub names: Vec<AccountName>,
    /// Why: a dependency did not answer.
    pub error: Error,
}

/// Tells of every end of the entries that nobody was told of, and of their batches where
/// those are complete now; answers those it could not tell of. The results file of a batch
/// is written once, however many of the entries are in it.
pub async fn entries(world: &Telling<'_>, source: &Source, entries: Vec<Entry>) -> Vec<Untellable> {
    let mut batches: BTreeMap<BatchId, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        batches.entry(entry.batch.clone()).or_default().push(entry);
    }
    let mut untellable = Vec::new();
    for (id, entries) in batches {
        untellable.extend(of_batch(world, source, &id, &entries).await);
    }
    untellable
}

async fn of_batch(
    world: &Telling<'_>,
    source: &Source,
    id: &BatchId,
    entries: &[Entry],
) -> Vec<Untellable> {
    let names = |entries: &[Entry]| entries.iter().map(|it| it.request.name.clone()).collect();
    let batch = match record_ends(world, id, entries).await {
        Ok(batch) => batch,
        Err(error) => return vec![Untellable { names: names(entries), error }],
    };
    let mut untellable = Vec::new();
    for entry in entries {
        if let Err(error) = tell(world, source, entry).await {
            untellable.push(Untellable { names: vec![entry.request.name.clone()], error });
        }
    }
    if batch.is_none_or(|batch| may_close(&batch))
        && let Err(error) = close_if_complete(world, id).await
    {
        untellable.push(Untellable { names: names(entries), error });
    }
    untellable
}

/// Brings the rows of the entries up to date in the results file; answers the batch as it was
/// read for that, after the ends of the entries were written. Until its list is taken there is
/// no results file: intake writes it, and looks by itself what has come to its end before.
async fn record_ends(
    world: &Telling<'_>,
    id: &BatchId,
    entries: &[Entry],
) -> Result<Option<Batch>, Error> {
    let Some(batch) = world.books.ledger.batch(id).await?.filter(|batch| batch.taken) else {
        return Ok(None);
    };
    let names: Vec<AccountName> = entries.iter().map(|it| it.request.name.clone()).collect();
    let ended = first_end(entries).unwrap_or(batch.received_at);
    record(&world.books, &batch, &names, ended).await?;
    Ok(Some(batch))
}

/// Whether there may be more to tell of the taken batch than the ends of single entries.
/// While rows of it remain, that is for whoever brings the last of them to its end, and reads
/// the batch after that.
fn may_close(batch: &Batch) -> bool {
    !batch.announced || batch.is_complete()
}

/// Brings the results file up to date with the rows that came to their end, or went on to
/// another list, before there was one: once the batch is taken.
///
/// # Errors
/// When a dependency does not answer.
pub(crate) async fn record_early_ends(world: &Telling<'_>, batch: &Batch) -> Result<(), Error> {
    let others = batch.refused + batch.unchanged + batch.superseded;
    let asked = batch.rows.saturating_sub(others);
    if batch.remaining == asked {
        return Ok(());
    }
    record_all(&world.books, batch, batch.received_at).await
}

/// When the last row of the complete batch came to its end: `now`, where one of the entries,
/// which are read from an index that may be a moment behind, is at none.
fn last_end(batch: &Batch, entries: &[Entry], now: Timestamp) -> Timestamp {
    if entries.iter().any(|entry| !entry.status().is_terminal()) {
        return now;
    }
    let ended = entries.iter().filter_map(|entry| entry.finished_at).max();
    ended.unwrap_or(batch.received_at)
}

fn first_end(entries: &[Entry]) -> Option<Timestamp> {
    let of_untold = |entry: &Entry| entry.untold.iter().map(|it| it.failed_at).min();
    entries.iter().filter_map(|entry| of_untold(entry).or(entry.finished_at)).min()
}

async fn tell(world: &Telling<'_>, source: &Source, entry: &Entry) -> Result<(), Error> {
    for untold in &entry.untold {
        world.notifier.publish(&notice::account_had_failed(entry, untold)).await?;
    }
    if entry.is_end_unannounced()
        && let Some(notice) = notice_of(entry, world.ready)
    {
        world.notifier.publish(&notice).await?;
    }
    // Exactly this state was told: if the entry is another by now, that one is still to be told.
    let told =
        advance_exactly(world.books.ledger, world.books.clock, source, entry, Event::Announced)
            .await;
    told.map(drop)
}

/// What is told of the entry by itself, if anything.
fn notice_of(entry: &Entry, ready: ReadyNotices) -> Option<Notice> {
    match &entry.state {
        State::Ready { .. } => match ready {
            ReadyNotices::Each => Some(notice::account_ready(entry)),
            ReadyNotices::Digest => None,
        },
        State::Failed { stage, failure, .. } => {
            Some(notice::account_failed(entry, *stage, failure))
        }
        State::Queued { .. } | State::Provisioning { .. } | State::Configuring => None,
    }
}

async fn close_if_complete(world: &Telling<'_>, id: &BatchId) -> Result<(), Error> {
    match world.books.ledger.batch(id).await? {
        Some(batch) => close(world, batch).await,
        None => Ok(()),
    }
}

/// Tells of every open batch what there is to tell.
///
/// # Errors
/// When a dependency does not answer.
pub async fn batches(world: &Telling<'_>) -> Result<(), Error> {
    for open in world.books.ledger.open_batches().await? {
        if open.closed {
            // Put on the list again by an old copy: off it goes.
            world.books.ledger.save_batch(&open).await?;
            continue;
        }
        close(world, open).await?;
    }
    Ok(())
}

/// Tells that the batch was taken, and that it is complete, where that is so and was not told.
///
/// # Errors
/// When a dependency does not answer.
pub async fn close(world: &Telling<'_>, mut batch: Batch) -> Result<(), Error> {
    if batch.taken && !batch.announced {
        record_early_ends(world, &batch).await?;
        world.notifier.publish(&notice::batch_taken(&batch, &[])).await?;
        batch.announced = true;
        batch.closed = batch.queued() == 0;
        world.books.ledger.save_batch(&batch).await?;
    }
    if batch.is_complete() && !batch.closed {
        let entries = world.books.ledger.batch_entries(&batch.id).await?;
        record_all(&world.books, &batch, last_end(&batch, &entries, world.books.clock.now()))
            .await?;
        complete(world, &batch.id, &entries).await?;
    }
    Ok(())
}

/// Tells that the batch is complete, as it is by now: while its results file was written, a
/// row of it may have been asked for again.
async fn complete(world: &Telling<'_>, id: &BatchId, entries: &[Entry]) -> Result<(), Error> {
    let batch = world.books.ledger.batch(id).await?;
    let Some(mut batch) = batch.filter(|it| it.is_complete() && !it.closed) else { return Ok(()) };
    let notice = notice::batch_complete(&batch, entries, world.books.clock.now());
    world.notifier.publish(&notice).await?;
    batch.closed = true;
    Ok(world.books.ledger.save_batch(&batch).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, at};

    #[test]
    fn ready_notices_are_said_in_two_words() {
        assert_eq!("each".parse(), Ok(ReadyNotices::Each));
        assert_eq!("digest".parse(), Ok(ReadyNotices::Digest));
        let wrong = "Digest".parse::<ReadyNotices>().unwrap_err().to_string();
        assert_eq!(wrong, "\"Digest\" is neither each nor digest");
    }

    #[test]
    fn a_batch_has_just_ended_where_the_index_has_an_entry_at_no_end() {
        let (ready, failed) = (testing::ready("alpha"), testing::failed("beta"));
        let ends = [&ready, &failed].map(|entry| entry.finished_at.unwrap());
        let (received, now) = (testing::batch().received_at, at(90_000));
        let end = |entries: &[Entry]| last_end(&testing::batch(), entries, now);
        assert_eq!(end(&[ready.clone(), failed.clone()]), ends[0].max(ends[1]));
        assert_eq!(end(&[ready, testing::configuring("beta"), failed]), now);
        assert_eq!(end(&[]), received);
    }
}
