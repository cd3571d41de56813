//! What is known of launching as a whole: the slots, and what holds it back.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Operator, Timestamp};
use crate::account::AccountName;
use crate::failure::FailureKind;

/// Launching is off until somebody turns it on again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub since: Timestamp,
    /// Why, with what to do.
    pub reason: String,
    /// Whether the notice is out.
    pub announced: bool,
    /// Who paused it, where a person did.
    pub by: Option<Operator>,
}

/// Launching was turned on again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {
    /// Who did it.
    pub by: Operator,
    /// When.
    pub at: Timestamp,
}

/// Rows that failed one after the other for one cause that no row can fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streak {
    /// The cause.
    pub kind: FailureKind,
    /// How many rows.
    pub rows: u32,
}

impl Streak {
    /// Rows in a row that pause launching.
    pub const PAUSES_AT: u32 = 3;
}

/// The state of launching as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Launching {
    /// Names that hold a slot.
    pub in_flight: BTreeSet<AccountName>,
    /// Control Tower is busy: nothing is launched before this moment.
    pub hold_until: Option<Timestamp>,
    /// Launching is off.
    pub pause: Option<Pause>,
    /// How the last pause ended, where it did by a person's order.
    pub resumed: Option<Resumed>,
    /// Shared failures without a success between them.
    pub streak: Option<Streak>,
    /// When a tick of `provision` last came to its end, give or take
    /// `schedule::HEARTBEAT_EVERY`.
    pub ticked_at: Option<Timestamp>,
    /// How long the last launches took that made accounts, to the second, each in its
    /// [place](Took::place).
    pub took: [Option<TimeDelta>; Took::PLACES],
}

/// How long a launch took that made an account: from its claim until the account was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Took {
    /// Where it is kept: rows that follow one another have different places, so that each
    /// write replaces the oldest without having read any.
    pub place: usize,
    /// How long it was, to the second.
    pub time: TimeDelta,
}

impl Took {
    /// How many are kept: the longest of so few is about what the longest take, and is soon
    /// forgotten where it was an exception.
    pub const PLACES: usize = 4;
}

impl Launching {
    /// How many launches may start at `now`, of `max_in_flight` slots.
    #[must_use]
    pub fn free(&self, max_in_flight: usize, now: Timestamp) -> usize {
        let held = self.hold_until.is_some_and(|until| until > now);
        if held || self.pause.is_some() {
            0
        } else {
            max_in_flight.saturating_sub(self.in_flight.len())
        }
    }

    /// How long a launch takes at most, as a rule: the longest of the last few.
    #[must_use]
    pub fn usual(&self) -> Option<TimeDelta> {
        self.took.iter().flatten().max().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn launches_take_as_long_as_the_longest_of_the_last_few() {
        assert_eq!(Launching::default().usual(), None);
        let took = [None, Some(20), Some(31), Some(25)].map(|it| it.map(TimeDelta::minutes));
        let launching = Launching { took, ..Launching::default() };
        assert_eq!(launching.usual(), Some(TimeDelta::minutes(31)));
    }
}
