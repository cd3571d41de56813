//! What waits for its turn, and what holds the turns.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::TimeDelta;

use crate::Error;
use crate::account::AccountName;
use crate::ledger::{Entry, State, Timestamp};
use crate::ports::{Ledger, OpenWork};

/// What a launch that should have ended by now is still given: Service Catalog is asked
/// about it that often.
const STILL_GIVEN: TimeDelta = TimeDelta::minutes(5);

/// Rows that wait for a slot, and those that have one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Rows that wait, up to and with the last one that is asked about.
    pub waiting: usize,
    /// How long each launch is under way.
    pub in_flight: Vec<TimeDelta>,
    /// Launches at a time.
    pub max_in_flight: usize,
    /// For how long nothing is launched, as Control Tower is busy.
    pub held_for: TimeDelta,
    /// Launching is off until somebody turns it on again.
    pub paused: bool,
}

impl Line {
    /// The whole line, as the ledger has it: a few reads, however long it is.
    ///
    /// # Errors
    /// When the ledger does not answer.
    pub async fn look(
        ledger: &dyn Ledger,
        max_in_flight: usize,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let launching = ledger.launching().await?;
        let names: Vec<AccountName> = launching.in_flight.iter().cloned().collect();
        let in_flight = ledger.entries(&names).await?;
        let under_way = in_flight.iter().filter(|entry| !entry.status().is_terminal()).count();
        let configuring = ledger.open(OpenWork::Configuring).await?.len();
        let batches = ledger.open_batches().await?;
        let open: u64 = batches.iter().map(|batch| batch.remaining).sum();
        let open = usize::try_from(open).unwrap_or(usize::MAX);
        let held = launching.hold_until.map(|until| until - now).unwrap_or_default();
        Ok(Self {
            waiting: open.saturating_sub(under_way + configuring),
            in_flight: in_flight.iter().filter_map(|entry| under_way_for(entry, now)).collect(),
            max_in_flight,
            held_for: held.max(TimeDelta::zero()),
            paused: launching.pause.is_some(),
        })
    }

    /// The same line with so many rows more at its end.
    #[must_use]
    pub fn and(self, more: usize) -> Self {
        Self { waiting: self.waiting + more, ..self }
    }

    /// When the last launch ends, if each takes `launch`.
    pub(super) fn ends_after(&self, launch: TimeDelta) -> TimeDelta {
        let slots = self.max_in_flight.max(1);
        let mut ends: Vec<TimeDelta> = self.in_flight.iter().map(|it| left(*it, launch)).collect();
        ends.sort();
        let mut last = ends.last().copied().unwrap_or_default();
        // What ends first frees no slot where there are more launches than slots by now.
        let freeing = ends.iter().skip(ends.len().saturating_sub(slots));
        let idle = std::iter::repeat_n(TimeDelta::zero(), slots.saturating_sub(ends.len()));
        let free = freeing.copied().chain(idle);
        let mut free: BinaryHeap<Reverse<TimeDelta>> = free.map(Reverse).collect();
        for _ in 0..self.waiting {
            let Some(Reverse(slot)) = free.pop() else { break };
            let end = slot.max(self.held_for) + launch;
            last = last.max(end);
            free.push(Reverse(end));
        }
        last
    }
}

/// What is left of a launch.
fn left(under_way: TimeDelta, launch: TimeDelta) -> TimeDelta {
    (launch - under_way).max(STILL_GIVEN.min(launch))
}

fn under_way_for(entry: &Entry, now: Timestamp) -> Option<TimeDelta> {
    match entry.state {
        State::Provisioning { .. } | State::Failed { launch_open: true, .. } => {
            Some((now - entry.launch.as_ref()?.started_at).max(TimeDelta::zero()))
        }
        State::Queued { .. } | State::Configuring | State::Ready { .. } | State::Failed { .. } => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{self, at};

    fn ends(waiting: usize, in_flight: &[i64], max_in_flight: usize) -> i64 {
        let in_flight = in_flight.iter().map(|it| TimeDelta::minutes(*it)).collect();
        let line = Line { waiting, in_flight, max_in_flight, ..Line::default() };
        line.ends_after(TimeDelta::minutes(30)).num_minutes()
    }

    #[test]
    fn rows_are_launched_as_slots_become_free() {
        assert_eq!(ends(0, &[], 1), 0);
        assert_eq!(ends(3, &[], 1), 90);
        assert_eq!(ends(3, &[], 2), 60);
        assert_eq!(ends(5, &[], 10), 30);
        assert_eq!(ends(0, &[10], 1), 20);
        assert_eq!(ends(1, &[10], 1), 50);
        assert_eq!(ends(2, &[10, 20], 2), 50, "they begin after 10 and 20 minutes");
    }

    #[test]
    fn what_should_have_ended_may_end_any_moment() {
        assert_eq!(ends(0, &[90], 1), 5);
        assert_eq!(ends(1, &[90], 1), 35);
    }

    #[test]
    fn more_in_flight_than_there_are_slots_by_now_free_none_at_first() {
        // They end after 10, 20 and 30 minutes; the slot is free with the last.
        assert_eq!(ends(1, &[0, 10, 20], 1), 60);
    }

    #[test]
    fn more_rows_stand_at_the_end_of_the_same_line() {
        let line = Line { waiting: 2, max_in_flight: 3, paused: true, ..Line::default() };
        assert_eq!(line.clone().and(5), Line { waiting: 7, ..line });
    }

    #[test]
    fn a_launch_is_under_way_from_its_claim_until_control_tower_has_ended_it() {
        let of = |entry: &Entry| under_way_for(entry, at(600)).map(|it| it.num_seconds());
        let provisioning = testing::provisioning("alpha");
        assert_eq!(of(&provisioning), Some(600));
        assert_eq!(under_way_for(&provisioning, at(-30)), Some(TimeDelta::zero()), "clocks differ");
        for none in [testing::entry("a"), testing::configuring("b"), testing::failed("c")] {
            assert_eq!(of(&none), None, "{}", none.status());
        }
    }

    #[test]
    fn nothing_begins_while_it_is_held() {
        let held_for = TimeDelta::minutes(15);
        let line = Line { waiting: 1, max_in_flight: 1, held_for, ..Line::default() };
        assert_eq!(line.ends_after(TimeDelta::minutes(30)), TimeDelta::minutes(45));
        assert_eq!(
            Line { waiting: 0, ..line }.ends_after(TimeDelta::minutes(30)),
            TimeDelta::zero()
        );
    }

    proptest! {
        #[test]
        fn more_rows_take_no_less_and_more_slots_no_longer(
            waiting in 0_usize..200,
            in_flight in proptest::collection::vec(0_i64..100, 0..10),
            slots in 1_usize..10,
        ) {
            let now = ends(waiting, &in_flight, slots);
            prop_assert!(ends(waiting + 1, &in_flight, slots) >= now);
            prop_assert!(ends(waiting, &in_flight, slots + 1) <= now);
        }
    }
}
