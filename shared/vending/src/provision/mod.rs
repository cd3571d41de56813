//! The use case behind the `provision` function: settle what one is told, ask
//! about what has gone quiet, then fill the free slots in file order.

mod find;
mod finding;
mod gauge;
mod heartbeat;
mod judge;
mod launch;
mod pause;
mod reconcile;
mod room;
mod settle;
mod woken;

use gauge::Gauge;
use woken::Woken;

use crate::Error;
use crate::calm::Calm;
use crate::ledger::{Entry, Launching, Operator, Source};
use crate::lifecycle::LifecycleEvent;
use crate::ports::{AccountFactory, Clock, Directory, Ledger, Notifier};
use crate::schedule::PROVISION_CALM;

pub(crate) use find::{Found, find};
pub use finding::{Ending, Finding};
pub use pause::resume;

/// The world as provisioning needs it.
#[derive(Clone, Copy)]
pub struct Provisioning<'a> {
    /// The ledger.
    pub ledger: &'a dyn Ledger,
    /// Account Factory.
    pub factory: &'a dyn AccountFactory,
    /// The organization.
    pub directory: &'a dyn Directory,
    /// Tells people that launching is paused.
    pub notifier: &'a dyn Notifier,
    /// The present moment.
    pub clock: &'a dyn Clock,
    /// Launches at a time, 1–10.
    pub max_in_flight: usize,
    /// What the process remembers; `None` where it ends with this invocation.
    pub calm: Option<&'a Calm>,
}

/// Launches at a time at most: Control Tower's quota "Concurrent account
/// operations" is 5 and can be raised to 10.
pub const MOST_IN_FLIGHT: usize = 10;

/// What woke provisioning up. A wake-up only: what is to be done is read from the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// Entries changed.
    Changed,
    /// Control Tower is done with an account.
    ControlTower(LifecycleEvent),
    /// A minute passed.
    Tick,
}

impl Trigger {
    /// What the history of an entry calls it.
    fn source(&self) -> Source {
        match self {
            Self::Changed => Source::Queue,
            Self::ControlTower(_) => Source::Lifecycle,
            Self::Tick => Source::Minute,
        }
    }
}

/// What settling found out that filling the slots need not ask again.
#[derive(Debug, Default)]
struct Settled {
    /// Whether an account was made, which ends a streak of failures.
    made: bool,
    /// Whether Control Tower has told that it is done with an account, ours or another.
    told: bool,
    /// The state of launching, where it was read and nothing has been done since.
    launching: Option<Launching>,
    /// Whether no entry is on its way, none holds a slot and none is queued, and launching is on.
    idle: bool,
}

impl Settled {
    fn made(made: bool) -> Self {
        Self { made, ..Self::default() }
    }

    fn told(made: bool) -> Self {
        Self { told: true, ..Self::made(made) }
    }
}

/// Settles one entry that holds a slot, due or not, by an operator's order. Whether an
/// account was made by it. A launch that is to be asked for again is left to the next tick:
/// that call must not be held up for longer than a function runs.
///
/// # Errors
/// When a dependency does not answer.
pub(crate) async fn settle_by(
    world: &Provisioning<'_>,
    by: &Operator,
    entry: &Entry,
) -> Result<bool, Error> {
    let found = find(world, entry, None).await?;
    if found.finding == Finding::AskAgain {
        return Ok(false);
    }
    let world = Woken::new(world, Source::Operator(by.clone()));
    settle::settle_by(&world, entry, found).await
}

/// Does all there is to do at this moment.
///
/// A row that fails is recorded in the ledger, not an error.
///
/// # Errors
/// When a dependency does not answer; the next wake-up carries on.
pub async fn provision(world: &Provisioning<'_>, trigger: &Trigger) -> Result<(), Error> {
    let world = &Woken::new(world, trigger.source());
    match trigger {
        Trigger::Tick => return tick(world).await,
        Trigger::Changed | Trigger::ControlTower(_) => world.calm.inspect(|calm| calm.end()),
    };
    let settled = match trigger {
        Trigger::ControlTower(event) => settle::settle_event(world, event).await.map(Settled::told),
        Trigger::Changed | Trigger::Tick => Ok(Settled::default()),
    };
    fill_after(world, settled, &mut Gauge::default()).await
}

/// Slots are filled also when somebody else's settling went wrong.
async fn fill_after(
    world: &Woken<'_>,
    settled: Result<Settled, Error>,
    gauge: &mut Gauge,
) -> Result<(), Error> {
    let filled = match &settled {
        Ok(settled) => launch::fill(world, settled, gauge).await,
        Err(_) => launch::fill(world, &Settled::default(), gauge).await,
    };
    settled.map(|_| ()).and(filled)
}

/// A minute passed. Where the process knows that nothing is to be done, it asks nobody.
async fn tick(world: &Woken<'_>) -> Result<(), Error> {
    let began = world.clock.now();
    if world.calm.is_some_and(|calm| calm.lasts(began)) {
        return Ok(());
    }
    let mut gauge = Gauge::default();
    let settled = reconcile::reconcile(world, &mut gauge).await;
    let idle = settled.as_ref().is_ok_and(|settled| settled.idle);
    let ended = fill_after(world, settled, &mut gauge).await;
    gauge.log(world.max_in_flight);
    if ended.is_ok() {
        heartbeat::beat(world, gauge.ticked_at()).await;
        if idle {
            world.calm.inspect(|calm| calm.begin(began + PROVISION_CALM));
        }
    }
    ended
}
