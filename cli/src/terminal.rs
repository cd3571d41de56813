//! What goes to standard output: colors and width where there is a terminal, plain text
//! that fits 80 columns where there is none.

use std::io::{IsTerminal, Write, stdout};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result};
use comfy_table::Table;
use serde::Serialize;
use vending::ledger::Status;

/// The width of a pipe or a file.
const PLAIN_WIDTH: u16 = 80;

/// Wider than this, lines are hard to follow.
const WIDEST: u16 = 160;

/// All is well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Somebody is to look at it.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// Something is broken.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
/// It goes on.
pub(crate) const BUSY: Style = AnsiColor::Cyan.on_default();
/// Less important than what is beside it.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// A title.
pub(crate) const TITLE: Style = Style::new().bold();

/// Writes a line; colors are left out where they do not belong (a pipe, `NO_COLOR`). That
/// nobody reads any more is no failure.
pub(crate) fn line(text: impl AsRef<str>) {
    let mut out = anstream::stdout();
    // `vend status | head` is over when `head` is.
    if writeln!(out, "{}", text.as_ref()).is_err() {
        std::process::exit(0);
    }
}

/// Writes a line to standard error: what is no answer, but good to know.
pub(crate) fn aside(text: &str) {
    // Nobody is left to tell where standard error is closed.
    drop(writeln!(anstream::stderr(), "{text}"));
}

/// `text` without its colors where they do not belong on standard output, for what is not
/// written with [`line()`].
pub(crate) fn plain_where_needed(text: &str) -> String {
    match anstream::AutoStream::choice(&stdout()) {
        anstream::ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        _ => text.to_owned(),
    }
}

/// `text` in `style`.
pub(crate) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// The style of a status.
pub(crate) fn style_of(status: Status) -> Style {
    match status {
        Status::Queued => FAINT,
        Status::Provisioning | Status::Configuring => BUSY,
        Status::Ready => GOOD,
        Status::Failed => BAD,
    }
}

/// The columns that text may take.
pub(crate) fn width() -> u16 {
    if !stdout().is_terminal() {
        return PLAIN_WIDTH;
    }
    Table::new().width().unwrap_or(PLAIN_WIDTH).min(WIDEST)
}

/// Whether somebody sits at it: progress is shown and questions are asked only then.
pub(crate) fn is_interactive() -> bool {
    stdout().is_terminal() && std::io::stdin().is_terminal()
}

/// Prints `document` as JSON.
///
/// # Errors
/// When it cannot be written as JSON.
pub(crate) fn json(document: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(document).context("write the JSON document")?;
    line(text);
    Ok(())
}

/// `text` without what a terminal would obey: whatever a row or AWS says may be printed.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_not_printed() {
        assert_eq!(harmless("a\u{1b}[2Jb\r\nc"), "a [2Jb  c");
    }
}
