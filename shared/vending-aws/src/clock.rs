//! The system's clock.

use chrono::{DurationRound, TimeDelta, Utc};
use vending::ledger::Timestamp;
use vending::ports::Clock;

/// The system's clock, in whole milliseconds: as exact as the ledger shows a moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = Utc::now();
        now.duration_trunc(TimeDelta::milliseconds(1)).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_whole_milliseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000_000, 0);
    }
}
