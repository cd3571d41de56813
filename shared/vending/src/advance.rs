//! Applying an event to an entry and saving what it makes of it.

use tracing::{info, warn};

use crate::Error;
use crate::account::AccountId;
use crate::ledger::{Entry, Event, Source, Status, Timestamp, Transition};
use crate::ports::{Clock, Ledger, Saved};

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advance {
    /// It is in the ledger; this is the entry now.
    Advanced(Box<Entry>),
    /// It was there already, or came too late to matter.
    AlreadyThere,
    /// The entry has gone another way meanwhile; whoever changed it decides.
    Overtaken,
}

/// How often a write that was overtaken is tried on the fresh entry.
const TRIES: u32 = 5;

/// Applies `event`, brought by `source`, to `entry` and saves the result, on the entry as it is by now
/// as long as that is still about the same launch.
///
/// # Errors
/// When the ledger cannot be asked, or the event cannot happen to the entry.
pub async fn advance(
    ledger: &dyn Ledger,
    clock: &dyn Clock,
    source: &Source,
    entry: &Entry,
    event: Event,
) -> Result<Advance, Error> {
    let mut current = entry.clone();
    for _ in 0..TRIES {
        let advance = advance_exactly(ledger, clock, source, &current, event.clone()).await?;
        if advance != Advance::Overtaken {
            return Ok(advance);
        }
        match ledger.entry(&entry.request.name).await? {
            Some(fresh) if fresh.is_same_launch(entry) => current = fresh,
            Some(_) | None => return Ok(Advance::Overtaken),
        }
    }
    warn!(account.name = %entry.request.name, event = event.name(), "gave way to other writers of this entry");
    Ok(Advance::Overtaken)
}

/// Applies `event`, brought by `source`, to `entry` and saves the result if the entry is still exactly
/// that one: for what was found out from the entry itself, or must be done by one alone.
///
/// # Errors
/// When the ledger cannot be asked, or the event cannot happen to the entry.
pub async fn advance_exactly(
    ledger: &dyn Ledger,
    clock: &dyn Clock,
    source: &Source,
    entry: &Entry,
    event: Event,
) -> Result<Advance, Error> {
    let now = clock.now();
    let Transition::Advanced(next) = entry.after(event.clone(), source, now)? else {
        return Ok(Advance::AlreadyThere);
    };
    if ledger.save(entry, &next).await? == Saved::Changed {
        return Ok(Advance::Overtaken);
    }
    log(entry, &next, &event, now);
    Ok(Advance::Advanced(next))
}

/// One line per change of status, by its identifiers alone.
pub(crate) fn log(before: &Entry, after: &Entry, event: &Event, now: Timestamp) {
    if before.status() == after.status() {
        return;
    }
    info!(
        batch.id = %after.batch,
        account.name = %after.request.name,
        account.id = after.account.as_ref().map(AccountId::as_str),
        status.from = before.status().as_str(),
        status.to = after.status().as_str(),
        attempt = after.attempt,
        duration_ms = launched_for(after, now),
        handover_ms = handed_over_in(after, now),
        event = event.name(),
        "entry changed its status",
    );
}

/// Milliseconds from CONFIGURING to READY.
fn handed_over_in(entry: &Entry, now: Timestamp) -> Option<i64> {
    let since = entry.configuring_at.filter(|_| entry.status() == Status::Ready);
    since.map(|since| (now - since).num_milliseconds())
}

/// Milliseconds since the entry's last launch.
fn launched_for(entry: &Entry, now: Timestamp) -> Option<i64> {
    entry.launch.as_ref().map(|launch| (now - launch.started_at).num_milliseconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, at, logged};

    #[test]
    fn a_change_of_status_is_logged_with_how_long_it_took() {
        let (configuring, ready) = (testing::configuring("alpha"), testing::ready("alpha"));
        let event = Event::Configured { steps: Vec::new() };
        let line = logged(|| log(&configuring, &ready, &event, at(1_860)));
        for part in [
            r#""message":"entry changed its status""#,
            r#""status.from":"CONFIGURING","status.to":"READY""#,
            r#""duration_ms":1860000,"handover_ms":60000"#,
            r#""account.id":"123456789012""#,
        ] {
            assert!(line.contains(part), "{part}: {line}");
        }
        let made = Event::AccountMade { account: configuring.account.clone().unwrap() };
        let line = logged(|| log(&testing::provisioning("alpha"), &configuring, &made, at(1_800)));
        assert!(!line.contains("handover_ms"), "{line}");
        let line = logged(|| log(&ready, &ready, &event, at(1_860)));
        assert_eq!(line, "");
        let queued = testing::entry("alpha");
        let line = logged(|| log(&ready, &queued, &event, at(0)));
        assert!(!line.contains("duration_ms"), "{line}");
    }
}
