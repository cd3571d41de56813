//! Moments, numbers and long texts, as a person reads them in a terminal.

use std::borrow::Cow;

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use vending::ledger::Timestamp;

/// A moment as somebody needs it at `now`: the day is left out where it is today. UTC.
pub(crate) fn moment(at: Timestamp, now: Timestamp) -> String {
    let form = if at.date_naive() == now.date_naive() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    at.format(form).to_string()
}

/// `text` in lines of at most `width` characters, broken between words where that is
/// possible.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(1))
        .word_separator(WordSeparator::AsciiSpace)
        // Names and ids stay whole at their hyphens, to be found and copied.
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::wrap(text, options).into_iter().map(Cow::into_owned).collect()
}

/// Wrapped `text` with each line after `indent` spaces.
pub(crate) fn indented(text: &str, indent: usize, width: usize) -> String {
    let lines = wrap(text, width.saturating_sub(indent).max(20));
    let lines: Vec<String> =
        lines.iter().map(|line| format!("{:indent$}{line}", "").trim_end().to_owned()).collect();
    lines.join("\n")
}

/// `text` cut to `width` characters, with a sign that it was.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// `1 row`, `3 rows`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_told_where_it_is_another() {
        let now = "2026-01-21T12:00:00Z".parse().unwrap();
        assert_eq!(moment("2026-01-21T09:05:00Z".parse().unwrap(), now), "09:05");
        assert_eq!(moment("2026-01-20T09:05:00Z".parse().unwrap(), now), "2026-01-20 09:05");
    }

    #[test]
    fn text_is_wrapped_between_words_and_no_line_is_wider() {
        assert_eq!(wrap("one two  three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(
            indented("the cause of it all and more", 2, 22),
            "  the cause of it all\n  and more"
        );
    }

    #[test]
    fn a_cut_is_seen() {
        assert_eq!(
            (shorten("short", 5), shorten("longer text", 7)),
            ("short".into(), "longer…".into())
        );
        assert_eq!((count(1, "row"), count(2, "row")), ("1 row".into(), "2 rows".into()));
    }
}
