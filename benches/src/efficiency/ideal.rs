//! The schedule that nobody can beat: as many launches at a time as there may be, the next
//! one at the very moment at which there may be one more.

use chrono::TimeDelta;

/// A time in which others have account operations under way, from the upload on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) from: TimeDelta,
    pub(super) until: TimeDelta,
    pub(super) operations: usize,
}

/// What there is room for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room<'a> {
    /// Launches of ours at a time.
    pub(super) width: usize,
    /// Account operations at a time, others' included.
    pub(super) quota: usize,
    /// When others have some of them.
    pub(super) others: &'a [Taken],
}

impl Room<'_> {
    fn is_free(&self, ends: &[TimeDelta], at: TimeDelta) -> bool {
        let ours = ends.iter().filter(|end| **end > at).count();
        let covers = |taken: &&Taken| taken.from <= at && at < taken.until;
        let others: usize = self.others.iter().filter(covers).map(|taken| taken.operations).sum();
        ours < self.width && ours + others < self.quota
    }

    /// How long launches of those durations take, begun in that order and each as early as
    /// there is room: what somebody would reach who knew all that others are going to do.
    pub(super) fn makespan(&self, durations: &[TimeDelta]) -> TimeDelta {
        let mut ends: Vec<TimeDelta> = Vec::new();
        let (mut now, mut last) = (TimeDelta::zero(), TimeDelta::zero());
        for duration in durations {
            while !self.is_free(&ends, now) {
                now = self.next(&ends, now);
            }
            ends.retain(|end| *end > now);
            ends.push(now + *duration);
            last = last.max(now + *duration);
        }
        last
    }

    /// The next moment at which something ends.
    fn next(&self, ends: &[TimeDelta], now: TimeDelta) -> TimeDelta {
        let others = self.others.iter().map(|taken| taken.until);
        let later = ends.iter().copied().chain(others).filter(|end| *end > now);
        later.min().unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(all: &[i64]) -> Vec<TimeDelta> {
        all.iter().map(|it| TimeDelta::minutes(*it)).collect()
    }

    #[test]
    fn alone_it_is_as_many_rounds_as_it_takes() {
        let room = Room { width: 5, quota: 10, others: &[] };
        assert_eq!(room.makespan(&minutes(&[30; 11])), TimeDelta::minutes(90));
        assert_eq!(room.makespan(&minutes(&[20, 35, 20, 35, 35, 20])), TimeDelta::minutes(40));
    }

    #[test]
    fn what_others_have_is_waited_for() {
        let from = |from, until, operations| Taken {
            from: TimeDelta::minutes(from),
            until: TimeDelta::minutes(until),
            operations,
        };
        let others = [from(0, 10, 5), from(10, 50, 4)];
        let room = Room { width: 5, quota: 5, others: &others };
        // One from the 10th minute on, one from the 40th, three from the 50th.
        assert_eq!(room.makespan(&minutes(&[30; 5])), TimeDelta::minutes(80));
    }
}
