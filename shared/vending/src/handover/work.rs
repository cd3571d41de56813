//! Carrying steps on: each as far as it goes at this moment, none waited for.

use super::{Handover, assignment, share};
use crate::Error;
use crate::account::AccountId;
use crate::ledger::{Grant, Progress, Step, Timestamp};
use crate::schedule::{MOST_STEP_TRIES, STEP_OVERDUE_AFTER, TURN_LASTS, step_wait};

/// Carries all steps of an account on until none goes further now. Where a dependency
/// does not answer, the steps that came further are answered all the same: what was
/// asked for must not be forgotten.
pub(super) async fn carry_on(
    world: &Handover<'_>,
    account: &AccountId,
    mut steps: Vec<Step>,
) -> (Vec<Step>, Result<(), Error>) {
    loop {
        let before = steps.clone();
        for index in 0..steps.len() {
            match next(world, account, &steps, index).await {
                Ok(progress) => {
                    if let Some(step) = steps.get_mut(index) {
                        step.progress = progress;
                    }
                }
                Err(error) => return (steps, Err(error)),
            }
        }
        if steps == before {
            return (steps, Ok(()));
        }
    }
}

async fn next(
    world: &Handover<'_>,
    account: &AccountId,
    steps: &[Step],
    index: usize,
) -> Result<Progress, Error> {
    let step = &steps[index];
    let now = world.clock.now();
    match (&step.grant, &step.progress) {
        (_, Progress::Done | Progress::Failed { .. }) => Ok(step.progress.clone()),
        (_, Progress::Pending { not_before: Some(moment), .. }) if *moment > now => {
            Ok(step.progress.clone())
        }
        (Grant::Assignment { .. }, Progress::Pending { tries, .. }) => {
            // One change of permission sets per account at a time: Identity Center's quota.
            if steps.iter().any(is_assignment_under_way) {
                return Ok(step.progress.clone());
            }
            assignment::begin(world, account, &step.grant, *tries).await
        }
        (Grant::Assignment { .. }, Progress::Requested { ticket, tries, .. }) => {
            assignment::follow(world, account, step, ticket, *tries).await
        }
        (Grant::Portfolio(portfolio), Progress::Pending { tries, .. }) => {
            share::begin(world, account, portfolio, *tries).await
        }
        (Grant::Portfolio(portfolio), Progress::Requested { .. }) => {
            share::follow(world, account, step, portfolio).await
        }
    }
}

/// Takes a turn for the account.
pub(super) async fn take_turn(
    world: &Handover<'_>,
    resource: &str,
    account: &AccountId,
    places: usize,
) -> Result<bool, Error> {
    let now = world.clock.now();
    Ok(world.turns.take(resource, account.as_str(), places, now, now + TURN_LASTS).await?)
}

/// The failure of a step that is under way for longer than any should be.
pub(super) fn overdue(world: &Handover<'_>, step: &Step) -> Option<Progress> {
    let Progress::Requested { since, .. } = &step.progress else { return None };
    let overdue = world.clock.now() - *since >= STEP_OVERDUE_AFTER;
    let minutes = STEP_OVERDUE_AFTER.num_minutes();
    overdue.then(|| Progress::Failed {
        reason: format!("AWS has not ended it within {minutes} minutes"),
    })
}

fn is_assignment_under_way(step: &Step) -> bool {
    matches!((&step.grant, &step.progress), (Grant::Assignment { .. }, Progress::Requested { .. }))
}

/// The step was told to wait once more: back off, or give up after very many times.
pub(super) fn told_to_wait(tries: u32, reason: &str, now: Timestamp) -> Progress {
    if tries + 1 >= MOST_STEP_TRIES {
        return Progress::Failed {
            reason: format!("still told to wait after {MOST_STEP_TRIES} tries: {reason}"),
        };
    }
    Progress::Pending { tries: tries + 1, not_before: Some(now + step_wait(tries)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    #[test]
    fn a_step_backs_off_and_gives_up_in_the_end() {
        let first = told_to_wait(0, "conflict", at(0));
        assert_eq!(first, Progress::Pending { tries: 1, not_before: Some(at(20)) });
        let last = told_to_wait(MOST_STEP_TRIES - 1, "conflict", at(0));
        assert!(matches!(last, Progress::Failed { reason } if reason.ends_with("conflict")));
    }
}
