//! One account assignment: asynchronous, one at a time in an account, at most
//! ten outstanding in all.

use tracing::info;

use super::access::Access;
use super::{Handover, work};
use crate::Error;
use crate::account::AccountId;
use crate::ledger::{Grant, Progress, Step, Timestamp};
use crate::ports::{AssignError, StepStatus};
use crate::schedule::assignment_wait;

/// Asks for the assignment when there is a place for the account, unless it has it already.
pub(super) async fn begin(
    world: &Handover<'_>,
    access: &mut Access,
    account: &AccountId,
    grant: &Grant,
    tries: u32,
) -> Result<Progress, Error> {
    if !access.take_turn(world, account).await? {
        return Ok(Progress::Pending { tries, not_before: None });
    }
    if world.assignments.exists(account, grant).await? {
        return Ok(Progress::Done);
    }
    let asked = world.assignments.request(account, grant).await;
    access.answered(account, &asked);
    let now = world.clock.now();
    match asked {
        Ok(ticket) => {
            info!(account.id = %account, request.id = ticket, "asked for an assignment");
            Ok(Progress::Requested { ticket, since: now, tries })
        }
        // The turn stays taken: the call may have been heard. Whoever carries on holds it, too.
        Err(AssignError::CouldNotAsk(error)) => Err(error.into()),
        Err(AssignError::Wait(reason)) => {
            access.step_aside(world, account).await?;
            Ok(told_to_wait(account, tries, &reason, now))
        }
        Err(AssignError::Refused(reason)) => Ok(Progress::Failed { reason }),
    }
}

/// Asks what became of an assignment that was asked for.
pub(super) async fn follow(
    world: &Handover<'_>,
    access: &mut Access,
    account: &AccountId,
    step: &Step,
    ticket: &str,
    tries: u32,
) -> Result<Progress, Error> {
    access.has_turn(account);
    match world.assignments.status(ticket).await? {
        StepStatus::InProgress => {
            Ok(work::overdue(world, step).unwrap_or_else(|| step.progress.clone()))
        }
        StepStatus::Done => Ok(Progress::Done),
        StepStatus::Failed(reason) => Ok(Progress::Failed { reason }),
        StepStatus::Unknown if world.assignments.exists(account, &step.grant).await? => {
            Ok(Progress::Done)
        }
        StepStatus::Unknown => {
            access.give_back(world, account).await?;
            Ok(told_to_wait(account, tries, "Identity Center forgot it", world.clock.now()))
        }
    }
}

fn told_to_wait(account: &AccountId, tries: u32, reason: &str, now: Timestamp) -> Progress {
    match work::told_to_wait(tries, reason, now) {
        Progress::Pending { tries: told, .. } => Progress::Pending {
            tries: told,
            not_before: Some(now + assignment_wait(account, tries)),
        },
        failed => failed,
    }
}
