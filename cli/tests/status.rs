//! How batches and accounts stand, as a person reads it in a pipe: at a moment, line by
//! line, and one account's whole story.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use common::{Served, assert_plain, list, sample, stderr, stdout};
use serde_json::Value;

/// Fast enough for a launch to take a moment, slow enough not to be idle at full power.
const FAST: &str = "20000";

/// Hides what differs from run to run: ids, moments and spans.
fn filters() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\b\d{12}\b", "[account id]");
    settings.add_filter(r"\b(pp|rec)-[a-z0-9]{13}\b", "$1-[id]");
    settings.add_filter(r"\b\d+:\d\d h\b +", "[span] ");
    settings.add_filter(r"\b\d+ (s|min|h|d)\b( \d+ (min|h)\b)?( +)?", "[span] ");
    settings.add_filter(r"(2026-01-\d\d )?\b\d\d:\d\d(:\d\d)?\b", "[time]");
    settings.add_filter(r"2026-01-\d\d", "[day]");
    settings.add_filter(r" +\+\[span\]", " +[span]");
    // Which of Vend's looks comes first, and how many there are, depends on the machine.
    let looked = r"(?m)^  \[time\][^\n]*looked: [^\n]*\n( {20}[^\n]*\n)*";
    settings.add_filter(looked, "");
    let woken = r"\((the minute's look|the ledger changed|Control Tower's event)\)";
    settings.add_filter(woken, "([woken by])");
    settings
}

fn snapshot(name: &str, text: &str) {
    assert_plain(text);
    filters().bind(|| insta::assert_snapshot!(name, text));
}

fn served_with_a_failure() -> Served {
    let file = sample("accounts.csv").display().to_string();
    Served::start(&[&file, "--speed", FAST, "--fail", "test-account-2=failed"])
}

#[test]
fn a_batch_and_its_accounts_are_shown() {
    let served = served_with_a_failure();
    let output = served.vend(&["status"]);
    assert_eq!(output.status.code(), Some(0), "what has ended is a reminder");
    snapshot("everything", &stdout(&output));
    let seen = served.json(&["status", "test-account-1"]);
    let batch = seen["accounts"][0]["batch"].as_str().unwrap().to_owned();

    let output = served.vend(&["status", &batch]);
    assert_eq!(output.status.code(), Some(1), "one FAILED");
    snapshot("batch", &stdout(&output));
    let document = served.json(&["status", &batch]);
    assert_eq!(document["batches"][0]["failed"], 1);
    assert_eq!(document["accounts"].as_array().unwrap().len(), 3);
    let failure = &document["accounts"][1]["failure"];
    assert!(failure["remedy"].as_str().is_some_and(|it| !it.is_empty()), "{failure}");

    let output = served.vend(&["status", "test-account-2"]);
    assert_eq!(output.status.code(), Some(1));
    snapshot("account", &stdout(&output));
}

#[test]
fn an_account_is_told_from_its_beginning_to_what_is_next() {
    let served = served_with_a_failure();
    let output = served.vend(&["show", "test-account-2"]);
    assert_eq!(output.status.code(), Some(1));
    snapshot("show_failed", &stdout(&output));
    let output = served.vend(&["show", "test-account-1"]);
    assert_eq!(output.status.code(), Some(0));
    snapshot("show_ready", &stdout(&output));
    let story = served.json(&["show", "test-account-1"]);
    let history = story["history"].as_array().unwrap();
    assert_eq!(history[0]["event"], "requested");
    assert!(history.iter().any(|it| it["status"] == "READY"), "{history:?}");
}

#[test]
fn what_nobody_knows_is_answered_with_what_may_be_meant() {
    let served = served_with_a_failure();
    for (arguments, name) in [
        (["show", "test-acount-2"], "show_unknown"),
        (["status", "test-acount-2"], "status_unknown"),
        (["show", "quite different"], "show_no_name"),
    ] {
        let output = served.vend(&arguments);
        assert_eq!(output.status.code(), Some(3));
        assert!(stdout(&output).is_empty());
        insta::assert_snapshot!(name, stderr(&output));
    }
}

/// The lines of a watch that is under way, and how it ends.
struct Watch {
    child: std::process::Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Watch {
    /// Starts it, and waits until it says so.
    fn start(served: &Served, arguments: &[&str], sign: &str) -> (Self, String) {
        let mut command = served.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut watch = Self { child, lines };
        let mut text = String::new();
        while !text.contains(sign) {
            match watch.lines.next() {
                Some(line) => text.push_str(&format!("{}\n", line.unwrap())),
                None => panic!("it ended before it began, {:?}: {text}", watch.end()),
            }
        }
        (watch, text)
    }

    fn end(mut self) -> (Option<i32>, String) {
        let lines: Vec<String> = self.lines.by_ref().map(Result::unwrap).collect();
        (self.child.wait().unwrap().code(), lines.join("\n"))
    }
}

/// A cloud in which launching is paused, and a batch of these waits.
fn served_with_a_queue(names: &[&str]) -> (Served, String) {
    let served = Served::start(&["--speed", FAST]);
    let paused = served.json(&["pause", "--reason", "a test", "--apply"]);
    assert_eq!(paused["applied"], true);
    let batch = served.upload("list.csv", &list(names));
    for _ in 0..500 {
        let seen = served.json(&["status"]);
        if seen["batches"][0]["taken"] == true {
            return (served, batch);
        }
    }
    panic!("the batch was never taken");
}

#[test]
fn a_watch_in_a_pipe_has_a_line_for_each_change_and_ends_with_the_batch() {
    let (served, batch) = served_with_a_queue(&["alpha", "beta"]);
    let (watch, begin) =
        Watch::start(&served, &["status", &batch, "--watch"], "launching is PAUSED");
    assert!(begin.contains("2 QUEUED"), "{begin}");
    let prefix = served.json(&["status", &batch[..6]]);
    assert_eq!(prefix["batches"][0]["id"], batch.as_str(), "its beginning names it");
    served.vend(&["resume", "--apply"]);
    let (code, text) = watch.end();
    assert_eq!(code, Some(0), "{text}");
    assert_plain(&text);
    assert!(text.contains("launching is resumed by "), "{text}");
    for name in ["alpha", "beta"] {
        let of_name = text.lines().filter(|it| it.split_whitespace().nth(1) == Some(name));
        let statuses: Vec<&str> =
            of_name.filter_map(|it| it.split_whitespace().nth(2)).take(3).collect();
        assert_eq!(statuses, ["PROVISIONING", "CONFIGURING", "READY"], "{text}");
    }
    assert!(text.contains("2 of 2 ended"), "{text}");
}

#[test]
fn a_watch_in_json_is_a_document_for_each_line() {
    let (served, batch) = served_with_a_queue(&["alpha"]);
    served.vend(&["resume", "--apply"]);
    let output = served.vend(&["status", &batch, "--watch", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    let lines: Vec<Value> = text.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let end = &lines.last().unwrap()["end"];
    assert_eq!((&end["exitCode"], &end["seen"]["batches"][0]["ready"]), (&0.into(), &1.into()));
}

#[test]
fn ctrl_c_ends_the_watch_and_not_the_batch() {
    let (served, batch) = served_with_a_queue(&["alpha"]);
    let (watch, _) = Watch::start(&served, &["status", &batch, "--watch"], "launching is PAUSED");
    let pid = watch.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(watch.end().0, Some(130));
    assert_eq!(served.json(&["status"])["batches"][0]["remaining"], 1);
}

#[test]
fn a_refused_batch_is_over_at_once_and_says_where_the_reasons_are() {
    let served = Served::start(&["--speed", FAST]);
    let batch = served.upload("list.csv", "AccountName\nalpha\n");
    for _ in 0..500 {
        let output = served.vend(&["status", &batch, "--watch"]);
        if output.status.code() == Some(2) {
            return snapshot("refused", &stdout(&output));
        }
    }
    panic!("it was never refused");
}

#[test]
fn without_batches_it_says_so() {
    let served = Served::start(&["--speed", FAST]);
    let output = served.vend(&["status"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output), "launching\n  0 of 1 slots in use\n\nno batch is open\n");
}
