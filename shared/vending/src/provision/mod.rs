//! The use case behind the `provision` function: settle what one is told, ask
//! about what has gone quiet, then fill the free slots in file order.

mod gauge;
mod judge;
mod launch;
mod pause;
mod reconcile;
mod settle;

use gauge::Gauge;

use crate::Error;
use crate::ledger::Launching;
use crate::lifecycle::LifecycleEvent;
use crate::ports::{AccountFactory, Clock, Directory, Ledger, Notifier};

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

/// Does all there is to do at this moment.
///
/// A row that fails is recorded in the ledger, not an error.
///
/// # Errors
/// When a dependency does not answer; the next wake-up carries on.
pub async fn provision(world: &Provisioning<'_>, trigger: &Trigger) -> Result<(), Error> {
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
    let settled = settled.map(|_| ());
    settled.and(filled)
}
