//! What a tick sees of launching as a whole, in one log line for whoever measures it.

use chrono::TimeDelta;
use tracing::debug;

use crate::ledger::{Entry, Launching, State, Timestamp};

/// What is seen on the way: nothing is read for it.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    slots: Option<Slots>,
    /// How long the oldest launch has been under way.
    longest: TimeDelta,
    /// How long the first in the queue has waited though it could have been launched.
    waiting: TimeDelta,
}

/// The slots as the tick found them.
#[derive(Debug)]
struct Slots {
    used: usize,
    paused: bool,
    /// When a tick came to its end last, before this one.
    ticked_at: Option<Timestamp>,
}

impl Gauge {
    /// Sees the state of launching.
    pub(super) fn see(&mut self, launching: &Launching) {
        let (used, paused) = (launching.in_flight.len(), launching.pause.is_some());
        self.slots = Some(Slots { used, paused, ticked_at: launching.ticked_at });
    }

    /// Sees an entry that holds a slot.
    pub(super) fn see_launched(&mut self, entry: &Entry, now: Timestamp) {
        let age = entry.launch.as_ref().map(|launch| now - launch.started_at);
        self.longest = age.map_or(self.longest, |age| age.max(self.longest));
    }

    /// Sees an entry that stays in the queue, with a slot free and launching on.
    pub(super) fn see_left(&mut self, entry: &Entry, now: Timestamp) {
        let since = match entry.state {
            State::Queued { not_before: Some(at), .. } => at.max(entry.queued_at),
            _ => entry.queued_at,
        };
        self.waiting = self.waiting.max(now - since);
    }

    /// When a tick came to its end last, as this one found it noted.
    pub(super) fn ticked_at(&self) -> Option<Timestamp> {
        self.slots.as_ref().and_then(|slots| slots.ticked_at)
    }

    /// Logs what was seen; nothing, where not even the state of launching could be read.
    pub(super) fn log(&self, max_in_flight: usize) {
        let Some(Slots { used, paused, .. }) = self.slots else { return };
        debug!(
            slots.used = used,
            slots.free = max_in_flight.saturating_sub(used),
            launching.paused = paused,
            launching.longest_s = self.longest.num_seconds(),
            queue.waiting_s = self.waiting.num_seconds(),
            "launching measured",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, at};

    #[test]
    fn the_oldest_launch_and_the_longest_wait_count() {
        let mut gauge = Gauge::default();
        let launched = testing::provisioning("alpha");
        let started = launched.launch.as_ref().unwrap().started_at;
        for seconds in [90, 30] {
            gauge.see_launched(&launched, started + TimeDelta::seconds(seconds));
        }
        assert_eq!(gauge.longest.num_seconds(), 90);
        let queued = testing::entry("beta");
        gauge.see_left(&queued, queued.queued_at + TimeDelta::seconds(50));
        let held = State::Queued { not_before: Some(at(1_000)), waiting_for: None };
        gauge.see_left(&Entry { state: held, ..queued }, at(1_040));
        assert_eq!(gauge.waiting.num_seconds(), 50, "a wait that was asked for is none");
    }

    #[test]
    fn what_was_seen_is_logged_where_launching_could_be_read() {
        let mut gauge = Gauge::default();
        assert_eq!(testing::logged(|| gauge.log(5)), "");
        let in_flight = [testing::entry("alpha").request.name].into();
        gauge.see(&Launching { in_flight, ..Launching::default() });
        let line = testing::logged(|| gauge.log(5));
        assert!(
            line.contains(r#""slots.used":1,"slots.free":4,"launching.paused":false"#),
            "{line}"
        );
    }
}
