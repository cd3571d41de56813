//! What the search has found: each schedule, shortened, and with it what must hold.

use landing_zone::model::service_catalog::Outcome;
use simulation::Fate::{DiesBefore, Fine, Throttled};
use simulation::Step::{Deliver, Pass, ProvisionTick, Turn};
use simulation::{Row, Schedule, Setting, Step, play};

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
    holds(setting(Outcome::Ready, vec![(0, 0)]), steps);
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
    holds(setting(Outcome::Busy, vec![(0, 0)]), steps);
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
    holds(setting(Outcome::Refused, vec![(0, 0)]), steps);
}
