//! What of an event is worth keeping in the history of its entry, in words.

use super::{Entry, Event, Happening, State, Step, Timestamp};
use crate::failure::Failure;
use crate::ledger::{Progress, Source};

impl Happening {
    /// That `event`, brought by `source`, comes to an entry that is `before` it.
    #[must_use]
    pub(super) fn of(event: &Event, source: &Source, before: &Entry, now: Timestamp) -> Self {
        Self {
            at: now,
            first_at: now,
            times: 1,
            event: event.name().to_owned(),
            source: source.clone(),
            status: before.status(),
            attempt: before.attempt,
            detail: words(event, before).as_deref().and_then(Self::detail_of),
        }
    }

    /// The same, with what it made of the entry.
    #[must_use]
    pub(super) fn leading_to(self, after: &Entry) -> Self {
        Self { status: after.status(), attempt: after.attempt, ..self }
    }

    /// The first one of an entry: a file asks for it.
    pub(super) fn first(entry: &Entry, now: Timestamp) -> Self {
        let request = entry.request.clone();
        let (batch, uploaded_at) = (entry.batch.clone(), entry.uploaded_at);
        let event = Event::Requested { request, batch, line: entry.line, uploaded_at };
        Self::of(&event, &Source::Upload, entry, now)
    }
}

/// Words about `event`, which came to an entry that was `before`.
fn words(event: &Event, before: &Entry) -> Option<String> {
    match event {
        Event::Requested { batch, line, .. } => Some(format!("line {line} of batch {batch}")),
        Event::Retried { .. } | Event::Cancelled { .. } | Event::Claimed { .. } => None,
        Event::Asked { product, record } => {
            Some(format!("record {}, product {}", record.0, product.0))
        }
        Event::StillAtWork { account, .. } => {
            account.as_ref().map(|account| format!("account {account} exists"))
        }
        Event::ToldToWait { until, reason } => {
            // First what is short: the reason may be cut.
            let until = until.format("%Y-%m-%d %H:%M:%S UTC");
            Some(format!("until {until}: {}", reason.trim()))
        }
        Event::AccountMade { account } => Some(format!("account {account}")),
        Event::LaunchFailed { failure, .. } | Event::Overdue { failure } => Some(cause(failure)),
        Event::AccessFailed { failure, .. } => Some(cause(failure)),
        Event::Progressed { steps } | Event::Configured { steps } => given(steps),
        Event::Announced => told(before),
    }
}

/// The cause with AWS's words, without the remedy.
fn cause(failure: &Failure) -> String {
    match failure.detail.as_str() {
        "" => failure.kind.cause().to_owned(),
        detail => format!("{}: {detail}", failure.kind.cause()),
    }
}

/// How many grants are there, and which.
fn given(steps: &[Step]) -> Option<String> {
    let done = steps.iter().filter(|step| step.progress == Progress::Done);
    let done: Vec<String> = done.map(Step::describe).collect();
    match (steps.len(), done.len()) {
        (0, _) => None,
        (all, 0) => Some(format!("0 of {all} given")),
        (all, some) => Some(format!("{some} of {all} given: {}", done.join(", "))),
    }
}

/// What a notice said of an entry that was `before`.
fn told(before: &Entry) -> Option<String> {
    let end = match &before.state {
        State::Ready { announced: false } => Some("READY".to_owned()),
        State::Failed { announced: false, failure, .. } => {
            Some(format!("FAILED, {}", failure.kind.cause()))
        }
        State::Ready { .. }
        | State::Failed { .. }
        | State::Queued { .. }
        | State::Provisioning { .. }
        | State::Configuring => None,
    };
    let earlier = before.untold.iter();
    let earlier =
        earlier.map(|it| format!("attempt {} FAILED, {}", it.attempt, it.failure.kind.cause()));
    let told: Vec<String> = earlier.chain(end).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::FailureKind;
    use crate::ledger::{Operator, Status};
    use crate::testing::{self, after, after_by, at};

    /// The history in lines: event, status, detail.
    fn told(entry: &Entry) -> Vec<String> {
        let line = |it: &Happening| {
            let detail = it.detail.as_deref().unwrap_or("-");
            format!("{} {} {}: {detail}", it.source.as_str(), it.event, it.status)
        };
        entry.history.iter().map(line).collect()
    }

    #[test]
    fn a_history_tells_all_attempts_in_order() {
        let by = Operator("jane".into());
        let failed = after(&testing::failed("alpha"), Event::Announced, at(130));
        let source = Source::Operator(by.clone());
        let retried = after_by(&failed, Event::Retried { by }, &source, at(200));
        assert_eq!(
            told(&retried),
            [
                "upload requested QUEUED: line 2 of batch accounts-027a036e",
                "queue claimed PROVISIONING: -",
                "queue asked PROVISIONING: record rec-1, product pp-1",
                "queue launch failed FAILED: the account e-mail already belongs to an AWS account: EMAIL_ALREADY_EXISTS",
                "queue announced FAILED: FAILED, the account e-mail already belongs to an AWS account",
                "operator retried QUEUED: -",
            ]
        );
        let last = retried.history.last().unwrap();
        assert_eq!((last.source.clone(), last.attempt, last.at), (source, 2, at(200)));
    }

    #[test]
    fn what_was_given_is_told_grant_by_grant() {
        let [first, second] = testing::steps(&Progress::NEW).try_into().unwrap();
        let first = Step { progress: Progress::Done, ..first };
        let event = Event::Progressed { steps: vec![first, second] };
        let entry = after(&testing::configuring("alpha"), event, at(1_810));
        let ready = Event::Configured { steps: testing::steps(&Progress::Done) };
        let entry = after(&entry, ready, at(1_820));
        let set = "permission set AWSAdministratorAccess for group Platform-Admins";
        assert_eq!(
            told(&entry)[3..],
            [
                "queue account made CONFIGURING: account 123456789012".to_owned(),
                format!("queue progressed CONFIGURING: 1 of 2 given: {set}"),
                format!("queue configured READY: 2 of 2 given: {set}, portfolio Networking"),
            ]
        );
    }

    #[test]
    fn a_wait_says_until_when_and_in_whose_words() {
        let reason = "Another operation is in progress.\nTry again later.".to_owned();
        let event = Event::ToldToWait { until: at(90), reason };
        let entry = after(&testing::provisioning("alpha"), event, at(30));
        assert_eq!(
            told(&entry).last().unwrap(),
            "queue told to wait QUEUED: until 2026-01-21 12:01:30 UTC: Another operation is in progress. Try again later."
        );
    }

    #[test]
    fn a_notice_of_an_earlier_failure_is_told_with_its_attempt() {
        let failure = Failure::new(FailureKind::Drift, "");
        let failed = Event::LaunchFailed { failure, account: None };
        let failed = after(&testing::provisioning("alpha"), failed, at(60));
        let again = after(&failed, Event::Retried { by: Operator("jane".into()) }, at(61));
        let entry = after(&again, Event::Announced, at(62));
        let last = entry.history.last().unwrap();
        assert_eq!(last.status, Status::Queued);
        assert_eq!(last.detail.as_deref(), Some("attempt 1 FAILED, the landing zone is in drift"));
    }

    #[test]
    fn looking_every_few_minutes_stays_one_line() {
        let mut entry = testing::provisioning("alpha");
        for minute in 1..=90 {
            let check_at = at(60 * (minute + 1));
            let event = Event::StillAtWork { check_at, account: None };
            entry = after_by(&entry, event, &Source::Minute, at(60 * minute));
        }
        let last = entry.history.last().unwrap();
        assert_eq!((entry.history.len(), last.times), (4, 90));
        assert_eq!((last.first_at, last.at), (at(60), at(5_400)));
    }
}
