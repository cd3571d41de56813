//! One landing zone in many hands, and its clock.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vending::ledger::Timestamp;
use vending::lifecycle::LifecycleEvent;
use vending::ports::Clock;

use super::lifecycle::lifecycle_event;
use crate::Zone;

/// The topic that notices go to; a name that SNS takes.
const TOPIC: &str = "vend-notices";

/// A landing zone, shared. Clones are the same landing zone.
///
/// It implements the ports of what AWS offers; every call is answered at the
/// present moment, which only [`advance_to`](Self::advance_to) moves.
#[derive(Debug, Clone)]
pub struct Shared {
    zone: Arc<Mutex<Zone>>,
    pub(super) topic: String,
}

impl Shared {
    /// Shares `zone`, with a topic for notices in it.
    #[must_use]
    pub fn new(mut zone: Zone) -> Self {
        // A topic that could not be made is told by whoever publishes to it.
        let topic = zone.topics.create(TOPIC).unwrap_or_default();
        Self { zone: Arc::new(Mutex::new(zone)), topic }
    }

    /// Looks at the landing zone, or changes it.
    pub fn with<T>(&self, see: impl FnOnce(&mut Zone) -> T) -> T {
        see(&mut self.zone())
    }

    /// Moves time, and lets happen what is due until then.
    pub fn advance_to(&self, moment: Timestamp) {
        self.zone().advance_to(moment);
    }

    /// When the next thing happens by itself, if anything is to.
    #[must_use]
    pub fn next_happening(&self) -> Option<Timestamp> {
        self.zone().next_happening()
    }

    /// The lifecycle events that reached the bus since the last call, oldest first.
    #[must_use]
    pub fn take_lifecycle_events(&self) -> Vec<LifecycleEvent> {
        self.zone().take_events().iter().filter_map(lifecycle_event).collect()
    }

    /// A panic of somebody else's leaves the model as it was between two calls.
    pub(super) fn zone(&self) -> MutexGuard<'_, Zone> {
        self.zone.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for Shared {
    fn now(&self) -> Timestamp {
        self.zone().now()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::Description;

    #[test]
    fn clones_are_the_same_landing_zone() {
        let description = Description::builtin();
        let since = description.organization.since;
        let one = Shared::new(Zone::new(&description, 1, since));
        let other = one.clone();
        one.advance_to(since + TimeDelta::minutes(5));
        assert_eq!(other.now(), since + TimeDelta::minutes(5));
    }
}
