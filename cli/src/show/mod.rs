//! `vend show`: one account's whole story, and what to do next.

mod document;
mod head;
mod next;
mod timeline;

use anyhow::{Context, Result};
use vending::account::AccountName;
use vending::forecast::{Forecast, Line, Pace};
use vending::ledger::{Entry, Launching, Status, Timestamp};
use vending::ports::Ledger;

use crate::stack::Stack;
use crate::status::unknown;
use crate::terminal::{self, TITLE, line, paint};
use crate::{Exit, ShowArguments};

/// What failed where the ledger does not answer.
const READ: &str = "read the ledger";

/// Entries of the queue that are looked through for a place.
const QUEUE_SEEN: usize = 500;

/// What an account stands in.
#[derive(Debug)]
struct Around {
    now: Timestamp,
    launching: Launching,
    max_in_flight: usize,
    /// Those before it in the queue; none where it is not to be seen there.
    before: Option<usize>,
    /// What launches took lately.
    pace: Pace,
    /// When it will have ended, where it waits in the queue.
    forecast: Option<Forecast>,
    /// Where people sign in, by the stack's identity store.
    portal: Option<String>,
}

/// Runs the command.
pub(crate) async fn run(stack: &Stack, it: &ShowArguments) -> Result<Exit> {
    let Some(entry) = find(stack, &it.name).await? else {
        return Err(unknown(stack, "account", &it.name).await);
    };
    let around = look_around(stack, &entry).await?;
    if it.json {
        terminal::json(&document::story(&entry, &around))?;
    } else {
        line(text(&entry, &around, usize::from(terminal::width())));
    }
    Ok(match entry.status() {
        Status::Failed => Exit::SomeFailed,
        Status::Queued | Status::Provisioning | Status::Configuring | Status::Ready => {
            Exit::AllReady
        }
    })
}

async fn find(stack: &Stack, name: &str) -> Result<Option<Entry>> {
    // What is no name names nothing.
    let Ok(name) = AccountName::new(name) else { return Ok(None) };
    stack.ledger().entry(&name).await.context(READ)
}

async fn look_around(stack: &Stack, entry: &Entry) -> Result<Around> {
    let ledger = stack.ledger();
    let launching = ledger.launching().await.context(READ)?;
    let (now, max_in_flight) = (stack.clock().now(), stack.max_in_flight()?);
    let before = match entry.status() {
        Status::Queued => {
            let queue = ledger.queued(now, QUEUE_SEEN).await.context(READ)?;
            queue.iter().position(|it| it.request.name == entry.request.name)
        }
        Status::Provisioning | Status::Configuring | Status::Ready | Status::Failed => None,
    };
    let pace = match entry.status() {
        Status::Queued | Status::Provisioning => {
            Pace::observed(&ledger.batch_entries(&entry.batch).await.context(READ)?)
        }
        Status::Configuring | Status::Ready | Status::Failed => Pace::default(),
    };
    let forecast = match before {
        Some(before) => {
            let line = Line::look(ledger, max_in_flight, now).await.context(READ)?;
            Some(Forecast::of(&Line { waiting: before + 1, ..line }, &pace, now))
        }
        None => None,
    };
    let store = stack.parameter("IdentityStoreId").unwrap_or_default();
    let portal = (!store.is_empty()).then(|| format!("https://{store}.awsapps.com/start"));
    Ok(Around { now, launching, max_in_flight, before, pace, forecast, portal })
}

/// The story in lines of `width` characters.
fn text(entry: &Entry, around: &Around, width: usize) -> String {
    let mut parts = vec![head::text(entry, around.now, width)];
    parts.extend(head::steps(entry, around.now, width));
    parts.push(timeline::text(entry, width));
    parts.push(format!(
        "{}\n{}",
        paint(TITLE, "what to do next"),
        next::text(entry, around, width)
    ));
    parts.join("\n\n")
}

#[cfg(test)]
mod tests {
    use vending::failure::FailureKind;
    use vending::ledger::{Event, Operator, Pause, Source};

    use super::*;
    use crate::status::testing::{after, at, failed, provisioning, queued, ready};

    fn around(seconds: i64) -> Around {
        Around {
            now: at(seconds),
            launching: Launching::default(),
            max_in_flight: 1,
            before: None,
            pace: Pace::default(),
            forecast: None,
            portal: None,
        }
    }

    /// The text as a pipe gets it; no line is wider than 80 columns.
    fn plain(entry: &Entry, around: &Around) -> String {
        let text = anstream::adapter::strip_str(&text(entry, around, 80)).to_string();
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        text
    }

    #[test]
    fn a_failure_is_told_from_its_beginning_to_the_command_that_mends_it() {
        let mut entry = provisioning("alpha", 2);
        for minute in [31, 36, 41] {
            let event = Event::StillAtWork { check_at: at(60 * (minute + 5)), account: None };
            entry = after(&entry, event, &Source::Minute, 60 * minute);
        }
        let failure = vending::failure::Failure::new(FailureKind::EmailInUse, "EMAIL_EXISTS");
        let event = Event::LaunchFailed { failure, account: None };
        let entry = after(&entry, event, &Source::Lifecycle, 2_600);
        let entry = after(&entry, Event::Announced, &Source::Queue, 2_605);
        insta::assert_snapshot!(plain(&entry, &around(3_000)));
    }

    #[test]
    fn attempts_stand_apart_and_an_operator_is_named() {
        let by = Operator("Admin/jane".into());
        let source = Source::Operator(by.clone());
        let entry = failed("alpha", 2, FailureKind::Drift);
        let entry = after(&entry, Event::Retried { by }, &source, 90_000);
        let pause = Pause { since: at(90_010), reason: "drift".into(), announced: true, by: None };
        let launching = Launching { pause: Some(pause), ..Launching::default() };
        let around = Around { launching, before: Some(3), ..around(90_060) };
        insta::assert_snapshot!(plain(&entry, &around));
    }

    #[test]
    fn what_is_ready_says_how_to_sign_in() {
        let portal = Some("https://d-1234567890.awsapps.com/start".to_owned());
        let text = plain(&ready("alpha", 2), &Around { portal, ..around(2_000) });
        assert!(
            text.contains("https://d-1234567890.awsapps.com/start, then the account"),
            "{text}"
        );
        assert!(text.contains("given                portfolio Networking"), "{text}");
    }

    #[test]
    fn what_is_under_way_says_what_is_usual() {
        let text = plain(&provisioning("alpha", 2), &around(660));
        assert!(
            text.contains("It is under way for 10 min; a launch takes 20 min to 35 min"),
            "{text}"
        );
        let line = Line { waiting: 1, max_in_flight: 1, ..Line::default() };
        let forecast = Some(Forecast::of(&line, &Pace::default(), at(5)));
        let text = plain(&queued("alpha", 2), &Around { before: Some(0), forecast, ..around(5) });
        assert!(text.contains("It will have ended in about 30 min (20 to 35 min), if a"), "{text}");
        assert!(text.contains("It is the next one; 0 of 1 slots are taken."), "{text}");
    }

    #[test]
    fn what_was_written_before_histories_were_kept_is_shown_all_the_same() {
        let entry = Entry { history: Vec::new(), ..ready("alpha", 2) };
        assert!(plain(&entry, &around(2_000)).contains("none was kept"));
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_printed() {
        let mut entry = queued("alpha", 2);
        entry.history[0].detail = Some("\u{1b}[2Jgone".into());
        entry.request.unit.name = "Unit\u{7}".into();
        let text = text(&entry, &around(5), 80);
        assert!(!text.contains("\u{1b}[2J") && !text.contains('\u{7}'), "{text}");
    }
}
