//! Events on their way from the event bus through Lambda's own queue to a function,
//! as values that wait for their time.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::function::{FunctionError, Refusal};
use super::undelivered::{Reason, Undelivered};
use super::wiring::{Asynchronous, Target};
use crate::clock::Moment;

/// Where an event came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The rule of this name.
    Rule(String),
    /// The schedule of this name.
    Schedule(String),
    /// The stream of this table.
    Stream(String),
}

/// An event on its way to a function.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) function: String,
    pub(super) origin: Origin,
    pub(super) event: Value,
    /// Where it waits.
    pub(super) stage: Stage,
    /// How often it has been tried from there.
    pub(super) attempts: u32,
    /// When it came there.
    pub(super) since: Moment,
}

/// Where an event waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// At the event bus, which has not handed it to Lambda.
    Bus,
    /// In Lambda's queue.
    Lambda,
}

/// When it is due, and in which order within a moment.
pub(super) type Turn = (Moment, u64);

/// The queue.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: BTreeMap<Turn, Pending>,
    /// The last number given out.
    issued: u64,
}

impl Queue {
    /// The queue that [`Queue::saved`] gave.
    pub(super) fn restore(saved: Vec<(Turn, Pending)>) -> Self {
        let issued = saved.iter().map(|((_, number), _)| *number).max().unwrap_or_default();
        Self { waiting: saved.into_iter().collect(), issued }
    }

    /// Everything in it, in order.
    pub(super) fn saved(&self) -> Vec<(Turn, Pending)> {
        self.waiting.iter().map(|(turn, pending)| (*turn, pending.clone())).collect()
    }

    /// Puts an event down for the moment `at`.
    pub(super) fn put(&mut self, at: Moment, pending: Pending) {
        self.issued += 1;
        self.waiting.insert((at, self.issued), pending);
    }

    /// The first event that is due at `now`; it stays until it is settled.
    pub(super) fn due(&self, now: Moment) -> Option<(Turn, &Pending)> {
        let (turn, pending) = self.waiting.first_key_value()?;
        (turn.0 <= now).then_some((*turn, pending))
    }

    /// When the first event is due.
    pub(super) fn next(&self) -> Option<Moment> {
        self.waiting.keys().next().map(|(at, _)| *at)
    }

    /// Takes in that Lambda has taken the event of `turn`.
    pub(super) fn taken(&mut self, turn: Turn, now: Moment) {
        if let Some(pending) = self.waiting.get_mut(&turn) {
            (pending.stage, pending.attempts, pending.since) = (Stage::Lambda, 0, now);
        }
    }

    /// Takes in that Lambda did not take the event of `turn`. Returns it when it is
    /// given up.
    pub(super) fn refused(
        &mut self,
        turn: Turn,
        refusal: Refusal,
        target: Target,
        now: Moment,
    ) -> Option<Undelivered> {
        let limits = Limits {
            retries: target.retries,
            maximum_age: target.maximum_age,
            wait_after: Target::wait_after,
            final_reason: (refusal == Refusal::Forbidden).then_some(Reason::Forbidden),
        };
        self.failed(turn, refusal.error(), &limits, target.dead_letter, now)
    }

    /// Takes in how the invocation for the event of `turn` fared. Returns it when it
    /// is given up.
    pub(super) fn settle(
        &mut self,
        turn: Turn,
        failed: Option<FunctionError>,
        rules: Asynchronous,
        now: Moment,
    ) -> Option<Undelivered> {
        let Some(error) = failed else {
            self.waiting.remove(&turn);
            return None;
        };
        let limits = Limits {
            retries: rules.retries,
            maximum_age: rules.maximum_age,
            wait_after: Asynchronous::wait_after,
            final_reason: None,
        };
        self.failed(turn, error, &limits, rules.on_failure, now)
    }

    fn failed(
        &mut self,
        turn: Turn,
        error: FunctionError,
        limits: &Limits,
        destination: Option<String>,
        now: Moment,
    ) -> Option<Undelivered> {
        let mut pending = self.waiting.remove(&turn)?;
        pending.attempts += 1;
        let again = now + (limits.wait_after)(pending.attempts);
        let Some(reason) = limits.exceeded(&pending, again) else {
            self.put(again, pending);
            return None;
        };
        Some(Undelivered {
            function: pending.function,
            destination,
            reason,
            event: pending.event,
            attempts: pending.attempts,
            error: Some(error),
            at: now,
        })
    }
}

/// How long an event is tried.
struct Limits {
    retries: u32,
    maximum_age: TimeDelta,
    wait_after: fn(u32) -> TimeDelta,
    /// Set where to try again is of no use.
    final_reason: Option<Reason>,
}

impl Limits {
    /// Why `pending` is given up rather than tried at the moment `again`.
    fn exceeded(&self, pending: &Pending, again: Moment) -> Option<Reason> {
        if self.final_reason.is_some() {
            self.final_reason
        } else if pending.attempts > self.retries {
            Some(Reason::RetriesExhausted)
        } else if again - pending.since > self.maximum_age {
            Some(Reason::TooOld)
        } else {
            None
        }
    }
}
