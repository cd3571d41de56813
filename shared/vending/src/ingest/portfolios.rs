//! Taking a portfolio file in, whole or not at all: what it asks for goes into the ledger as
//! orders with derived numbers, so that the same delivery again puts nothing in twice.

mod facts;
mod orders;

use tracing::info;

use super::{Ingested, Intake};
use crate::Error;
use crate::file::Fault;
use crate::ledger::{ObjectRef, PortfolioBatch, PortfolioOrder};
use crate::notice;
use crate::portfolio_file::{PortfolioFile, check, write_refused, write_results};
use crate::ports::{CouldNotAsk, Replaced, ResultsError, Saved};

/// Takes the file in, or refuses it and tells every fault.
pub(super) async fn take(
    world: &Intake<'_>,
    object: &ObjectRef,
    file: &PortfolioFile,
) -> Result<Ingested, Error> {
    let fresh = PortfolioBatch::new(object, world.clock.now());
    let batch = match world.orders.portfolio_batch(&fresh.id).await? {
        // All that it asks for is in the ledger: at most it is still to be told.
        Some(batch) => return tell(world, batch).await,
        None => PortfolioBatch { rows: file.rows() as u64, ..fresh },
    };
    let (sound, mut faults) = check(file);
    let facts = facts::ask(world, &sound).await?;
    faults.extend(facts::faults(&sound, &facts));
    faults.sort();
    if !faults.is_empty() {
        return refuse(world, batch, file, faults).await;
    }
    let orders = orders::of(&batch.id, &sound, &facts);
    let batch = PortfolioBatch { orders: orders.len() as u64, ..batch };
    world.orders.place_orders(&orders).await?;
    begin_results(world, &batch, &orders).await?;
    // Listed only now: handover begins when all of it is there.
    let batch = save(world, batch).await?;
    tell(world, batch).await
}

/// Tells that the file was taken, unless somebody has meanwhile.
async fn tell(world: &Intake<'_>, batch: PortfolioBatch) -> Result<Ingested, Error> {
    if batch.announced {
        return Ok(Ingested::Already(batch.id));
    }
    let orders = world.orders.orders(&batch).await?;
    info!(batch.id = %batch.id, rows = batch.rows, orders = batch.orders, "portfolio file taken");
    world.notifier.publish(&notice::portfolios_taken(&batch, &orders)).await?;
    let batch = save(world, PortfolioBatch { announced: true, ..batch }).await?;
    Ok(Ingested::Portfolios(Box::new(batch)))
}

async fn refuse(
    world: &Intake<'_>,
    batch: PortfolioBatch,
    file: &PortfolioFile,
    faults: Vec<Fault>,
) -> Result<Ingested, Error> {
    let (place, content) = (batch.as_batch(), write_refused(file, &faults));
    world.source.write_results(&place.object.bucket, &place.results_key(), content).await?;
    world.notifier.publish(&notice::portfolios_refused(&batch, &faults)).await?;
    info!(batch.id = %batch.id, rows = batch.rows, faults = faults.len(), "portfolio file refused");
    // Marked last: until then the same delivery again starts over and tells again.
    let batch = save(world, PortfolioBatch { announced: true, closed: true, ..batch }).await?;
    Ok(Ingested::Refused { batch: batch.id, faults })
}

/// Saves the batch as the next version; where somebody was quicker, theirs stays.
async fn save(world: &Intake<'_>, batch: PortfolioBatch) -> Result<PortfolioBatch, Error> {
    let next = PortfolioBatch { version: batch.version + 1, ..batch };
    if world.orders.save_portfolio_batch(&next).await? == Saved::Saved {
        return Ok(next);
    }
    Ok(world.orders.portfolio_batch(&next.id).await?.unwrap_or(next))
}

/// Writes the first results file; one that is there is from an earlier delivery.
async fn begin_results(
    world: &Intake<'_>,
    batch: &PortfolioBatch,
    orders: &[PortfolioOrder],
) -> Result<(), Error> {
    let (place, content) = (batch.as_batch(), write_results(orders));
    match world.results.replace_results(&place, None, content).await {
        Ok(Replaced::By(_) | Replaced::Changed) => Ok(()),
        Err(ResultsError::CouldNotAsk(error)) => Err(error.into()),
        Err(ResultsError::Refused(_)) => {
            let why = "the store refuses the results file";
            Err(CouldNotAsk::new("the store", "write the results file", why).into())
        }
    }
}
