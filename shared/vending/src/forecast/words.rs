//! Durations as people say them.

use chrono::TimeDelta;

/// A duration in two units at most: "45 s", "20 min", "1 h 30 min", "2 d 3 h".
#[must_use]
pub fn duration(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds().max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) => two((hours, "h"), (minutes % 60, "min")),
        _ => two((days, "d"), (hours % 24, "h")),
    }
}

fn two((large, of): (i64, &str), (small, and): (i64, &str)) -> String {
    match small {
        0 => format!("{large} {of}"),
        _ => format!("{large} {of} {small} {and}"),
    }
}

/// The duration as exactly as an estimate may be told: to the minute, from two hours on to
/// five, from ten hours on to half an hour; a minute at least.
#[must_use]
pub fn rounded(duration: TimeDelta) -> TimeDelta {
    let minutes = (duration.num_seconds().max(0) + 30) / 60;
    let step = match minutes {
        ..120 => 1,
        120..600 => 5,
        _ => 30,
    };
    TimeDelta::minutes(((minutes + step / 2) / step * step).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_two_units_at_most() {
        for (seconds, words) in [
            (-5, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_599, "59 min"),
            (3_600, "1 h"),
            (5_400, "1 h 30 min"),
            (86_400, "1 d"),
            (97_300, "1 d 3 h"),
        ] {
            assert_eq!(duration(TimeDelta::seconds(seconds)), words);
        }
    }

    #[test]
    fn an_estimate_is_told_no_more_exactly_than_it_is() {
        for (seconds, words) in [
            (0, "1 min"),
            (89, "1 min"),
            (90, "2 min"),
            (7_140, "1 h 59 min"),
            (7_320, "2 h"),
            (7_400, "2 h 5 min"),
            (36_000 + 14 * 60, "10 h"),
            (36_000 + 16 * 60, "10 h 30 min"),
        ] {
            assert_eq!(duration(rounded(TimeDelta::seconds(seconds))), words, "{seconds}");
        }
    }
}
