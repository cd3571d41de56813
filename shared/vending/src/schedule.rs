//! How long to wait: for Control Tower, for Service Catalog, for Identity Center.

use chrono::{TimeDelta, Timelike};

use crate::failure::WaitKind;
use crate::ledger::Timestamp;

/// A launch that goes on for longer is overdue. AWS: "If your account
/// provisioning takes longer than one hour, it's best to terminate the
/// provisioning process and try again" (Control Tower user guide, troubleshooting).
pub const OVERDUE_AFTER: TimeDelta = TimeDelta::minutes(60);

/// A launch that Service Catalog does not answer about counts as overdue after this:
/// later than one that it says is under way, so that one call that fails is not taken
/// for an hour without an end.
pub const SILENT_AFTER: TimeDelta = TimeDelta::minutes(120);

/// For so long after its claim a launch may still be asked for by the invocation that
/// claimed it: the function `provision` is ended after 60 seconds, and two clocks may be 30
/// seconds apart. Asking for it once more meanwhile could hear a refusal of a launch that
/// is accepted a moment later.
pub const ANSWERED_WITHIN: TimeDelta = TimeDelta::seconds(90);

/// Minutes after a launch at which Service Catalog is asked, unless an event
/// came: soon, because failures that come within seconds emit no event, and
/// then from when most accounts are done (they take 20–35 minutes). A lost event
/// costs a few minutes then, and one that comes costs hardly a call.
const CHECKS_AFTER_MINUTES: [i64; 2] = [1, 30];

/// Minutes between checks after those.
const CHECK_EVERY_MINUTES: i64 = 5;

/// How soon Service Catalog is asked again when Control Tower has ended a launch and
/// Service Catalog has not said so yet: it takes some seconds.
pub const SAID_SOON: TimeDelta = TimeDelta::minutes(1);

/// When Service Catalog is to be asked next about a launch.
#[must_use]
pub fn next_check(started_at: Timestamp, now: Timestamp) -> Timestamp {
    let next = CHECKS_AFTER_MINUTES.iter().map(|minutes| started_at + TimeDelta::minutes(*minutes));
    next.into_iter().find(|at| *at > now).unwrap_or(now + TimeDelta::minutes(CHECK_EVERY_MINUTES))
}

/// How long an entry waits after it was told to, for the `waits`-th time (from 0).
#[must_use]
pub fn wait(kind: WaitKind, waits: u32) -> TimeDelta {
    match kind {
        WaitKind::Busy => doubling(TimeDelta::minutes(1), waits, TimeDelta::minutes(15)),
        // "Try again in one hour."
        WaitKind::Activating => TimeDelta::minutes(61),
    }
}

/// Whether the tick at `now` also looks for what a lost wake-up left behind. Every
/// fifth does: what is in the ledger's stream is rarely lost.
#[must_use]
pub fn is_sweep(now: Timestamp) -> bool {
    now.minute().is_multiple_of(5)
}

/// How often a tick of `provision` notes that it came to its end: seldom enough to cost
/// nothing, and often enough to see within minutes that ticks no longer come.
pub const HEARTBEAT_EVERY: TimeDelta = TimeDelta::minutes(5);

/// How long a name stays in use after its product was terminated, as a guess.
pub const NAME_FREED_AFTER: TimeDelta = TimeDelta::minutes(2);

/// How long a step of handover waits after it was told to, for the `tries`-th time (from 0).
#[must_use]
pub fn step_wait(tries: u32) -> TimeDelta {
    doubling(TimeDelta::seconds(20), tries, TimeDelta::minutes(10))
}

/// How long a turn is kept by somebody who never gives it back: longer than any
/// assignment or share takes, which is a minute or two.
pub const TURN_LASTS: TimeDelta = TimeDelta::minutes(30);

/// How long an assignment or share may be under way: each takes a minute or two.
pub const STEP_OVERDUE_AFTER: TimeDelta = TimeDelta::minutes(60);

/// How often a step is told to wait before it counts as failed: about three hours.
pub const MOST_STEP_TRIES: u32 = 24;

fn doubling(first: TimeDelta, times: u32, most: TimeDelta) -> TimeDelta {
    let factor = 2_i32.checked_pow(times).unwrap_or(i32::MAX);
    first.checked_mul(factor).map_or(most, |wait| wait.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    #[test]
    fn a_launch_is_checked_soon_and_then_when_it_may_be_done() {
        let minutes = |now: i64| (next_check(at(0), at(now * 60)) - at(0)).num_minutes();
        assert_eq!([minutes(0), minutes(1), minutes(30), minutes(35)], [1, 30, 35, 40]);
    }

    #[test]
    fn every_fifth_minute_looks_for_what_was_lost() {
        let sweeps = (0..60).filter(|minute| is_sweep(at(minute * 60))).count();
        assert_eq!((sweeps, is_sweep(at(0)), is_sweep(at(60))), (12, true, false));
    }

    #[test]
    fn waits_double_up_to_a_limit() {
        let minutes: Vec<i64> = (0..6).map(|n| wait(WaitKind::Busy, n).num_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 15, 15]);
        assert_eq!(wait(WaitKind::Busy, u32::MAX).num_minutes(), 15);
        assert_eq!(wait(WaitKind::Activating, 3).num_minutes(), 61);
    }
}
