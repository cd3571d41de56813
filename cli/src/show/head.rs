//! Who an account is and where it stands; what it is given.

use vending::forecast::duration;
use vending::ledger::{Entry, Progress, Status, Step, Timestamp};

use crate::status::words::{indented, moment, wrap};
use crate::status::{since, stage};
use crate::terminal::{BAD, BUSY, FAINT, GOOD, TITLE, harmless, paint, style_of};

/// The columns of a label.
const LABEL: usize = 21;

/// The head of the story.
pub(super) fn text(entry: &Entry, now: Timestamp, width: usize) -> String {
    let status = entry.status();
    let name = paint(TITLE, entry.request.name.as_str());
    let mut lines = vec![format!("{name}  {}", paint(style_of(status), status))];
    lines.push(indented(meaning(status), 2, width));
    lines.push(String::new());
    let facts = facts(entry, now).into_iter().filter(|(_, value)| !value.is_empty());
    lines.extend(facts.map(|(label, value)| fact(label, &value, width)));
    lines.join("\n")
}

/// What is true while the status holds.
pub(super) fn meaning(status: Status) -> &'static str {
    match status {
        Status::Queued => "checked and accepted; nothing is asked of AWS for it yet",
        Status::Provisioning => "holds a slot; Control Tower is, or is about to be, at work on it",
        Status::Configuring => "the account is made; its access and portfolios are under way",
        Status::Ready => "the account is there, with its access and portfolios",
        Status::Failed => "needs a person; see below what to do",
    }
}

fn facts(entry: &Entry, now: Timestamp) -> Vec<(&'static str, String)> {
    let since = since(entry);
    let ago = duration(now - since);
    let product = entry.launch.as_ref().and_then(|launch| launch.product.as_ref());
    let text = |it: Option<String>| it.unwrap_or_default();
    vec![
        ("since", format!("{} UTC ({ago})", moment(since, now))),
        ("stage", stage(entry)),
        ("account id", text(entry.account.as_ref().map(ToString::to_string))),
        ("account e-mail", entry.request.email.as_str().to_owned()),
        ("user", person(entry)),
        ("requested by", text(entry.request.requester.as_ref().map(|it| it.as_str().to_owned()))),
        ("access asked for", entry.request.access.describe(usize::MAX)),
        ("organizational unit", entry.request.unit.to_string()),
        ("list", format!("batch {}, line {}", entry.batch, entry.line)),
        ("attempt", entry.attempt.to_string()),
        ("product", text(product.map(|(id, _)| format!("{} ({})", id.0, entry.product_name())))),
        ("record", text(product.map(|(_, record)| record.0.clone()))),
    ]
}

fn person(entry: &Entry) -> String {
    let user = &entry.request.sso_user;
    let (first, last) = (user.first_name.as_str(), user.last_name.as_str());
    format!("{first} {last}, {}", user.email.as_str())
}

fn fact(label: &str, value: &str, width: usize) -> String {
    let value = wrap(&harmless(value), width.saturating_sub(LABEL + 2).max(20));
    let gap = format!("\n{:1$}", "", LABEL + 2);
    format!("  {}{}", paint(FAINT, format!("{label:<LABEL$}")), value.join(&gap))
}

/// What the account is given, and how far that is; none before that is decided.
pub(super) fn steps(entry: &Entry, now: Timestamp, width: usize) -> Option<String> {
    if entry.steps.is_empty() {
        return None;
    }
    let mut lines = vec![paint(TITLE, "access and portfolios")];
    lines.extend(entry.steps.iter().map(|step| self::step(step, now, width)));
    Some(lines.join("\n"))
}

fn step(step: &Step, now: Timestamp, width: usize) -> String {
    let (word, style, more) = progress(&step.progress, now);
    let more = more.map(|more| format!(": {more}")).unwrap_or_default();
    let text = harmless(&format!("{}{more}", step.describe()));
    let lines = wrap(&text, width.saturating_sub(LABEL + 2).max(20));
    let gap = format!("\n{:1$}", "", LABEL + 2);
    format!("  {}{}", paint(style, format!("{word:<LABEL$}")), lines.join(&gap))
}

fn progress(progress: &Progress, now: Timestamp) -> (&'static str, anstyle::Style, Option<String>) {
    match progress {
        Progress::Pending { tries: 0, .. } => ("not asked for yet", FAINT, None),
        Progress::Pending { tries, not_before } => {
            let next = not_before.map(|at| format!(", next {} UTC", moment(at, now)));
            let told = format!("{tries} times{}", next.unwrap_or_default());
            ("told to wait", BUSY, Some(told))
        }
        Progress::Requested { since, .. } => {
            ("under way", BUSY, Some(format!("since {} UTC", moment(*since, now))))
        }
        Progress::Done => ("given", GOOD, None),
        Progress::Failed { reason } => ("failed", BAD, Some(reason.clone())),
    }
}
