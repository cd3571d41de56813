//! Texts that are taken, and yet mean something elsewhere: where they go, and where not.

use vending::ingest::Ingested;

use crate::giant::Giant;
use crate::intake::{HEADER, take};

/// What a person may be called, as far as Vend can tell.
const NAMES: [&str; 5] = [
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://example.com\",\"x\")",
    "${jndi:ldap://example.com/a}",
    "'; DROP TABLE accounts; --",
    "x;=1",
];

#[tokio::test]
async fn a_persons_name_is_in_the_results_file_alone() {
    for name in NAMES {
        let cell = format!("\"{}\"", name.replace('"', "\"\""));
        let row = format!("one,jane@example.com,one@example.com,{cell},{cell},Test-OU-1\n");
        let outcome = take("in/accounts.csv", &Giant::new(HEADER, row, 1, "")).await;
        assert!(matches!(outcome.ingested, Ingested::Taken { .. }), "{:?}", outcome.ingested);
        assert_eq!(outcome.entries[0].request.sso_user.first_name.as_str(), name);
        let told = format!("{}{}", outcome.notice.subject, outcome.notice.body);
        assert!(!told.contains(name), "{told}");
        assert!(!format!("{:?}", outcome.entries).contains(name), "in `Debug`, and so in a log");
    }
}

#[tokio::test]
async fn every_other_cell_refuses_what_means_something_elsewhere() {
    let good = ["one", "jane@example.com", "one@example.com", "Ana", "Silva", "Test-OU-1"];
    for place in [0, 1, 2, 5] {
        for text in NAMES.into_iter().chain(["../../x", "a\u{202e}b", "a\r\nBcc: b@example.com"]) {
            let mut cells = good.map(str::to_owned);
            cells[place] = format!("\"{}\"", text.replace('"', "\"\""));
            let file = Giant::new(HEADER, cells.join(",") + "\n", 1, "");
            let outcome = take("in/accounts.csv", &file).await;
            let faults = outcome.refused();
            assert!(faults.iter().all(|fault| fault.line == Some(2)), "{faults:?}");
            assert!(!faults[0].accepted.is_empty());
        }
    }
}

#[tokio::test]
async fn access_that_means_something_elsewhere_is_refused_or_unknown() {
    let header = HEADER.replace('\n', ",Assignments,Portfolios,Defaults\n");
    let good = "one,jane@example.com,one@example.com,Ana,Silva,Test-OU-1";
    for text in NAMES.into_iter().chain(["../../x", "a\u{202e}b", "a\r\nBcc: b@example.com"]) {
        let cell = |text: String| format!("\"{}\"", text.replace('"', "\"\""));
        let (plain, group) = (cell(text.into()), cell(format!("group:{text}=AWSReadOnlyAccess")));
        for cells in
            [format!("{plain},,"), format!("{group},,"), format!(",{plain},"), format!(",,{plain}")]
        {
            let file = Giant::new(&header, format!("{good},{cells}\n"), 1, "");
            let outcome = take("in/accounts.csv", &file).await;
            let faults = outcome.refused();
            assert!(faults.iter().all(|fault| fault.line == Some(2)), "{faults:?}");
            assert!(faults.iter().all(|fault| !fault.accepted.is_empty()), "{faults:?}");
        }
    }
}

#[tokio::test]
async fn a_name_that_turns_the_direction_of_writing_is_refused() {
    for name in ["\u{202e}gnp.exe", "\u{2066}Ana\u{2069}"] {
        let row = format!("one,jane@example.com,one@example.com,{name},Silva,Test-OU-1\n");
        let outcome = take("in/accounts.csv", &Giant::new(HEADER, row, 1, "")).await;
        let fault = outcome.refused()[0].to_string();
        assert!(fault.contains("has the character '\\u{20"), "{fault}");
    }
}

#[tokio::test]
async fn a_file_may_be_called_anything() {
    let long = "é".repeat(500);
    let keys = [
        "in/=cmd().csv",
        "../../results/x.csv",
        "a\r\nBcc: b@example.com\r\n\r\n.csv",
        "\u{1b}[2J\u{202e}vsc.exe",
        "/",
        long.as_str(),
    ];
    for key in keys {
        let outcome = take(key, &Giant::new("", "", 0, "")).await;
        assert_eq!(outcome.refused()[0].problem, "the file is empty", "{key:?}");
        assert!(outcome.notice.body.lines().next().unwrap().contains("was refused"), "{key:?}");
    }
}
