//! What an account calls is near the fewest there could be, and grows neither with the list nor
//! with the ledger.

use benches::calls::{
    ByOperation, MINUTES, OVER_FLOOR, Rig, Split, WIDTH, calls, floor, invocations,
};

/// What runs differ by, as accounts that end in one minute share some calls.
const NEARLY: f64 = 0.1;

fn told(all: &ByOperation) -> String {
    let lines = all
        .iter()
        .map(|((service, operation), number)| format!("{service} {operation} {number:.2}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn an_account_calls_little_more_than_it_must_however_long_the_list_is() {
    let few = Split::measure(5, WIDTH, MINUTES).await.unwrap();
    let more = few.again(10, WIDTH, MINUTES).await.unwrap();
    let least = floor(WIDTH);
    println!("{}\n\nin a minute:\n{}", told(&more.account), told(&more.minute));
    let (few, more) = (&few.account, &more.account);
    println!("{} and {} calls, of at least {}", calls(few), calls(more), calls(&least));
    for each in [few, more] {
        assert!(calls(each) <= OVER_FLOOR * calls(&least), "{}", told(each));
        assert!(invocations(each) <= OVER_FLOOR * invocations(&least), "{}", told(each));
    }
    assert!((calls(few) - calls(more)).abs() <= NEARLY * calls(&least));
}

#[tokio::test]
async fn an_account_by_itself_calls_little_more_than_it_must() {
    // One at a time, and more than a quarter of an hour apart: nothing is shared. Their
    // assignments take seconds to a minute, so that one account calls more than another.
    let least = floor(1);
    for rows in [1, 10] {
        let alone = Split::measure(rows, 1, MINUTES).await.unwrap().account;
        println!("{}\n{} calls, of at least {}", told(&alone), calls(&alone), calls(&least));
        assert!(calls(&alone) <= OVER_FLOOR * calls(&least), "{}", told(&alone));
        assert!(invocations(&alone) <= OVER_FLOOR * invocations(&least), "{}", told(&alone));
    }
}

#[tokio::test]
async fn accounts_that_end_together_call_little_more_than_they_must() {
    // All ten want the turn at the one portfolio at the same moment.
    let together = Split::measure(10, 10, MINUTES).await.unwrap().account;
    let least = floor(10);
    println!("{}\n{} calls, of at least {}", told(&together), calls(&together), calls(&least));
    assert!(calls(&together) <= OVER_FLOOR * calls(&least), "{}", told(&together));
    assert!(invocations(&together) <= OVER_FLOOR * invocations(&least), "{}", told(&together));
}

#[tokio::test]
async fn an_old_ledger_costs_not_one_call_more() {
    let mut young = Rig::new(WIDTH, MINUTES).await.unwrap();
    let mut old = Rig::new(WIDTH, MINUTES).await.unwrap();
    old.fill(300).await.unwrap();
    // What the old entries wake is over by then, and both begin in the same minute of five.
    for rig in [&mut young, &mut old] {
        rig.pass(10).await.unwrap();
    }
    assert_eq!(old.pass(10).await.unwrap(), young.pass(10).await.unwrap());
    let (young, old) = (young.take(3).await.unwrap(), old.take(3).await.unwrap());
    assert_eq!(old.counts, young.counts);
    assert_eq!(old.took, young.took);
}
