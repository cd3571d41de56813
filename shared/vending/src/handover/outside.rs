//! What accounts are given besides an entry, or without one: the defaults, where they were
//! made outside Vend, and what operators ask for. None of it makes an entry.

use std::collections::BTreeSet;

use tracing::info;

use super::access::{Access, Work};
use super::{Handover, configure, work};
use crate::Error;
use crate::account::AccountId;
use crate::failure::Failure;
use crate::ledger::{Progress, Step};
use crate::lifecycle::{LifecycleEvent, entry_of};
use crate::notice::{self, Notice};
use crate::ports::{CouldNotAsk, DefaultAccess, OutsideAccount};

/// Takes on an account that Control Tower made, unless it is an entry's.
///
/// Only a creation counts: updates come for every landing-zone upgrade and move,
/// and would give back what an admin has taken away.
pub(super) async fn welcome(
    world: &Handover<'_>,
    access: &mut Access,
    event: &LifecycleEvent,
) -> Result<(), Error> {
    let Some(account) = event.account_id.as_ref().filter(|_| event.created && event.succeeded)
    else {
        return Ok(());
    };
    if !world.outside_accounts {
        return Ok(());
    }
    // Also when only the name says so: what is not known to be outside is left alone.
    if entry_of(world.ledger, world.directory, event).await?.is_some() {
        return Ok(());
    }
    let record = world.outside.outside(account).await?;
    if record.as_ref().is_some_and(|record| record.defaults != DefaultAccess::NotGiven) {
        return Ok(());
    }
    info!(account.id = %account, event.id = event.id, "account made outside Vend is given the defaults");
    let outside = due(account, record);
    if !world.outside.save_outside(&outside).await? {
        let problem = "an operator asks for access to it at the same moment";
        return Err(CouldNotAsk::new("the ledger", "take on an account", problem).into());
    }
    attend(world, access, outside).await
}

/// The next version of the record, with the defaults to be given besides what it has.
fn due(account: &AccountId, record: Option<OutsideAccount>) -> OutsideAccount {
    let (steps, asked, version) = match record {
        Some(record) => (record.steps, record.asked, record.version),
        None => (Vec::new(), None, 0),
    };
    let (account, defaults) = (account.clone(), DefaultAccess::Due);
    OutsideAccount { account, steps, closed: false, defaults, asked, version: version + 1 }
}

/// Carries on with those of the ids that are under way.
pub(super) async fn carry_on(
    world: &Handover<'_>,
    access: &mut Access,
    ids: &BTreeSet<AccountId>,
) -> Result<(), Error> {
    let mut outcome = Ok(());
    let (now, records) = (world.clock.now(), world.outside.outsiders(ids).await?);
    for outside in records.into_iter().filter(|record| !record.closed) {
        if access.chooses(work_of(&outside), now) {
            outcome = outcome.and(attend(world, access, outside).await);
        }
    }
    outcome
}

/// What is to be done for it; while the defaults are due, nobody knows what that is.
fn work_of(outside: &OutsideAccount) -> Work<'_> {
    let known = outside.defaults != DefaultAccess::Due;
    Work::of_outside(if known { &outside.steps } else { &[] })
}

async fn attend(
    world: &Handover<'_>,
    access: &mut Access,
    outside: OutsideAccount,
) -> Result<(), Error> {
    // Whoever talks to Identity Center now, or the next tick, finds the record.
    let Some(outside) = current(world, access, outside).await? else { return Ok(()) };
    let before = outside.steps.clone();
    let outside = decided(world, outside).await?;
    let (account, steps) = (&outside.account, outside.steps.clone());
    let (steps, carried) = work::carry_on(world, access, account, steps).await;
    let settled = steps.iter().all(Step::is_settled);
    if !settled && steps == before {
        return carried;
    }
    if !settled {
        return save(world, OutsideAccount { steps, ..outside }).await.and(carried);
    }
    if steps.iter().any(|step| step.progress != Progress::Done) {
        let failure = configure::failure_of(&steps);
        world.notifier.publish(&failed(&outside, &failure, &steps)).await?;
    }
    close(world, outside, steps).await
}

/// The record, with the turn to talk to Identity Center if it takes that, and as it is in
/// that turn; `None` where another invocation has it, or has come to the end of the record.
async fn current(
    world: &Handover<'_>,
    access: &mut Access,
    outside: OutsideAccount,
) -> Result<Option<OutsideAccount>, Error> {
    if !work_of(&outside).needs_lease() || access.is_leased() {
        return Ok(Some(outside));
    }
    if !access.lease(world).await? {
        return Ok(None);
    }
    let record = world.outside.outside(&outside.account).await?;
    Ok(record.filter(|record| !record.closed))
}

/// The record with the defaults among its steps, where they are due. Where they do not
/// exist that is told, and what else it has goes on.
async fn decided(world: &Handover<'_>, outside: OutsideAccount) -> Result<OutsideAccount, Error> {
    if outside.defaults != DefaultAccess::Due {
        return Ok(outside);
    }
    let mut steps = outside.steps.clone();
    match configure::steps_of(world, &[]).await? {
        Ok(defaults) => {
            let is_new = |step: &Step| !steps.iter().any(|it| it.grant.is_same(&step.grant));
            let new: Vec<Step> = defaults.into_iter().filter(is_new).collect();
            steps.extend(new);
        }
        Err(failure) => world.notifier.publish(&failed(&outside, &failure, &[])).await?,
    }
    Ok(OutsideAccount { steps, defaults: DefaultAccess::Decided, ..outside })
}

fn failed(outside: &OutsideAccount, failure: &Failure, steps: &[Step]) -> Notice {
    notice::outside_failed(&outside.account, outside.asked.as_ref(), failure, steps)
}

async fn close(
    world: &Handover<'_>,
    outside: OutsideAccount,
    steps: Vec<Step>,
) -> Result<(), Error> {
    info!(account.id = %outside.account, "what an account is given besides an entry is settled");
    save(world, OutsideAccount { steps, closed: true, ..outside }).await
}

/// Saves it as the next version; when another invocation was quicker, that one carries on.
async fn save(world: &Handover<'_>, outside: OutsideAccount) -> Result<(), Error> {
    let next = OutsideAccount { version: outside.version + 1, ..outside };
    world.outside.save_outside(&next).await?;
    Ok(())
}
