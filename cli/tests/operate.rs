//! What operators order: retry, cancel, pause, resume and reconcile, each first as a plan.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::process::Output;

use common::{Served, assert_plain, list, stderr, stdout};
use serde_json::Value;

/// Fast enough for a launch to take a moment, slow enough not to be idle at full power.
const FAST: &str = "20000";

/// What a person reads in a pipe, with the exit code.
fn plain(output: &Output) -> (Option<i32>, String) {
    let text = stdout(output);
    assert_plain(&text);
    assert_plain(&stderr(output));
    (output.status.code(), text)
}

fn statuses(document: &Value) -> Vec<String> {
    let accounts = document["accounts"].as_array().unwrap().iter();
    accounts.map(|it| format!("{} {}", it["name"], it["status"]).replace('"', "")).collect()
}

/// Asks again and again, until the answer is as it will be.
fn until(mut ask: impl FnMut() -> Value, is_there: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..500 {
        let answer = ask();
        if is_there(&answer) {
            return answer;
        }
    }
    panic!("it never came: {}", ask());
}

#[test]
fn a_failed_account_is_planned_retried_and_becomes_ready() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, list(&["alpha", "beta"])).unwrap();
    let file = file.display().to_string();
    let served = Served::start(&[&file, "--speed", FAST, "--fail", "beta=failed"]);
    let before = served.json(&["show", "beta"]);
    assert_eq!(before["account"]["status"], "FAILED");

    let (code, text) = plain(&served.vend(&["retry", "beta", "alpha", "betta", "no name"]));
    assert_eq!(code, Some(1), "{text}");
    insta::assert_snapshot!("retry_plan", text);
    assert_eq!(served.json(&["show", "beta"])["history"], before["history"], "nothing is changed");

    let (code, text) = plain(&served.vend(&["retry", "beta", "--apply"]));
    assert_eq!(code, Some(0), "{text}");
    insta::assert_snapshot!("retry_applied", text);
    let (code, text) = plain(&served.vend(&["status", "beta", "--watch"]));
    assert_eq!(code, Some(0), "{text}");
    let after = served.json(&["show", "beta"]);
    assert_eq!(
        (&after["account"]["status"], &after["account"]["attempt"]),
        (&"READY".into(), &2.into())
    );
    let history = after["history"].as_array().unwrap();
    let retried = history.iter().find(|it| it["event"] == "retried").unwrap();
    assert_eq!(retried["source"], "operator");
    assert!(retried["by"].as_str().is_some_and(|by| !by.is_empty()), "{retried}");

    let (code, text) = plain(&served.vend(&["retry", "beta", "--apply"]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("it is READY, and only what is FAILED is retried"), "{text}");
}

#[test]
fn every_failed_account_of_a_batch_is_retried_and_the_others_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, list(&["alpha", "beta", "gamma"])).unwrap();
    let file = file.display().to_string();
    let fails = ["--fail", "beta=failed", "--fail", "gamma=tainted"];
    let served = Served::start(&[&[file.as_str(), "--speed", FAST], fails.as_slice()].concat());
    let batch = served.json(&["show", "beta"])["account"]["batch"].as_str().unwrap().to_owned();
    let (code, text) = plain(&served.vend(&["retry", "--batch", &batch]));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("1 account of the batch is not FAILED"), "{text}");
    let document = served.json(&["retry", "--batch", &batch, "--apply"]);
    assert_eq!((&document["applied"], &document["others"]), (&true.into(), &1.into()));
    let (code, text) = plain(&served.vend(&["status", &batch, "--watch"]));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("3 of 3 ended"), "{text}");
    let (code, text) = plain(&served.vend(&["retry", "--batch", &batch, "--apply"]));
    assert_eq!(
        (code, text.as_str()),
        (Some(0), "no account of the batch is FAILED: nothing is to be done\n")
    );
}

#[test]
fn what_is_queued_is_cancelled_while_launching_is_paused_and_it_is_known_who_did_it() {
    let served = Served::start(&["--speed", FAST]);
    let (code, text) = plain(&served.vend(&["pause", "--reason", "new guardrails"]));
    assert_eq!(code, Some(0));
    insta::assert_snapshot!("pause_plan", text);
    assert_eq!(served.json(&["status"])["launching"]["pause"], Value::Null, "nothing is changed");
    let (_, text) = plain(&served.vend(&["pause", "--reason", "new guardrails", "--apply"]));
    assert!(text.starts_with("launching is paused"), "{text}");
    let pause = served.json(&["status"])["launching"]["pause"].clone();
    let by = pause["by"].as_str().unwrap().to_owned();
    let (_, text) = plain(&served.vend(&["pause", "--apply"]));
    let flat = text.replace('\n', " ");
    assert!(flat.starts_with("nothing is to be done: launching is PAUSED"), "{text}");
    assert!(flat.contains("new guardrails") && flat.contains(&by), "{text}");

    let batch = served.upload("list.csv", &list(&["alpha", "beta"]));
    let wait = |it: &Value| it["accounts"].as_array().is_some_and(|it| it.len() == 2);
    let seen = until(|| served.json(&["status"]), wait);
    assert_eq!(statuses(&seen), ["alpha QUEUED", "beta QUEUED"]);
    let (code, text) = plain(&served.vend(&["show", "beta"]));
    assert_eq!(code, Some(0));
    assert!(text.contains("Mend the cause, then: vend resume --apply"), "{text}");
    let (_, text) = plain(&served.vend(&["cancel", "alpha"]));
    insta::assert_snapshot!("cancel_plan", text);
    let cancelled = served.json(&["cancel", "alpha", "--apply"]);
    assert_eq!(cancelled["rows"][0]["outcome"], "done");
    let (code, text) = plain(&served.vend(&["cancel", "alpha", "--apply"]));
    assert_eq!(code, Some(1));
    assert!(
        text.replace("\n    ", " ").contains("it is FAILED, and only what is QUEUED"),
        "{text}"
    );
    let (_, text) = plain(&served.vend(&["show", "alpha"]));
    assert!(text.contains("taken off the queue by an operator"), "{text}");
    assert!(text.contains(&by), "{text}");

    let (_, text) = plain(&served.vend(&["resume"]));
    assert!(text.starts_with("launching would go on; it is PAUSED"), "{text}");
    let (_, text) = plain(&served.vend(&["resume", "--apply"]));
    assert!(text.starts_with("launching goes on; it was PAUSED"), "{text}");
    let (_, text) = plain(&served.vend(&["resume", "--apply"]));
    assert_eq!(text, "nothing is to be done: launching is not paused\n");
    let (code, text) = plain(&served.vend(&["status", &batch, "--watch"]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("1 READY, 1 FAILED"), "{text}");
    assert_eq!(served.json(&["status"])["launching"]["resumed"]["by"], by.as_str());
}

#[test]
fn what_has_ended_unnoticed_is_settled_at_once() {
    // Slow enough that nothing else looks meanwhile.
    let served = Served::start(&["--speed", "2", "--fail", "alpha=denied"]);
    let (code, text) = plain(&served.vend(&["reconcile", "--apply"]));
    assert_eq!((code, text.as_str()), (Some(0), "nothing is under way: nothing is to be done\n"));
    served.upload("list.csv", &list(&["alpha", "beta"]));
    let ended = |it: &Value| it["rows"][0]["productStatus"] == "ERROR";
    until(|| served.json(&["reconcile"]), ended);
    let before = served.json(&["show", "alpha"]);
    assert_eq!(before["account"]["status"], "PROVISIONING");
    let (code, text) = plain(&served.vend(&["reconcile"]));
    assert_eq!(code, Some(0));
    insta::assert_snapshot!("reconcile_plan", text);
    assert_eq!(served.json(&["show", "alpha"])["history"], before["history"], "nothing is changed");
    let (code, text) = plain(&served.vend(&["reconcile", "--apply"]));
    assert_eq!(code, Some(1));
    insta::assert_snapshot!("reconcile_applied", text);
    let after = served.json(&["show", "alpha"]);
    let history = after["history"].as_array().unwrap();
    let failed = history.iter().find(|it| it["event"] == "launch failed").unwrap();
    assert_eq!((&failed["status"], &failed["source"]), (&"FAILED".into(), &"operator".into()));
}

#[test]
fn what_is_not_there_is_an_error_with_what_helps() {
    let served = Served::start(&["--speed", FAST]);
    let output = served.vend(&["retry", "--batch", "no-such-batch", "--apply"]);
    assert_eq!(output.status.code(), Some(3));
    insta::assert_snapshot!("no_such_batch", stderr(&output));
    assert_eq!(served.vend(&["retry"]).status.code(), Some(2), "no name is given");
}
