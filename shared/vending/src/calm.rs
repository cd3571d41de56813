//! What a process remembers of having found nothing to do: for the next minute or so it need
//! not look again.
//!
//! Whatever there is to do comes with a wake-up of its own; ticks carry it on, and find what
//! a lost wake-up left behind. So a tick that is left out delays nothing but that, and a
//! function that is idle reads next to nothing. Another process, which remembers nothing, looks.

use std::sync::{Mutex, PoisonError};

use crate::ledger::Timestamp;

/// Until when a process leaves ticks out.
#[derive(Debug, Default)]
pub struct Calm {
    until: Mutex<Option<Timestamp>>,
}

impl Calm {
    /// Whether a tick at `now` may be left out.
    #[must_use]
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.until().is_some_and(|until| now < until)
    }

    /// Nothing was found to do: ticks may be left out until that moment.
    pub fn begin(&self, until: Timestamp) {
        self.set(Some(until));
    }

    /// Something happens: the next tick looks.
    pub fn end(&self) {
        self.set(None);
    }

    fn until(&self) -> Option<Timestamp> {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, until: Option<Timestamp>) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn it_lasts_until_its_moment_or_until_something_happens() {
        let (calm, now) = (Calm::default(), Timestamp::UNIX_EPOCH);
        assert!(!calm.lasts(now));
        calm.begin(now + TimeDelta::seconds(90));
        assert!(calm.lasts(now + TimeDelta::seconds(89)));
        assert!(!calm.lasts(now + TimeDelta::seconds(90)));
        calm.end();
        assert!(!calm.lasts(now));
    }
}
