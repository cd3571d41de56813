//! Accounts made outside Vend: they are given the defaults and never become entries.

use tracing::info;

use super::{Handover, configure, work};
use crate::Error;
use crate::ledger::{Progress, Step};
use crate::lifecycle::{LifecycleEvent, entry_of};
use crate::notice;
use crate::ports::OutsideAccount;

/// Takes on an account that Control Tower made, unless it is an entry's.
///
/// Only a creation counts: updates come for every landing-zone upgrade and move,
/// and would give back what an admin has taken away.
pub(super) async fn welcome(world: &Handover<'_>, event: &LifecycleEvent) -> Result<(), Error> {
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
    if world.outside.outside(account).await?.is_some() {
        return Ok(());
    }
    info!(account.id = %account, event.id = event.id, "account made outside Vend is given the defaults");
    let outside =
        OutsideAccount { account: account.clone(), steps: Vec::new(), closed: false, version: 0 };
    attend(world, outside).await
}

/// Carries on with every one that is under way.
pub(super) async fn carry_on(world: &Handover<'_>) -> Result<(), Error> {
    let mut outcome = Ok(());
    for outside in world.outside.open_outside().await? {
        outcome = outcome.and(attend(world, outside).await);
    }
    outcome
}

async fn attend(world: &Handover<'_>, outside: OutsideAccount) -> Result<(), Error> {
    let (steps, carried) = match configure::steps_of(world, &outside.steps).await? {
        Ok(steps) => work::carry_on(world, &outside.account, steps).await,
        Err(failure) => {
            world
                .notifier
                .publish(&notice::outside_failed(&outside.account, &failure, &[]))
                .await?;
            return close(world, outside, Vec::new()).await;
        }
    };
    if !steps.iter().all(Step::is_settled) {
        return save(world, OutsideAccount { steps, ..outside }).await.and(carried);
    }
    if steps.iter().any(|step| step.progress != Progress::Done) {
        let failure = configure::failure_of(&steps);
        world.notifier.publish(&notice::outside_failed(&outside.account, &failure, &steps)).await?;
    }
    close(world, outside, steps).await
}

async fn close(
    world: &Handover<'_>,
    outside: OutsideAccount,
    steps: Vec<Step>,
) -> Result<(), Error> {
    info!(account.id = %outside.account, "account made outside Vend is settled");
    save(world, OutsideAccount { steps, closed: true, ..outside }).await
}

/// Saves it as the next version; when another invocation was quicker, that one carries on.
async fn save(world: &Handover<'_>, outside: OutsideAccount) -> Result<(), Error> {
    let next = OutsideAccount { version: outside.version + 1, ..outside };
    world.outside.save_outside(&next).await?;
    Ok(())
}
