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
mod settle;
mod woken;

use gauge::Gauge;
use woken::Woken;

use crate::Error;
use crate::ledger::{Entry, Launching, Operator, Source};
use crate::lifecycle::LifecycleEvent;
use crate::ports::{AccountFactory, Clock, Directory, Ledger, Notifier};

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
    /// The state of launching, where it was read and nothing has been done since.
    launching: Option<Launching>,
}

impl Settled {
    fn made(made: bool) -> Self {
        Self { made, launching: None }
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
    let mut gauge = Gauge::default();
    let settled = match trigger {
        Trigger::Changed => Ok(Settled::default()),
        Trigger::ControlTower(event) => settle::settle_event(world, event).await.map(Settled::made),
        Trigger::Tick => reconcile::reconcile(world, &mut gauge).await,
    };
    // Slots are filled also when somebody else's settling went wrong.
    let filled = match &settled {
        Ok(settled) => launch::fill(world, settled, &mut gauge).await,
        Err(_) => launch::fill(world, &Settled::default(), &mut gauge).await,
    };
    if *trigger == Trigger::Tick {
        gauge.log(world);
    }
    let ended = settled.map(|_| ()).and(filled);
    if *trigger == Trigger::Tick && ended.is_ok() {
        heartbeat::beat(world, gauge.ticked_at()).await;
    }
    ended
}
