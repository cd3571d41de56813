//! What is outside the functions: the landing zone in virtual time, the ledger's stream, and
//! what happened, for whoever measures it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use landing_zone::Zone;
use landing_zone::ports::{MemoryLedger, Shared, lifecycle_event};
use vending::account::AccountName;
use vending::ledger::{Entry, Status};
use vending::lifecycle::LifecycleEvent;

use super::bell::Bell;
use crate::time::Time;

/// What waits for delivery, and what has been seen.
#[derive(Debug, Default)]
struct State {
    /// When the landing zone is to be looked at next.
    planned: Option<DateTime<Utc>>,
    queued: VecDeque<AccountName>,
    attended: VecDeque<AccountName>,
    ready: usize,
    calls: BTreeMap<&'static str, u64>,
    /// How long each launch took Control Tower, in the order of their ends.
    launches: Vec<Lasted>,
}

/// A launch that Control Tower has ended: from its request to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lasted {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

/// The outside. Clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Outside {
    pub(super) time: Time,
    pub(super) zone: Shared,
    ledger: MemoryLedger,
    /// Rings when the landing zone is to be looked at earlier than planned.
    pub(super) zone_moves: Bell,
    /// Rings when `provision` has a record of the stream to read.
    pub(super) queued: Bell,
    /// Rings when `handover` has one.
    pub(super) attended: Bell,
    state: Arc<Mutex<State>>,
}

impl Outside {
    pub(super) fn new(time: &Time, zone: &Shared, ledger: &MemoryLedger) -> Self {
        Self {
            time: time.clone(),
            zone: zone.clone(),
            ledger: ledger.clone(),
            zone_moves: Bell::default(),
            queued: Bell::default(),
            attended: Bell::default(),
            state: Arc::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call.
    pub(super) fn count(&self, call: &'static str) {
        *self.state().calls.entry(call).or_default() += 1;
    }

    /// How often each call was made.
    pub(super) fn calls(&self) -> BTreeMap<&'static str, u64> {
        self.state().calls.clone()
    }

    /// How many entries have become READY.
    pub(super) fn ready(&self) -> usize {
        self.state().ready
    }

    /// The launches that ended and whose events were emitted.
    pub(super) fn launches(&self) -> Vec<Lasted> {
        self.state().launches.clone()
    }

    /// Brings the landing zone to the present moment.
    pub(super) fn catch_up(&self) {
        self.zone.advance_to(self.time.now());
    }

    /// Lets happen what is due, and answers the lifecycle events that reached the bus.
    pub(super) fn happen(&self) -> Vec<LifecycleEvent> {
        self.catch_up();
        let events = self.zone.with(Zone::take_events);
        let mut state = self.state();
        state.launches.extend(events.iter().filter_map(lasted));
        state.planned = self.zone.next_happening();
        events.iter().filter_map(lifecycle_event).collect()
    }

    /// When the landing zone is to be looked at next.
    pub(super) fn planned(&self) -> Option<DateTime<Utc>> {
        self.state().planned
    }

    /// Puts what a call has changed to where it is delivered from.
    pub(super) fn note_changes(&self) {
        let changes = self.ledger.take_changes();
        let next = self.zone.next_happening();
        let mut state = self.state();
        if next.is_some_and(|next| state.planned.is_none_or(|planned| next < planned)) {
            state.planned = next;
            self.zone_moves.ring();
        }
        for (before, after) in changes {
            self.note(&mut state, before.as_ref(), &after);
        }
    }

    fn note(&self, state: &mut State, before: Option<&Entry>, after: &Entry) {
        let was = before.map(Entry::status);
        if after.status() == Status::Ready && was != Some(Status::Ready) {
            state.ready += 1;
        }
        // The filters of the template's event source mappings.
        if after.status() == Status::Queued {
            state.queued.push_back(after.request.name.clone());
            self.queued.ring();
        }
        let is_made = after.status() == Status::Configuring && was != Some(Status::Configuring);
        if is_made || after.is_unannounced() {
            state.attended.push_back(after.request.name.clone());
            self.attended.ring();
        }
    }

    /// Takes records for `provision` from the stream, at most so many.
    pub(super) fn take_queued(&self, most: usize) -> Vec<AccountName> {
        take(&mut self.state().queued, most)
    }

    /// Takes records for `handover` from the stream, at most so many.
    pub(super) fn take_attended(&self, most: usize) -> Vec<AccountName> {
        take(&mut self.state().attended, most)
    }
}

fn take(records: &mut VecDeque<AccountName>, most: usize) -> Vec<AccountName> {
    let most = most.min(records.len());
    records.drain(..most).collect()
}

/// What an event of an account says of how long it took.
fn lasted(event: &serde_json::Value) -> Option<Lasted> {
    let details = event["detail"]["serviceEventDetails"].as_object()?;
    let status = details.values().next()?;
    let moment = |key: &str| {
        let text = status[key].as_str()?;
        let parsed = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z").ok()?;
        Some(parsed.with_timezone(&Utc))
    };
    Some(Lasted { from: moment("requestedTimestamp")?, until: moment("completedTimestamp")? })
}

impl Lasted {
    /// For how long.
    pub(super) fn duration(self) -> TimeDelta {
        self.until - self.from
    }
}
