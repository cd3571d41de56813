//! What has changed between two looks, in the order in which it happened.

use std::collections::HashMap;

use serde_json::{Value, json};
use vending::account::AccountName;
use vending::ledger::{Entry, Happening, Source, Status, Timestamp};

use super::scene::Scene;
use super::words::indented;
use crate::terminal::{harmless, paint, style_of};

/// What was seen of each entry so far.
#[derive(Debug)]
pub(super) struct Seen {
    /// Of an entry that was not seen yet, what came before is old.
    since: Timestamp,
    entries: HashMap<AccountName, Known>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    events: u64,
    status: Status,
}

/// That an entry came to another status.
#[derive(Debug)]
pub(super) struct Change {
    at: Timestamp,
    line: u64,
    name: AccountName,
    status: Status,
    attempt: u32,
    words: Option<String>,
}

impl Seen {
    /// Everything since that moment is new.
    pub(super) fn since(since: Timestamp) -> Self {
        Self { since, entries: HashMap::new() }
    }

    /// What is seen now is known.
    pub(super) fn already(scene: &Scene) -> Self {
        let mut seen = Self::since(scene.now);
        drop(seen.changes(scene));
        seen
    }

    /// What is new.
    pub(super) fn changes(&mut self, scene: &Scene) -> Vec<Change> {
        let mut changes: Vec<Change> =
            scene.entries.values().flat_map(|entry| self.of(entry, scene.now)).collect();
        changes.sort_by_key(|change| (change.at, change.line));
        changes
    }

    fn of(&mut self, entry: &Entry, now: Timestamp) -> Vec<Change> {
        let name = &entry.request.name;
        let known = self.entries.get(name).copied();
        let mut status = known.map(|known| known.status);
        let mut changes = Vec::new();
        for happening in self.new_in(entry, known) {
            // That a row is queued at first is told of its batch.
            let told = status == Some(happening.status) || happening.event == "requested";
            status = Some(happening.status);
            if !told {
                changes.push(Change::told(entry, happening));
            }
        }
        if status.is_some_and(|status| status != entry.status()) {
            changes.push(Change::seen(entry, now));
        }
        let events = count(entry);
        self.entries.insert(name.clone(), Known { events, status: entry.status() });
        changes
    }

    /// What the entry's history has that is new.
    fn new_in<'e>(&self, entry: &'e Entry, known: Option<Known>) -> Vec<&'e Happening> {
        let Some(known) = known else {
            return entry.history.iter().filter(|it| it.at >= self.since).collect();
        };
        let mut fresh = count(entry).saturating_sub(known.events);
        let mut new = Vec::new();
        for happening in entry.history.iter().rev() {
            if fresh == 0 {
                break;
            }
            fresh = fresh.saturating_sub(happening.times.into());
            new.push(happening);
        }
        new.reverse();
        new
    }
}

/// How much has happened to the entry in all.
fn count(entry: &Entry) -> u64 {
    entry.history.iter().map(|it| u64::from(it.times)).sum()
}

impl Change {
    fn told(entry: &Entry, happening: &Happening) -> Self {
        Self {
            at: happening.at,
            line: entry.line,
            name: entry.request.name.clone(),
            status: happening.status,
            attempt: happening.attempt,
            words: words(entry, happening),
        }
    }

    /// Of an entry without a history.
    fn seen(entry: &Entry, at: Timestamp) -> Self {
        Self {
            at,
            line: entry.line,
            name: entry.request.name.clone(),
            status: entry.status(),
            attempt: entry.attempt,
            words: super::rows::trouble(entry, at),
        }
    }

    /// The change in a line of a log, or in some where the reason needs them.
    pub(super) fn text(&self, width: usize) -> String {
        let Self { at, name, status, words, .. } = self;
        let start = format!("{}  {:<24}  ", at.format("%H:%M:%S"), name.as_str());
        let taken = start.chars().count() + 12 + 2;
        let alone = format!("{start}{}", paint(style_of(*status), status));
        match words.as_deref().map(harmless) {
            None => alone,
            Some(words) if taken + words.chars().count() <= width => {
                format!("{start}{}  {words}", paint(style_of(*status), format!("{status:<12}")))
            }
            Some(words) => format!("{alone}\n{}", indented(&words, 10, width)),
        }
    }

    /// The change as JSON.
    pub(super) fn json(&self) -> Value {
        let Self { at, name, status, attempt, words, .. } = self;
        json!({ "at": at, "name": name, "status": status, "attempt": attempt, "detail": words })
    }
}

/// What is to be said of the event: whom the account is, why it failed, who did it.
fn words(entry: &Entry, happening: &Happening) -> Option<String> {
    let by = match &happening.source {
        Source::Operator(by) => Some(format!("{} by {}", happening.event, by.0)),
        Source::Upload | Source::Queue | Source::Lifecycle | Source::Minute => None,
    };
    let account = || entry.account.as_ref().map(|account| format!("account {account}"));
    match happening.status {
        Status::Ready => account().or(by),
        Status::Configuring => by.or_else(account),
        Status::Failed => happening.detail.clone().or(by),
        Status::Queued => by.or_else(|| happening.detail.clone()),
        Status::Provisioning => by,
    }
}

#[cfg(test)]
mod tests {
    use vending::failure::FailureKind;
    use vending::ledger::{Event, Operator};

    use super::*;
    use crate::status::testing::{after, at, failed, provisioning, queued, ready, scene};

    fn texts(changes: &[Change]) -> Vec<String> {
        let plain = |it: &Change| anstream::adapter::strip_str(&it.text(80)).to_string();
        changes.iter().map(plain).collect()
    }

    #[test]
    fn what_happened_between_two_looks_is_told_in_its_order() {
        let mut seen = Seen::since(at(0));
        let rows = vec![ready("alpha", 2), failed("beta", 3, FailureKind::AccountQuota)];
        let first = seen.changes(&scene(rows, 2_000));
        assert_eq!(
            texts(&first),
            [
                "12:01:00  alpha                     PROVISIONING",
                "12:01:00  beta                      PROVISIONING",
                "12:03:00  beta                      FAILED\n          the organization has \
                 reached its number of accounts: what AWS said of\n          it",
                "12:31:00  alpha                     CONFIGURING   account 123456789012",
                "12:32:00  alpha                     READY         account 123456789012",
            ]
        );
    }

    #[test]
    fn nothing_is_told_twice_and_an_operator_is_named() {
        let failed = failed("beta", 3, FailureKind::Drift);
        let before = scene(vec![queued("alpha", 2), failed.clone()], 600);
        let mut seen = Seen::already(&before);
        assert!(seen.changes(&before).is_empty());
        let by = Operator("jane".into());
        let source = Source::Operator(by.clone());
        let retried = after(&failed, Event::Retried { by }, &source, 700);
        let now = scene(vec![provisioning("alpha", 2), retried], 800);
        assert_eq!(
            texts(&seen.changes(&now)),
            [
                "12:01:00  alpha                     PROVISIONING",
                "12:11:40  beta                      QUEUED        retried by jane",
            ]
        );
        assert!(seen.changes(&now).is_empty());
    }

    #[test]
    fn without_a_history_the_status_tells() {
        let bare = |entry: Entry| Entry { history: Vec::new(), ..entry };
        let mut seen = Seen::already(&scene(vec![bare(queued("alpha", 2))], 0));
        let now = scene(vec![bare(provisioning("alpha", 2))], 90);
        assert_eq!(
            texts(&seen.changes(&now)),
            ["12:01:30  alpha                     PROVISIONING"]
        );
    }
}
