//! Giants and hostile texts as portfolio files.

use vending::file::MOST_BYTES;

use crate::giant::Giant;
use crate::intake::{Outcome, take};

/// Bytes that intake may hold at a time, whatever the file: half of the memory that the
/// function has.
const MOST_HELD: usize = 128 << 20;

async fn refused(key: &str, file: &Giant) -> (Vec<String>, Outcome) {
    let outcome = take(key, file).await;
    let faults: Vec<String> = outcome.refused().iter().map(ToString::to_string).collect();
    println!("{} bytes held for {} read: {}", outcome.peak, outcome.read, faults[0]);
    assert!(outcome.peak <= MOST_HELD, "{} bytes held", outcome.peak);
    (faults, outcome)
}

async fn json(head: &str, again: &str, tail: &str) -> Vec<String> {
    let room = MOST_BYTES - head.len() - tail.len();
    refused("in/p.json", &Giant::of_length(head, again, room, tail)).await.0
}

#[tokio::test]
async fn ten_megabytes_of_depth() {
    let faults = json("", "[", "").await;
    assert!(faults.iter().any(|it| it.contains("ends in the middle")), "{faults:?}");
    let faults = json("{\"X\":", "[", "").await;
    assert!(faults.iter().any(|it| it.contains("ends in the middle")), "{faults:?}");
    let faults = json("{\"OU_ID\":", "{\"a\":", "").await;
    assert!(faults.iter().any(|it| it.contains("ends in the middle")), "{faults:?}");
}

#[tokio::test]
async fn ten_megabytes_of_one_text_or_number() {
    let faults = json("{\"OU_ID\":\"", "x", "\"}").await;
    assert!(faults.iter().any(|it| it.contains("longer than 4096 bytes")), "{faults:?}");
    let faults = json("{\"OU_ID\":", "9", "}").await;
    assert!(faults.iter().any(|it| it.contains("number out of range")), "{faults:?}");
    let faults = json("{\"", "x", "\":1}").await;
    assert!(faults.iter().any(|it| it.contains("is not a key of the form")), "{faults:?}");
}

#[tokio::test]
async fn millions_of_keys_elements_and_objects() {
    let faults = json("{\"a\":0", ",\"a\":0", "}").await;
    assert!(faults.len() < 80, "{}", faults.len());
    for (head, again, tail) in [
        ("{\"DestinationAccountIDs\":[0", ",0", "]}"),
        ("{\"DestinationAccountIDs\":[\"\"", ",\"\"", "]}"),
        ("[0", ",0", "]"),
        ("[{}", ",{}", "]"),
        ("[{\"OU_ID\":\"\",\"PortID\":\"\",\"DestinationAccountIDs\":[]}", ",{\"a\":0}", "]"),
    ] {
        let faults = json(head, again, tail).await;
        assert!(faults.len() <= 10_001, "{}", faults.len());
        assert!(
            faults
                .iter()
                .any(|it| it.contains("more than 10000 accounts") || it.contains("faults more")),
            "{head}"
        );
    }
}

#[tokio::test]
async fn ten_thousand_rows_of_nothing_but_faults() {
    let row = format!("{},{},{}\n", "=x".repeat(500), "-y".repeat(500), "@z".repeat(500));
    let file = Giant::new("PortfolioId,OrgUnit,AccountId\n", row, 3_300, "");
    let (faults, _) = refused("in/p.csv", &file).await;
    assert!(faults.len() >= 6_600, "{}", faults.len());
}

#[tokio::test]
async fn one_byte_too_many() {
    let file = Giant::new("", " ", MOST_BYTES + 1, "");
    let (faults, outcome) = refused("in/p.JSON", &file).await;
    assert!(faults[0].starts_with("the file has more than 10 MB"), "{faults:?}");
    assert!(outcome.results.starts_with("\u{feff}PortfolioId,OrgUnit,AccountId,Status,"));
}

#[tokio::test]
async fn texts_that_would_run_or_forge() {
    let text = r#"{"OU_ID": "=cmd()\nWhat to do: nothing", "PortID": "port-1\u001b[2J\u202e", "DestinationAccountIDs": ["+1", "\u0000", "<script>"]}"#;
    let (faults, outcome) = refused("in/p.json", &Giant::new(text, "", 0, "")).await;
    assert_eq!(faults.len(), 5, "{faults:?}");
    assert!(outcome.results.contains("'=cmd()"), "{}", outcome.results);
}
