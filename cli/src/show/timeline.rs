//! What has happened to an account, oldest first, attempt by attempt, each with who or what
//! brought it.

use vending::forecast::duration;
use vending::ledger::{Entry, Happening, Source, Status, Timestamp};

use crate::status::words::wrap;
use crate::terminal::{FAINT, TITLE, harmless, paint, style_of};

/// The columns before the words: a moment, and how long after the one before.
const MARGIN: usize = 23;

/// The timeline, in UTC.
pub(super) fn text(entry: &Entry, width: usize) -> String {
    let mut lines = vec![paint(TITLE, "history (UTC)")];
    if entry.history.is_empty() {
        lines.push("  none was kept when it was written last".to_owned());
    }
    let mut before: Option<&Happening> = None;
    for happening in &entry.history {
        lines.extend(heading(before, happening));
        lines.push(one(before, happening, width));
        before = Some(happening);
    }
    lines.join("\n")
}

/// What stands above the first event of an attempt, or of a day.
fn heading(before: Option<&Happening>, happening: &Happening) -> Option<String> {
    let day = happening.first_at.date_naive();
    let same_attempt = before.is_some_and(|it| it.attempt == happening.attempt);
    let same_day = before.is_some_and(|it| it.at.date_naive() == day);
    let text = match (same_attempt, same_day) {
        (true, true) => return None,
        (false, _) => format!("  attempt {}, {day}", happening.attempt),
        (true, false) => format!("  {day}"),
    };
    Some(paint(FAINT, text))
}

fn one(before: Option<&Happening>, happening: &Happening, width: usize) -> String {
    let room = width.saturating_sub(MARGIN).max(20);
    let later = before.map(|it| happening.first_at - it.at);
    let later = later.filter(|it| it.num_seconds() > 0).map(|it| format!("+{}", duration(it)));
    let start = format!("  {}  {:>9}  ", time(happening.first_at), later.unwrap_or_default());
    let mut lines = wrap(&harmless(&words(before, happening)), room);
    let detail = happening.detail.as_deref().map(harmless).unwrap_or_default();
    let said = lines.len();
    if !detail.is_empty() {
        lines.extend(wrap(&detail, room));
    }
    let lines = lines.iter().enumerate().map(|(at, line)| match at < said {
        true => with_status(line, happening.status),
        false => paint(FAINT, line),
    });
    let gap = format!("\n{:MARGIN$}", "");
    format!("{start}{}", lines.collect::<Vec<_>>().join(&gap)).trim_end().to_owned()
}

/// The status after the arrow in its color.
fn with_status(line: &str, status: Status) -> String {
    line.replace(&format!("→ {status}"), &format!("→ {}", paint(style_of(status), status)))
}

fn time(at: Timestamp) -> String {
    at.format("%H:%M:%S").to_string()
}

/// What happened, who or what brought it, and the status that it led to.
fn words(before: Option<&Happening>, happening: &Happening) -> String {
    let Happening { at, times, event, source, status, .. } = happening;
    let what = what(event);
    let times = match times {
        ..=1 => String::new(),
        some => format!(", {some} times until {}", time(*at)),
    };
    let led = before.is_none_or(|it| it.status != *status);
    let led = if led { format!(" → {status}") } else { String::new() };
    format!("{what}{times} ({}){led}", brought_by(source))
}

/// An event in words; one that is not known says its own name.
fn what(event: &str) -> &str {
    match event {
        "requested" => "asked for by a list",
        "retried" => "asked for again by an operator",
        "cancelled" => "taken off the queue by an operator",
        "claimed" => "took a slot",
        "asked" => "Account Factory took the launch",
        "still at work" => "looked: Control Tower is still at work",
        "told to wait" => "Control Tower cannot do it now",
        "account made" => "the account is made",
        "launch failed" => "the launch failed",
        "overdue" => "counts as overdue",
        "progressed" => "access and portfolios came further",
        "configured" => "access and portfolios are complete",
        "access failed" => "access or a portfolio failed",
        "announced" => "the notice is out",
        Happening::LEFT_OUT => "…",
        other => other,
    }
}

/// Who or what brought an event.
pub(super) fn brought_by(source: &Source) -> String {
    match source {
        Source::Upload => "an upload".to_owned(),
        Source::Operator(by) => by.0.clone(),
        Source::Queue => "the ledger changed".to_owned(),
        Source::Lifecycle => "Control Tower's event".to_owned(),
        Source::Minute => "the minute's look".to_owned(),
    }
}
