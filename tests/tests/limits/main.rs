//! IAM Identity Center's limits, which nobody can raise: 10 assignments under way, 20 calls a
//! second, one change of permission sets in an account. They hold across invocations that
//! run at the same time, and what there is to do is done about as soon as they allow.
//!
//! The real adapter over the wire of the landing zone's model, in which an assignment takes 3
//! to 60 seconds and a call 80 ms; ticks every minute and some of them twice, the stream's
//! wake-ups beside them, each in a process of its own, all in virtual time. "At least" is the
//! longer of all that the assignments took, ten at a time, and the longest account, one after
//! the other. Measured:
//!
//! | what | took | at least | ratio | calls | most in a second | most under way |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | 100 accounts, 5 each | 1,747 s | 1,579 s | 1.11 | 8,005 | 10 | 10 |
//! | 40 accounts, 3 each, each conflicts 3 times | 521 s | 382 s | 1.36 | 2,039 | 10 | 10 |
//! | 20 accounts, 5 each | 351 s | 291 s | 1.21 | 1,321 | 10 | 10 |
//! | the same, and the one that talks dies | 476 s | 291 s | 1.63 | 1,248 | 10 | 10 |
//! | 1 account, 40 assignments | 1,529 s | 1,406 s | 1.09 | 472 | 10 | 1 |
//!
//! Of the tenth by which the first takes longer, half is its end, when fewer than ten accounts
//! are left, and the rest what passes until the end of an assignment is seen. With few accounts
//! it is the same end that counts: an account keeps its place until it has everything, so that
//! the oldest are READY first, rather than all of them at the end.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

mod rig;
mod wire;

use std::collections::BTreeSet;

use landing_zone::description::{CustomerPolicyDescription, PolicyReference};
use vending::ledger::{State, Status};

use crate::rig::{Asked, Rig};

/// What ran, for a person to read: `cargo test … --test limits -- --nocapture`.
fn report(what: &str, rig: &Rig, since: chrono::DateTime<chrono::Utc>) -> f64 {
    let (took, passed) = (rig.took(since), rig.wire.passed());
    let (bound, calls) = (passed.lower_bound(), passed.calls.values().sum::<usize>());
    #[expect(clippy::cast_precision_loss, reason = "hours in milliseconds fit exactly")]
    let ratio = took.num_milliseconds() as f64 / bound.num_milliseconds() as f64;
    let outstanding = rig.world.zone.with(|zone| zone.identity_center.peak_outstanding());
    let a_second = passed.most_in_a_second;
    println!(
        "{what}: {} s of at least {} s, {ratio:.3}; {calls} calls, {a_second} in a second, {outstanding} outstanding",
        took.num_seconds(),
        bound.num_seconds(),
    );
    println!("    {:?}", passed.calls);
    ratio
}

/// Nothing went beyond a limit, and nothing was asked for twice.
fn within_the_limits(rig: &Rig, assignments: usize) {
    let (outstanding, by_the_second) = rig.world.zone.with(|zone| {
        let center = &zone.identity_center;
        (center.peak_outstanding(), center.peak_calls_per_second())
    });
    let passed = rig.wire.passed();
    assert!(outstanding <= 10, "{outstanding}");
    assert!(by_the_second <= 20, "{by_the_second}");
    assert!(passed.most_in_a_second <= 20, "{}", passed.most_in_a_second);
    assert_eq!(passed.throttled, 0);
    assert_eq!(passed.refused("ServiceQuotaExceededException"), 0, "an eleventh was asked for");
    let taken = passed.taken();
    let distinct: BTreeSet<_> = taken.iter().collect();
    assert_eq!((taken.len(), distinct.len()), (assignments, assignments));
    assert_eq!(rig.failed.borrow().as_slice(), &[] as &[String]);
}

/// Runs until every account is READY; answers how much longer it took than it had to.
fn all_ready(what: &str, rig: &Rig, dies: Option<(usize, i64)>) -> f64 {
    let since = rig.time.now();
    rig.run(dies, || rig.are_all(Status::Ready));
    report(what, rig, since)
}

#[test]
fn a_hundred_accounts_with_five_assignments_each() {
    let rig = Rig::new(Asked { accounts: 100, assignments: 5, conflicts: 0, seed: 1 });
    let ratio = all_ready("100 accounts, 5 each", &rig, None);
    within_the_limits(&rig, 500);
    assert_eq!(rig.wire.passed().refused("ConflictException"), 0);
    assert!(ratio <= 1.2, "{ratio}");
}

#[test]
fn accounts_that_each_conflict_three_times_wait_without_their_places() {
    let rig = Rig::new(Asked { accounts: 40, assignments: 3, conflicts: 3, seed: 2 });
    let ratio = all_ready("40 accounts, 3 each, 3 conflicts", &rig, None);
    within_the_limits(&rig, 120);
    // Once each, whatever waits in the account: it is told so for all of it.
    assert_eq!(rig.wire.passed().refused("ConflictException"), 120);
    assert!(ratio <= 1.5, "{ratio}");
}

#[test]
fn an_invocation_that_dies_is_made_up_for_within_minutes() {
    let asked = Asked { accounts: 20, assignments: 5, conflicts: 0, seed: 3 };
    let undisturbed = Rig::new(asked);
    all_ready("20 accounts, 5 each", &undisturbed, None);
    for seconds in [7, 23] {
        let rig = Rig::new(asked);
        let since = rig.time.now();
        assert_eq!(rig.run(Some((2, seconds)), || rig.are_all(Status::Ready)), 1);
        report("the same, and one dies", &rig, since);
        within_the_limits(&rig, 100);
        let longer = rig.took(since) - undisturbed.took(since);
        assert!(longer <= chrono::TimeDelta::minutes(4), "{longer}");
    }
}

#[test]
fn forty_assignments_in_one_account_go_one_after_the_other() {
    let rig = Rig::new(Asked { accounts: 1, assignments: 40, conflicts: 0, seed: 4 });
    let ratio = all_ready("1 account, 40 assignments", &rig, None);
    within_the_limits(&rig, 40);
    assert_eq!(rig.wire.passed().refused("ConflictException"), 0);
    assert!(ratio <= 1.2, "{ratio}");
}

#[test]
fn of_twenty_assignments_the_one_that_failed_is_tried_again() {
    let asked = Asked { accounts: 4, assignments: 5, conflicts: 0, seed: 5 };
    let mut description = rig::described(asked);
    // One account lacks the policy that one of the permission sets needs.
    let needed = PolicyReference { name: "Needed".into(), path: "/".into() };
    let sets = &mut description.identity_center.permission_sets;
    let set = sets.iter_mut().find(|set| set.name == "Set-03").expect("a permission set");
    set.customer_managed_policies.push(needed);
    let has = (0..3).map(rig::account).collect();
    description.identity_center.customer_managed_policies.push(CustomerPolicyDescription {
        name: "Needed".into(),
        path: "/".into(),
        accounts: Some(has),
    });
    let rig = Rig::described(asked, &description);
    rig.run(None, || rig.are_all_terminal());
    within_the_limits(&rig, 20);
    let failed: Vec<_> =
        rig.entries().into_iter().filter(|entry| entry.status() == Status::Failed).collect();
    let [entry] = failed.as_slice() else { panic!("{failed:?}") };
    let State::Failed { failure, .. } = &entry.state else { panic!("{entry:?}") };
    assert!(failure.detail.contains("Set-03") && failure.detail.contains("Needed"), "{failure:?}");

    rig.retry(&entry.request.name);
    rig.run(None, || rig.are_all_terminal());
    let passed = rig.wire.passed();
    let again = &passed.taken()[20..];
    assert_eq!(again.len(), 1, "{again:?}");
    assert_eq!(again[0].0, rig::account(3));
    assert!(again[0].1.ends_with("ps-0000000000000003"), "{again:?}");
}
