//! The use case behind the `intake` function: a file landed; check all of it,
//! put what it asks for into the ledger, and say what happened to every row.

mod admit;
mod begin;
mod facts;
mod kept;
mod names;
mod plan;
mod portfolios;
mod prepare;
mod results;

use tracing::info;

use crate::Error;
use crate::announce::{self, ReadyNotices, Telling};
use crate::file::{Fault, Sheet, write_refusal};
use crate::ledger::{Batch, BatchId, ObjectRef, PortfolioBatch, Timestamp};
use crate::notice;
use crate::portfolio_file::{PortfolioFile, UploadReader, Uploaded};
use crate::ports::{
    AccessDefaults, AccountFactory, Assignments, BatchSource, Clock, Directory, Ledger, Notifier,
    OrganizationTree, PortfolioOrders, PortfolioSharing, ReadError, ResultsFiles, UnitSharing,
};
use crate::results::Books;

pub use facts::LedgerFacts;
pub use plan::{Asking, PlannedRow, RowPlan, plan};
pub use prepare::{Prepared, Preparing, prepare};

/// The world as intake needs it.
#[derive(Clone, Copy)]
pub struct Intake<'a> {
    /// Where the file is.
    pub source: &'a dyn BatchSource,
    /// The ledger.
    pub ledger: &'a dyn Ledger,
    /// Account Factory, for the units that accounts can go to.
    pub factory: &'a dyn AccountFactory,
    /// The organization's accounts.
    pub directory: &'a dyn Directory,
    /// Account assignments, to see that the configured names exist.
    pub assignments: &'a dyn Assignments,
    /// Portfolios, likewise.
    pub portfolios: &'a dyn PortfolioSharing,
    /// What portfolio files ask for.
    pub orders: &'a dyn PortfolioOrders,
    /// The organization's units, for portfolio files.
    pub tree: &'a dyn OrganizationTree,
    /// Portfolio shares with units, likewise.
    pub unit_sharing: &'a dyn UnitSharing,
    /// Tells people.
    pub notifier: &'a dyn Notifier,
    /// The present moment.
    pub clock: &'a dyn Clock,
    /// What every new account is given.
    pub defaults: &'a AccessDefaults,
    /// The results files.
    pub results: &'a dyn ResultsFiles,
    /// Take the rows without a fault of a file that has some.
    pub accept_valid_rows: bool,
}

impl<'a> Intake<'a> {
    /// As much of it as preparing a list needs.
    #[must_use]
    pub fn preparing(&self) -> Preparing<'a> {
        let Self { ledger, factory, directory, assignments, portfolios, defaults, .. } = *self;
        Preparing { ledger, factory, directory, assignments, portfolios, defaults }
    }

    fn telling(&self) -> Telling<'a> {
        Telling {
            books: Books {
                ledger: self.ledger,
                files: self.results,
                recent: None,
                clock: self.clock,
            },
            notifier: self.notifier,
            ready: ReadyNotices::default(),
        }
    }
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ingested {
    /// It lies where results are written: it is no list.
    NotAList,
    /// It was dealt with before; nothing changed.
    Already(BatchId),
    /// Nothing of it is in the ledger, and the faults were told.
    Refused {
        /// The batch.
        batch: BatchId,
        /// Every fault.
        faults: Vec<Fault>,
    },
    /// Its rows are in the ledger, but for those with a fault.
    Taken {
        /// The batch.
        batch: Box<Batch>,
        /// The faults of the rows that were refused.
        faults: Vec<Fault>,
    },
    /// It is a portfolio file, and all that it asks for is in the ledger.
    Portfolios(Box<PortfolioBatch>),
}

/// Takes the file `object` in, or refuses it. A bad file is an outcome, not an
/// error. Delivered twice, it changes nothing the second time.
///
/// # Errors
/// When a dependency does not answer, or the object is gone; the same delivery again carries on.
pub async fn ingest(world: &Intake<'_>, object: &ObjectRef) -> Result<Ingested, Error> {
    if object.key.starts_with(Batch::RESULTS_PREFIX) {
        return Ok(Ingested::NotAList);
    }
    let id = BatchId::of(object);
    let batch = match world.ledger.batch(&id).await? {
        Some(batch) if batch.announced => return Ok(Ingested::Already(id)),
        Some(batch) => batch,
        None => Batch::new(object, world.clock.now()),
    };
    let (sheet, uploaded_at) = match read(world, object).await? {
        Ok((Uploaded::Accounts(sheet), uploaded_at)) => (sheet, uploaded_at),
        Ok((Uploaded::Portfolios(file), _)) => return portfolios::take(world, object, &file).await,
        Err(fault) if UploadReader::is_json(&object.key) => {
            return portfolios::take(world, object, &PortfolioFile::unreadable(fault)).await;
        }
        Err(fault) => {
            let content = write_refusal(std::slice::from_ref(&fault));
            return refuse(world, batch, content, vec![fault]).await;
        }
    };
    take(world, Batch { rows: sheet.rows.len() as u64, ..batch }, &sheet, uploaded_at).await
}

/// The file and when it was uploaded, or why it cannot be read.
async fn read(
    world: &Intake<'_>,
    object: &ObjectRef,
) -> Result<Result<(Uploaded, Timestamp), Fault>, Error> {
    let mut reader = UploadReader::of(&object.key);
    let read = world.source.read(object, &mut reader).await;
    let read = read.and_then(|uploaded_at| Ok((reader.finish()?, uploaded_at)));
    match read {
        Ok(read) => Ok(Ok(read)),
        Err(ReadError::Unreadable(unreadable)) => Ok(Err(unreadable.into())),
        Err(error) => Err(error.into()),
    }
}

async fn take(
    world: &Intake<'_>,
    batch: Batch,
    sheet: &Sheet,
    uploaded_at: Timestamp,
) -> Result<Ingested, Error> {
    let asking = Asking { batch: batch.id.clone(), uploaded_at };
    let prepared = prepare(&world.preparing(), &asking, sheet).await?;
    // What an earlier delivery of this file did stays so, whatever is wrong by now.
    let begun = batch.taken || batch.queued() > 0;
    let acceptable = prepared.is_acceptable(world.accept_valid_rows) || begun;
    let Prepared { mut rows, mut faults, organization, .. } = prepared;
    let Some(organization) = organization.filter(|_| acceptable) else {
        if begun {
            return Err(Error::HalfTaken);
        }
        return refuse(world, batch, results::of_refusal(sheet, &faults), faults).await;
    };
    if batch.taken {
        faults = kept::told(world.results, &batch, sheet, faults).await?;
    } else if begun {
        let (kept, of_others) = kept::kept(world.ledger, &asking, sheet, faults).await?;
        rows.extend(kept);
        faults = of_others;
    }
    world.ledger.save_batch(&batch).await?;
    let (rows, more) = admit::admit(world, &asking, rows, &organization).await?;
    faults.extend(more);
    faults.sort();
    finish(world, batch, sheet, &rows, faults).await
}

/// Every row is in the ledger that is to be: writes the results, and tells.
async fn finish(
    world: &Intake<'_>,
    mut batch: Batch,
    sheet: &Sheet,
    rows: &[PlannedRow],
    faults: Vec<Fault>,
) -> Result<Ingested, Error> {
    if !batch.taken {
        let content = || results::of_taken(sheet, rows, &faults);
        // The counts are those of the file as it was first written: what another list has
        // taken over since is told apart by them, and brought up to date in the file.
        let taken = begin::begin(world, &batch, content).await?;
        batch = taken.unwrap_or_else(|| counted(batch, rows));
    }
    batch.taken = true;
    world.ledger.save_batch(&batch).await?;
    info!(
        batch.id = %batch.id,
        rows = batch.rows,
        refused = batch.refused,
        unchanged = batch.unchanged,
        superseded = batch.superseded,
        "batch taken"
    );
    // Read again for the counts, which the ledger keeps.
    let mut batch = world.ledger.batch(&batch.id).await?.unwrap_or(batch);
    announce::record_early_ends(&world.telling(), &batch).await?;
    world.notifier.publish(&notice::batch_taken(&batch, &faults)).await?;
    batch.announced = true;
    batch.closed = batch.queued() == 0;
    world.ledger.save_batch(&batch).await?;
    announce::close(&world.telling(), batch.clone()).await?;
    Ok(Ingested::Taken { batch: Box::new(batch), faults })
}

fn counted(batch: Batch, rows: &[PlannedRow]) -> Batch {
    let count =
        |counts: fn(&RowPlan) -> bool| rows.iter().filter(|row| counts(&row.plan)).count() as u64;
    Batch {
        unchanged: count(|plan| matches!(plan, RowPlan::Unchanged(_))),
        superseded: count(|plan| matches!(plan, RowPlan::Superseded(_))),
        refused: batch.rows - rows.len() as u64,
        ..batch
    }
}

async fn refuse(
    world: &Intake<'_>,
    mut batch: Batch,
    content: Vec<u8>,
    faults: Vec<Fault>,
) -> Result<Ingested, Error> {
    world.source.write_results(&batch.object.bucket, &batch.results_key(), content).await?;
    world.notifier.publish(&notice::batch_refused(&batch, &faults)).await?;
    info!(batch.id = %batch.id, rows = batch.rows, faults = faults.len(), "batch refused");
    // Marked last: until then the same delivery again starts over and tells again.
    batch.refused = batch.rows;
    (batch.announced, batch.closed) = (true, true);
    world.ledger.save_batch(&batch).await?;
    Ok(Ingested::Refused { batch: batch.id, faults })
}
