//! A plan on a terminal and in JSON.

use std::path::Path;

use anstyle::Style;
use anyhow::Result;
use chrono::TimeDelta;
use serde_json::json;
use vending::file::Fault;
use vending::forecast::{Forecast, duration};
use vending::ledger::Timestamp;

use super::outlook::{Launches, Outlook, Verdict};
use super::row::{Kind, Row};
use crate::Exit;
use crate::check::faults;
use crate::status::{pause_words, words};
use crate::terminal::{self, BAD, FAINT, GOOD, TITLE, WARNING, harmless, line, paint};

/// A list of more rows is told by those that matter most.
const ROWS_SHOWN: usize = 40;

/// Columns of a line's number: a file may have 10,000 rows and blank lines.
const LINE: usize = 5;

/// A longer name is cut; the plan as JSON has it whole.
const LONGEST_NAME: usize = 30;

/// Prints the plan of `file`.
pub(crate) fn print(file: &Path, outlook: &Outlook) {
    if !outlook.rows.is_empty() {
        print_rows(file, outlook);
    }
    print_faults(&outlook.prepared.faults, outlook.verdict());
    if outlook.verdict() != Verdict::Refused {
        defaults(outlook).iter().for_each(|text| paragraph(text));
        time(outlook).iter().for_each(|text| paragraph(text));
    }
}

fn print_rows(file: &Path, outlook: &Outlook) {
    let (shown, left) = most_notable(&outlook.rows);
    line(table(&shown, usize::from(terminal::width())));
    if !left.is_empty() {
        let (rows, kinds) = (words::count(left.len(), "row"), counted(&left));
        paragraph(&format!("... and {rows} more: {kinds} (--json has all)"));
    }
    line("");
    let rows: Vec<&Row> = outlook.rows.iter().collect();
    let (count, file) = (words::count(rows.len(), "row"), file.display());
    paragraph(&harmless(&format!("{file}: {count}: {}", counted(&rows))));
}

/// Prints that a file is refused that cannot be read as a list, and ends the command.
///
/// # Errors
/// When it cannot be written as JSON.
pub(crate) fn refusal(file: &Path, fault: Fault, as_json: bool) -> Result<Exit> {
    let faults = [fault];
    match as_json {
        true => terminal::json(&json!({
            "file": file.display().to_string(),
            "verdict": Verdict::Refused.word(),
            "rows": [],
            "faults": faults::json(&faults),
        }))?,
        false => print_faults(&faults, Verdict::Refused),
    }
    Ok(Exit::Refused)
}

/// The rows that are shown, in the file's order, and those that are left out: those that
/// somebody should look at come first.
fn most_notable(rows: &[Row]) -> (Vec<&Row>, Vec<&Row>) {
    let mut sorted: Vec<&Row> = rows.iter().collect();
    if sorted.len() > ROWS_SHOWN {
        sorted.sort_by_key(|row| !row.notable);
    }
    let left = sorted.split_off(sorted.len().min(ROWS_SHOWN));
    (sorted, left)
}

/// A line of text, and more where it takes more, for each row.
fn table(rows: &[&Row], width: usize) -> String {
    let longest = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default();
    let name = longest.clamp("account".len(), LONGEST_NAME);
    let heading = format!("{:>LINE$}  {:<name$}  what would happen", "line", "account");
    let mut lines = vec![paint(TITLE, heading)];
    lines.extend(rows.iter().map(|row| row_text(row, name, width)));
    lines.join("\n")
}

fn row_text(row: &Row, name: usize, width: usize) -> String {
    let indent = LINE + 2 + name + 2;
    let happens = words::wrap(&happens(row), width.saturating_sub(indent).max(20));
    let happens = happens.into_iter().map(|line| paint(style_of(row.kind), line));
    let happens: Vec<String> = happens.collect();
    let shown = words::shorten(&harmless(&row.name), name);
    let start = format!("{:>LINE$}  {shown:<name$}  ", row.line);
    format!("{start}{}", happens.join(&format!("\n{:indent$}", "")))
}

fn happens(row: &Row) -> String {
    match row.about.as_str() {
        "" => row.kind.words().to_owned(),
        about => format!("{}: {}", row.kind.words(), harmless(about)),
    }
}

fn style_of(kind: Kind) -> Style {
    match kind {
        Kind::Create => GOOD,
        Kind::QueueAgain | Kind::AccessAgain | Kind::TakeValues => WARNING,
        Kind::Conflict | Kind::Refuse => BAD,
        Kind::Wait | Kind::Skip => FAINT,
    }
}

/// "create 3, skip 1".
fn counted(rows: &[&Row]) -> String {
    let of = |kind| rows.iter().filter(|row| row.kind == kind).count();
    let counts = Kind::ALL.map(|kind| (kind, of(kind)));
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> =
        counts.map(|(kind, count)| format!("{} {count}", kind.words())).collect();
    counts.join(", ")
}

fn print_faults(found: &[Fault], verdict: Verdict) {
    let counted = faults::counted(found);
    match verdict {
        Verdict::Taken => return,
        Verdict::WithoutFaultyRows => {
            line(paint(WARNING, format!("The rows with faults would be left out ({counted}):")));
        }
        Verdict::Refused => {
            line(paint(BAD, format!("Nothing of it would be taken ({counted}):")));
        }
    }
    found.iter().for_each(|fault| line(faults::text(fault)));
}

fn paragraph(text: &str) {
    words::wrap(text, usize::from(terminal::width())).iter().for_each(line);
}

/// What the accounts are given that would be made, unless their rows say otherwise.
fn defaults(outlook: &Outlook) -> Option<String> {
    let given = |row: &Row| matches!(row.kind, Kind::Create | Kind::QueueAgain | Kind::AccessAgain);
    let defaults = outlook.defaults.items(usize::MAX).join(", ");
    let given = outlook.rows.iter().any(given) && !defaults.is_empty();
    given.then(|| harmless(&format!("The defaults: {defaults}.")))
}

/// How long it would take, in paragraphs.
fn time(outlook: &Outlook) -> Vec<String> {
    let Some(launches) = &outlook.launches else {
        let access = outlook.rows.iter().any(|row| row.kind == Kind::AccessAgain);
        let access = if access { "; access and portfolios take a few minutes" } else { "" };
        return vec![format!("Nothing would be launched{access}.")];
    };
    let Launches { before, forecast, pause, room, .. } = launches;
    let (waiting, under_way) = (before.waiting, before.in_flight.len());
    let behind = match waiting + under_way {
        0 => String::new(),
        _ => format!(", behind {waiting} waiting and {under_way} under way"),
    };
    let mut said =
        vec![format!("Launched {} at a time (MaxInFlight){behind}.", before.max_in_flight)];
    if let Some(pause) = pause {
        let since = pause_words(pause, outlook.now);
        said.push(format!("Launching is {since}. Nothing is launched before vend resume."));
    }
    if before.held_for > TimeDelta::zero() {
        let held = duration(before.held_for);
        said.push(format!("Control Tower is busy: the next launch waits for {held}."));
    }
    if let (Some(asked), Some(room)) = (launches.too_many(), room) {
        let room = words::count(*room, "account");
        said.push(format!(
            "The organization has room for {room} more, and {asked} are asked for with those \
             waiting: ask AWS for a higher quota first (vend doctor)."
        ));
    }
    said.push(format!("It would take {}.", when(forecast, outlook.now)));
    said
}

fn when(forecast: &Forecast, now: Timestamp) -> String {
    let Some(at) = forecast.at else { return forecast.words() };
    let at = words::moment(at, now);
    format!("{}, so until {at} UTC, {}", forecast.after, forecast.pace)
}

#[cfg(test)]
mod tests {
    use vending::forecast::{Line, Pace};

    use super::*;
    use crate::status::testing::at;

    fn row(line: u64, kind: Kind, about: &str, notable: bool) -> Row {
        let (about, changes) = (about.to_owned(), Vec::new());
        Row {
            line,
            name: format!("row-{line}"),
            kind,
            about,
            notable,
            status: None,
            changes,
            access: None,
        }
    }

    #[test]
    fn no_line_is_wider_and_nothing_of_a_row_is_obeyed() {
        let about = format!("is odd \u{1b}[2J {}", "and long ".repeat(20));
        let rows = [row(2, Kind::Create, "", false), row(10_000, Kind::Refuse, &about, true)];
        let text = table(&rows.iter().collect::<Vec<_>>(), 60);
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(!text.contains('\u{1b}'), "{text:?}");
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
        assert!(
            text.starts_with(
                " line  account    what would happen\n    2  row-2      create\n10000  "
            ),
            "{text}"
        );
    }

    #[test]
    fn of_a_long_list_what_matters_comes_first_and_the_rest_is_counted() {
        let mut rows: Vec<Row> = (2..60).map(|line| row(line, Kind::Create, "", false)).collect();
        rows.push(row(60, Kind::Conflict, "taken", true));
        rows.push(row(61, Kind::Skip, "READY", false));
        let (shown, left) = most_notable(&rows);
        let lines: Vec<u64> = shown.iter().map(|row| row.line).collect();
        assert_eq!((lines.len(), &lines[..3]), (ROWS_SHOWN, [60, 2, 3].as_slice()));
        assert_eq!(counted(&left), "create 19, skip 1");
        let (shown, left) = most_notable(&rows[..ROWS_SHOWN]);
        assert!(left.is_empty() && shown.is_sorted_by_key(|row| row.line));
    }

    #[test]
    fn the_moment_is_told_unless_launching_is_paused() {
        let line = Line { waiting: 1, max_in_flight: 1, ..Line::default() };
        let told = |line| when(&Forecast::of(line, &Pace::default(), at(0)), at(0));
        let moment = "about 30 min (20 to 35 min), so until 12:30 UTC, if a launch takes 30 min";
        assert!(told(&line).starts_with(moment), "{}", told(&line));
        let paused = Line { paused: true, ..line.clone() };
        assert!(told(&paused).contains("from when launching is resumed"), "{}", told(&paused));
    }
}
