//! The clock of the machines that functions run on, which is set back and forth, while
//! that of AWS goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use landing_zone::ports::Shared;
use vending::ledger::Timestamp;
use vending::ports::Clock;

/// A clock that is so many seconds off. Clones are the same clock.
#[derive(Debug, Clone)]
pub struct Skewed {
    zone: Shared,
    seconds: Arc<AtomicI64>,
}

impl Skewed {
    /// The clock of `zone`, right at first.
    #[must_use]
    pub fn new(zone: &Shared) -> Self {
        Self { zone: zone.clone(), seconds: Arc::default() }
    }

    /// Sets it to be `seconds` ahead; answers how many it was before.
    pub fn set(&self, seconds: i64) -> i64 {
        self.seconds.swap(seconds, Ordering::Relaxed)
    }
}

impl Clock for Skewed {
    fn now(&self) -> Timestamp {
        self.zone.now() + TimeDelta::seconds(self.seconds.load(Ordering::Relaxed))
    }
}
