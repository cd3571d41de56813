//! Portfolio files as a person runs them: checked, dropped in a local run, and looked at.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::path::Path;

use common::{Served, command, json, sample, stderr, stdout, vend};

fn local(file: &Path, state: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = command(&["local", "--start", common::START, "--speed", "max"]);
    command.arg(file).arg("--state").arg(state).args(arguments);
    command.output().unwrap()
}

#[test]
fn the_samples_end_with_the_share_and_the_principals() {
    for name in ["portfolios.json", "portfolios.csv"] {
        let state = tempfile::tempdir().unwrap();
        let output = local(&sample(name), state.path(), &[]);
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        let text = stdout(&output).replace(&state.path().display().to_string(), "[state]");
        insta::assert_snapshot!(name, text);
        let results: Vec<_> = std::fs::read_dir(state.path()).unwrap().flatten().collect();
        let results =
            results.iter().find(|it| it.file_name().to_string_lossy().ends_with("-results.csv"));
        let results = std::fs::read_to_string(results.unwrap().path()).unwrap();
        insta::assert_snapshot!(format!("{name}-results"), results);
    }
}

#[test]
fn a_file_with_faults_is_refused_with_all_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.json");
    let text = std::fs::read_to_string(sample("portfolios.json")).unwrap();
    let text = text.replace("ou-aaaa-work0001", "ou-aaaa-sandbox1").replace("port-n", "port-m");
    std::fs::write(&file, text).unwrap();
    let output = local(&file, &folder.path().join("state"), &["--json"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    let document = json(&output);
    assert_eq!(document["refused"], true);
    insta::assert_snapshot!(serde_json::to_string_pretty(&document["faults"]).unwrap());
}

#[test]
fn a_file_is_checked_offline_by_its_form() {
    let check = |file: &Path| vend(&["check", &file.display().to_string()]);
    let good = check(&sample("portfolios.json"));
    assert_eq!(good.status.code(), Some(0), "{}", stdout(&good));
    assert!(stdout(&good).contains("1 row, no fault"), "{}", stdout(&good));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.csv");
    std::fs::write(&file, "PortfolioId,OrgUnit,AcountId\nport-1,,1\n").unwrap();
    let bad = check(&file);
    assert_eq!(bad.status.code(), Some(2));
    common::assert_plain(&stdout(&bad).replace(&folder.path().display().to_string(), ""));
    let words: Vec<String> = stdout(&bad).split_whitespace().map(str::to_owned).collect();
    assert!(words.join(" ").contains("perhaps AccountId"), "{}", stdout(&bad));
    let planned = vend(&["plan", &file.display().to_string(), "--local=127.0.0.1:9"]);
    assert_ne!(planned.status.code(), Some(0), "a portfolio file has no accounts to plan");
}

#[test]
fn its_status_is_shown_and_a_retry_says_to_upload_it_again() {
    let served = Served::start(&[]);
    let content = std::fs::read_to_string(sample("portfolios.json")).unwrap();
    let batch = served.upload("in/portfolios.json", &content);
    // Until intake has taken it there is nothing to show.
    let taken = |_| served.vend(&["status", batch.as_str()]).status.code() == Some(0);
    assert!((0..200).any(taken), "intake does not take it");
    let status = served.vend(&["status", batch.as_str(), "--watch"]);
    assert_eq!(status.status.code(), Some(0), "{}{}", stdout(&status), stderr(&status));
    assert!(stdout(&status).contains("2 READY"), "{}", stdout(&status));
    common::assert_plain(&stdout(&status));
    let document = json(&served.vend(&["status", batch.as_str(), "--json"]));
    assert_eq!(document["kind"], "portfolios");
    assert_eq!(document["orders"][1]["accountId"], "555566667777");
    let retry = served.vend(&["retry", "--batch", batch.as_str()]);
    assert_ne!(retry.status.code(), Some(0));
    assert!(stderr(&retry).contains("upload it again"), "{}", stderr(&retry));
}
