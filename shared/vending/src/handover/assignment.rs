//! One account assignment: asynchronous, one at a time in an account, at most
//! ten outstanding in all.

use tracing::info;

use super::{Handover, work};
use crate::Error;
use crate::account::AccountId;
use crate::ledger::{Grant, Progress, Step};
use crate::ports::{AssignError, StepStatus};

/// Outstanding calls at most: IAM Identity Center's quota ("CreateAccountAssignment
/// has a maximum rate of 10 outstanding async calls").
const MOST_OUTSTANDING: usize = 10;

/// What the turns are taken at; the holder is the account.
const TURNS: &str = "assignments";

/// Asks for the assignment, unless the account has it already.
pub(super) async fn begin(
    world: &Handover<'_>,
    account: &AccountId,
    grant: &Grant,
    tries: u32,
) -> Result<Progress, Error> {
    if world.assignments.exists(account, grant).await? {
        // An earlier call that was not answered may have left its turn taken.
        world.turns.give_back(TURNS, account.as_str()).await?;
        return Ok(Progress::Done);
    }
    if !work::take_turn(world, TURNS, account, MOST_OUTSTANDING).await? {
        return Ok(Progress::Pending { tries, not_before: None });
    }
    let now = world.clock.now();
    match world.assignments.request(account, grant).await {
        Ok(ticket) => {
            info!(account.id = %account, request.id = ticket, "asked for an assignment");
            Ok(Progress::Requested { ticket, since: now, tries })
        }
        // The turn stays taken: the call may have been heard. Whoever carries on holds it, too.
        Err(AssignError::CouldNotAsk(error)) => Err(error.into()),
        Err(AssignError::Wait(reason)) => {
            world.turns.give_back(TURNS, account.as_str()).await?;
            Ok(work::told_to_wait(tries, &reason, now))
        }
        Err(AssignError::Refused(reason)) => {
            world.turns.give_back(TURNS, account.as_str()).await?;
            Ok(Progress::Failed { reason })
        }
    }
}

/// Asks what became of an assignment that was asked for.
pub(super) async fn follow(
    world: &Handover<'_>,
    account: &AccountId,
    step: &Step,
    ticket: &str,
    tries: u32,
) -> Result<Progress, Error> {
    let progress = match world.assignments.status(ticket).await? {
        StepStatus::InProgress => match work::overdue(world, step) {
            Some(failed) => failed,
            None => return Ok(step.progress.clone()),
        },
        StepStatus::Done => Progress::Done,
        StepStatus::Failed(reason) => Progress::Failed { reason },
        StepStatus::Unknown if world.assignments.exists(account, &step.grant).await? => {
            Progress::Done
        }
        StepStatus::Unknown => {
            work::told_to_wait(tries, "Identity Center forgot it", world.clock.now())
        }
    };
    // Given back before the entry is saved: a crash in between only asks once more.
    world.turns.give_back(TURNS, account.as_str()).await?;
    Ok(progress)
}
