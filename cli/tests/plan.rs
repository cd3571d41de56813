//! `vend check`, `vend plan` and `vend submit` as a person runs them: the compiled program,
//! working with a `vend local --serve`.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::process::Output;

use common::{Served, assert_plain, json, list, sample, stderr, stdout, vend};

/// Runs the program in the folder of `served`, where the lists are.
fn run(served: &Served, arguments: &[&str]) -> Output {
    served.command(arguments).current_dir(served.folder.path()).output().unwrap()
}

/// Compares a text with its snapshot, but for what depends on how often the program looked.
fn assert_told(snapshot: &str, text: &str) {
    assert_plain(text);
    insta::with_settings!({ filters => [
        (r"-[0-9a-f]{8}\b", "-[digest]"),
        (r"\b\d{12}\b", "[account id]"),
        (r"(?s)(Launching is PAUSED).*?(: paused by.*?resume)\.", "$1 [since]."),
        (r"(?s)so\s+until.*?lately\)\.", "so until [moment, pace]."),
    ] }, { insta::assert_snapshot!(snapshot, text) });
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("{}", stderr(output)))
}

/// The rest of a list with one row for each of these: name, e-mail, unit.
fn rows(rows: &[(&str, &str, &str)]) -> String {
    let mut text = list(&[]);
    for (name, email, unit) in rows {
        text.push_str(&format!("{name},ana.silva@example.com,{email},Ana,Silva,{unit}\n"));
    }
    text
}

#[test]
fn a_list_is_checked_offline_with_every_fault() {
    let path = sample("accounts-with-errors.csv").display().to_string();
    let output = vend(&["check", &path]);
    assert_eq!(code(&output), 2);
    let said = stdout(&output).replace(&path, "accounts-with-errors.csv");
    assert_plain(&said);
    insta::assert_snapshot!("check_with_faults", said);
    let document = json(&vend(&["check", &path, "--json"]));
    assert_eq!(document["faultsInAll"], document["faults"].as_array().unwrap().len());
    assert_eq!(document["faults"][0]["line"], 3);
    assert_eq!(document["notChecked"].as_array().unwrap().len(), 3);

    let good = sample("accounts.csv").display().to_string();
    let output = vend(&["check", &good]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).contains("3 rows, no fault"), "{}", stdout(&output));
}

#[test]
fn what_cannot_be_read_as_a_list_is_refused_and_what_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.csv").display().to_string();
    std::fs::write(&path, b"PK\x03\x04 a workbook").unwrap();
    let output = vend(&["check", &path]);
    assert_eq!((code(&output), stdout(&output).contains("save as CSV UTF-8")), (2, true));
    let output = vend(&["check", "no-such-list.csv"]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("error: failed to read no-such-list.csv\n  because: "));
}

#[test]
fn online_it_says_word_for_word_what_intake_says() {
    let served = Served::start(&["--speed", "max"]);
    let path = sample("accounts-with-errors.csv").display().to_string();
    let output = served.vend(&["check", "--online", &path, "--json"]);
    assert_eq!(code(&output), 2);
    let document = json(&output);
    assert_eq!(document["notChecked"].as_array().unwrap().len(), 0);
    let texts = |faults: &serde_json::Value| -> Vec<String> {
        let faults = faults.as_array().unwrap().iter();
        faults.map(|it| it["text"].as_str().or(it.as_str()).unwrap().to_owned()).collect()
    };
    let intake = json(&vend(&["local", &path, "--speed", "max", "--json"]));
    assert_eq!(texts(&document["faults"]), texts(&intake["faults"]));
}

/// A cloud in which `done` is READY, `broken` FAILED, and, as launching is paused, `waits`
/// is QUEUED.
fn mixed() -> Served {
    let folder = tempfile::tempdir().unwrap();
    let first = folder.path().join("first.csv");
    std::fs::write(&first, list(&["done", "broken"])).unwrap();
    let first = first.display().to_string();
    let served = Served::start(&[&first, "--fail", "broken=failed", "--speed", "max"]);
    assert_eq!(code(&served.vend(&["pause", "--reason", "a freeze", "--apply"])), 0);
    let second = served.write("second.csv", &list(&["waits"]));
    let output = served.vend(&["submit", &second, "--yes", "--detach"]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("To follow it: vend status second-"), "{}", stdout(&output));
    let is_there = |_| served.json(&["plan", &second])["rows"][0]["plan"] == "wait";
    assert!((0..200).any(is_there), "intake takes it");
    served
}

#[test]
fn a_plan_says_what_would_become_of_each_row() {
    let served = mixed();
    let own = |name: &'static str| (name, format!("{name}@example.com"));
    let asked = [
        (own("fresh"), "Test-OU-1"),
        (own("done"), "Test-OU-1"),
        (own("broken"), "Test-OU-2"),
        (own("waits"), "Test-OU-1"),
    ];
    let asked: Vec<_> =
        asked.iter().map(|((name, email), unit)| (*name, email.as_str(), *unit)).collect();
    let path = served.write("mixed.csv", &rows(&asked));
    let output = run(&served, &["plan", "mixed.csv"]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert_told("plan_mixed", &stdout(&output));

    let document = served.json(&["plan", &path]);
    let plans: Vec<_> =
        document["rows"].as_array().unwrap().iter().map(|row| row["plan"].as_str()).collect();
    let plans: Vec<_> = plans.into_iter().flatten().collect();
    assert_eq!(plans, ["create", "skip", "queueAgain", "takeValues"]);
    assert_eq!(
        (&document["verdict"], &document["time"]["paused"]),
        (&"taken".into(), &true.into())
    );
    assert_eq!(document["time"]["waitingBefore"], 1);
    assert_eq!(document["time"]["launchesObserved"], 1);

    let conflicting =
        [asked.as_slice(), &[("taken", "aws-audit@example.com", "Test-OU-1")]].concat();
    let path = served.write("mixed.csv", &rows(&conflicting));
    let output = run(&served, &["plan", "mixed.csv"]);
    assert_eq!(code(&output), 2);
    assert_told("plan_refused", &stdout(&output));
    let output = served.vend(&["submit", &path, "--yes"]);
    assert_eq!(code(&output), 2);
    assert!(stdout(&output).ends_with("Nothing was uploaded.\n"), "{}", stdout(&output));

    let path = served.write("done.csv", &list(&["done"]));
    let output = served.vend(&["submit", &path, "--yes"]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).ends_with("no row would change anything.\n"), "{}", stdout(&output));

    // Of a long list what somebody should look at comes first.
    let many: Vec<String> = (0..60).map(|n| format!("new-{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).chain(["broken"]).collect();
    let path = served.write("many.csv", &list(&many));
    let said = stdout(&served.vend(&["plan", &path]));
    assert!(said.contains("... and 21 rows more: create 21 (--json has all)"), "{said}");
    let first = said.lines().find(|line| line.contains("queue again") || line.contains("create"));
    assert!(first.unwrap().contains("broken"), "{said}");
}

#[test]
fn a_list_is_submitted_and_followed_to_its_end() {
    let served = Served::start(&["--speed", "max"]);
    let path = served.write("team-a.csv", &list(&["one", "two"]));
    let output = served.vend(&["submit", &path]);
    assert_eq!(code(&output), 3);
    let said = stderr(&output);
    assert!(said.contains("there is no terminal") && said.contains("hint: add --yes"), "{said}");

    let output = served.vend(&["submit", &path, "--yes", "--key", "results/team-a.csv"]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("hint: give another key"), "{}", stderr(&output));

    let mut command = served.command(&["submit", "team-a.csv", "--yes"]);
    let output = command.env("NO_COLOR", "1").current_dir(served.folder.path()).output().unwrap();
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let said = stdout(&output);
    assert_plain(&said);
    let (before, after) = said.split_at(said.find(": batch team-a-").unwrap());
    assert_told("submitted", before);
    assert!(after.contains("2 READY"), "{said}");

    let document = served.json(&["submit", &path, "--yes"]);
    assert_eq!(document["uploaded"], serde_json::Value::Null);
    assert_eq!(document["plan"]["counts"]["skip"], 2);
}

#[test]
fn the_rows_that_intake_leaves_out_are_told_before_and_after() {
    let served = Served::start(&["--speed", "max", "--accept-valid-rows"]);
    let text = rows(&[("good", "good@example.com", "Test-OU-1"), ("bad", "nowhere", "Test-OU-1")]);
    let path = served.write("half.csv", &text);
    let output = served.vend(&["submit", &path, "--yes"]);
    assert_eq!(code(&output), 1, "{}{}", stdout(&output), stderr(&output));
    let said = stdout(&output);
    assert_plain(&said);
    assert!(said.contains("The rows with faults would be left out (1 fault):"), "{said}");
    let (_, after) = said.split_once("\nRefused: 1 row\n").unwrap();
    assert!(after.starts_with("  line 3, AccountEmail \"nowhere\": is not of the form"), "{said}");
    assert!(after.contains("All of it: s3://vend-lists/results/half-"), "{said}");
}

#[test]
fn a_list_that_the_organization_has_no_room_for_is_told_before() {
    let folder = tempfile::tempdir().unwrap();
    let zone = std::fs::read_to_string(sample("landing-zone.toml")).unwrap();
    // Seven accounts exist.
    let zone = zone.replace("account_quota = 10100", "account_quota = 9");
    let path = folder.path().join("zone.toml");
    std::fs::write(&path, zone).unwrap();
    let zone = path.display().to_string();
    let served = Served::start(&["--landing-zone", &zone, "--speed", "max"]);
    let list = sample("accounts.csv").display().to_string();
    let said = stdout(&served.vend(&["plan", &list])).replace('\n', " ");
    assert!(said.contains("has room for 2 accounts more, and 3 are asked for"), "{said}");
    assert_eq!(served.json(&["plan", &list])["time"]["accountsLeft"], 2);
}
