//! `vend local` as a person runs it: the compiled program, its output and its exit code.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples")
}

/// `vend local` with nothing of the environment, at a fixed start, as fast as it goes.
fn vend(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vend"));
    command.env_clear().arg("local").args(["--start", "2026-01-21T12:00:00Z", "--speed", "max"]);
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    vend(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The output without what differs from machine to machine.
fn scrubbed(output: &Output, state: &Path) -> String {
    stdout(output).replace(&state.display().to_string(), "[state]")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {} {}", stdout(output), String::from_utf8_lossy(&output.stderr))
    })
}

fn sample(name: &str) -> String {
    samples().join(name).display().to_string()
}

fn write_list(folder: &Path, names: &[String]) -> String {
    let mut text =
        "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit\n"
            .to_owned();
    for name in names {
        text.push_str(&format!(
            "{name},ana.silva@example.com,{name}@example.com,Ana,Silva,Test-OU-2\n"
        ));
    }
    let path = folder.join("list.csv");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn three_good_rows_become_three_ready_accounts() {
    let state = tempfile::tempdir().unwrap();
    let folder = state.path().display().to_string();
    let output = run(&[&sample("accounts.csv"), "--state", &folder]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!("ready", scrubbed(&output, state.path()));
    insta::assert_snapshot!("ready_progress", String::from_utf8_lossy(&output.stderr));
    let mail = std::fs::read_to_string(state.path().join("mail/0005-batch-complete.eml")).unwrap();
    assert!(mail.contains("Subject: Vend: batch accounts-"), "{mail}");
}

#[test]
fn a_file_with_faults_is_refused_with_every_fault_and_launches_nothing() {
    let state = tempfile::tempdir().unwrap();
    let folder = state.path().display().to_string();
    let output = run(&[&sample("accounts-with-errors.csv"), "--state", &folder]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!("refused", scrubbed(&output, state.path()));
    let stats = json(&run(&[&sample("accounts-with-errors.csv"), "--json", "--stats"]));
    let calls = stats["stats"]["calls"].as_array().unwrap();
    assert!(!calls.iter().any(|call| call["operation"] == "ProvisionProduct"), "{calls:?}");
}

#[test]
fn the_good_rows_of_a_file_with_faults_are_taken_where_that_is_asked_for() {
    let output = run(&[&sample("accounts-with-errors.csv"), "--accept-valid-rows", "--json"]);
    let report = json(&output);
    let accounts = report["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 1, "{accounts:?}");
    assert_eq!((&accounts[0]["name"], &accounts[0]["status"]), (&"sound".into(), &"READY".into()));
    assert!(!report["faults"].as_array().unwrap().is_empty());
}

/// What each kind of failure that can be chosen ends as: status, attempts, and the start of the error.
#[test]
fn every_failure_that_can_be_chosen_ends_as_it_is_documented() {
    let kinds = [
        "ready",
        "refused",
        "busy",
        "activation",
        "email-in-use",
        "quota",
        "denied",
        "unregistered-ou",
        "failed",
        "failed-no-id",
        "tainted",
        "tainted-usable",
        "lost-event",
        "late-event",
        "repeated-event",
        "overdue",
        "name-taken",
        "conflict",
        "access-fails",
        "share-fails",
    ];
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = kinds.iter().map(|kind| format!("with-{kind}")).collect();
    let list = write_list(folder.path(), &names);
    let fails: Vec<String> =
        kinds.iter().map(|kind| format!("--fail=with-{kind}={kind}")).collect();
    let mut arguments = vec![list.as_str(), "--json", "--max-in-flight", "3"];
    arguments.extend(fails.iter().map(String::as_str));
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    let line = |account: &Value| {
        let error = account["error"].as_str().unwrap_or_default();
        let what = error.split(" What to do: ").next().unwrap_or_default();
        let (name, status) =
            (account["name"].as_str().unwrap(), account["status"].as_str().unwrap());
        let account_id = if account["accountId"].is_null() { "no account" } else { "account" };
        format!("{name:<22} {status:<6} {account_id:<10} {what}").trim_end().to_owned()
    };
    let lines: Vec<String> = report["accounts"].as_array().unwrap().iter().map(line).collect();
    insta::with_settings!({ filters => [
        (r"pp-[a-z0-9]+", "pp-…"),
        (r"\d{12}", "[account id]"),
        (r"launched at .* UTC", "launched at …"),
    ] }, { insta::assert_snapshot!("failures", lines.join("\n")) });
}

#[test]
fn launching_pauses_after_three_rows_with_one_cause_and_goes_on_when_asked() {
    let state = tempfile::tempdir().unwrap();
    let folder = state.path().display().to_string();
    let names: Vec<String> = (1..=5).map(|n| format!("row-{n}")).collect();
    let list = write_list(state.path(), &names);
    let fails: Vec<String> = (1..=3).map(|n| format!("--fail=row-{n}=quota")).collect();
    let mut arguments = vec![list.as_str(), "--json", "--state", &folder];
    arguments.extend(fails.iter().map(String::as_str));
    let report = json(&run(&arguments));
    assert!(report["paused"].as_str().unwrap().contains("number of accounts"));
    let statuses = |report: &Value| -> Vec<String> {
        let accounts = report["accounts"].as_array().unwrap();
        accounts.iter().map(|it| it["status"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(statuses(&report), ["FAILED", "FAILED", "FAILED", "QUEUED", "QUEUED"]);
    let output = run(&[&list, "--json", "--state", &folder, "--resume"]);
    assert_eq!(statuses(&json(&output)), ["READY"; 5]);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_run_that_is_stopped_goes_on_and_launches_nothing_twice() {
    let state = tempfile::tempdir().unwrap();
    let folder = state.path().display().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_vend"));
    command.env_clear().args(["local", &sample("accounts.csv"), "--state", &folder]);
    // Slow enough that it is stopped in the middle of the first launch.
    let mut child = command
        .args(["--speed", "60"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("PROVISIONING")), "a launch");
    let stopped = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let said: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said:?}");
    assert!(said.iter().any(|line| line.contains("--state")), "{said:?}");

    let output = run(&[&sample("accounts.csv"), "--state", &folder, "--json", "--stats"]);
    assert_eq!(output.status.code(), Some(0));
    let calls = json(&output)["stats"]["calls"].as_array().unwrap().clone();
    let launches = calls.iter().find(|call| call["operation"] == "ProvisionProduct").unwrap();
    assert_eq!(launches["calls"], 2, "the first was launched before the stop");
}

#[test]
fn the_same_seed_makes_the_same_run() {
    let report = |seed: &str| {
        let mut report =
            json(&run(&[&sample("accounts.csv"), "--json", "--stats", "--seed", seed]));
        for key in ["state", "mail", "results"] {
            report[key] = Value::Null;
        }
        report
    };
    assert_eq!(report("3"), report("3"));
    assert_ne!(report("3"), report("4"));
}

#[test]
fn calls_for_each_account_do_not_grow_with_the_rows_and_no_table_is_scanned() {
    let folder = tempfile::tempdir().unwrap();
    let calls = |rows: usize| {
        let names: Vec<String> = (0..rows).map(|n| format!("row-{n}")).collect();
        let list = write_list(folder.path(), &names);
        let report = json(&run(&[&list, "--json", "--stats", "--max-in-flight", "5"]));
        let operations = report["stats"]["calls"].as_array().unwrap().clone();
        assert!(!operations.iter().any(|call| call["operation"] == "Scan"), "{operations:?}");
        assert_eq!(report["stats"]["mostInFlight"], 5);
        report["stats"]["callsPerAccount"].as_f64().unwrap()
    };
    let (few, many) = (calls(10), calls(60));
    assert!(many <= few, "{few} calls for each of 10 accounts, {many} for each of 60");
}

#[test]
fn a_landing_zone_of_ones_own_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let zone = std::fs::read_to_string(samples().join("landing-zone.toml")).unwrap();
    let path = folder.path().join("zone.toml");
    std::fs::write(&path, zone.replace("Test-OU-2", "Elsewhere")).unwrap();
    let output =
        run(&[&sample("accounts.csv"), "--landing-zone", &path.display().to_string(), "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let faults = json(&output)["faults"].to_string();
    assert!(faults.contains("Elsewhere (ou-aaaa-ddddeeee)"), "{faults}");
}

#[test]
fn what_cannot_be_run_is_told_with_its_cause() {
    let output = run(&["no-such-file.csv"]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("no-such-file.csv") && said.contains("because: "), "{said}");

    let output = run(&[&sample("accounts.csv"), "--fail", "alpha=sunny"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no outcome is called `sunny`"));
}
