//! What the search has found: each schedule, shortened, and with it what must hold.

use landing_zone::model::service_catalog::Outcome;
use simulation::Fate::{DiesAfter, DiesBefore, Fine, Throttled, TimedOut};
use simulation::Step::{
    Clock, Deliver, DeliverNewest, FinishByHand, HandoverTick, MaxInFlight, NameGone, Pass,
    PathTaken, Plan, Portfolios, PortfoliosAgain, ProvisionTick, Reconcile, Retry, Turn,
    TurnOfNewest, UpdateInTheWay, Upload,
};
use simulation::{Fate, Row, Sabotage, Schedule, Setting, Step, play};

fn setting(first: Outcome, rows: Vec<Row>) -> Setting {
    let mut outcomes = vec![Outcome::Ready; 6];
    outcomes[0] = first;
    Setting {
        seed: 1,
        max_in_flight: 1,
        accept_valid_rows: false,
        outcomes,
        others: Vec::new(),
        rows,
        ticks_alone: true,
    }
}

fn holds(setting: Setting, steps: Vec<Step>) {
    let played = play(&Schedule { setting, steps }, None, true);
    assert_eq!(played.outcome, Ok(()), "\n{}", played.trace.join("\n"));
}

/// It holds, and would not if Vend were broken in that way.
fn holds_by(setting: Setting, steps: Vec<Step>, without: Sabotage) {
    let schedule = Schedule { setting: setting.clone(), steps: steps.clone() };
    let broken = play(&schedule, Some(without), false).outcome;
    assert!(broken.is_err(), "{without:?} is not noticed");
    holds(setting, steps);
}

/// An invocation goes on to its end, or by so many calls.
fn turn(which: usize, calls: usize) -> Step {
    Turn { which, calls, fate: Fine }
}

const TO_THE_END: usize = 10_000;

/// Calls of an intake before its first write: batch, read, units, two permission sets,
/// a portfolio, accounts, entries and the owners of e-mails.
const READS_OF_INTAKE: usize = 9;

#[test]
fn two_intakes_of_one_upload_leave_its_batch_taken() {
    let steps = vec![
        Deliver { which: 0, again: true },
        Deliver { which: 0, again: false },
        turn(1, READS_OF_INTAKE),
        // Up to where it reads the batch again: written as taken.
        turn(0, READS_OF_INTAKE + 4),
        // Written as not taken, and read so by the first.
        turn(1, 1),
        turn(0, 1),
        turn(1, TO_THE_END),
    ];
    holds(setting(Outcome::Ready, vec![(0, 0, 0)]), steps);
}

#[test]
fn a_second_intake_of_one_upload_does_not_write_over_what_became_of_its_rows() {
    for fate in [Fine, TimedOut, DiesAfter] {
        let steps = vec![
            Deliver { which: 0, again: true },
            Deliver { which: 0, again: false },
            // Up to where it writes the results.
            turn(1, READS_OF_INTAKE + 2),
            turn(0, TO_THE_END),
            ProvisionTick,
            turn(1, TO_THE_END),
            // The row has failed, which is recorded and told, and the batch is complete.
            Deliver { which: 1, again: false },
            turn(1, TO_THE_END),
            Turn { which: 0, calls: 1, fate },
        ];
        holds(setting(Outcome::Refused, vec![(0, 0, 0)]), steps);
    }
}

#[test]
fn a_row_taken_over_before_its_own_list_was_told_is_followed_in_the_results_file() {
    let steps = vec![
        Deliver { which: 0, again: false },
        // Taken, and not told.
        turn(0, READS_OF_INTAKE + 5),
        Turn { which: 0, calls: 1, fate: DiesBefore },
        Pass(1),
        Upload(vec![(0, 0, 0)]),
        // The changed row goes to `provision` and `handover`, in between.
        Deliver { which: 3, again: false },
        turn(0, TO_THE_END),
    ];
    holds(setting(Outcome::Ready, vec![(0, 0, 0)]), steps);
}

#[test]
fn the_product_of_an_overdue_launch_is_not_removed_under_it() {
    let steps = vec![
        Deliver { which: 0, again: false },
        turn(0, TO_THE_END),
        ProvisionTick,
        turn(0, TO_THE_END),
        Pass(25_000),
        ProvisionTick,
        ProvisionTick,
        // Both have read the entry; the first hears nothing of it and calls it overdue.
        turn(1, 2),
        turn(0, 2),
        Turn { which: 0, calls: 1, fate: Throttled },
        turn(0, TO_THE_END),
    ];
    holds(setting(Outcome::Busy, vec![(0, 0, 0)]), steps);
}

#[test]
fn an_upload_that_comes_again_after_its_row_failed_does_not_launch_it_again() {
    let steps = vec![
        Deliver { which: 0, again: false },
        // The row is admitted, and the function dies before it writes the results.
        turn(0, READS_OF_INTAKE + 2),
        Turn { which: 0, calls: 1, fate: DiesBefore },
        ProvisionTick,
        turn(0, TO_THE_END),
    ];
    holds(setting(Outcome::Refused, vec![(0, 0, 0)]), steps);
}

#[test]
fn a_list_whose_intake_died_does_not_take_the_place_of_a_newer_one() {
    let steps = vec![
        Pass(25_000),
        Upload(vec![(0, 0, 0)]),
        Deliver { which: 0, again: false },
        Turn { which: 0, calls: 5, fate: Throttled },
    ];
    let setting = setting(Outcome::Ready, vec![(0, 2, 0)]);
    holds_by(setting, steps, Sabotage::UploadOrderForgotten);
}

#[test]
fn a_failure_that_is_asked_for_again_before_it_was_told_is_told() {
    let steps = vec![
        Deliver { which: 0, again: false },
        turn(0, TO_THE_END),
        ProvisionTick,
        turn(0, TO_THE_END),
        Pass(25_000),
        ProvisionTick,
        turn(0, TO_THE_END),
        Retry(0),
    ];
    holds_by(setting(Outcome::FailedNoId, vec![(0, 0, 0)]), steps, Sabotage::UntoldDropped);
}

#[test]
fn a_product_that_a_person_finishes_is_not_removed_by_what_was_read_before() {
    let steps = vec![
        Deliver { which: 0, again: false },
        turn(0, TO_THE_END),
        ProvisionTick,
        turn(0, TO_THE_END),
        Pass(2_200),
        ProvisionTick,
        UpdateInTheWay(0),
    ];
    holds_by(setting(Outcome::Activation, vec![(0, 0, 0)]), steps, Sabotage::TerminateUnread);
}

#[test]
fn a_launch_that_finds_its_earlier_product_finished_takes_its_account() {
    let steps = vec![
        Deliver { which: 0, again: false },
        turn(0, TO_THE_END),
        ProvisionTick,
        turn(0, TO_THE_END),
        Pass(2_200),
        ProvisionTick,
        turn(0, TO_THE_END),
        Retry(0),
        turn(0, TO_THE_END),
        ProvisionTick,
        UpdateInTheWay(0),
        // For so long that a launch nobody asked for would count as overdue.
        Pass(25_000),
    ];
    holds(setting(Outcome::Failed, vec![(0, 0, 0)]), steps);
}

/// Calls of a `provision` up to where it is about to ask: launching, the queue, the claim.
const UP_TO_THE_LAUNCH: usize = 3;

#[test]
fn nobody_asks_again_while_the_function_that_claimed_may_still_ask() {
    let steps = vec![
        Deliver { which: 0, again: false },
        turn(0, TO_THE_END),
        ProvisionTick,
        turn(0, UP_TO_THE_LAUNCH),
        Pass(45),
        // A minute after the claim, by a clock that was set meanwhile.
        Clock(15),
        ProvisionTick,
        turn(1, TO_THE_END),
        turn(0, 1),
    ];
    holds(setting(Outcome::Refused, vec![(0, 0, 0)]), steps);
}

#[test]
fn an_account_finished_by_hand_while_its_row_waits_is_enrolled_by_the_launch_that_hears_of_it() {
    let first = |which| Deliver { which, again: false };
    let steps = vec![
        first(0),
        ProvisionTick,
        Pass(600),
        turn(695, 1),
        first(16),
        Pass(600),
        first(0),
        turn(2, 2),
        turn(450, 2),
        turn(136, 5),
        turn(861, 1),
        first(0),
        Pass(120),
        turn(665, 5),
        first(0),
        Pass(2_245),
        turn(564, 1),
        first(0),
        Pass(600),
        turn(481, 1),
        turn(320, 3),
        turn(852, 3),
        FinishByHand(0),
        turn(877, 3),
        turn(627, 1),
        first(0),
        first(0),
        first(0),
        MaxInFlight(5),
        Pass(120),
        turn(380, 5),
    ];
    let two_rows = setting(Outcome::Activation, vec![(0, 0, 0), (1, 1, 0)]);
    let mut outcomes = two_rows.outcomes.clone();
    outcomes[1] = Outcome::LostEvent;
    holds(Setting { seed: 12_791, outcomes, ..two_rows }, steps);
}

#[test]
fn a_row_that_one_reading_refused_and_the_next_one_took_is_in_the_results_file() {
    let steps = vec![
        Upload(vec![(3, 5, 0), (3, 3, 0), (0, 0, 0), (1, 1, 0)]),
        turn(929, 1),
        Deliver { which: 0, again: false },
        Pass(1_300),
        turn(281, 2),
        // Names and e-mails are exchanged: what is taken depends on what was taken before.
        Upload(vec![(3, 3, 0), (5, 5, 0), (1, 1, 0), (3, 3, 0)]),
        Deliver { which: 911, again: false },
        UpdateInTheWay(1),
        Turn { which: 979, calls: 3, fate: DiesBefore },
    ];
    let nothing = setting(Outcome::Ready, Vec::new());
    let setting = Setting {
        seed: 1_303,
        max_in_flight: 10,
        accept_valid_rows: true,
        ticks_alone: false,
        ..nothing
    };
    holds(setting, steps);
}

#[test]
fn a_list_that_is_half_taken_is_not_refused_because_nothing_can_be_launched_by_now() {
    let steps = vec![
        Deliver { which: 0, again: false },
        // While whoever waits for a launch watches, the batch and its rows are written.
        PathTaken(0),
        Pass(300),
        DeliverNewest,
        newest(TO_THE_END, Fine),
    ];
    holds(setting(Outcome::Ready, vec![(0, 0, 0), (1, 1, 0)]), steps);
}

#[test]
fn a_row_that_is_in_the_ledger_is_not_refused_because_a_name_of_it_is_gone_by_now() {
    // Beside the others: the two names that the row asks for.
    let calls = READS_OF_INTAKE + 2 + 2;
    let steps = vec![
        Deliver { which: 0, again: false },
        Turn { which: 0, calls, fate: DiesAfter },
        NameGone,
        DeliverNewest,
        newest(TO_THE_END, Fine),
    ];
    holds(setting(Outcome::Ready, vec![(0, 0, 1), (1, 1, 0)]), steps);
}

#[test]
fn a_launch_that_was_heard_is_not_told_as_refused() {
    let steps = vec![
        Deliver { which: 0, again: false },
        turn(0, TO_THE_END),
        ProvisionTick,
        PathTaken(0),
        Pass(300),
        ProvisionTick,
        turn(0, TO_THE_END),
    ];
    let setting = setting(Outcome::Ready, vec![(0, 0, 0)]);
    holds_by(setting, steps, Sabotage::RefusalBelieved);
}

#[test]
fn an_assignment_is_not_asked_for_by_what_was_read_before_the_turn_to_ask() {
    let three_rows = setting(Outcome::Ready, vec![(0, 0, 5), (1, 1, 0), (3, 3, 2)]);
    let steps = vec![
        turn(113, 3),
        Pass(900),
        turn(593, 2),
        Pass(2_200),
        ProvisionTick,
        HandoverTick,
        Pass(1_300),
        Deliver { which: 0, again: false },
        Pass(900),
        HandoverTick,
        Reconcile,
        Pass(1_300),
        Deliver { which: 0, again: false },
        Plan(3, Outcome::AccessFails),
        newest(8, Fine),
        HandoverTick,
        turn(829, 3),
        Turn { which: 784, calls: 1, fate: Throttled },
        UpdateInTheWay(1),
        Pass(45),
        turn(300, 5),
        UpdateInTheWay(4),
        UpdateInTheWay(2),
        Pass(300),
        // Both read the entry; the second one has its turn when the first has asked.
        HandoverTick,
        HandoverTick,
        turn(583, 2),
        turn(942, 50),
        Pass(20),
    ];
    holds(Setting { seed: 4_700, max_in_flight: 2, ..three_rows }, steps);
}

/// The portfolio file of three shares and two accounts, and the one that does not reach an
/// account of its unit.
const FILES: [usize; 2] = [1, 2];

/// Calls of a tick of `handover` over one of these files.
const CALLS_OF_A_TICK: usize = 30;

fn newest(calls: usize, fate: Fate) -> Step {
    TurnOfNewest { calls, fate }
}

#[test]
fn whichever_call_over_a_portfolio_file_is_the_last_one_its_orders_come_to_their_ends() {
    for file in FILES {
        for calls in 1..=CALLS_OF_A_TICK {
            for fate in [TimedOut, DiesAfter] {
                let steps = vec![
                    // When the accounts have their roles.
                    Pass(2_200),
                    Portfolios(file),
                    DeliverNewest,
                    newest(TO_THE_END, Fine),
                    HandoverTick,
                    newest(calls, fate),
                    Pass(61),
                    HandoverTick,
                    newest(calls, fate),
                    Portfolios(file),
                ];
                holds(setting(Outcome::Ready, Vec::new()), steps);
            }
        }
    }
}

#[test]
fn two_ticks_over_one_portfolio_file_do_not_undo_or_hide_what_the_other_did() {
    for calls in 1..=CALLS_OF_A_TICK {
        let steps = vec![
            Pass(2_200),
            Portfolios(2),
            DeliverNewest,
            newest(TO_THE_END, Fine),
            HandoverTick,
            newest(TO_THE_END, Fine),
            Pass(45),
            HandoverTick,
            newest(calls, Fine),
            HandoverTick,
            newest(TO_THE_END, Fine),
            PortfoliosAgain(0),
        ];
        holds(setting(Outcome::Ready, Vec::new()), steps);
    }
}

#[test]
fn an_order_is_ready_only_with_its_association_and_complete_only_with_what_failed() {
    let nothing = || setting(Outcome::Ready, Vec::new());
    for sabotage in [Sabotage::OrderUnassociated, Sabotage::UnitShareAssumed] {
        holds_by(nothing(), vec![Portfolios(1)], sabotage);
    }
    for sabotage in [Sabotage::CompleteWithoutFailures, Sabotage::OrderFailureLost] {
        holds_by(nothing(), vec![Portfolios(2)], sabotage);
    }
}
