//! The doctor, against a landing zone that is sound and against one that is broken in each
//! way that a description can say.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use common::{Served, assert_plain, command, json, list, sample, stdout};
use serde_json::Value;

/// Waits for the first tick, which comes within a moment at full speed.
fn healthy(served: &Served) -> Value {
    for _ in 0..200 {
        let document = served.json(&["doctor"]);
        if verdict(&document, "tick") == "sound" {
            return document;
        }
    }
    panic!("no tick came")
}

fn verdict<'a>(document: &'a Value, check: &str) -> &'a str {
    let checks = document["checks"].as_array().unwrap();
    let found = checks.iter().find(|it| it["check"] == check);
    found.unwrap()["verdict"].as_str().unwrap()
}

/// The checks that are not sound, each with its verdict and what was seen.
fn ailing(document: &Value) -> BTreeMap<String, (String, String)> {
    let text = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    let checks = document["checks"].as_array().unwrap().iter();
    let ailing = checks.filter(|it| it["verdict"] != "sound");
    ailing.map(|it| (text(it, "check"), (text(it, "verdict"), text(it, "seen")))).collect()
}

/// The built-in landing zone with each `before` replaced by its `after`.
fn described(changes: &[(&str, &str)]) -> String {
    let mut text = std::fs::read_to_string(sample("landing-zone.toml")).unwrap();
    for (before, after) in changes {
        assert!(text.contains(before), "the sample has no {before}");
        text = text.replacen(before, after, 1);
    }
    text
}

fn served(changes: &[(&str, &str)], arguments: &[&str]) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.toml");
    std::fs::write(&path, described(changes)).unwrap();
    let path = path.display().to_string();
    Served::start(&[&["--speed", "20000", "--landing-zone", &path], arguments].concat())
}

fn snapshot(name: &str, text: &str) {
    assert_plain(text);
    let mut settings = insta::Settings::clone_current();
    settings.add_filter("last seen .* ago", "last seen [span] ago");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_sound_landing_zone_is_found_sound() {
    let served = Served::start(&["--speed", "20000"]);
    let document = healthy(&served);
    assert_eq!(ailing(&document), BTreeMap::new());
    assert_eq!(
        (document["stack"].as_str(), document["region"].as_str()),
        (Some("vend"), Some("us-east-1"))
    );
    let output = served.vend(&["doctor"]);
    assert_eq!(output.status.code(), Some(0));
    snapshot("sound", &stdout(&output));
    let dyed = served.command(&["doctor"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(stdout(&dyed).contains('\u{1b}'), "colors where they are asked for");
    let bare = served.command(&["doctor"]).env("NO_COLOR", "1").output().unwrap();
    assert_plain(&stdout(&bare));
}

/// What is changed in the description, the check that tells it, its verdict, and words
/// of what was seen.
type Break = (&'static [(&'static str, &'static str)], &'static str, &'static str, &'static str);

const BREAKS: [Break; 16] = [
    (
        &[("# account = \"444455556666\"", "account = \"444455556666\"")],
        "management-account",
        "broken",
        "you are in account 444455556666; the management account is 111122223333",
    ),
    (
        &[("# home_region = \"eu-central-1\"", "home_region = \"eu-central-1\"")],
        "home-region",
        "broken",
        "the stack is in us-east-1; Control Tower is at home in eu-central-1",
    ),
    (&[("drift = \"IN_SYNC\"", "drift = \"DRIFTED\"")], "landing-zone", "broken", "DRIFTED"),
    (
        &[("status = \"ACTIVE\"\n# IN_SYNC", "status = \"FAILED\"\n# IN_SYNC")],
        "landing-zone",
        "broken",
        "FAILED",
    ),
    (
        &[("status = \"ACTIVE\"\n# IN_SYNC", "status = \"PROCESSING\"\n# IN_SYNC")],
        "landing-zone",
        "warning",
        "PROCESSING",
    ),
    (&[("product = true", "product = false")], "account-factory", "broken", "there is no product"),
    (
        &[("active_version = true", "active_version = false")],
        "account-factory",
        "broken",
        "has 0 active versions",
    ),
    (
        &[("principals = [\"vend-provision\"]", "principals = [\"somebody-else\"]")],
        "launch-path",
        "broken",
        "role/vend-provision is not associated with the portfolio",
    ),
    (
        &[(
            "status = \"ACTIVE\"\n# Control Tower assigns",
            "status = \"DELETE_IN_PROGRESS\"\n# Control Tower assigns",
        )],
        "identity-center",
        "broken",
        "account 111122223333 owns no active instance here",
    ),
    (
        &[("group:Platform-Admins=", "group:Platform-Adminz=")],
        "access",
        "broken",
        "there is no group named \"Platform-Adminz\"",
    ),
    (
        &[("Admins=AWSAdministratorAccess", "Admins=AWSAdministratorAcces")],
        "access",
        "broken",
        "did you mean \"AWSAdministratorAccess\"?",
    ),
    (
        &[("group:Platform-Admins=", "group:9067012345-a1b2c3d4-0009-4000-8000-000000000009=")],
        "access",
        "broken",
        "there is no user or group with the id",
    ),
    (
        &[("portfolios = [\"Network baseline\"]", "portfolios = [\"Network bassline\"]")],
        "portfolios",
        "broken",
        "did you mean \"Network baseline\"?",
    ),
    (
        &[("    \"servicecatalog.amazonaws.com\",\n", "")],
        "trusted-access",
        "broken",
        "Service Catalog has no access to the organization",
    ),
    (
        &[("account_quota = 10100", "account_quota = 7")],
        "account-quota",
        "broken",
        "7 of 7 accounts exist",
    ),
    (
        &[("confirm = true", "confirm = false")],
        "subscriptions",
        "broken",
        "nobody has confirmed: email a…@example.com pending",
    ),
];

/// What cannot be told because of another break.
fn follows(check: &str) -> &'static [&'static str] {
    match check {
        "account-factory" => &["launch-path", "organizational-units"],
        "identity-center" => &["access"],
        _ => &[],
    }
}

#[test]
fn each_break_is_named_and_no_other() {
    for (changes, check, expected, words) in BREAKS {
        let served = served(changes, &[]);
        let document = healthy(&served);
        let mut ailing = ailing(&document);
        for unknown in follows(check) {
            if let Some((verdict, _)) = ailing.remove(*unknown) {
                assert_eq!(verdict, "could-not-tell", "{check} made {unknown}");
            }
        }
        let (verdict, seen) =
            ailing.remove(check).unwrap_or_else(|| panic!("{check} is not named"));
        assert_eq!(verdict, expected, "{check}: {seen}");
        assert!(seen.contains(words), "{check}: {seen}");
        assert!(ailing.is_empty(), "{check} and: {ailing:?}");
        let code = if expected == "broken" { 1 } else { 0 };
        assert_eq!(served.vend(&["doctor"]).status.code(), Some(code), "{check}");
    }
}

#[test]
fn no_unit_is_registered() {
    let text = described(&[]);
    let text = text.replace("parent = \"", "registered = false\nparent = \"");
    // Legacy has said so for itself.
    let text = text.replace("r-aaaa\"\nregistered = false", "r-aaaa\"");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.toml");
    std::fs::write(&path, text).unwrap();
    let served =
        Served::start(&["--speed", "20000", "--landing-zone", &path.display().to_string()]);
    let ailing = ailing(&healthy(&served));
    assert_eq!(ailing.keys().collect::<Vec<_>>(), ["organizational-units"]);
}

#[test]
fn several_breaks_are_told_with_why_and_how_to_mend() {
    let served = served(
        &[
            ("drift = \"IN_SYNC\"", "drift = \"DRIFTED\""),
            ("principals = [\"vend-provision\"]", "principals = []"),
            ("account_quota = 10100", "account_quota = 7"),
            ("confirm = true", "confirm = false"),
        ],
        &[],
    );
    healthy(&served);
    let output = served.vend(&["doctor"]);
    assert_eq!(output.status.code(), Some(1));
    snapshot("broken", &stdout(&output));
}

#[test]
fn rows_that_wait_count_against_the_quota_and_a_pause_is_told() {
    let served = served(&[("account_quota = 10100", "account_quota = 9")], &[]);
    healthy(&served);
    let paused = served.vend(&["pause", "--reason", "a change", "--apply"]);
    assert_eq!(paused.status.code(), Some(0), "{paused:?}");
    served.upload("three.csv", &list(&["one", "two", "three"]));
    for _ in 0..200 {
        let document = served.json(&["doctor"]);
        let ailing = ailing(&document);
        if let Some((verdict, seen)) = ailing.get("account-quota") {
            assert_eq!(verdict, "broken");
            assert_eq!(
                seen,
                "7 of 9 accounts exist, closed ones included; 3 rows wait and 0 are under way"
            );
            let (verdict, seen) = &ailing["launching"];
            assert_eq!(verdict, "broken");
            assert!(seen.starts_with("paused by ") && seen.ends_with(": a change"), "{seen}");
            return;
        }
    }
    panic!("the rows never waited")
}

/// A cloud that goes on in a state folder, until it is dropped.
struct GoingOn(Child, String);

impl GoingOn {
    fn start(state: &Path) -> Self {
        let mut command = command(&["local", "--serve=127.0.0.1:0", "--speed", "20000"]);
        let mut child = command.arg("--state").arg(state).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, rest) = line.split_once("The endpoints are up at http://")?;
            rest.split_whitespace().next().map(str::to_owned)
        });
        std::thread::spawn(move || lines.for_each(drop));
        Self(child, address.unwrap())
    }

    fn doctor(&self) -> Value {
        json(&command(&["doctor", "--json", &format!("--local={}", self.1)]).output().unwrap())
    }
}

impl Drop for GoingOn {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn what_was_given_up_in_an_earlier_run_is_found_in_its_queue() {
    let folder = tempfile::tempdir().unwrap();
    let lost = serde_json::json!({
        "function": "intake",
        "destination": "vend-undelivered-events",
        "reason": "RetriesExhausted",
        "event": {},
        "attempts": 3,
        "error": null,
        "at": "2026-01-21T12:00:00Z",
    });
    std::fs::write(folder.path().join("undelivered.jsonl"), format!("{lost}\n")).unwrap();
    let cloud = GoingOn::start(folder.path());
    // The delivery, which knows of it, is there a moment after the endpoints.
    let found = (0..200).find_map(|_| ailing(&cloud.doctor()).remove("undelivered"));
    let (verdict, seen) = found.unwrap();
    assert_eq!(verdict, "broken");
    assert_eq!(seen, "messages wait: 1 in vend-undelivered-events");
}

#[test]
fn no_tick_within_the_first_minute_is_told() {
    let served = Served::start(&["--speed", "0.001"]);
    let ailing = ailing(&served.json(&["doctor"]));
    assert_eq!(ailing.keys().collect::<Vec<_>>(), ["tick"]);
    assert_eq!(ailing["tick"], ("broken".to_owned(), "none was seen yet".to_owned()));
}

#[test]
fn a_stack_that_is_not_there_could_not_be_looked_at() {
    let served = Served::start(&["--speed", "20000"]);
    let output = served.vend(&["doctor", "--stack", "sell"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(stdout(&output), "");
}
