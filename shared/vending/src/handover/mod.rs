//! The use case behind the `handover` function: give a finished account its
//! access and portfolios, and tell people how it ended.

mod assignment;
mod configure;
mod outside;
mod share;
mod work;

use crate::Error;
use crate::account::AccountName;
use crate::announce;
use crate::ledger::{Entry, Status};
use crate::lifecycle::LifecycleEvent;
use crate::ports::{
    AccessDefaults, Assignments, Clock, Directory, Ledger, Notifier, OpenWork, OutsideAccounts,
    PortfolioSharing, Turns,
};
use crate::schedule::is_sweep;

/// The world as handover needs it.
#[derive(Clone, Copy)]
pub struct Handover<'a> {
    /// The ledger.
    pub ledger: &'a dyn Ledger,
    /// The organization.
    pub directory: &'a dyn Directory,
    /// Account assignments.
    pub assignments: &'a dyn Assignments,
    /// Portfolio shares.
    pub portfolios: &'a dyn PortfolioSharing,
    /// Turns at what only so many may change at a time.
    pub turns: &'a dyn Turns,
    /// Accounts made outside Vend.
    pub outside: &'a dyn OutsideAccounts,
    /// Tells people.
    pub notifier: &'a dyn Notifier,
    /// The present moment.
    pub clock: &'a dyn Clock,
    /// What every new account is given.
    pub defaults: &'a AccessDefaults,
    /// Whether accounts made outside Vend are given it, too.
    pub outside_accounts: bool,
}

/// Does all there is to do for one entry that changed.
///
/// # Errors
/// When a dependency does not answer; the next wake-up carries on.
pub async fn attend(world: &Handover<'_>, name: &AccountName) -> Result<(), Error> {
    match world.ledger.entry(name).await? {
        Some(entry) => attend_to(world, entry).await,
        None => Ok(()),
    }
}

async fn attend_to(world: &Handover<'_>, entry: Entry) -> Result<(), Error> {
    let entry = match entry.status() {
        Status::Configuring => configure::configure(world, entry).await?,
        Status::Queued | Status::Provisioning | Status::Ready | Status::Failed => entry,
    };
    if entry.is_unannounced() {
        announce::entry(world.ledger, world.notifier, world.clock, &entry).await?;
    }
    Ok(())
}

/// Does all there is to do about an account that Control Tower finished. An entry's
/// account is left to `provision`, whose change of the entry comes back here.
///
/// # Errors
/// When a dependency does not answer.
pub async fn welcome(world: &Handover<'_>, event: &LifecycleEvent) -> Result<(), Error> {
    outside::welcome(world, event).await
}

/// Carries on with the entries that are under way and, every few minutes, with
/// accounts made outside Vend and with what a lost wake-up left untold. One that goes wrong does not keep the others from it;
/// its error is returned in the end.
///
/// # Errors
/// When a dependency does not answer; the next tick carries on.
pub async fn tick(world: &Handover<'_>) -> Result<(), Error> {
    let mut outcome = attend_all(world, OpenWork::Configuring).await;
    if is_sweep(world.clock.now()) {
        outcome = outcome.and(outside::carry_on(world).await);
        outcome = outcome.and(attend_all(world, OpenWork::Unannounced).await);
        let told = announce::batches(world.ledger, world.notifier, world.clock).await;
        outcome = outcome.and(told);
    }
    outcome
}

async fn attend_all(world: &Handover<'_>, work: OpenWork) -> Result<(), Error> {
    let mut outcome = Ok(());
    for entry in world.ledger.open(work).await? {
        // The index may be a moment behind: the entry itself decides.
        outcome = outcome.and(attend(world, &entry.request.name).await);
    }
    outcome
}
