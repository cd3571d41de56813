//! One run, disturbed at every call and at every delivery, which always ends the same.

use simulation::coverage::{OF_PORTFOLIO_FILES, OF_RESULTS_FILES};
use simulation::sweep::{self, Disturbance};

#[test]
fn the_undisturbed_run_gives_three_accounts_and_a_portfolio_file_all_they_are_to_have() {
    let end = sweep::run(Disturbance::None).expect("all holds");
    assert!(end.is_all_ready(), "{end:?}");
    for (name, (_, attempt, accounts, launches, steps)) in &end.entries {
        assert_eq!((*attempt, *accounts, *launches), (1, 1, 1), "{name}");
        assert!(steps.split(", ").all(|step| step == "Done"), "{name}: {steps}");
    }
    // Each portfolio is shared, arrives, and is opened to a role: three steps. The first row
    // asks for the defaults alone, two assignments and a portfolio; the second for an assignment
    // and a local copy besides, which takes seven steps; the third for two assignments and a
    // portfolio instead.
    let steps = end.entries.values().map(|(_, _, _, _, steps)| steps.split(", ").count());
    assert_eq!(steps.collect::<Vec<_>>(), [2 + 3, 3 + 3 + 7, 2 + 3]);
    let calls = end.calls.len();
    assert!(calls > 300 && end.deliveries > 100, "{calls} {}", end.deliveries);
    let mut kept = OF_RESULTS_FILES.iter().chain(&OF_PORTFOLIO_FILES);
    assert!(kept.all(|call| end.calls.contains(call)), "{:?}", end.calls);
}

#[test]
fn whichever_call_fails_before_or_after_it_is_made_the_end_is_the_same() {
    let swept = sweep::every_call().expect("the undisturbed run holds");
    assert!(swept.strays.is_empty(), "{:#?}", swept.strays);
    assert!(swept.runs > 1_200, "{}", swept.runs);
}

#[test]
fn whichever_delivery_is_repeated_or_lost_the_end_is_the_same() {
    let swept = sweep::every_delivery().expect("the undisturbed run holds");
    assert!(swept.strays.is_empty(), "{:#?}", swept.strays);
    assert!(swept.runs > 200, "{}", swept.runs);
}
