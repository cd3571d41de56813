//! Carrying steps on: each as far as it goes at this moment, none waited for.

use super::access::{Access, is_assignment};
use super::{Handover, assignment, member, share};
use crate::Error;
use crate::account::AccountId;
use crate::ledger::{Grant, Progress, Step, Timestamp};
use crate::schedule::{MOST_STEP_TRIES, STEP_OVERDUE_AFTER, TURN_LASTS, step_wait};

/// Carries all steps of an account on until none goes further now. Where a dependency
/// does not answer, the steps that came further are answered all the same: what was
/// asked for must not be forgotten.
pub(super) async fn carry_on(
    world: &Handover<'_>,
    access: &mut Access,
    account: &AccountId,
    steps: Vec<Step>,
) -> (Vec<Step>, Result<(), Error>) {
    let before = steps.clone();
    let (steps, carried) = carry_all(world, access, account, steps).await;
    if are_assignments_over(&before, &steps) {
        let given_back = access.give_back(world, account).await;
        return (steps, carried.and(given_back));
    }
    (steps, carried)
}

async fn carry_all(
    world: &Handover<'_>,
    access: &mut Access,
    account: &AccountId,
    mut steps: Vec<Step>,
) -> (Vec<Step>, Result<(), Error>) {
    let first = steps.clone();
    loop {
        let before = steps.clone();
        for index in 0..steps.len() {
            let (step, now) = (&steps[index], world.clock.now());
            if is_just_asked_for(first.get(index), step) || !access.follows(&steps, step, now) {
                continue;
            }
            match next(world, access, account, &steps, index).await {
                Ok(carried) => note(access, &mut steps, index, carried),
                Err(error) => return (steps, Err(error)),
            }
        }
        if steps == before {
            return (steps, Ok(()));
        }
    }
}

/// Whether the step was asked for a moment ago: what AWS takes seconds for is not asked after
/// in the same breath.
fn is_just_asked_for(first: Option<&Step>, step: &Step) -> bool {
    matches!(step.progress, Progress::Requested { .. })
        && first.is_some_and(|first| first.progress != step.progress)
}

/// Notes how far a step has come, and what follows of it for others.
fn note(access: &mut Access, steps: &mut [Step], index: usize, carried: Carried) {
    let Some(step) = steps.get_mut(index) else { return };
    let was_open = !step.is_settled();
    step.progress = carried.progress;
    step.note = carried.note.or(step.note.take());
    if let Grant::Portfolio(portfolio) = &step.grant
        && was_open
        && step.is_settled()
    {
        access.share_ended(portfolio);
    }
    if is_assignment(step) {
        hold_back(&step.progress.clone(), steps);
    }
}

/// What is in the way of one assignment is in the way of all in the account: they wait
/// together, and are told so together.
fn hold_back(told: &Progress, steps: &mut [Step]) {
    let Progress::Pending { tries: told, not_before: Some(moment) } = told else { return };
    for step in steps.iter_mut().filter(|step| is_assignment(step)) {
        if let Progress::Pending { tries, not_before } = &mut step.progress {
            *tries = (*told).max(*tries);
            *not_before = Some(*moment).max(*not_before);
        }
    }
}

/// Whether the last assignment of the account has come to its end just now.
fn are_assignments_over(before: &[Step], after: &[Step]) -> bool {
    let over = |steps: &[Step]| steps.iter().filter(|it| is_assignment(it)).all(Step::is_settled);
    over(after) && !over(before)
}

async fn next(
    world: &Handover<'_>,
    access: &mut Access,
    account: &AccountId,
    steps: &[Step],
    index: usize,
) -> Result<Carried, Error> {
    let step = &steps[index];
    let now = world.clock.now();
    let progress = match (&step.grant, &step.progress) {
        (_, Progress::Done | Progress::Failed { .. }) => Ok(step.progress.clone()),
        (_, Progress::Pending { not_before: Some(moment), .. }) if *moment > now => {
            Ok(step.progress.clone())
        }
        (Grant::Assignment { .. }, Progress::Pending { tries, .. }) => {
            // One change of permission sets per account at a time: Identity Center's quota.
            if steps.iter().any(is_assignment_under_way) {
                return Ok(step.progress.clone().into());
            }
            assignment::begin(world, access, account, &step.grant, *tries).await
        }
        (Grant::Assignment { .. }, Progress::Requested { ticket, tries, .. }) => {
            assignment::follow(world, access, account, step, ticket, *tries).await
        }
        (Grant::Portfolio(portfolio), Progress::Pending { tries, .. }) => {
            return share::begin(world, access, account, steps, portfolio, *tries).await;
        }
        (Grant::Portfolio(portfolio), Progress::Requested { .. }) => {
            share::follow(world, access, account, step, portfolio).await
        }
        (Grant::Usable(usage), Progress::Pending { tries, .. }) => {
            return member::begin(world, account, steps, step, usage, *tries).await;
        }
        // AWS answers these at once: none is ever asked for and not answered.
        (Grant::Usable(_), Progress::Requested { .. }) => Ok(Progress::NEW),
    };
    progress.map(Carried::from)
}

/// How far a step has come, and what is new to be known of it.
#[derive(Debug)]
pub(super) struct Carried {
    pub progress: Progress,
    pub note: Option<String>,
}

impl From<Progress> for Carried {
    fn from(progress: Progress) -> Self {
        Self { progress, note: None }
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
    let turn = world.turns.take(resource, account.as_str(), places, now, now + TURN_LASTS);
    Ok(turn.await?.is_held())
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
    is_assignment(step) && matches!(step.progress, Progress::Requested { .. })
}

/// The step was told to wait once more: back off, or give up after very many times.
pub(super) fn told_to_wait(tries: u32, reason: &str, now: Timestamp) -> Progress {
    if tries + 1 >= MOST_STEP_TRIES {
        return waited_enough(MOST_STEP_TRIES, reason);
    }
    Progress::Pending { tries: tries + 1, not_before: Some(now + step_wait(tries)) }
}

/// The step was told to wait as often as it may be.
pub(super) fn waited_enough(tries: u32, reason: &str) -> Progress {
    Progress::Failed { reason: format!("still told to wait after {tries} tries: {reason}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::PrincipalKind;
    use crate::ledger::Principal;
    use crate::testing::at;

    #[test]
    fn a_step_backs_off_and_gives_up_in_the_end() {
        let first = told_to_wait(0, "conflict", at(0));
        assert_eq!(first, Progress::Pending { tries: 1, not_before: Some(at(20)) });
        let last = told_to_wait(MOST_STEP_TRIES - 1, "conflict", at(0));
        assert!(matches!(last, Progress::Failed { reason } if reason.ends_with("conflict")));
    }

    fn assignment(progress: Progress) -> Step {
        let grant = Grant::Assignment {
            permission_set: "arn".to_owned(),
            permission_set_name: "Admin".to_owned(),
            principal: Principal {
                kind: PrincipalKind::Group,
                id: "1".to_owned(),
                name: "Admins".to_owned(),
            },
        };
        Step { progress, ..Step::new(grant) }
    }

    #[test]
    fn what_is_in_the_way_of_one_assignment_is_in_the_way_of_all_in_the_account() {
        let told = Progress::Pending { tries: 2, not_before: Some(at(60)) };
        let longer = Progress::Pending { tries: 3, not_before: Some(at(90)) };
        let before = [told.clone(), Progress::NEW, longer.clone(), Progress::Done];
        let mut steps = before.map(assignment);
        hold_back(&told, &mut steps);
        let after = steps.map(|step| step.progress);
        assert_eq!(after, [told.clone(), told, longer, Progress::Done]);
        let mut steps = [assignment(Progress::NEW)];
        hold_back(&Progress::NEW, &mut steps);
        assert_eq!(steps[0].progress, Progress::NEW);
    }

    #[test]
    fn assignments_are_over_when_the_last_one_comes_to_its_end() {
        let over = |before: &[Progress], after: &[Progress]| {
            let of = |all: &[Progress]| all.iter().cloned().map(assignment).collect::<Vec<_>>();
            are_assignments_over(&of(before), &of(after))
        };
        let (new, done) = (Progress::NEW, Progress::Done);
        let failed = Progress::Failed { reason: "no".to_owned() };
        assert!(over(&[new.clone(), done.clone()], &[failed, done.clone()]));
        assert!(!over(&[new.clone(), new.clone()], &[done.clone(), new]));
        assert!(!over(std::slice::from_ref(&done), std::slice::from_ref(&done)));
    }
}
