//! Keeping the results files true: the row of every account that comes to an end says
//! so in the file beside the list it was asked for with.
//!
//! What is written is read from the ledger after the file was read, or written by this very
//! process, and it is written only over that revision: whoever writes last knows the most.

mod recent;

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use tracing::{error, info};

pub use self::recent::RecentFiles;

use crate::Error;
use crate::account::{AccountId, AccountName};
use crate::file::{Layout, ResultRow, RowNews, statuses, update, write};
use crate::ledger::{Batch, BatchId, Entry, State, Status, Timestamp};
use crate::ports::{Clock, Ledger, Replaced, ResultsError, ResultsFile, ResultsFiles};

/// How often a file that others write meanwhile is read again. Two or three invocations
/// of one function write one file at a time, and each of them writes it once.
const TRIES: u32 = 8;

/// People are told without the results file when it could not be brought up to date for
/// so long after the end: an end that nobody hears of is worse than an old file, and
/// the file is made good when the next row of its batch ends, or all have.
const TOLD_ALL_THE_SAME_AFTER: TimeDelta = TimeDelta::hours(1);

/// What keeping results files needs of the world.
#[derive(Clone, Copy)]
pub struct Books<'a> {
    /// The ledger.
    pub ledger: &'a dyn Ledger,
    /// The results files.
    pub files: &'a dyn ResultsFiles,
    /// How this process left those that it wrote last; `None` where it ends with this invocation.
    pub recent: Option<&'a RecentFiles>,
    /// The present moment.
    pub clock: &'a dyn Clock,
}

/// Which rows are looked at.
enum Which<'a> {
    /// Those of these accounts, as far as they belong to the batch.
    Of(&'a [AccountName]),
    /// All of the batch, and those that have gone on to other batches.
    All,
}

/// Brings the rows of `names` that are at an end in the results file of their batch
/// up to date: one write of the file, and one read at most, however many there are and as long as nobody else
/// writes it. `ended` is when the first of them came to its end.
///
/// A store that refuses is logged and is no error, and nor is one that does not answer
/// for an hour: what is to be told is told all the same.
///
/// # Errors
/// When a dependency does not answer.
pub async fn record(
    world: &Books<'_>,
    batch: &Batch,
    names: &[AccountName],
    ended: Timestamp,
) -> Result<(), Error> {
    forgive(world, batch, ended, bring_up_to_date(world, batch, &Which::Of(names)).await)
}

/// Brings every row in the results file of the batch up to date, whatever was missed: of
/// those that another list has asked for since, the file says where they are followed.
///
/// # Errors
/// When a dependency does not answer, as for [`record`].
pub async fn record_all(world: &Books<'_>, batch: &Batch, ended: Timestamp) -> Result<(), Error> {
    forgive(world, batch, ended, bring_up_to_date(world, batch, &Which::All).await)
}

/// Why a file is not up to date.
#[derive(Debug, thiserror::Error)]
enum NotRecorded {
    #[error(transparent)]
    File(#[from] ResultsError),
    #[error(transparent)]
    Other(#[from] Error),
}

fn forgive(
    world: &Books<'_>,
    batch: &Batch,
    ended: Timestamp,
    recorded: Result<(), NotRecorded>,
) -> Result<(), Error> {
    let failure: Error = match recorded {
        Ok(()) => return Ok(()),
        Err(NotRecorded::File(ResultsError::Refused(why))) => {
            error!(batch.id = %batch.id, why, "the results file is not up to date: the store refuses it");
            return Ok(());
        }
        Err(NotRecorded::File(ResultsError::CouldNotAsk(error))) => error.into(),
        Err(NotRecorded::Other(error)) => error,
    };
    if world.clock.now() - ended < TOLD_ALL_THE_SAME_AFTER {
        return Err(failure);
    }
    error!(batch.id = %batch.id, why = %failure, "the results file is not up to date: the store has not answered for long");
    Ok(())
}

async fn bring_up_to_date(
    world: &Books<'_>,
    batch: &Batch,
    which: &Which<'_>,
) -> Result<(), NotRecorded> {
    for _ in 0..TRIES {
        let remembered = world.recent.and_then(|recent| recent.take(&batch.id));
        let is_remembered = remembered.is_some();
        let file = match remembered {
            Some(file) => Some(file),
            None => world.files.results_of(batch).await?,
        };
        let content = match &file {
            Some(file) => renewed(world, batch, which, file).await?,
            None => Some(made_anew(world, batch).await?),
        };
        match content {
            Some(content) => {
                if written(world, batch, file, content).await? {
                    return Ok(());
                }
            }
            // It was so when it was written: whether it still is, the store knows.
            None if is_remembered => {}
            None => return Ok(()),
        }
    }
    Err(Error::Contended.into())
}

/// Writes the file in the place of the one that is known; answers whether that was there.
async fn written(
    world: &Books<'_>,
    batch: &Batch,
    over: Option<ResultsFile>,
    content: Vec<u8>,
) -> Result<bool, ResultsError> {
    let over = over.map(|file| file.revision);
    let to_keep = world.recent.map(|recent| (recent, content.clone()));
    match world.files.replace_results(batch, over.as_ref(), content).await? {
        Replaced::By(revision) => {
            if let Some((recent, content)) = to_keep {
                recent.keep(&batch.id, ResultsFile { content, revision });
            }
            Ok(true)
        }
        Replaced::Changed => Ok(false),
    }
}

/// The file as it is to be; `None` where it is so already.
async fn renewed(
    world: &Books<'_>,
    batch: &Batch,
    which: &Which<'_>,
    file: &ResultsFile,
) -> Result<Option<Vec<u8>>, Error> {
    let entries = match which {
        Which::Of(names) => world.ledger.entries(names).await?,
        Which::All => doubtful(world, batch, file).await?,
    };
    let all = matches!(which, Which::All);
    // What goes on after a failure keeps that until its next end: it may end elsewhere.
    let own = |entry: &&Entry| entry.batch == batch.id && entry.status().is_terminal();
    let rows = entries.iter().filter(|entry| all || own(entry));
    let news: HashMap<&str, RowNews> =
        rows.map(|entry| (entry.request.name.as_str(), news(entry, &batch.id))).collect();
    let content = match update(&file.content, &news) {
        Ok(content) => content,
        // Somebody has put something else there; the bucket keeps it as a version.
        Err(_) => made_anew(world, batch).await?,
    };
    Ok((content != file.content).then_some(content))
}

/// The entries of the rows that may not be up to date, as they are at this moment: those
/// that are at no end by the file, those of the batch that failed, and those that its
/// index, which may be a moment behind, has in another status.
async fn doubtful(
    world: &Books<'_>,
    batch: &Batch,
    file: &ResultsFile,
) -> Result<Vec<Entry>, Error> {
    let own = world.ledger.batch_entries(&batch.id).await?;
    let own: HashMap<&str, Status> =
        own.iter().map(|entry| (entry.request.name.as_str(), entry.status())).collect();
    let is_settled = |name: &str, status: &str| match own.get(name) {
        Some(own) => *own == Status::Ready && status == own.as_str(),
        // It failed here, and another list has asked for it since: that stays so.
        None => status == Status::Ready.as_str() || status == Status::Failed.as_str(),
    };
    let doubtful: BTreeSet<AccountName> = statuses(&file.content)
        .unwrap_or_default()
        .into_iter()
        .filter(|(name, status)| !is_settled(name, status))
        .filter_map(|(name, _)| AccountName::new(name).ok())
        .collect();
    entries(world, doubtful.into_iter().collect()).await
}

/// The entries of those names, as they are at this moment.
async fn entries(world: &Books<'_>, names: Vec<AccountName>) -> Result<Vec<Entry>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    Ok(world.ledger.entries(&names).await?)
}

/// What the file says of a row whose entry stands so.
fn news(entry: &Entry, batch: &BatchId) -> RowNews {
    let account_id = entry.account.as_ref().map_or("", AccountId::as_str).to_owned();
    let status = entry.status().to_string();
    let elsewhere = (entry.batch != *batch).then(|| followed_in(&entry.batch));
    RowNews { status, account_id, error: error_of(entry), outcome: elsewhere }
}

/// What the column `Outcome` says of a row that another list has asked for.
pub(crate) fn followed_in(batch: &BatchId) -> String {
    format!("another list has asked for it: see {}{batch}.csv", Batch::RESULTS_PREFIX)
}

/// What the column `ErrorMsg` says of the entry.
fn error_of(entry: &Entry) -> String {
    match &entry.state {
        State::Failed { failure, .. } => failure.message(),
        State::Queued { waiting_for, .. } => waiting_for.clone().unwrap_or_default(),
        State::Provisioning { .. } | State::Configuring | State::Ready { .. } => String::new(),
    }
}

/// The file anew, where it was deleted or has expired. Rows that never came into the
/// ledger are not known any more.
async fn made_anew(world: &Books<'_>, batch: &Batch) -> Result<Vec<u8>, Error> {
    let named = world.ledger.batch_entries(&batch.id).await?;
    let names = named.into_iter().map(|entry| entry.request.name).collect();
    let mut entries = entries(world, names).await?;
    entries.retain(|entry| entry.batch == batch.id);
    entries.sort_by_key(|entry| entry.line);
    info!(batch.id = %batch.id, rows = entries.len(), "results file made anew from the ledger");
    let layout = Layout::of_requests(entries.iter().map(|entry| &entry.request));
    Ok(write(layout, entries.iter().map(|entry| row(entry, &batch.id))))
}

fn row(entry: &Entry, batch: &BatchId) -> ResultRow {
    let RowNews { status, account_id, error, .. } = news(entry, batch);
    let outcome = "as it is in the ledger; the first results file was deleted".to_owned();
    let asked = ResultRow::of_request(entry.line, &entry.request);
    ResultRow { status, account_id, error, outcome, ..asked }
}
