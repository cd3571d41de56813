//! How long to wait: for Control Tower, for Service Catalog, for Identity Center.

use chrono::{TimeDelta, Timelike};

use crate::account::AccountId;
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

/// So much later than usual a launch counts as one whose end has gone unnoticed: events come
/// within seconds, and Service Catalog shows an end within the minute.
const LATER_THAN_USUAL: TimeDelta = TimeDelta::seconds(15);

/// What took less was no launch: the account was there already. Launches take 15 to 35 minutes.
const SHORTEST_LAUNCH: TimeDelta = TimeDelta::minutes(10);

/// How often `provision` looks at what is in flight: the rule of the template.
const TICK_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Whether the tick at `now` asks about a launch that takes longer than `usual`, which is how
/// long the last few took: the first tick after that does, the next one, and then each time
/// after twice as long. An event that was lost costs a minute so, and one that comes hardly
/// ever a call.
#[must_use]
pub fn is_later_than_usual(started_at: Timestamp, usual: TimeDelta, now: Timestamp) -> bool {
    let late = now - started_at - usual - LATER_THAN_USUAL;
    let ticks = late.num_seconds() / TICK_EVERY.num_seconds();
    usual >= SHORTEST_LAUNCH
        && late >= TimeDelta::zero()
        && (ticks.unsigned_abs() + 1).is_power_of_two()
}

/// How long Control Tower is left alone at most while it is busy with what others do: it does
/// not tell of the end of everything, and what is free is not used meanwhile.
const MOST_BUSY_WAIT: TimeDelta = TimeDelta::minutes(5);

/// So much before a tick a wait of minutes that began in one is over: otherwise it would be
/// the one after that.
const BEFORE_THE_TICK: TimeDelta = TimeDelta::seconds(10);

/// How long an entry waits after it was told to, for the `waits`-th time (from 0).
#[must_use]
pub fn wait(kind: WaitKind, waits: u32) -> TimeDelta {
    match kind {
        WaitKind::Busy => doubling(TimeDelta::minutes(1), waits, MOST_BUSY_WAIT) - BEFORE_THE_TICK,
        // "Try again in one hour."
        WaitKind::Activating => TimeDelta::minutes(61),
    }
}

/// Whether the tick at `now` also looks for what a lost wake-up left behind. Every
/// fifth does, and where nothing is open every tenth (see [`HANDOVER_CALM`]): what is in the
/// ledger's stream is rarely lost.
#[must_use]
pub fn is_sweep(now: Timestamp) -> bool {
    now.minute().is_multiple_of(5)
}

/// How often a tick of `provision` notes that it came to its end: with every fifth, seldom
/// enough to cost nothing, and often enough to see within minutes that ticks no longer come.
pub const HEARTBEAT_EVERY: TimeDelta = PROVISION_CALM;

/// How long a process of `handover` that found nothing to do leaves its ticks out: every
/// other one, since what an operator asks for with `access apply`, and what a portfolio file
/// asks for, has no wake-up but the tick. Half a minute less than two, as ticks come a few
/// seconds early or late.
pub const HANDOVER_CALM: TimeDelta = TimeDelta::seconds(90);

/// How long a process of `provision` does: what there is to do for it comes with a wake-up.
/// Short of five minutes, so that a sign of life goes with every fifth tick.
pub const PROVISION_CALM: TimeDelta = TimeDelta::seconds(270);

/// How long a name stays in use after its product was terminated, as a guess.
pub const NAME_FREED_AFTER: TimeDelta = TimeDelta::minutes(2);

/// How long a step of handover waits after it was told to, for the `tries`-th time (from 0).
#[must_use]
pub fn step_wait(tries: u32) -> TimeDelta {
    doubling(TimeDelta::seconds(20), tries, TimeDelta::minutes(10))
}

/// How long an assignment waits after it was told to, for the `tries`-th time (from 0): less
/// than a share, because what is in its way takes seconds to a minute, and up to a quarter
/// longer by its account, so that those that were told so together do not come back together.
#[must_use]
pub fn assignment_wait(account: &AccountId, tries: u32) -> TimeDelta {
    let wait = doubling(TimeDelta::seconds(5), tries, TimeDelta::minutes(10));
    let last_digits = account.as_str().bytes().rev().take(3);
    let spread = last_digits.fold(0, |sum, digit| sum * 10 + i32::from(digit.saturating_sub(b'0')));
    wait + wait / 4 * spread / 1000
}

/// How long one invocation may talk to Identity Center alone: longer than it runs. The
/// function `handover` is ended after 90 seconds, and two clocks may be 30 seconds apart.
pub const LEASE_LASTS: TimeDelta = TimeDelta::seconds(120);

/// How soon the invocation that talks to Identity Center looks again at what is under way,
/// where an account waits for a place there: an assignment takes seconds to a minute, and
/// until its end is seen its place is taken.
pub const LOOK_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(1);

/// How often it looks at an assignment for whose end only another one of the account waits:
/// half of it is lost on the end of each, a twelfth of what one takes.
pub const LOOK_AT_NEXT_EVERY: TimeDelta = TimeDelta::seconds(5);

/// How often it looks at one for whose end nothing waits but the notice: a look is a read of
/// the entry and a call, and the account took half an hour.
pub const LOOK_AT_LAST_EVERY: TimeDelta = TimeDelta::seconds(15);

/// How often it looks at a portfolio share, which takes about as long: each look is paid for
/// (Service Catalog's prices), and another account may wait for its turn.
pub const LOOK_AT_SHARE_EVERY: TimeDelta = TimeDelta::seconds(10);

/// How soon who looks at what is under way lists it anew, after it was listed in vain for so many
/// `times`; meanwhile it goes by what it has seen. A list of a hundred accounts with their
/// histories is a megabyte, and where accounts come one by one it tells nothing new for minutes.
#[must_use]
pub fn list_again_after(times: u32) -> TimeDelta {
    doubling(TimeDelta::seconds(10), times, TimeDelta::seconds(40))
}

/// How soon another one asks whether it may take over.
pub const ASK_AGAIN_FOR_LEASE: TimeDelta = TimeDelta::seconds(5);

/// What waits for longer is left to a later tick; the next one comes in a minute.
pub const WORTH_STAYING_FOR: TimeDelta = TimeDelta::minutes(1);

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
    fn what_takes_longer_than_usual_is_asked_about_less_and_less_often() {
        let usual = TimeDelta::seconds(1_805);
        let asked: Vec<i64> = (0..60)
            .filter(|minute| is_later_than_usual(at(0), usual, at(minute * 60 + 25)))
            .collect();
        assert_eq!(asked, [30, 31, 33, 37, 45]);
        assert!(!is_later_than_usual(at(0), usual, at(1_819)), "its event may be on its way");
        let none = TimeDelta::seconds(5);
        assert!(!is_later_than_usual(at(0), none, at(25)), "an account that was there already");
    }

    #[test]
    fn every_fifth_minute_looks_for_what_was_lost() {
        let sweeps = (0..60).filter(|minute| is_sweep(at(minute * 60))).count();
        assert_eq!((sweeps, is_sweep(at(0)), is_sweep(at(60))), (12, true, false));
    }

    #[test]
    fn waits_double_up_to_a_limit() {
        let seconds: Vec<i64> = (0..5).map(|n| wait(WaitKind::Busy, n).num_seconds()).collect();
        assert_eq!(seconds, [50, 110, 230, 290, 290]);
        assert_eq!(wait(WaitKind::Busy, u32::MAX).num_seconds(), 290);
        assert_eq!(wait(WaitKind::Activating, 3).num_minutes(), 61);
    }

    #[test]
    fn what_is_under_way_is_listed_less_and_less_often_while_nothing_comes() {
        assert_eq!(
            [0, 1, 2, 3, 9].map(|times| list_again_after(times).num_seconds()),
            [10, 20, 40, 40, 40]
        );
    }

    #[test]
    fn assignments_told_to_wait_together_come_back_apart() {
        let account = |id: &str| AccountId::new(id).unwrap();
        let (first, last) = (account("111122220000"), account("111122229999"));
        let seconds = |account, tries| assignment_wait(account, tries).as_seconds_f64();
        assert_eq!([seconds(&first, 0), seconds(&first, 3)], [5.0, 40.0]);
        assert!((6.2..6.25).contains(&seconds(&last, 0)), "{}", seconds(&last, 0));
        assert_eq!(assignment_wait(&first, u32::MAX), TimeDelta::minutes(10));
        let in_all: TimeDelta =
            (0..MOST_STEP_TRIES).map(|tries| assignment_wait(&first, tries)).sum();
        assert_eq!(in_all.num_hours(), 3);
    }
}
