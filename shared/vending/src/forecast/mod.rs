//! How long it will take: from what launches took lately, what is under way, and how
//! many wait. An estimate for people; nothing is decided from it.

mod line;
mod pace;
mod words;

use chrono::TimeDelta;

use crate::ledger::Timestamp;

pub use line::Line;
pub use pace::{Pace, Span};
pub use words::{duration, rounded};

/// When everything in a line will have ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// Counted from the moment that was looked at, or from when launching is resumed.
    pub after: Span,
    /// The moment by the usual duration; none while launching is paused.
    pub at: Option<Timestamp>,
    /// What it is reckoned with.
    pub pace: Pace,
}

impl Forecast {
    /// Reckons `line`, seen at `now`, with `pace`.
    #[must_use]
    pub fn of(line: &Line, pace: &Pace, now: Timestamp) -> Self {
        let until = |launch| line.ends_after(launch) + pace.access;
        let Span { shortest, usual, longest } = pace.launch;
        let after =
            Span { shortest: until(shortest), usual: until(usual), longest: until(longest) };
        let at = if line.paused { None } else { now.checked_add_signed(after.usual) };
        Self { after, at, pace: pace.clone() }
    }

    /// In words: "about 1 h 30 min (1 h to 1 h 45 min), …", with what it rests on.
    #[must_use]
    pub fn words(&self) -> String {
        let from = if self.at.is_some() { "" } else { " from when launching is resumed" };
        format!("{}{from}, {}", self.after, self.pace)
    }
}

impl Pace {
    /// The usual duration until `waiting` rows have ended that are launched `max_in_flight` at
    /// a time, behind those `in_flight` (how long each is under way). [`Forecast::of`] has a
    /// range, and heeds a hold and a pause.
    #[must_use]
    pub fn eta(&self, waiting: usize, in_flight: &[TimeDelta], max_in_flight: usize) -> TimeDelta {
        let in_flight = in_flight.to_vec();
        let line = Line { waiting, in_flight, max_in_flight, ..Line::default() };
        line.ends_after(self.launch.usual) + self.access
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    #[test]
    fn what_is_told_is_a_duration_a_range_a_moment_and_what_it_rests_on() {
        let line = Line { waiting: 3, max_in_flight: 1, ..Line::default() };
        let forecast = Forecast::of(&line, &Pace::default(), at(0));
        assert_eq!(forecast.at, Some(at(90 * 60)));
        assert_eq!(
            forecast.words(),
            "about 1 h 30 min (1 h to 1 h 45 min), if a launch takes 30 min as usual (assumed: \
             none was observed lately)"
        );
    }

    #[test]
    fn while_launching_is_paused_there_is_no_moment() {
        let line = Line { waiting: 3, max_in_flight: 3, paused: true, ..Line::default() };
        let forecast = Forecast::of(&line, &Pace::default(), at(0));
        assert_eq!(forecast.at, None);
        assert!(
            forecast
                .words()
                .starts_with("about 30 min (20 to 35 min) from when launching is resumed, "),
            "{}",
            forecast.words()
        );
    }

    #[test]
    fn the_short_way_says_the_same() {
        let in_flight = [TimeDelta::minutes(10)];
        let line =
            Line { waiting: 4, in_flight: in_flight.to_vec(), max_in_flight: 2, ..Line::default() };
        let pace = Pace { access: TimeDelta::minutes(2), ..Pace::default() };
        let usual = pace.eta(4, &in_flight, 2);
        assert_eq!(usual, Forecast::of(&line, &pace, at(0)).after.usual);
        let without_access = Pace::default().eta(4, &in_flight, 2);
        assert_eq!(usual - without_access, TimeDelta::minutes(2), "access comes after the launch");
    }
}
