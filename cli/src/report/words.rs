//! How moments, spans of time and numbers are written: in UTC, short, and read aloud with ease.

use chrono::TimeDelta;
use vending::ledger::Timestamp;

/// The day and the minute, with the zone: `21 Jan 2026, 12:05 UTC`.
pub(super) fn moment(at: Timestamp) -> String {
    at.format("%-d %b %Y, %H:%M UTC").to_string()
}

/// The day and the minute, where the zone is said nearby and the year is plain: `21 Jan 12:05`.
pub(super) fn short_moment(at: Timestamp) -> String {
    at.format("%-d %b %H:%M").to_string()
}

/// A span in the two units that matter: `45 s`, `32 min`, `1 h 05 min`, `2 d 3 h`.
pub(super) fn span(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    // Whole minutes from here on, to the nearest.
    let minutes = (seconds + 30) / 60;
    let (hours, days) = (minutes / 60, minutes / 1_440);
    match seconds {
        0..60 => format!("{seconds} s"),
        _ if hours == 0 => format!("{minutes} min"),
        _ if days < 2 => format!("{hours} h {:02} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// A number with its thousands apart: `10,000`.
pub(super) fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and what it counts: `1 account`, `3 accounts`.
pub(super) fn count(number: usize, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", self::number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_in_the_two_units_that_matter() {
        let said = |seconds| span(TimeDelta::seconds(seconds));
        let spans = [-5, 0, 59, 60, 89, 90, 3_569, 3_570, 3_600, 3_900, 172_740, 172_800, 900_000];
        let want = [
            "0 s",
            "0 s",
            "59 s",
            "1 min",
            "1 min",
            "2 min",
            "59 min",
            "1 h 00 min",
            "1 h 00 min",
            "1 h 05 min",
            "47 h 59 min",
            "2 d 0 h",
            "10 d 10 h",
        ];
        assert_eq!(spans.map(said), want);
    }

    #[test]
    fn thousands_are_apart() {
        assert_eq!(
            [0, 999, 1_000, 10_000, 1_234_567].map(number),
            ["0", "999", "1,000", "10,000", "1,234,567"]
        );
        assert_eq!(
            (count(1, "account"), count(2, "account")),
            ("1 account".into(), "2 accounts".into())
        );
    }
}
