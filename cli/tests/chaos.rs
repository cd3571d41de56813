//! `vend local --chaos`: whatever goes wrong, it ends as a run in peace does.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

/// Seeds of the matrix.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=24;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples").join(name)
}

/// `vend local` of the file, with its state in the folder.
fn run(file: &Path, state: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vend"));
    command.env_clear().arg("local").arg(file);
    command.args(["--start", "2026-01-21T12:00:00Z", "--speed", "max", "--json", "--stats"]);
    command.arg("--state").arg(state).args(arguments);
    command.output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// What a run comes to, whatever happened on the way: of each account the name, the
/// line, the status and the attempt; and how the command ended.
fn end(output: &Output) -> (Option<i32>, Vec<String>) {
    let report = json(output);
    let line = |account: &Value| {
        let parts = ["name", "line", "status", "attempt"].map(|key| account[key].to_string());
        parts.join(" ")
    };
    (output.status.code(), report["accounts"].as_array().unwrap().iter().map(line).collect())
}

/// The subjects of the mail by how often they came. A batch is named by its object.
fn subjects(state: &Path) -> BTreeMap<String, usize> {
    let mut subjects = BTreeMap::new();
    for entry in std::fs::read_dir(state.join("mail")).unwrap() {
        let mail = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let subject = mail.lines().find(|line| line.starts_with("Subject:")).unwrap().to_owned();
        *subjects.entry(subject).or_default() += 1;
    }
    subjects
}

#[test]
fn every_seed_ends_as_a_run_in_peace_does() {
    let file = sample("accounts.csv");
    let faults = AtomicU64::new(0);
    for width in ["1", "3"] {
        let peace = tempfile::tempdir().unwrap();
        let undisturbed = end(&run(&file, peace.path(), &["--max-in-flight", width]));
        assert_eq!(undisturbed.0, Some(0));
        let told = subjects(peace.path());
        // Two at a time, as there are processors for.
        std::thread::scope(|scope| {
            for odd in [0, 1] {
                let (file, undisturbed, told, faults) = (&file, &undisturbed, &told, &faults);
                scope.spawn(move || {
                    for seed in SEEDS.filter(|seed| seed % 2 == odd) {
                        let state = tempfile::tempdir().unwrap();
                        let seed = seed.to_string();
                        let arguments = ["--max-in-flight", width, "--chaos", &seed];
                        let output = run(file, state.path(), &arguments);
                        assert_eq!(end(&output), *undisturbed, "seed {seed}, {width} at a time");
                        let heard = subjects(state.path());
                        assert!(heard.keys().eq(told.keys()), "seed {seed}, {width}: {heard:?}");
                        let counts = json(&output)["chaos"]["kinds"].clone();
                        let counts = counts.as_object().unwrap().values();
                        let sum = counts.filter_map(Value::as_u64).sum();
                        faults.fetch_add(sum, Ordering::Relaxed);
                    }
                });
            }
        });
    }
    let faults = faults.into_inner();
    assert!(faults > 2_000, "only {faults} things went wrong");
}

#[test]
fn the_same_seed_makes_the_same_run() {
    let report = |seed: &str| {
        let state = tempfile::tempdir().unwrap();
        let arguments = ["--chaos", seed, "--max-in-flight", "3"];
        let mut report = json(&run(&sample("accounts.csv"), state.path(), &arguments));
        for key in ["state", "mail", "results"] {
            report[key] = Value::Null;
        }
        report
    };
    for seed in ["5", "6", "7"] {
        assert!(report(seed) == report(seed), "seed {seed} makes two runs");
    }
    assert!(report("5") != report("6"), "two seeds make one run");
}

#[test]
fn a_failure_that_was_chosen_is_what_it_is_in_peace() {
    let file = sample("accounts.csv");
    for kind in ["quota", "tainted", "name-taken", "share-fails", "overdue"] {
        let fail = format!("--fail=test-account-2={kind}");
        let (peace, chaos) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let undisturbed = run(&file, peace.path(), &[&fail]);
        let disturbed = run(&file, chaos.path(), &[&fail, "--chaos", "9"]);
        assert_eq!(end(&disturbed), end(&undisturbed), "{kind}");
    }
}

#[test]
fn a_file_with_faults_is_refused_in_chaos_too() {
    let file = sample("accounts-with-errors.csv");
    for seed in ["1", "2", "3", "4"] {
        let state = tempfile::tempdir().unwrap();
        let output = run(&file, state.path(), &["--chaos", seed]);
        assert_eq!(output.status.code(), Some(2), "seed {seed}");
        let launched = json(&output)["stats"]["calls"].as_array().unwrap().iter().any(|call| {
            call["operation"] == "ProvisionProduct"
                || call["operation"] == "CreateAccountAssignment"
        });
        assert!(!launched, "seed {seed}");
    }
}

/// The connections are real ones: cut, left without an answer, cut in the middle of one.
#[test]
fn it_ends_well_over_real_sockets() {
    let file = sample("accounts.csv");
    let state = tempfile::tempdir().unwrap();
    let output = run(&file, state.path(), &["--chaos", "4", "--sockets"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let kinds = json(&output)["chaos"]["kinds"].clone();
    for kind in ["cut-before", "cut-after", "cut-short", "hung-before", "hung-after"] {
        assert!(kinds[kind].as_u64() > Some(0), "{kind}: {kinds}");
    }
}
