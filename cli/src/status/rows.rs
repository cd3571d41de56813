//! Entries one by one: a table that keeps names whole in any width, and what is wrong
//! beneath each.

use chrono::TimeDelta;
use vending::forecast::duration;
use vending::ledger::{Entry, Progress, State, Status, Timestamp};

use super::words::{count, indented, moment};
use crate::terminal::{FAINT, TITLE, harmless, paint, style_of};

/// Entries that are listed one by one where there is room for all that one wants to read.
pub(crate) const LISTED: usize = 50;

/// The columns that follow the name, with their widths.
const COLUMNS: [(&str, usize); 5] =
    [("status", 12), ("stage", 10), ("since", 7), ("try", 3), ("account id", 12)];

/// The columns of the line number and of what is between columns.
const LINE: usize = 4;
const GAP: usize = 2;

/// The table of `entries` as they stand at `now`, in lines of `width` characters. Of more
/// than `most` entries, those are in it that need a person or are under way.
pub(crate) fn table(entries: &[&Entry], now: Timestamp, width: usize, most: usize) -> String {
    let shown = shown(entries, most);
    let name = name_width(&shown, width);
    let mut lines = vec![paint(TITLE, heading(name))];
    for entry in &shown {
        lines.push(row(entry, now, name));
        lines.extend(trouble(entry, now).map(|text| indented(&text, LINE + GAP, width)));
    }
    lines.extend(hidden(entries, &shown));
    lines.join("\n")
}

/// Which entries are listed: all, or those that one looks for among many.
fn shown<'e>(entries: &[&'e Entry], most: usize) -> Vec<&'e Entry> {
    if entries.len() <= most {
        return entries.to_vec();
    }
    let failed = entries.iter().filter(|entry| entry.status() == Status::Failed).take(most / 2);
    let moving = entries.iter().filter(|entry| is_moving(entry)).take(most / 2);
    let mut shown: Vec<&Entry> = failed.chain(moving).copied().collect();
    shown.sort_by_key(|entry| entry.line);
    shown
}

/// Under way, or told to wait.
fn is_moving(entry: &Entry) -> bool {
    match &entry.state {
        State::Provisioning { .. } | State::Configuring => true,
        State::Queued { waiting_for, .. } => waiting_for.is_some(),
        State::Ready { .. } | State::Failed { .. } => false,
    }
}

/// How many are not listed, and how to see them.
fn hidden(entries: &[&Entry], shown: &[&Entry]) -> Option<String> {
    let more = entries.len() - shown.len();
    let of = |entries: &[&Entry], status| {
        entries.iter().filter(|entry| entry.status() == status).count()
    };
    let kinds = Status::ALL.map(|status| (of(entries, status) - of(shown, status), status));
    let kinds = kinds.iter().filter(|(rows, _)| *rows > 0);
    let kinds: Vec<String> = kinds.map(|(rows, status)| format!("{rows} {status}")).collect();
    let text = format!("and {}: {}", count(more, "more row"), kinds.join(", "));
    (more > 0).then(|| format!("{}\nall of them: --json", paint(FAINT, text)))
}

/// The width of the names' column: what they need, or what is left.
fn name_width(entries: &[&Entry], width: usize) -> usize {
    let others: usize = COLUMNS.iter().map(|(_, width)| width + GAP).sum();
    let left = width.saturating_sub(LINE + GAP + others);
    let longest = entries.iter().map(|entry| entry.request.name.as_str().len()).max();
    longest.unwrap_or_default().clamp("account".len(), left.max("account".len()))
}

fn heading(name: usize) -> String {
    let columns = COLUMNS.map(|(title, width)| format!("{title:<width$}"));
    let line = format!("{:>LINE$}  {:<name$}  {}", "line", "account", columns.join("  "));
    line.trim_end().to_owned()
}

/// One entry: in one line, or in two where its name is too long for that.
fn row(entry: &Entry, now: Timestamp, width: usize) -> String {
    let name = entry.request.name.as_str();
    let status = entry.status();
    let account = entry.account.as_ref().map(ToString::to_string).unwrap_or_default();
    let cells = [
        status.to_string(),
        stage(entry),
        age(now - since(entry)),
        entry.attempt.to_string(),
        account,
    ];
    let cells = COLUMNS.iter().zip(cells).enumerate().map(|(at, ((_, width), cell))| {
        let cell = format!("{cell:<width$}");
        if at == 0 { paint(style_of(status), cell) } else { cell }
    });
    let cells = cells.collect::<Vec<_>>().join("  ");
    let start = if name.len() > width {
        format!("{:>LINE$}  {name}\n{:LINE$}  {:width$}", entry.line, "", "")
    } else {
        format!("{:>LINE$}  {name:<width$}", entry.line)
    };
    format!("{start}  {}", cells.trim_end())
}

/// A span of time in a narrow column: `59 s`, `41 min`, `1:44 h`, `3 d 4 h`.
fn age(span: TimeDelta) -> String {
    match (span.num_hours(), span.num_minutes()) {
        (1..24, minutes) => format!("{}:{:02} h", minutes / 60, minutes % 60),
        (_, _) => duration(span),
    }
}

/// Where the entry stands within its status.
pub(crate) fn stage(entry: &Entry) -> String {
    match &entry.state {
        State::Queued { waiting_for: Some(_), .. } => "waits".to_owned(),
        State::Queued { .. } | State::Ready { .. } => String::new(),
        State::Provisioning { .. } => "provision".to_owned(),
        State::Configuring => given(entry),
        State::Failed { stage, .. } => stage.as_str().to_owned(),
    }
}

/// How much of access and portfolios is there.
fn given(entry: &Entry) -> String {
    let done = entry.steps.iter().filter(|step| step.progress == Progress::Done).count();
    match entry.steps.len() {
        0 => "access".to_owned(),
        all => format!("access {done}/{all}"),
    }
}

/// Since when the entry has its status.
pub(crate) fn since(entry: &Entry) -> Timestamp {
    let launched = entry.launch.as_ref().map(|launch| launch.started_at);
    let since = match &entry.state {
        State::Queued { .. } => None,
        State::Provisioning { .. } => launched,
        State::Configuring => entry.configuring_at,
        State::Ready { .. } | State::Failed { .. } => entry.finished_at,
    };
    since.unwrap_or(entry.queued_at)
}

/// What is wrong with the entry, or what it waits for, in short.
pub(crate) fn trouble(entry: &Entry, now: Timestamp) -> Option<String> {
    match &entry.state {
        State::Failed { failure, .. } => {
            Some(format!("{} (vend show {})", failure.kind.cause(), entry.request.name))
        }
        State::Queued { waiting_for: Some(words), not_before } => {
            let until = not_before.filter(|until| *until > now);
            let until = until.map(|until| format!("until {} UTC: ", moment(until, now)));
            Some(format!("waits {}{}", until.unwrap_or_default(), harmless(words)))
        }
        State::Queued { .. }
        | State::Provisioning { .. }
        | State::Configuring
        | State::Ready { .. } => None,
    }
}
