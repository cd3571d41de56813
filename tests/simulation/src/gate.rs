//! Where an invocation stands still: before every call of a port, until the
//! scheduler says how the call turns out.

use std::future::{pending, poll_fn};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use async_trait::async_trait;
use landing_zone::ports::Hook;
use vending::ports::CouldNotAsk;

/// How one call of a port turns out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It is made and answered.
    Fine,
    /// It is turned away by throttling, and not made.
    Throttled,
    /// The service answers 5xx, and has not made it.
    Unavailable,
    /// It is made, and its answer is lost.
    TimedOut,
    /// The function dies before the call is made.
    DiesBefore,
    /// The function dies after the call was made, without its answer.
    DiesAfter,
}

impl Fate {
    /// Every way to turn out but the good one.
    pub const FAULTS: [Self; 5] =
        [Self::Throttled, Self::Unavailable, Self::TimedOut, Self::DiesBefore, Self::DiesAfter];

    /// Its name in a report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Throttled => "call throttled",
            Self::Unavailable => "call unavailable (5xx)",
            Self::TimedOut => "call timed out after its effect",
            Self::DiesBefore => "function died before a call",
            Self::DiesAfter => "function died after a call",
        }
    }
}

#[derive(Debug, Default)]
struct State {
    waits_at: Option<&'static str>,
    fate: Option<Fate>,
    afterwards: Option<Fate>,
    dead: bool,
}

/// The gate of one invocation.
#[derive(Debug, Default)]
pub struct Gate(Mutex<State>);

impl Gate {
    /// The call that the invocation is about to make.
    #[must_use]
    pub fn waits_at(&self) -> Option<&'static str> {
        self.state().waits_at
    }

    /// Lets the call be made, with that fate.
    pub fn open(&self, fate: Fate) {
        self.state().fate = Some(fate);
    }

    /// Whether the invocation has died and will not go on.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.state().dead
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait(&self, call: &'static str) -> Fate {
        self.state().waits_at = Some(call);
        let fate = poll_fn(|_| match self.state().fate.take() {
            Some(fate) => Poll::Ready(fate),
            None => Poll::Pending,
        })
        .await;
        self.state().waits_at = None;
        fate
    }

    /// Never goes on: whoever polls this drops it.
    async fn die<T>(&self) -> T {
        self.state().dead = true;
        pending().await
    }
}

#[async_trait]
impl Hook for Gate {
    async fn before(&self, call: &'static str) -> Result<(), CouldNotAsk> {
        match self.wait(call).await {
            Fate::Fine => Ok(()),
            Fate::Throttled => Err(failure(call, "Rate exceeded")),
            Fate::Unavailable => Err(failure(call, "service unavailable")),
            fate @ (Fate::TimedOut | Fate::DiesAfter) => {
                self.state().afterwards = Some(fate);
                Ok(())
            }
            Fate::DiesBefore => self.die().await,
        }
    }

    async fn after(&self, call: &'static str) -> Result<(), CouldNotAsk> {
        let afterwards = self.state().afterwards.take();
        match afterwards {
            Some(Fate::TimedOut) => Err(failure(call, "timed out")),
            Some(Fate::DiesAfter) => self.die().await,
            Some(Fate::Fine | Fate::Throttled | Fate::Unavailable | Fate::DiesBefore) | None => {
                Ok(())
            }
        }
    }
}

fn failure(call: &'static str, why: &'static str) -> CouldNotAsk {
    CouldNotAsk::new("the simulation", call, why)
}
