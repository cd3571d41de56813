//! The use case behind the `handover` function: give a finished account its
//! access and portfolios, and tell people how it ended.

mod access;
mod assignment;
mod configure;
mod decide;
mod local;
mod member;
mod member_steps;
mod orders;
mod outside;
mod share;
mod tick;
mod work;

pub use member_steps::{PortfolioUses, portfolio_name, portfolio_steps};
pub use tick::tick;

use self::access::{Access, Work};
use crate::Error;
use crate::account::AccountName;
use crate::announce::{self, ReadyNotices, Telling, Untellable};
use crate::calm::Calm;
use crate::ledger::{Entry, Source, Status};
use crate::lifecycle::LifecycleEvent;
use crate::ports::{
    AccessDefaults, Assignments, Clock, Directory, Ledger, MemberCatalog, Notifier,
    OutsideAccounts, PortfolioOrders, PortfolioSharing, ResultsFiles, Turns, UnitSharing, Waiter,
};
use crate::results::{Books, RecentFiles};

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
    /// Service Catalog and IAM in the accounts themselves.
    pub members: &'a dyn MemberCatalog,
    /// Turns at what only so many may change at a time.
    pub turns: &'a dyn Turns,
    /// Accounts made outside Vend.
    pub outside: &'a dyn OutsideAccounts,
    /// What portfolio files ask for.
    pub orders: &'a dyn PortfolioOrders,
    /// Portfolio shares with units.
    pub unit_sharing: &'a dyn UnitSharing,
    /// Tells people.
    pub notifier: &'a dyn Notifier,
    /// The present moment.
    pub clock: &'a dyn Clock,
    /// What every new account is given.
    pub defaults: &'a AccessDefaults,
    /// What makes portfolios usable in the accounts.
    pub uses: &'a PortfolioUses,
    /// Whether accounts made outside Vend are given it, too.
    pub outside_accounts: bool,
    /// The results files.
    pub results: &'a dyn ResultsFiles,
    /// How this process left those that it wrote last; `None` where it ends with this invocation.
    pub recent: Option<&'a RecentFiles>,
    /// What is told of accounts that are READY.
    pub ready_notices: ReadyNotices,
    /// The number of this invocation, which no other has that may run at the same time.
    pub invocation: u64,
    /// What the process remembers; `None` where it ends with this invocation.
    pub calm: Option<&'a Calm>,
    /// Waits, where an invocation has the time to look again at what is under way.
    pub waiter: &'a dyn Waiter,
}

impl<'a> Handover<'a> {
    fn telling(&self) -> Telling<'a> {
        Telling {
            books: Books {
                ledger: self.ledger,
                files: self.results,
                recent: self.recent,
                clock: self.clock,
            },
            notifier: self.notifier,
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
    world.calm.inspect(|calm| calm.end());
    let mut access = Access::default();
    let mut failed = attend_by(world, &mut access, &Source::Queue, names).await;
    if let Err(error) = access.end(world).await {
        failed.push(Untellable { names: Vec::new(), error });
    }
    failed
}

async fn attend_by(
    world: &Handover<'_>,
    access: &mut Access,
    source: &Source,
    names: &[AccountName],
) -> Vec<Untellable> {
    let mut failed = Vec::new();
    for names in names.chunks(TOGETHER) {
        let mut ended = Vec::new();
        for name in names {
            match carry_on(world, access, source, name).await {
                Ok(entry) => ended.extend(entry.filter(Entry::is_unannounced)),
                Err(error) => failed.push(Untellable { names: vec![name.clone()], error }),
            }
        }
        failed.extend(announce::entries(&world.telling(), source, ended).await);
    }
    failed
}

/// Carries the entry on as far as it goes now; answers the entry as it is then. Where
/// another invocation talks to Identity Center, that one carries it on.
async fn carry_on(
    world: &Handover<'_>,
    access: &mut Access,
    source: &Source,
    name: &AccountName,
) -> Result<Option<Entry>, Error> {
    let Some(entry) = current(world, access, name).await? else { return Ok(None) };
    let entry = match entry.status() {
        Status::Configuring if needs_lease(&entry) && !access.is_leased() => entry,
        Status::Configuring => configure::configure(world, access, source, entry).await?,
        Status::Queued | Status::Provisioning | Status::Ready | Status::Failed => entry,
    };
    Ok(Some(entry))
}

/// The entry and, where it takes that, the turn to talk to Identity Center. What was read
/// before the turn is read again in it: another invocation may have asked for an assignment
/// meanwhile, which a second request here would make one that nobody knows of.
async fn current(
    world: &Handover<'_>,
    access: &mut Access,
    name: &AccountName,
) -> Result<Option<Entry>, Error> {
    let entry = world.ledger.entry(name).await?;
    let needs = entry.as_ref().is_some_and(needs_lease);
    if !needs || access.is_leased() || !access.lease(world).await? {
        return Ok(entry);
    }
    Ok(world.ledger.entry(name).await?)
}

fn needs_lease(entry: &Entry) -> bool {
    entry.status() == Status::Configuring && Work::of(entry).needs_lease()
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
    world.calm.inspect(|calm| calm.end());
    let mut access = Access::default();
    let outcome = outside::welcome(world, &mut access, event).await;
    outcome.and(access.end(world).await)
}
