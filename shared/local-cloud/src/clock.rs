//! Virtual time: it stands still while functions run, and only the driver of a
//! run moves it. Nothing here reads the wall clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use dynoxide::storage_backend::clock::Clock;

/// A moment of virtual time.
pub type Moment = DateTime<Utc>;

/// The clock of one simulated cloud. Clones show the same time.
#[derive(Debug, Clone)]
pub struct VirtualClock {
    /// Nanoseconds since the Unix epoch.
    nanoseconds: Arc<AtomicI64>,
}

impl VirtualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn new(start: Moment) -> Self {
        Self { nanoseconds: Arc::new(AtomicI64::new(nanoseconds(start))) }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        DateTime::from_timestamp_nanos(self.nanoseconds.load(Ordering::SeqCst))
    }

    /// Moves time to `moment`. Time never runs backwards: a moment in the past
    /// changes nothing.
    pub fn set(&self, moment: Moment) {
        self.nanoseconds.fetch_max(nanoseconds(moment), Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now_unix_secs(&self) -> u64 {
        u64::try_from(self.now().timestamp()).unwrap_or_default()
    }

    #[expect(clippy::cast_precision_loss, reason = "the engine takes seconds as a float")]
    fn now_unix_secs_f64(&self) -> f64 {
        self.nanoseconds.load(Ordering::SeqCst) as f64 / 1e9
    }
}

/// Nanoseconds since the epoch; the years that fit (1678 to 2262) are enough.
fn nanoseconds(moment: Moment) -> i64 {
    moment.timestamp_nanos_opt().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn clones_show_the_same_time_and_it_never_runs_backwards() {
        let start = DateTime::from_timestamp_nanos(1_763_719_200_123_456_789);
        let clock = VirtualClock::new(start);
        let other = clock.clone();
        clock.set(start + TimeDelta::nanoseconds(1));
        assert_eq!(other.now(), start + TimeDelta::nanoseconds(1));
        clock.set(start);
        assert_eq!(other.now(), start + TimeDelta::nanoseconds(1));
    }
}
