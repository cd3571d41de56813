//! Giants: each is refused with what is wrong, where, and what would be accepted, and
//! none takes more memory than intake has.

use vending::file::{MOST_BYTES, MOST_ROWS};

use crate::giant::Giant;
use crate::intake::{HEADER, Outcome, take};

/// Bytes that intake may hold at a time, whatever the file: half of the memory that the
/// function has.
const MOST_HELD: usize = 128 << 20;
/// Bytes for a file that cannot be read: of it nothing is kept.
const HELD_OF_UNREADABLE: usize = 2 << 20;

async fn refused(file: &Giant) -> (String, Outcome) {
    let outcome = take("in/accounts.csv", file).await;
    let faults: Vec<String> = outcome.refused().iter().map(ToString::to_string).collect();
    println!("{} bytes held for {} read: {}", outcome.peak, outcome.read, faults[0]);
    assert!(outcome.peak <= MOST_HELD, "{} bytes held", outcome.peak);
    assert!(outcome.notice.body.contains(&faults[0]), "{}", outcome.notice.body);
    (faults[0].clone(), outcome)
}

/// The one fault of a file that cannot be read.
async fn unreadable(file: &Giant) -> String {
    let (fault, outcome) = refused(file).await;
    assert_eq!(outcome.refused().len(), 1);
    assert!(outcome.peak <= HELD_OF_UNREADABLE, "{} bytes held", outcome.peak);
    assert!(outcome.results.lines().count() == 2, "{}", outcome.results);
    fault
}

#[tokio::test]
async fn a_cell_of_ten_megabytes() {
    let file = Giant::of_length(
        &format!("{HEADER}\""),
        "x".repeat(1_000),
        MOST_BYTES - 1_000,
        "\",jane@example.com,one@example.com,Ana,Silva,Test-OU-1\n",
    );
    let (fault, outcome) = refused(&file).await;
    assert!(fault.starts_with("line 2, AccountName \"xxx"), "{fault}");
    assert!(fault.contains("longer than 4096 bytes; accepted: 1 to 50 of the letters"), "{fault}");
    assert!(outcome.peak < 4 << 20, "{} bytes held", outcome.peak);
    assert!(outcome.results.len() < 2_000 && outcome.notice.body.len() < 2_000);
}

#[tokio::test]
async fn a_cell_of_ten_megabytes_as_the_header() {
    let fault = unreadable(&Giant::of_length("", "x".repeat(1_000), MOST_BYTES, "")).await;
    assert!(fault.starts_with("line 1: the header does not end within 65536 bytes"), "{fault}");
}

#[tokio::test]
async fn a_million_columns() {
    let row = Giant::new(&format!("{HEADER}one"), ",x", 1_000_000, "\n");
    let (fault, _) = refused(&row).await;
    assert!(fault.starts_with("line 2 \"x\": is in cell 7 of the row"), "{fault}");
    let late = Giant::new(&format!("{HEADER}one"), ",", 1_000_000, "x\n");
    let (fault, _) = refused(&late).await;
    assert!(fault.starts_with("line 2: has 1000001 cells, more than 64; accepted: "), "{fault}");
    let header = Giant::new("AccountName", ",x", 1_000_000, "\none\n");
    let fault = unreadable(&header).await;
    assert!(fault.starts_with("line 1: the header does not end"), "{fault}");
}

#[tokio::test]
async fn an_archive_named_csv() {
    let zip = include_bytes!("../../fuzz/corpus/list/zip-bomb.csv");
    let fault = unreadable(&Giant::new("", zip.as_slice(), 1, "")).await;
    assert!(fault.contains("workbook, not a CSV; accepted: CSV; in the spreadsheet"), "{fault}");
    let gzip = include_bytes!("../../fuzz/corpus/list/gzip-bomb.csv");
    let fault = unreadable(&Giant::new("", gzip.as_slice(), 1, "")).await;
    assert!(fault.starts_with("line 1: has bytes that are no characters"), "{fault}");
}

#[tokio::test]
async fn a_file_that_is_too_long_is_read_no_further_than_it_may_be() {
    let row = format!("{}\n", " ".repeat(999));
    let file = Giant::of_length(HEADER, row, 11_000_000, "");
    let (fault, outcome) = refused(&file).await;
    assert_eq!(
        fault,
        "the file has more than 10 MB; accepted: a smaller file; split it and upload the parts"
    );
    assert!(outcome.read < MOST_BYTES + (1 << 17), "{} bytes read", outcome.read);
}

#[tokio::test]
async fn a_row_too_many() {
    let row = "one,jane@example.com,one@example.com,Ana,Silva,Test-OU-1\n";
    let fault = refused(&Giant::new(HEADER, row, MOST_ROWS + 1, "")).await.0;
    assert!(fault.starts_with("line 10002: the file has more than 10000 rows; "), "{fault}");
}

#[tokio::test]
async fn nothing_but_one_character() {
    let cases = [
        ("\"", "the header does not end within 65536 bytes"),
        (",", "the header does not end within 65536 bytes"),
        ("\n", "the file is empty"),
        ("\0", "has a NUL character"),
        ("\u{feff}", "the header does not end within 65536 bytes"),
        ("=", "the header does not end within 65536 bytes"),
    ];
    for (character, problem) in cases {
        let file = Giant::of_length("", character.repeat(1_000), MOST_BYTES - 1_000, "");
        let fault = unreadable(&file).await;
        assert!(fault.contains(problem), "{character:?}: {fault}");
    }
}

#[tokio::test]
async fn a_quote_that_swallows_the_file() {
    let file = Giant::of_length(&format!("{HEADER}\""), "one,two\n", MOST_BYTES - 1_000, "");
    let fault = unreadable(&file).await;
    assert!(fault.starts_with("line 2: a double quote opens in this row and never"), "{fault}");
}

#[tokio::test]
async fn nothing_but_faults() {
    // Every cell of as many rows as there may be is wrong, and long when it is quoted.
    let cell = format!("{}\u{7f}", "\u{e0041}".repeat(38));
    let row = format!("{}\n", [cell.as_str(); 6].join(","));
    let (_, outcome) = refused(&Giant::new(HEADER, row, MOST_ROWS, "")).await;
    assert!(outcome.refused().len() > 7 * MOST_ROWS);
    assert!(outcome.results.len() < MOST_HELD / 2, "{} bytes", outcome.results.len());
}

#[tokio::test]
async fn nothing_but_items_at_fault() {
    let header = HEADER.replace('\n', ",Assignments,Portfolios,Defaults\n");
    let items = |before: &str| (0..7).map(|n| format!("{before}{n}\u{7f}")).collect::<Vec<_>>();
    let (assignments, portfolios) = (items("\u{e0041}").join(";"), items("local:").join(";"));
    let row = format!("x,x,x,,,,{assignments},{portfolios},x\n");
    let (_, outcome) = refused(&Giant::new(&header, row, MOST_ROWS, "")).await;
    assert!(outcome.refused().len() > 17 * MOST_ROWS, "{}", outcome.refused().len());
    assert!(outcome.results.len() < MOST_HELD / 2, "{} bytes", outcome.results.len());
}

#[tokio::test]
async fn nothing_but_names_that_nobody_has() {
    let header = HEADER.replace('\n', ",Assignments\n");
    let names: Vec<String> = (0..50).map(|n| format!("user:u{n}\u{e0041}=S{n}")).collect();
    let row = format!("x,x,x,,,,{}\n", names.join(";"));
    let (_, outcome) = refused(&Giant::new(&header, row, MOST_ROWS, "")).await;
    assert!(outcome.refused().len() > 16 * MOST_ROWS, "{}", outcome.refused().len());
    assert!(outcome.results.len() < MOST_HELD / 2, "{} bytes", outcome.results.len());
}

#[tokio::test]
async fn more_names_than_can_be_looked_up() {
    let header = HEADER.replace('\n', ",Assignments\n");
    let rows: String = (0..1_000)
        .map(|n| format!("a{n},j@example.com,a{n}@example.com,A,B,Test-OU-1,user:u{n}=X\n"))
        .collect();
    let (fault, outcome) = refused(&Giant::new(&header, rows, 1, "")).await;
    assert_eq!(outcome.refused().len(), 1);
    assert_eq!(
        fault,
        "the file names 1001 different groups, users, permission sets and portfolios; \
         accepted: at most 1000; split it and upload the parts"
    );
}

#[tokio::test]
async fn faults_of_the_header_are_not_told_again_for_every_row() {
    let unknown: String = (0..63).map(|n| format!(",{n}{}", "\u{e0041}".repeat(200))).collect();
    let header = format!("AccountName{unknown}\n");
    let (_, outcome) = refused(&Giant::new(&header, "a\n", MOST_ROWS, "")).await;
    assert!(outcome.results.len() < 3_000 * MOST_ROWS, "{} bytes", outcome.results.len());
}
