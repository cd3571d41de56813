//! What is done with each name, row by row: names stay whole, in any width.

use vending::ledger::Status;

use crate::status::words::{count, indented};
use crate::terminal::{BAD, TITLE, WARNING, harmless, paint, style_of};

/// What is said of one name.
#[derive(Debug)]
pub(super) struct Said {
    /// The name, as it was given.
    pub(super) name: String,
    /// Its status, where it has an entry.
    pub(super) status: Option<Status>,
    /// What is done, or would be.
    pub(super) words: String,
    /// How it is meant.
    pub(super) tone: Tone,
}

/// How something is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// As it was asked for.
    Plain,
    /// Nothing is done, and that is no fault.
    Aside,
    /// It was asked for and is not done.
    Refused,
}

/// The table of `rows` in lines of `width` characters, with this heading of the last column.
pub(super) fn table(rows: &[Said], what: &str, width: usize) -> String {
    let longest = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default();
    let name = longest.clamp("account".len(), 30);
    let heading = format!("{:<name$}  {:<12}  {what}", "account", "now");
    let mut lines = vec![paint(TITLE, heading)];
    let shown = shown(rows);
    lines.extend(shown.iter().map(|row| row.text(name, width)));
    if let Some(more) = rows.len().checked_sub(shown.len()).filter(|more| *more > 0) {
        lines.push(format!("and {}; all of them: --json", count(more, "more account")));
    }
    lines.join("\n")
}

/// Rows that are listed one by one.
const LISTED: usize = 50;

/// Which rows are listed: of many, first those that are not done.
fn shown(rows: &[Said]) -> Vec<&Said> {
    let (refused, others): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| rows.len() > LISTED && row.tone == Tone::Refused);
    refused.into_iter().chain(others).take(LISTED).collect()
}

impl Said {
    fn text(&self, name: usize, width: usize) -> String {
        let Self { words, tone, .. } = self;
        let (shown, words) = (harmless(&self.name), harmless(words));
        let start = format!("{shown:<name$}  ");
        let taken = start.chars().count() + 12 + 2;
        if taken + words.chars().count() <= width {
            return format!("{start}{}  {}", self.status(12), tone.paint(&words));
        }
        let beneath = indented(&words, 4, width);
        format!("{start}{}\n{}", self.status(0), tone.paint(&beneath))
    }

    fn status(&self, width: usize) -> String {
        match self.status {
            Some(status) => paint(style_of(status), format!("{status:<width$}")),
            None => format!("{:<width$}", "-"),
        }
    }
}

impl Tone {
    fn paint(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Aside => paint(WARNING, text),
            Self::Refused => paint(BAD, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_whole_and_no_line_is_wider_than_asked() {
        let said = |name: &str, words: &str| Said {
            name: name.to_owned(),
            status: Some(Status::Failed),
            words: words.to_owned(),
            tone: Tone::Plain,
        };
        let long = "a".repeat(50);
        let rows = [
            said("alpha", "queued again, for attempt 2"),
            said(&long, "its account is there: the access that failed is tried again"),
            said("\u{1b}[2J", "is no name"),
        ];
        let text = anstream::adapter::strip_str(&table(&rows, "would be", 80)).to_string();
        insta::assert_snapshot!(text);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn of_many_rows_those_come_first_that_are_not_done() {
        let said = |number: usize| Said {
            name: format!("row-{number}"),
            status: None,
            words: String::new(),
            tone: if number == 99 { Tone::Refused } else { Tone::Plain },
        };
        let rows: Vec<Said> = (0..100).map(said).collect();
        let text = anstream::adapter::strip_str(&table(&rows, "would be", 80)).to_string();
        assert!(text.lines().nth(1).is_some_and(|line| line.starts_with("row-99")), "{text}");
        assert!(text.ends_with("and 50 more accounts; all of them: --json"), "{text}");
    }
}
