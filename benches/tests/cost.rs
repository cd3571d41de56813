//! What the page says that Vend costs is what the arithmetic makes of counts that hold.

use std::path::Path;

use benches::calls::{MINUTES, Split, WIDTH, idle};
use benches::cost::{ACCOUNT, BEGINS, BUSY_MINUTE, ENDS, IDLE_MINUTE, Paid, page};

/// How far a small run may be from what is reckoned with, as a share and as a number.
const SHARE: f64 = 0.15;
const LEAST: f64 = 0.25;

#[test]
fn the_page_says_what_the_arithmetic_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGINS).unwrap();
    let (written, after) = rest.split_once(ENDS).unwrap();
    let made = format!("\n{}\n", page());
    // The environment is the command line here: whoever changes the counts has the page made anew.
    #[expect(clippy::disallowed_methods, reason = "a switch of this test alone")]
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&path, format!("{before}{BEGINS}{made}{ENDS}{after}")).unwrap();
        return;
    }
    assert_eq!(written, made, "UPDATE_README=1 cargo test -p benches --test cost");
}

#[tokio::test]
async fn the_counts_are_those_of_a_run() {
    let few = Split::measure(5, WIDTH, MINUTES).await.unwrap();
    // What comes in one minute by chance tells little of a thousand accounts.
    let many = few.again(50, WIDTH, MINUTES).await.unwrap();
    let (account, minute) = (Paid::of(&many.account), Paid::of(&few.minute));
    let idle = Paid::of(&idle().await.unwrap());
    assert!(ACCOUNT.is_near(&account, SHARE, LEAST), "{ACCOUNT:?}, but it is {account:?}");
    assert!(BUSY_MINUTE.is_near(&minute, SHARE, LEAST), "{BUSY_MINUTE:?}, but it is {minute:?}");
    assert!(IDLE_MINUTE.is_near(&idle, SHARE, LEAST), "{IDLE_MINUTE:?}, but it is {idle:?}");
}
