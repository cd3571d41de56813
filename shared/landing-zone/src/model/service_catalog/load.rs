//! How much is going on in Control Tower: our operations and other people's.

use chrono::Duration;

use super::{Moment, OtherOperation, ServiceCatalog};

/// The most account operations there ever were at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Peak {
    /// Launched through `ProvisionProduct`.
    pub ours: usize,
    /// Those and everybody else's.
    pub whole: usize,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    from: Moment,
    until: Moment,
    account_operations: usize,
}

impl Window {
    fn covers(&self, at: Moment) -> bool {
        self.from <= at && at < self.until
    }
}

#[derive(Debug)]
pub(super) struct Load {
    windows: Vec<Window>,
    /// Accepted by Service Catalog, and not yet ended by Control Tower.
    ours: usize,
    peak: Peak,
    noted: Moment,
}

impl Load {
    pub(super) fn new(others: &[OtherOperation], start: Moment) -> Self {
        let window = |other: &OtherOperation| {
            let from = start + Duration::minutes(other.from_minute.into());
            let until = from + Duration::minutes(other.for_minutes.into());
            Window { from, until, account_operations: other.account_operations }
        };
        let windows = others.iter().map(window).collect();
        Self { windows, ours: 0, peak: Peak::default(), noted: start }
    }

    /// How many account operations other people have under way.
    pub(super) fn others(&self, at: Moment) -> usize {
        let open = self.windows.iter().filter(|window| window.covers(at));
        open.map(|window| window.account_operations).sum()
    }

    /// Whether an operation is under way beside which nothing else can be.
    pub(super) fn is_exclusive(&self, at: Moment) -> bool {
        self.windows.iter().any(|window| window.covers(at) && window.account_operations == 0)
    }

    pub(super) fn begin(&mut self, now: Moment) {
        self.note(now);
        self.ours += 1;
        self.raise(now);
    }

    pub(super) fn end(&mut self, now: Moment) {
        self.note(now);
        self.ours = self.ours.saturating_sub(1);
    }

    /// Catches up with the windows that opened since the last change of ours.
    fn note(&mut self, now: Moment) {
        let opened = |at: &Moment| self.noted < *at && *at <= now;
        let opened: Vec<_> = self.windows.iter().map(|window| window.from).filter(opened).collect();
        for at in opened {
            self.raise(at);
        }
        self.noted = now;
    }

    fn raise(&mut self, at: Moment) {
        self.peak.ours = self.peak.ours.max(self.ours);
        self.peak.whole = self.peak.whole.max(self.ours + self.others(at));
    }
}

impl ServiceCatalog {
    /// How many of our launches Control Tower has yet to end.
    #[must_use]
    pub fn running(&self) -> usize {
        self.load.ours
    }

    /// How many account operations, ours and others', are under way at `now`.
    #[must_use]
    pub fn running_whole(&self, now: Moment) -> usize {
        self.load.ours + self.load.others(now)
    }

    /// The most there ever were at once.
    #[must_use]
    pub fn peak(&self) -> Peak {
        self.load.peak
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_came_and_went_counts_in_the_peak() {
        let start = Moment::UNIX_EPOCH;
        let other = OtherOperation { from_minute: 10, for_minutes: 5, account_operations: 3 };
        let mut load = Load::new(&[other], start);
        load.begin(start);
        load.begin(start + Duration::minutes(1));
        load.end(start + Duration::minutes(20));
        assert_eq!(load.peak, Peak { ours: 2, whole: 5 });
        assert_eq!(load.others(start + Duration::minutes(15)), 0);
    }
}
