//! Telling people of a portfolio file: the results file first, then the notices, each from
//! the ledger's state and marked there after it is out.

use tracing::error;

use super::super::Handover;
use crate::Error;
use crate::ledger::{PortfolioBatch, PortfolioOrder, Status, Timestamp};
use crate::notice;
use crate::portfolio_file::write_results;
use crate::ports::{Replaced, ResultsError, Saved};

/// How often a results file that others write meanwhile is read again.
const TRIES: u32 = 8;

/// Brings the results file up to date, and tells what was not told: that the file was taken,
/// what failed, and that all of it has ended.
pub(super) async fn tell(
    world: &Handover<'_>,
    batch: &PortfolioBatch,
    orders: &mut [PortfolioOrder],
) -> Result<(), Error> {
    let mut batch = batch.clone();
    let ended = orders.iter().all(|order| order.status() != Status::Configuring);
    record(world, &batch, orders).await?;
    if !batch.announced {
        // Intake came no further.
        world.notifier.publish(&notice::portfolios_taken(&batch, orders)).await?;
        batch.announced = true;
        batch = saved(world, batch).await?;
    }
    failures(world, &batch, orders).await?;
    if ended && !batch.closed {
        let now: Timestamp = world.clock.now();
        world.notifier.publish(&notice::portfolios_complete(&batch, orders, now)).await?;
        saved(world, PortfolioBatch { closed: true, ..batch }).await?;
    }
    Ok(())
}

/// Tells of all that failed since the last time, together.
async fn failures(
    world: &Handover<'_>,
    batch: &PortfolioBatch,
    orders: &mut [PortfolioOrder],
) -> Result<(), Error> {
    let untold: Vec<&PortfolioOrder> = orders.iter().filter(|order| order.is_untold()).collect();
    if untold.is_empty() {
        return Ok(());
    }
    world.notifier.publish(&notice::portfolios_failed(batch, &untold)).await?;
    for order in orders.iter_mut().filter(|order| order.is_untold()) {
        let told = PortfolioOrder { told: true, version: order.version + 1, ..order.clone() };
        if world.orders.save_order(&told).await? == Saved::Saved {
            *order = told;
        }
    }
    Ok(())
}

/// Saves the batch; where another invocation was quicker, that one's stays.
async fn saved(world: &Handover<'_>, batch: PortfolioBatch) -> Result<PortfolioBatch, Error> {
    let next = PortfolioBatch { version: batch.version + 1, ..batch };
    if world.orders.save_portfolio_batch(&next).await? == Saved::Saved {
        return Ok(next);
    }
    let there = world.orders.portfolio_batch(&next.id).await?;
    Ok(there.unwrap_or(next))
}

/// Writes the results file over the revision that was read, unless it says all already. A
/// store that refuses is logged: what is to be told is told all the same.
async fn record(
    world: &Handover<'_>,
    batch: &PortfolioBatch,
    orders: &[PortfolioOrder],
) -> Result<(), Error> {
    match bring_up_to_date(world, batch, orders).await {
        Ok(Saved::Saved) => Ok(()),
        Ok(Saved::Changed) => Err(Error::Contended),
        Err(ResultsError::CouldNotAsk(error)) => Err(error.into()),
        Err(ResultsError::Refused(why)) => {
            error!(batch.id = %batch.id, why, "the results file is not up to date: the store refuses it");
            Ok(())
        }
    }
}

async fn bring_up_to_date(
    world: &Handover<'_>,
    batch: &PortfolioBatch,
    orders: &[PortfolioOrder],
) -> Result<Saved, ResultsError> {
    let place = batch.as_batch();
    let known = write_results(orders);
    for _ in 0..TRIES {
        let file = world.results.results_of(&place).await?;
        if file.as_ref().is_some_and(|file| file.content == known) {
            return Ok(Saved::Saved);
        }
        // Read after the file was: whoever writes last knows the most.
        let content = write_results(&world.orders.orders(batch).await?);
        let over = file.as_ref().map(|file| &file.revision);
        if world.results.replace_results(&place, over, content).await? != Replaced::Changed {
            return Ok(Saved::Saved);
        }
    }
    Ok(Saved::Changed)
}
