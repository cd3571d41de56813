//! One account of the batch, as the page tells of it.

use chrono::TimeDelta;
use serde::Serialize;
use vending::ledger::{Entry, Happening, Stage, State, Status, Timestamp};

use super::access::Access;
use super::discreet::discreet;
use super::phase::{Phase, PhaseKind, phases};

/// One account of the batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    /// The line of the file that asks for it, 1-based.
    pub(crate) line: u64,
    /// Its name.
    pub(crate) name: String,
    /// Its id, once it exists.
    pub(crate) account_id: Option<String>,
    /// The organizational unit, `Name (ou-id)`.
    pub(crate) unit: String,
    /// Where it stands.
    pub(crate) status: Status,
    /// 1 for the first attempt.
    pub(crate) attempt: u32,
    /// What it went through since the batch came.
    pub(crate) phases: Vec<Phase>,
    /// When it became READY or FAILED.
    pub(crate) finished_at: Option<Timestamp>,
    /// How long AWS has been at work on it, in seconds, in all attempts; the queue is not in it.
    pub(crate) work_seconds: i64,
    /// Why it FAILED, and what to do.
    pub(crate) failure: Option<Trouble>,
    /// What went wrong in the batch before it came to where it stands.
    pub(crate) setbacks: Vec<Setback>,
    /// What it is given.
    pub(crate) access: Vec<Access>,
}

/// Why an account FAILED.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Trouble {
    /// Where it failed.
    pub(crate) stage: Stage,
    /// What went wrong, a clause.
    pub(crate) cause: &'static str,
    /// What to do, a sentence.
    pub(crate) remedy: &'static str,
    /// AWS's words, without addresses; may be empty.
    pub(crate) said: String,
}

/// A failure that the account went on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Setback {
    /// When it failed.
    pub(crate) at: Timestamp,
    /// The attempt that failed.
    pub(crate) attempt: u32,
    /// The cause with AWS's words, without addresses; what happened, where there are none.
    pub(crate) said: String,
}

impl Account {
    /// What there is to tell of `entry` since the batch came, at the moment `now`.
    pub(crate) fn new(entry: &Entry, since: Timestamp, now: Timestamp) -> Self {
        let phases = phases(entry, since, now);
        Self {
            line: entry.line,
            name: entry.request.name.to_string(),
            account_id: entry.account.as_ref().map(ToString::to_string),
            unit: discreet(&entry.request.unit.to_string()),
            status: entry.status(),
            attempt: entry.attempt,
            finished_at: entry.finished_at,
            work_seconds: total(&phases, PhaseKind::is_work).num_seconds(),
            failure: trouble(entry),
            setbacks: setbacks(entry, since),
            access: Access::of(entry),
            phases,
        }
    }

    /// How long AWS has been at work on it.
    pub(crate) fn work(&self) -> TimeDelta {
        TimeDelta::seconds(self.work_seconds)
    }

    /// How long it was in phases of that kind.
    pub(crate) fn in_phase(&self, kind: PhaseKind) -> TimeDelta {
        total(&self.phases, |it| it == kind)
    }
}

fn total(phases: &[Phase], counts: impl Fn(PhaseKind) -> bool) -> TimeDelta {
    phases.iter().filter(|phase| counts(phase.kind)).map(Phase::span).sum()
}

fn trouble(entry: &Entry) -> Option<Trouble> {
    let State::Failed { stage, failure, .. } = &entry.state else { return None };
    Some(Trouble {
        stage: *stage,
        cause: failure.kind.cause(),
        remedy: failure.kind.remedy(),
        said: discreet(&failure.detail),
    })
}

/// The failures since the batch came that the entry no longer stands at.
fn setbacks(entry: &Entry, since: Timestamp) -> Vec<Setback> {
    let is_past = |happening: &Happening| {
        entry.status() != Status::Failed || happening.attempt < entry.attempt
    };
    let mut setbacks: Vec<Setback> = Vec::new();
    for happening in entry.history.iter().filter(|it| it.status == Status::Failed && is_past(it)) {
        let is_known = setbacks.last().is_some_and(|last| last.attempt == happening.attempt);
        if happening.at >= since && !is_known {
            setbacks.push(Setback {
                at: happening.first_at,
                attempt: happening.attempt,
                said: discreet(happening.detail.as_deref().unwrap_or(&happening.event)),
            });
        }
    }
    setbacks
}

#[cfg(test)]
mod tests {
    use vending::failure::FailureKind;

    use super::*;
    use crate::report::samples::{Story, at, batch};

    #[test]
    fn a_failure_that_it_went_on_from_is_a_setback_and_the_last_one_is_not() {
        let story = Story::of(&batch("in/a.csv", 1), 0, "alpha", "Workloads").launched(1);
        let failed = story.failed(4, FailureKind::Unknown, "no: a@b.c").announced(1);
        let account = |story: &Story| Account::new(&story.entry, at(0), at(90));
        let first = account(&failed);
        assert_eq!((first.setbacks.len(), first.failure.is_some()), (0, true));

        let again = failed.retried(5).launched(1).failed(3, FailureKind::Drift, "drift");
        let second = account(&again);
        let [setback] = second.setbacks.as_slice() else { panic!("{:?}", second.setbacks) };
        assert_eq!((setback.at, setback.attempt), (at(5), 1));
        assert_eq!(setback.said, "Control Tower reported a failure: no: [e-mail address]");
        assert_eq!(second.failure.map(|it| it.said).as_deref(), Some("drift"));
        assert_eq!(second.work_seconds, (4 + 3) * 60);
    }
}
