//! What intake holds and calls, at most. Times are for `cargo bench` alone.

use benches::intake::{BLANK, GIANT, Held, LONG_LINES, held, held_of, lists, writes};
use benches::intake::{MOST_FOR_NOTHING, MOST_FOR_ROWS, MOST_FOR_TOO_MANY, held_of_a_million_rows};
use vending::file::{MOST_ROWS, RawRow};

#[global_allocator]
static COUNTING: fuzz::Counting = fuzz::Counting;

#[test]
fn what_reading_holds_is_bounded_by_the_rows_that_are_kept() {
    for list in [lists::plain(2_000), lists::full(1_000), lists::quoted(&lists::full(1_000))] {
        let Held { peak, kept } = held(&list);
        assert!(kept > 100_000, "{kept}");
        let fixed = MOST_FOR_NOTHING as f64;
        let most = MOST_FOR_ROWS * kept as f64 + fixed;
        assert!((peak as f64) < most, "{peak} bytes are held, {kept} kept");
    }
}

#[test]
fn twice_the_rows_hold_twice_the_bytes_and_no_more() {
    let [once, twice] = [4_000, 8_000].map(|rows| held(&lists::plain(rows)).peak);
    assert!(once > 400_000 && twice < 2 * once + MOST_FOR_NOTHING / 4, "{once}, {twice}");
}

#[test]
fn nothing_is_held_of_a_file_of_which_nothing_is_kept() {
    for what in [BLANK, GIANT, LONG_LINES] {
        let Held { peak, kept } = held_of(what);
        assert!((1_000..MOST_FOR_NOTHING).contains(&peak), "{peak} bytes of {what}");
        assert!(kept < 64 * 1024, "{kept} bytes of {what}");
    }
}

#[test]
fn no_more_is_held_of_a_million_rows_than_of_ten_thousand() {
    let peak = held_of_a_million_rows().peak;
    let rows = MOST_ROWS * size_of::<RawRow>();
    assert!((rows..MOST_FOR_TOO_MANY).contains(&peak), "{peak}");
}

#[test]
fn a_row_takes_a_tenth_of_a_call_and_no_transaction_more_than_it_must() {
    let counted = writes(1_000).unwrap();
    assert_eq!(counted.transactions, counted.fewest_transactions());
    assert_eq!(counted.transactions, 21 + 3, "1,000 rows, 49 at a time, and the batch");
    assert_eq!(counted.readings, counted.fewest_readings());
    assert!(counted.per_row() < 0.1, "{counted:?}");
}
