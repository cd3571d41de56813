//! The axis of time that the charts share: where a moment lies, and which ticks are readable.

use chrono::{DateTime, TimeDelta};
use vending::ledger::Timestamp;

/// From when until when a chart goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Axis {
    from: Timestamp,
    until: Timestamp,
}

/// A moment that the axis names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// Where it is, in percent of the axis.
    pub(super) at: f64,
    /// The time of day; nothing where ticks are days.
    pub(super) time: Option<String>,
    /// The day, where it is the first tick of one.
    pub(super) day: Option<String>,
}

/// Distances between ticks that people can count in, in seconds: 10 s to 4 weeks.
const STEPS: [i64; 20] = [
    10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
    345_600, 604_800, 1_209_600, 2_419_200, 4_838_400,
];

/// As many ticks as have room for their words beside each other.
const MOST_TICKS: i64 = 7;

const DAY: i64 = 86_400;

impl Axis {
    /// The axis from `from` until `until`; a minute at least.
    pub(super) fn new(from: Timestamp, until: Timestamp) -> Self {
        Self { from, until: until.max(from + TimeDelta::minutes(1)) }
    }

    /// How long it is, in seconds.
    fn seconds(&self) -> i64 {
        (self.until - self.from).num_seconds().max(1)
    }

    /// Where `at` is, in percent, to two places: a tenth of a pixel on a large screen.
    pub(super) fn percent(&self, at: Timestamp) -> f64 {
        let milliseconds = (at - self.from).num_milliseconds() as f64;
        let share = milliseconds / (self.until - self.from).num_milliseconds() as f64;
        (share.clamp(0.0, 1.0) * 10_000.0).round() / 100.0
    }

    /// The moment that lies `part` of `parts` along it.
    pub(super) fn moment(&self, part: i32, parts: i32) -> Timestamp {
        self.from + (self.until - self.from) * part / parts
    }

    /// The ticks, at round moments of UTC.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let step = self.step();
        let first = (self.from.timestamp() + step - 1).div_euclid(step) * step;
        let mut day_before = None;
        (0..=MOST_TICKS)
            .filter_map(|tick| DateTime::from_timestamp(first + tick * step, 0))
            .take_while(|at| *at <= self.until)
            .map(|at| {
                let day = at.date_naive();
                let new_day = day_before.replace(day) != Some(day);
                Tick {
                    at: self.percent(at),
                    time: (step < DAY).then(|| at.format(time_format(step)).to_string()),
                    day: new_day.then(|| at.format("%-d %b").to_string()),
                }
            })
            .collect()
    }

    fn step(&self) -> i64 {
        let fits = |step: &i64| self.seconds() / step < MOST_TICKS;
        let longest = STEPS[STEPS.len() - 1];
        // Years: as many of the longest as it takes.
        let beyond = longest * (self.seconds() / (longest * MOST_TICKS) + 1);
        STEPS.into_iter().find(fits).unwrap_or(beyond)
    }
}

fn time_format(step: i64) -> &'static str {
    if step < 60 { "%H:%M:%S" } else { "%H:%M" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        DateTime::from_timestamp(1_769_000_000 + seconds, 0).unwrap()
    }

    fn said(seconds: i64) -> String {
        let tick = |tick: &Tick| {
            let words = [tick.day.clone(), tick.time.clone()];
            format!("{}={}", tick.at, words.into_iter().flatten().collect::<Vec<_>>().join(" "))
        };
        let ticks: Vec<String> = Axis::new(at(0), at(seconds)).ticks().iter().map(tick).collect();
        ticks.join(", ")
    }

    #[test]
    fn ticks_are_round_moments_of_utc_and_name_each_day_once() {
        let all = [0, 1_000, 7_200, 100_000, 3_600_000].map(said);
        insta::assert_snapshot!(all.join("\n"), @"
        0=21 Jan 12:53:20, 16.67=12:53:30, 33.33=12:53:40, 50=12:53:50, 66.67=12:54:00, 83.33=12:54:10, 100=12:54:20
        10=21 Jan 12:55, 40=13:00, 70=13:05, 100=13:10
        5.56=21 Jan 13:00, 30.56=13:30, 55.56=14:00, 80.56=14:30
        18.4=21 Jan 18:00, 40=22 Jan 00:00, 61.6=06:00, 83.2=12:00
        1.11=22 Jan, 17.91=29 Jan, 34.71=5 Feb, 51.51=12 Feb, 68.31=19 Feb, 85.11=26 Feb
        ");
    }

    #[test]
    fn no_axis_is_crowded_or_bare() {
        for seconds in (60..400_000).step_by(997).chain([31_536_000, 315_360_000]) {
            let ticks = Axis::new(at(0), at(seconds)).ticks().len();
            assert!((1..=8).contains(&ticks), "{ticks} ticks in {seconds} s");
        }
    }

    #[test]
    fn a_moment_outside_lies_at_the_edge() {
        let axis = Axis::new(at(0), at(1_000));
        assert_eq!([-5, 0, 500, 2_000].map(|s| axis.percent(at(s))), [0.0, 0.0, 50.0, 100.0]);
    }
}
