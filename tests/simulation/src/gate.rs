//! Where an invocation stands still: before every call of a port, until the
//! scheduler says how the call turns out. Of calls that it makes at the same time one goes
//! on after the other, in the order of asking.

use std::collections::VecDeque;
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
    /// The calls that are about to be made, with their numbers.
    waiting: VecDeque<(u64, &'static str)>,
    calls: u64,
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
        self.state().waiting.front().map(|(_, call)| *call)
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
        let number = self.asks(call);
        poll_fn(|_| match self.goes_on(number) {
            Some(fate) => Poll::Ready(fate),
            None => Poll::Pending,
        })
        .await
    }

    /// Puts a call behind those that are about to be made; answers its number.
    fn asks(&self, call: &'static str) -> u64 {
        let mut state = self.state();
        state.calls += 1;
        let number = state.calls;
        state.waiting.push_back((number, call));
        number
    }

    /// How the call of that number turns out, if it is its turn and that is said.
    fn goes_on(&self, number: u64) -> Option<Fate> {
        let mut state = self.state();
        if state.dead || state.waiting.front().is_none_or(|(first, _)| *first != number) {
            return None;
        }
        let fate = state.fate.take()?;
        state.waiting.pop_front();
        Some(fate)
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
