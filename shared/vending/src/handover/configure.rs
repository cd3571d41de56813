//! One entry in CONFIGURING: decide its steps, carry them on, and see whether
//! they are all settled.

use super::access::Access;
use super::{Handover, decide, member, work};
use crate::Error;
use crate::account::AccessRequest;
use crate::advance::{Advance, advance_exactly};
use crate::failure::{Failure, FailureKind, classify_assignment, classify_share, classify_usable};
use crate::ledger::{Entry, Event, Grant, Progress, Source, Step};
use crate::ports::Unresolved;

/// Carries the entry on as far as it goes now; answers the entry as it is then.
pub(super) async fn configure(
    world: &Handover<'_>,
    access: &mut Access,
    source: &Source,
    entry: Entry,
) -> Result<Entry, Error> {
    let Some(account) = entry.account.clone() else { return Ok(entry) };
    let (event, carried) = match decided(world, &entry).await? {
        Ok(steps) => {
            let (steps, carried) = work::carry_on(world, access, &account, steps).await;
            (outcome(steps), carried)
        }
        Err(failure) => (Event::AccessFailed { steps: entry.steps.clone(), failure }, Ok(())),
    };
    let advance = advance_exactly(world.ledger, world.clock, source, &entry, event).await?;
    carried?;
    match advance {
        Advance::Advanced(entry) => Ok(*entry),
        Advance::AlreadyThere | Advance::Overtaken => Ok(entry),
    }
}

/// The steps of the entry, or those that its request calls for where they are not decided.
async fn decided(world: &Handover<'_>, entry: &Entry) -> Result<Result<Vec<Step>, Failure>, Error> {
    if entry.decided {
        return Ok(Ok(entry.steps.clone()));
    }
    let grants = called_for(world, &entry.request.access).await?;
    Ok(grants.map(|grants| decide::merged(&entry.steps, &grants)))
}

/// The steps so far, or those that the defaults call for.
pub(super) async fn steps_of(
    world: &Handover<'_>,
    steps: &[Step],
) -> Result<Result<Vec<Step>, Failure>, Error> {
    if !steps.is_empty() {
        return Ok(Ok(steps.to_vec()));
    }
    let grants = called_for(world, &AccessRequest::default()).await?;
    Ok(grants.map(|grants| decide::merged(&[], &grants)))
}

/// What that access takes, or that names of it do not exist (any more).
async fn called_for(
    world: &Handover<'_>,
    access: &AccessRequest,
) -> Result<Result<Vec<Grant>, Failure>, Error> {
    match decide::grants(world, access).await {
        Ok(grants) => Ok(Ok(grants)),
        Err(Unresolved::Unknown(what)) => Ok(Err(Failure::new(FailureKind::AccessUnknown, what))),
        Err(Unresolved::CouldNotAsk(error)) => Err(error.into()),
    }
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
    let general = general_of(steps);
    let mut kinds = failed.iter().map(|(kind, _)| *kind);
    // Several causes have no remedy in common: the message names them all.
    let kind = kinds.next().filter(|first| kinds.all(|kind| kind == *first)).unwrap_or(general);
    let reasons: Vec<String> = failed.into_iter().map(|(_, reason)| reason).collect();
    Failure::new(kind, reasons.join("; "))
}

/// What is said of failed steps whose kinds differ.
fn general_of(steps: &[Step]) -> FailureKind {
    let mut failed = steps.iter().filter(|step| step.failure().is_some());
    if failed.clone().all(|step| matches!(step.grant, Grant::Portfolio(_))) {
        FailureKind::ShareFailed
    } else if failed.all(|step| matches!(step.grant, Grant::Usable(_) | Grant::Portfolio(_))) {
        FailureKind::NotUsable
    } else {
        FailureKind::AssignmentFailed
    }
}

/// What a failed step says, and what kind of failure that is. One that was not even tried
/// says nothing that the step it waited for does not say.
fn told(step: &Step) -> Option<(FailureKind, String)> {
    // By the reason alone: what a group or a portfolio is called means nothing.
    let Progress::Failed { reason } = &step.progress else { return None };
    if reason.starts_with(member::NOT_TRIED) {
        return None;
    }
    let kind = match step.grant {
        Grant::Assignment { .. } => classify_assignment(reason),
        Grant::Portfolio(_) => classify_share(reason),
        Grant::Usable(_) => classify_usable(reason),
    };
    Some((kind, step.failure()?))
}
