//! Asynchronous invocations that wait for their time, as values in a queue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::function::FunctionError;
use super::undelivered::{Reason, Undelivered};
use super::wiring::Asynchronous;
use crate::clock::Moment;

/// Where an event came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// An object created in this bucket.
    Bucket(String),
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
    /// How often it has been tried.
    pub(super) attempts: u32,
    /// When Lambda got it.
    pub(super) since: Moment,
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

    /// Takes in how the event of `turn` fared. Returns it when it is given up.
    pub(super) fn settle(
        &mut self,
        turn: Turn,
        failed: Option<FunctionError>,
        rules: Asynchronous,
        now: Moment,
    ) -> Option<Undelivered> {
        let mut pending = self.waiting.remove(&turn)?;
        let error = failed?;
        pending.attempts += 1;
        let again = now + Asynchronous::wait_after(pending.attempts);
        let reason = if pending.attempts > rules.retries {
            Reason::RetriesExhausted
        } else if again - pending.since > rules.maximum_age {
            Reason::TooOld
        } else {
            self.put(again, pending);
            return None;
        };
        Some(Undelivered {
            function: pending.function,
            reason,
            event: pending.event,
            attempts: pending.attempts,
            error: Some(error),
            at: now,
        })
    }
}
