//! What an account went through and when: the phases of its entry, read from its history.

use chrono::TimeDelta;
use serde::Serialize;
use vending::ledger::{Entry, Happening, State, Status, Timestamp};

/// What an account is in for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PhaseKind {
    /// It is queued, and waits for its turn.
    Queued,
    /// It is queued again, because Control Tower said "later".
    ToldToWait,
    /// Account Factory makes it.
    Provisioning,
    /// It is given its access and portfolios.
    Configuring,
    /// It failed, and waits for a person.
    Stopped,
}

impl PhaseKind {
    /// Every kind, in the order an account goes through them.
    pub(crate) const ALL: [Self; 5] =
        [Self::Queued, Self::ToldToWait, Self::Provisioning, Self::Configuring, Self::Stopped];

    /// What it is called in the page.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Queued => "in the queue",
            Self::ToldToWait => "told to wait",
            Self::Provisioning => "being made",
            Self::Configuring => "given access",
            Self::Stopped => "stopped by a failure",
        }
    }

    /// Whether AWS is at work on it.
    pub(crate) fn is_work(self) -> bool {
        match self {
            Self::Provisioning | Self::Configuring => true,
            Self::Queued | Self::ToldToWait | Self::Stopped => false,
        }
    }
}

/// A while that an account was in one phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Phase {
    /// What it was in.
    pub(crate) kind: PhaseKind,
    /// Since when.
    pub(crate) from: Timestamp,
    /// Until when; the moment of the report, where it goes on.
    pub(crate) until: Timestamp,
    /// Whether it goes on.
    pub(crate) open: bool,
}

impl Phase {
    /// How long it took, or has taken by now.
    pub(crate) fn span(&self) -> TimeDelta {
        self.until - self.from
    }
}

/// The phases of `entry` from `since` on, oldest first; what goes on ends at `now`.
pub(crate) fn phases(entry: &Entry, since: Timestamp, now: Timestamp) -> Vec<Phase> {
    let mut phases: Vec<Phase> = Vec::new();
    for (from, kind) in marks(entry) {
        let from = from.clamp(since, now.max(since));
        if let Some(last) = phases.last_mut() {
            last.until = from.max(last.from);
        }
        phases.push(Phase { kind, from, until: now.max(from), open: true });
    }
    finish(&mut phases, entry);
    phases.retain(|phase| phase.open || phase.until > phase.from);
    merged(phases)
}

/// Closes what is over; an end is a moment and no phase.
fn finish(phases: &mut Vec<Phase>, entry: &Entry) {
    let ended = entry.status().is_terminal();
    if ended {
        phases.pop();
    }
    let last = phases.len().saturating_sub(1);
    for (place, phase) in phases.iter_mut().enumerate() {
        phase.open = !ended && place == last;
    }
}

/// Neighbors of one kind are one phase.
fn merged(phases: Vec<Phase>) -> Vec<Phase> {
    let mut merged: Vec<Phase> = Vec::with_capacity(phases.len());
    for phase in phases {
        match merged.last_mut() {
            Some(last) if last.kind == phase.kind => {
                (last.until, last.open) = (phase.until, phase.open);
            }
            _ => merged.push(phase),
        }
    }
    merged
}

/// When it came to be what; the last mark of an entry that is READY or FAILED is its end.
fn marks(entry: &Entry) -> Vec<(Timestamp, PhaseKind)> {
    let told = !entry.history.is_empty();
    let mut marks: Vec<_> = if told {
        entry.history.iter().map(|happening| (happening.first_at, kind_after(happening))).collect()
    } else {
        marks_of_fields(entry)
    };
    if entry.status().is_terminal() {
        // What is told of an end after it (that it is announced) is not another end.
        let end = kind_at(entry.status());
        while marks.pop_if(|(_, kind)| *kind == end).is_some() {}
        let last = marks.last().map_or(entry.queued_at, |(at, _)| *at);
        marks.push((entry.finished_at.unwrap_or(last), end));
    }
    marks
}

fn kind_after(happening: &Happening) -> PhaseKind {
    match happening.status {
        Status::Queued if happening.event == TOLD_TO_WAIT => PhaseKind::ToldToWait,
        status => kind_at(status),
    }
}

/// The name of the event that makes an entry wait.
const TOLD_TO_WAIT: &str = "told to wait";

/// The phase of a status. READY has none: its mark is an end.
fn kind_at(status: Status) -> PhaseKind {
    match status {
        Status::Queued => PhaseKind::Queued,
        Status::Provisioning => PhaseKind::Provisioning,
        Status::Configuring => PhaseKind::Configuring,
        Status::Ready | Status::Failed => PhaseKind::Stopped,
    }
}

/// What the other fields tell of the last attempt, for an entry from before histories were kept.
fn marks_of_fields(entry: &Entry) -> Vec<(Timestamp, PhaseKind)> {
    let waits = matches!(entry.state, State::Queued { waiting_for: Some(_), .. });
    let queued = if waits { PhaseKind::ToldToWait } else { PhaseKind::Queued };
    let mut marks = vec![(entry.queued_at, queued)];
    if entry.status() == Status::Queued {
        return marks;
    }
    let started = entry.launch.as_ref().map(|launch| (launch.started_at, PhaseKind::Provisioning));
    let configuring = entry.configuring_at.map(|at| (at, PhaseKind::Configuring));
    for (at, kind) in [started, configuring].into_iter().flatten() {
        // What came before belongs to an earlier attempt.
        if marks.last().is_none_or(|(last, _)| at >= *last) {
            marks.push((at, kind));
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use vending::failure::FailureKind;

    use super::*;
    use crate::report::samples::{Story, at, batch};

    /// The phases in minutes after the first list, `…` where one goes on.
    fn said(entry: &Entry, since: i64, now: i64) -> String {
        let minutes = |at: Timestamp| (at - self::at(0)).num_minutes();
        let phase = |phase: &Phase| {
            let open = if phase.open { "…" } else { "" };
            format!("{:?} {}-{}{open}", phase.kind, minutes(phase.from), minutes(phase.until))
        };
        let phases: Vec<String> = phases(entry, at(since), at(now)).iter().map(phase).collect();
        phases.join(", ")
    }

    fn story() -> Story {
        Story::of(&batch("in/a.csv", 1), 0, "alpha", "Workloads").launched(3)
    }

    #[test]
    fn every_attempt_and_every_wait_is_a_phase() {
        let failed = story().told_to_wait(1).launched(9).failed(5, FailureKind::Unknown, "no");
        let retried = failed.retried(40).launched(2).made(25).ready(5);
        assert_eq!(
            said(&retried.entry, 0, 100),
            "Queued 0-3, Provisioning 3-4, ToldToWait 4-13, Provisioning 13-18, Stopped 18-58, \
             Queued 58-60, Provisioning 60-85, Configuring 85-90"
        );
    }

    #[test]
    fn what_goes_on_goes_on_until_now() {
        assert_eq!(said(&story().entry, 0, 20), "Queued 0-3, Provisioning 3-20…");
        assert_eq!(
            said(&story().told_to_wait(2).entry, 0, 20),
            "Queued 0-3, Provisioning 3-5, ToldToWait 5-20…"
        );
    }

    #[test]
    fn a_failure_ends_the_last_phase_and_its_notice_is_no_other_end() {
        let failed = story().failed(7, FailureKind::Unknown, "no").announced(2);
        assert_eq!(said(&failed.entry, 0, 100), "Queued 0-3, Provisioning 3-10");
    }

    #[test]
    fn what_was_before_the_batch_is_left_out() {
        let again = story().failed(7, FailureKind::Unknown, "no").retried(50).launched(1);
        assert_eq!(said(&again.entry, 30, 80), "Stopped 30-60, Queued 60-61, Provisioning 61-80…");
        assert_eq!(said(&again.entry, 70, 80), "Provisioning 70-80…");
    }

    #[test]
    fn an_entry_without_a_history_tells_of_its_last_attempt() {
        let bare = |story: Story| Entry { history: Vec::new(), ..story.entry };
        let made = bare(story().made(20).ready(2));
        assert_eq!(said(&made, 0, 50), "Queued 0-3, Provisioning 3-23, Configuring 23-25");
        let again = bare(story().failed(7, FailureKind::Unknown, "no").retried(50));
        assert_eq!(said(&again, 0, 80), "Queued 60-80…");
        assert_eq!(said(&bare(story().told_to_wait(2)), 0, 20), "ToldToWait 0-20…");
    }
}
