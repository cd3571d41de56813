//! One entry in CONFIGURING: decide its steps, carry them on, and see whether
//! they are all settled.

use super::{Handover, work};
use crate::Error;
use crate::advance::{Advance, advance_exactly};
use crate::failure::{Failure, FailureKind, classify_assignment, classify_share};
use crate::ledger::{Entry, Event, Grant, Progress, Source, Step};
use crate::ports::Unresolved;

/// Carries the entry on as far as it goes now; answers the entry as it is then.
pub(super) async fn configure(
    world: &Handover<'_>,
    source: &Source,
    entry: Entry,
) -> Result<Entry, Error> {
    let Some(account) = entry.account.clone() else { return Ok(entry) };
    let (event, carried) = match steps_of(world, &entry.steps).await? {
        Ok(steps) => {
            let (steps, carried) = work::carry_on(world, &account, steps).await;
            (outcome(steps), carried)
        }
        Err(failure) => (Event::AccessFailed { steps: Vec::new(), failure }, Ok(())),
    };
    let advance = advance_exactly(world.ledger, world.clock, source, &entry, event).await?;
    carried?;
    match advance {
        Advance::Advanced(entry) => Ok(*entry),
        Advance::AlreadyThere | Advance::Overtaken => Ok(entry),
    }
}

/// The steps so far, or those that the defaults call for.
pub(super) async fn steps_of(
    world: &Handover<'_>,
    steps: &[Step],
) -> Result<Result<Vec<Step>, Failure>, Error> {
    if !steps.is_empty() {
        return Ok(Ok(steps.to_vec()));
    }
    match decide(world).await {
        Ok(grants) => Ok(Ok(grants.into_iter().map(Step::new).collect())),
        Err(Unresolved::Unknown(what)) => Ok(Err(Failure::new(FailureKind::AccessUnknown, what))),
        Err(Unresolved::CouldNotAsk(error)) => Err(error.into()),
    }
}

async fn decide(world: &Handover<'_>) -> Result<Vec<Grant>, Unresolved> {
    let mut grants = Vec::new();
    for (principal, permission_set) in &world.defaults.assignments {
        grants.push(world.assignments.resolve(principal, permission_set).await?);
    }
    for portfolio in &world.defaults.portfolios {
        grants.push(Grant::Portfolio(world.portfolios.resolve(portfolio).await?));
    }
    Ok(grants)
}

/// What the steps make of the entry.
fn outcome(steps: Vec<Step>) -> Event {
    if steps.iter().all(|step| step.progress == Progress::Done) {
        return Event::Configured { steps };
    }
    if !steps.iter().all(Step::is_settled) {
        return Event::Progressed { steps };
    }
    let failure = failure_of(&steps);
    Event::AccessFailed { steps, failure }
}

/// The failure that the failed ones among settled steps amount to.
pub(super) fn failure_of(steps: &[Step]) -> Failure {
    let failed: Vec<(FailureKind, String)> = steps.iter().filter_map(told).collect();
    let only_shares = steps
        .iter()
        .filter(|step| step.failure().is_some())
        .all(|step| matches!(step.grant, Grant::Portfolio(_)));
    let general =
        if only_shares { FailureKind::ShareFailed } else { FailureKind::AssignmentFailed };
    let mut kinds = failed.iter().map(|(kind, _)| *kind);
    // Several causes have no remedy in common: the message names them all.
    let kind = kinds.next().filter(|first| kinds.all(|kind| kind == *first)).unwrap_or(general);
    let reasons: Vec<String> = failed.into_iter().map(|(_, reason)| reason).collect();
    Failure::new(kind, reasons.join("; "))
}

/// What a failed step says, and what kind of failure that is.
fn told(step: &Step) -> Option<(FailureKind, String)> {
    // By the reason alone: what a group or a portfolio is called means nothing.
    let Progress::Failed { reason } = &step.progress else { return None };
    let kind = match step.grant {
        Grant::Assignment { .. } => classify_assignment(reason),
        Grant::Portfolio(_) => classify_share(reason),
    };
    Some((kind, step.failure()?))
}
