//! One share of a portfolio with a unit. Shares of one portfolio are taken in turns, those
//! with accounts among them: several at once lose some, silently.

use tracing::{info, warn};

use super::super::{Handover, share, work};
use crate::Error;
use crate::failure::{Failure, FailureKind, classify_share};
use crate::ledger::{Aim, OrderState, PortfolioOrder, Progress, Timestamp, Unreached};
use crate::ports::{ShareError, UnitShareStatus};
use crate::schedule::{STEP_OVERDUE_AFTER, TURN_LASTS};

/// Accounts that a share did not reach of which it is kept, and characters of each reason:
/// an item of the table holds 400 KB. What is in no list shows in the account itself.
const MOST_UNREACHED: usize = 1_000;
const REASON_KEPT: usize = 200;

/// Whether the share can come further at this moment.
pub(super) fn is_due(progress: &Progress, now: Timestamp) -> bool {
    match progress {
        Progress::Pending { not_before, .. } => not_before.is_none_or(|moment| moment <= now),
        Progress::Requested { .. } => true,
        // The order itself was not saved with it.
        Progress::Done | Progress::Failed { .. } => true,
    }
}

/// Carries the share on as far as it goes now.
pub(super) async fn carry_on(
    world: &Handover<'_>,
    order: &PortfolioOrder,
) -> Result<(PortfolioOrder, Result<(), Error>), Error> {
    let Aim::Share { progress, unreached } = &order.aim else { return Ok((order.clone(), Ok(()))) };
    let (progress, unreached) = match progress {
        Progress::Pending { tries, .. } => (begin(world, order, *tries).await?, unreached.clone()),
        Progress::Requested { ticket, since, tries } => {
            follow(world, order, ticket, *since, *tries).await?
        }
        Progress::Done | Progress::Failed { .. } => (progress.clone(), unreached.clone()),
    };
    let state = match &progress {
        Progress::Pending { .. } | Progress::Requested { .. } => OrderState::Configuring,
        Progress::Done => OrderState::Ready,
        Progress::Failed { reason } => {
            OrderState::Failed { failure: Failure::new(classify_share(reason), reason) }
        }
    };
    let aim = Aim::Share { progress, unreached };
    Ok((PortfolioOrder { aim, state, ..order.clone() }, Ok(())))
}

/// Shares the portfolio when it is this unit's turn, unless it is shared with it.
async fn begin(
    world: &Handover<'_>,
    order: &PortfolioOrder,
    tries: u32,
) -> Result<Progress, Error> {
    let PortfolioOrder { portfolio, unit, .. } = order;
    let (turns, now) = (share::turns(portfolio), world.clock.now());
    if is_there(world, order).await? {
        // An earlier call that was not answered may have left its turn taken.
        world.turns.give_back(&turns, &unit.id).await?;
        return Ok(Progress::Done);
    }
    if !world.turns.take(&turns, &unit.id, 1, now, now + TURN_LASTS).await?.is_held() {
        return Ok(Progress::Pending { tries, not_before: None });
    }
    let progress = match world.unit_sharing.share_with_unit(portfolio, &unit.id).await {
        Ok(Some(ticket)) => {
            info!(portfolio.id = portfolio.id, unit.id = unit.id, "asked for a share with a unit");
            return Ok(Progress::Requested { ticket, since: now, tries });
        }
        Ok(None) => repeated(world, order, tries).await?,
        Err(ShareError::CouldNotAsk(error)) => return Err(error.into()),
        Err(ShareError::Wait(reason)) => work::told_to_wait(tries, &reason, now),
        Err(ShareError::Refused(reason)) => Progress::Failed { reason },
    };
    world.turns.give_back(&turns, &unit.id).await?;
    Ok(progress)
}

async fn is_there(world: &Handover<'_>, order: &PortfolioOrder) -> Result<bool, Error> {
    Ok(world.unit_sharing.is_shared_with_unit(&order.portfolio, &order.unit.id).await?)
}

/// AWS took the call for a repetition, ended it or forgot it: see for oneself.
async fn repeated(
    world: &Handover<'_>,
    order: &PortfolioOrder,
    tries: u32,
) -> Result<Progress, Error> {
    if is_there(world, order).await? {
        return Ok(Progress::Done);
    }
    let reason = "Service Catalog says that it shared, but the share with the unit is not there";
    Ok(work::told_to_wait(tries, reason, world.clock.now()))
}

/// Asks what became of the share, and whom it did not reach.
async fn follow(
    world: &Handover<'_>,
    order: &PortfolioOrder,
    ticket: &str,
    since: Timestamp,
    tries: u32,
) -> Result<(Progress, Vec<Unreached>), Error> {
    let ended = match world.unit_sharing.unit_share_status(ticket).await? {
        UnitShareStatus::InProgress if world.clock.now() - since < STEP_OVERDUE_AFTER => {
            let requested = Progress::Requested { ticket: ticket.to_owned(), since, tries };
            return Ok((requested, Vec::new()));
        }
        UnitShareStatus::InProgress => {
            let minutes = STEP_OVERDUE_AFTER.num_minutes();
            let reason = format!("AWS has not ended it within {minutes} minutes");
            (Progress::Failed { reason }, Vec::new())
        }
        UnitShareStatus::Failed(reason) => (Progress::Failed { reason }, Vec::new()),
        UnitShareStatus::Unknown => (repeated(world, order, tries).await?, Vec::new()),
        UnitShareStatus::Ended(unreached) => {
            if !unreached.is_empty() {
                warn!(
                    portfolio.id = order.portfolio.id,
                    unit.id = order.unit.id,
                    accounts = unreached.len(),
                    "the share did not reach some accounts"
                );
            }
            (repeated(world, order, tries).await?, kept(unreached))
        }
    };
    // Given back before the order is saved: a crash in between only asks once more.
    world.turns.give_back(&share::turns(&order.portfolio), &order.unit.id).await?;
    Ok(ended)
}

/// As much of it as an item holds, each reason on one line.
fn kept(unreached: Vec<Unreached>) -> Vec<Unreached> {
    let short = |reason: &str| {
        let failure = Failure::new(FailureKind::ShareIncomplete, reason);
        failure.detail.chars().take(REASON_KEPT).collect()
    };
    let kept = unreached.into_iter().take(MOST_UNREACHED);
    kept.map(|it| Unreached { reason: short(&it.reason), account: it.account }).collect()
}
