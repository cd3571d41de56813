//! Lists take about as long as Control Tower takes for their accounts.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use benches::efficiency::{BUSY, EVENTS_LOST, Run, Scenario, UNDISTURBED, mean, ratios};
use chrono::TimeDelta;

const WIDTHS: [usize; 3] = [1, 5, 10];

fn undisturbed(accounts: usize, width: usize) -> Run {
    Scenario::undisturbed(accounts, width).run().unwrap()
}

#[test]
fn undisturbed_the_slots_are_hardly_ever_empty() {
    for accounts in [10, 100] {
        for width in WIDTHS {
            let ratio = undisturbed(accounts, width).ratio_made();
            assert!((1.0..=UNDISTURBED).contains(&ratio), "{accounts}, {width}: {ratio}");
        }
    }
}

#[test]
fn nor_are_they_where_accounts_take_differently_long() {
    for width in WIDTHS {
        let scenario = Scenario { minutes: (20, 35), ..Scenario::undisturbed(50, width) };
        let ratio = scenario.run().unwrap().ratio_made();
        assert!((1.0..=UNDISTURBED).contains(&ratio), "{width}: {ratio}");
    }
}

#[test]
fn an_event_that_is_lost_costs_a_minute_or_two() {
    for (accounts, width, seeds) in [(10, 1, 5), (10, 5, 10), (10, 10, 10), (100, 10, 1)] {
        let base = Scenario::undisturbed(accounts, width);
        let lost = base.one_in_twenty();
        let all = ratios(seeds, |seed| Scenario { lost, seed, ..base.clone() }).unwrap();
        assert!(mean(&all) <= EVENTS_LOST, "{accounts}, {width}: {all:?}");
    }
}

#[test]
fn beside_others_the_slots_that_they_leave_are_used() {
    for (accounts, width, people, told) in [(10, 5, 3, true), (10, 5, 3, false), (50, 5, 3, true)] {
        let base = Scenario::undisturbed(accounts, width);
        // As many as the table of figures takes: single ones go up to 1.08.
        let all = ratios(10, |seed| base.clone().beside(people, told, seed)).unwrap();
        assert!(mean(&all) <= BUSY, "{accounts}, {width}, {told}: {all:?}");
    }
}

/// From the end of each launch to the taking of the next one.
fn turnarounds(run: &Run, width: usize) -> Vec<TimeDelta> {
    let (mut ended, mut launched) = (run.ended.clone(), run.launched.clone());
    ended.sort();
    launched.sort();
    launched[width..].iter().zip(ended).map(|(next, end)| *next - end).collect()
}

#[test]
fn a_slot_is_filled_again_by_the_event_that_freed_it() {
    let run = undisturbed(10, 1);
    let longest = turnarounds(&run, 1).into_iter().max().unwrap();
    // The event takes up to four seconds to the bus, and the launch two.
    assert!(longest <= TimeDelta::seconds(8), "{longest}");
}

#[test]
fn ten_that_end_together_are_followed_by_ten() {
    // Those that are launched together end within seconds.
    let scenario = Scenario { index_lags: true, ..Scenario::undisturbed(20, 10) };
    let run = scenario.run().unwrap();
    let ends = &run.ended[..10];
    let (first, last) = (ends.iter().min().unwrap(), ends.iter().max().unwrap());
    assert!(*last - *first <= TimeDelta::seconds(10), "{ends:?}");
    let turnarounds = turnarounds(&run, 10);
    assert_eq!(turnarounds.len(), 10);
    let longest = turnarounds.into_iter().max().unwrap();
    assert!(longest <= TimeDelta::seconds(8), "{longest}");
}
