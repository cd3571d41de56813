//! The use case behind the `handover` function: give a finished account its
//! access and portfolios, and tell people how it ended.

mod assignment;
mod configure;
mod outside;
mod share;
mod work;

use crate::Error;
use crate::account::AccountName;
use crate::announce::{self, ReadyNotices, Telling, Untellable};
use crate::ledger::{Entry, Source, Status};
use crate::lifecycle::LifecycleEvent;
use crate::ports::{
    AccessDefaults, Assignments, Clock, Directory, Ledger, Notifier, OpenWork, OutsideAccounts,
    PortfolioSharing, ResultsFiles, Turns,
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
    /// The results files.
    pub results: &'a dyn ResultsFiles,
    /// What is told of accounts that are READY.
    pub ready_notices: ReadyNotices,
}

impl<'a> Handover<'a> {
    fn telling(&self) -> Telling<'a> {
        Telling {
            ledger: self.ledger,
            results: self.results,
            notifier: self.notifier,
            clock: self.clock,
            ready: self.ready_notices,
        }
    }
}

/// Entries looked after together: so many ends are one write of a results file, and so
/// few that nobody waits long to be told.
const TOGETHER: usize = 25;

/// Does all there is to do for one entry that changed.
///
/// # Errors
/// When a dependency does not answer; the next wake-up carries on.
pub async fn attend(world: &Handover<'_>, name: &AccountName) -> Result<(), Error> {
    first(attend_all(world, std::slice::from_ref(name)).await)
}

/// Does all there is to do for entries that changed; answers those for which it was not
/// all done, as a dependency does not answer. One of them does not keep the others from it.
pub async fn attend_all(world: &Handover<'_>, names: &[AccountName]) -> Vec<Untellable> {
    attend_by(world, &Source::Queue, names).await
}

async fn attend_by(
    world: &Handover<'_>,
    source: &Source,
    names: &[AccountName],
) -> Vec<Untellable> {
    let mut failed = Vec::new();
    for names in names.chunks(TOGETHER) {
        let mut ended = Vec::new();
        for name in names {
            match carry_on(world, source, name).await {
                Ok(entry) => ended.extend(entry.filter(Entry::is_unannounced)),
                Err(error) => failed.push(Untellable { names: vec![name.clone()], error }),
            }
        }
        failed.extend(announce::entries(&world.telling(), source, ended).await);
    }
    failed
}

/// Carries the entry on as far as it goes now; answers the entry as it is then.
async fn carry_on(
    world: &Handover<'_>,
    source: &Source,
    name: &AccountName,
) -> Result<Option<Entry>, Error> {
    let Some(entry) = world.ledger.entry(name).await? else { return Ok(None) };
    let entry = match entry.status() {
        Status::Configuring => configure::configure(world, source, entry).await?,
        Status::Queued | Status::Provisioning | Status::Ready | Status::Failed => entry,
    };
    Ok(Some(entry))
}

fn first(failed: Vec<Untellable>) -> Result<(), Error> {
    failed.into_iter().next().map_or(Ok(()), |failed| Err(failed.error))
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
    let mut outcome = attend_open(world, OpenWork::Configuring).await;
    if is_sweep(world.clock.now()) {
        outcome = outcome.and(outside::carry_on(world).await);
        outcome = outcome.and(attend_open(world, OpenWork::Unannounced).await);
        let told = announce::batches(&world.telling()).await;
        outcome = outcome.and(told);
    }
    outcome
}

async fn attend_open(world: &Handover<'_>, work: OpenWork) -> Result<(), Error> {
    let open = world.ledger.open(work).await?;
    // The index may be a moment behind: the entry itself decides.
    let names: Vec<AccountName> = open.into_iter().map(|entry| entry.request.name).collect();
    first(attend_by(world, &Source::Minute, &names).await)
}
