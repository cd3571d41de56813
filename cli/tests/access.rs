//! Who can reach what, compared with what was granted, and giving access to accounts that
//! exist: over a whole local cloud.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::process::{Output, Stdio};

use aws_sdk_ssoadmin::types::{PrincipalType, TargetType};
use common::{Served, assert_plain, sample, stderr, stdout};
use serde_json::Value;

/// Fast enough for a launch to take a moment, slow enough not to be idle at full power.
const FAST: &str = "20000";

const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-72230123456789ab";
const READ_ONLY: &str = "arn:aws:sso:::permissionSet/ssoins-72230123456789ab/ps-1a2b3c4d5e6f0002";
const BILLING: &str = "arn:aws:sso:::permissionSet/ssoins-72230123456789ab/ps-1a2b3c4d5e6f0006";
const DEVELOPERS: &str = "9067012345-a1b2c3d4-0005-4000-8000-000000000005";

/// The accounts of `samples/accounts-full.csv`, vended.
fn full() -> Served {
    let file = sample("accounts-full.csv").display().to_string();
    Served::start(&[&file, "--speed", FAST])
}

/// What a person reads in a pipe, with the exit code.
fn plain(output: &Output) -> (Option<i32>, String) {
    let text = stdout(output);
    assert_plain(&text);
    assert_plain(&stderr(output));
    (output.status.code(), text)
}

/// Checks `text` against the snapshot, without ids that differ from run to run.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\b\d{12}\b", "[account id]");
    settings.add_filter(r"(?m)^\d+ of \d+ settled; handover looks every minute\n", "");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn audit(served: &Served, arguments: &[&str]) -> (Option<i32>, String) {
    plain(&served.vend(&[&["access", "audit"], arguments].concat()))
}

/// The id of a vended account.
fn id_of(served: &Served, name: &str) -> String {
    served.json(&["show", name])["account"]["accountId"].as_str().unwrap().to_owned()
}

/// Takes an assignment away, or gives one, behind Vend's back, and waits until it shows.
fn by_hand(served: &Served, account: &str, set: &str, gives: bool) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = served.clients().sso_admin();
    runtime.block_on(async {
        if gives {
            let give = client.create_account_assignment().instance_arn(INSTANCE);
            let give = give.target_type(TargetType::AwsAccount).target_id(account);
            let give = give.principal_type(PrincipalType::Group).principal_id(DEVELOPERS);
            give.permission_set_arn(set).send().await.unwrap();
        } else {
            let take = client.delete_account_assignment().instance_arn(INSTANCE);
            let take = take.target_type(TargetType::AwsAccount).target_id(account);
            let take = take.principal_type(PrincipalType::Group).principal_id(DEVELOPERS);
            take.permission_set_arn(set).send().await.unwrap();
        }
        for _ in 0..500 {
            let list = client.list_account_assignments().instance_arn(INSTANCE);
            let list = list.account_id(account).permission_set_arn(set).send().await.unwrap();
            let mut held = list.account_assignments().iter();
            if held.any(|it| it.principal_id() == Some(DEVELOPERS)) == gives {
                return;
            }
        }
        panic!("it never showed");
    });
}

fn findings(document: &Value) -> Vec<String> {
    let words = |it: &Value| {
        let through = it["through"]["name"].as_str().map(|name| format!(" through {name}"));
        format!(
            "{}: {} for {} {}{}, {}, {}",
            it["account"]["name"].as_str().unwrap(),
            it["permissionSet"].as_str().unwrap(),
            it["principal"]["type"].as_str().unwrap(),
            it["principal"]["name"].as_str().unwrap(),
            through.unwrap_or_default(),
            it["origin"].as_str().unwrap(),
            it["drift"].as_str().unwrap_or("-")
        )
    };
    document["findings"].as_array().unwrap().iter().map(words).collect()
}

#[test]
fn the_audit_prints_what_the_file_asks_for() {
    let served = full();
    let (code, text) = audit(&served, &[]);
    snapshot("audit", &text);
    assert_eq!(code, Some(0), "{text}");
    let output = served.vend(&["access", "audit", "--csv"]);
    assert_eq!(output.status.code(), Some(0));
    snapshot("audit_csv", stdout(&output).strip_prefix('\u{feff}').unwrap());
    let document = served.json(&["access", "audit"]);
    snapshot("audit_json", &findings(&document).join("\n"));
    assert_eq!((&document["missing"], &document["exitCode"]), (&0.into(), &0.into()));
    assert_eq!(document["accounts"], 11);
    assert_eq!(document["inactiveAccounts"], 1);
}

#[test]
fn each_filter_leaves_out_the_rest() {
    let served = full();
    let (_, text) = audit(&served, &["--account", "shop-test", "--group", "Developers"]);
    snapshot("audit_of_a_group", &text);
    let (_, text) = audit(&served, &["--user", "john.smith", "--account", "shop-production"]);
    snapshot("audit_of_a_user", &text);
    let (_, text) = audit(&served, &["--permission-set", "BillingView", "--people"]);
    snapshot("audit_of_people", &text);
    let by_id = id_of(&served, "plain");
    let of = |arguments: &[&str]| {
        let all = [&["access", "audit"], arguments].concat();
        findings(&served.json(&all)).len()
    };
    assert_eq!(of(&["--account", &by_id]), of(&["--account", "plain"]));
    let two = of(&["--account", "plain", "--account", "shop-test"]);
    assert_eq!(two, of(&["--account", "plain"]) + of(&["--account", "shop-test"]));
    assert_eq!(of(&["--user", "john.smith", "--group", "AWSSecurityAuditors"]), 0);
    for (arguments, name) in [
        (["--account", "shop-tset"], "audit_unknown_account"),
        (["--group", "Developpers"], "audit_unknown_group"),
        (["--user", "jon.smith"], "audit_unknown_user"),
        (["--permission-set", "BilingView"], "audit_unknown_permission_set"),
    ] {
        let output = served.vend(&[&["access", "audit"][..], &arguments].concat());
        assert_eq!(output.status.code(), Some(3));
        insta::assert_snapshot!(name, stderr(&output));
    }
    assert_eq!(served.vend(&["access", "audit", "--csv", "--json"]).status.code(), Some(2));
}

#[test]
fn what_is_taken_away_drifts_and_is_given_again() {
    let served = full();
    let account = id_of(&served, "shop-production");
    by_hand(&served, &account, READ_ONLY, false);
    let (code, text) = audit(&served, &["--account", "shop-production"]);
    snapshot("audit_missing", &text);
    assert_eq!(code, Some(1), "{text}");

    let list = served.write(
        "access.csv",
        &format!("Assignments,AccountId\ngroup:Developers=AWSReadOnlyAccess,{account}\n"),
    );
    let (code, text) = plain(&served.vend(&["access", "apply", &list]));
    snapshot("apply_plan", &text);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(audit(&served, &[]).0, Some(1), "nothing is changed by a plan");
    let (code, text) = plain(&served.vend(&["access", "apply", &list, "--apply"]));
    snapshot("apply_applied", &text);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = audit(&served, &[]);
    assert_eq!(code, Some(0), "{text}");

    let (code, text) = plain(&served.vend(&["access", "apply", &list, "--apply"]));
    snapshot("apply_again", &text);
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn what_others_give_is_extra_until_it_is_asked_for_and_is_never_taken_away() {
    let served = full();
    let account = id_of(&served, "plain");
    by_hand(&served, &account, BILLING, true);
    // Not vended: whatever others give there is theirs to give.
    by_hand(&served, "555566667777", BILLING, true);
    let (code, text) =
        audit(&served, &["--group", "Developers", "--permission-set", "BillingView"]);
    snapshot("audit_extra", &text);
    assert_eq!(code, Some(1), "{text}");
    let list = served.write(
        "access.csv",
        "AccountName,Assignments,Portfolios\n\
         plain,group:Developers=BillingView,Network baseline\n\
         webshop-production,group:Developers=BillingView;user:john.smith=AWSPowerUserAccess,Security tooling\n",
    );
    let (code, text) = plain(&served.vend(&["access", "apply", &list]));
    snapshot("apply_plan_of_several", &text);
    assert_eq!(code, Some(0), "{text}");
    let document = served.json(&["access", "apply", &list, "--apply"]);
    assert_eq!((&document["applied"], &document["exitCode"]), (&true.into(), &0.into()));
    let standings: Vec<&str> = document["accounts"][1]["grants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["standing"].as_str().unwrap())
        .collect();
    assert_eq!(standings, ["there by others", "new", "new", "new", "new"]);
    assert_eq!(document["accounts"][1]["grants"][1]["progress"], "DONE");
    assert_eq!(document["accounts"][1]["closed"], true);
    let (code, text) = audit(&served, &[]);
    assert_eq!(code, Some(0), "{text}");
    let document = served.json(&["access", "audit", "--account", "webshop-production"]);
    assert_eq!(document["given"]["vend"], 2, "{document}");
    let again = served.json(&["access", "apply", &list]);
    let left = again["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|it| it["grants"].as_array().unwrap())
        .filter(|it| it["toDo"] == true)
        .count();
    assert_eq!(left, 0, "{again}");
}

#[test]
fn a_list_that_is_wrong_is_refused_whole() {
    let served = full();
    let list = served.write(
        "wrong.csv",
        "AccountName,AccountId,Asignments,Portfolios\nplain,,group:Developers=BillingView,x\n",
    );
    let (code, text) = plain(&served.vend(&["access", "apply", &list, "--apply"]));
    snapshot("refused_header", &text.replace(&list, "wrong.csv"));
    assert_eq!(code, Some(2));
    let list = served.write(
        "wrong.csv",
        "AccountName,AccountId,Assignments,Portfolios\n\
         plain,,group:Developers=BillingView,\n\
         plan,,group:Developpers=BillingView;group:Developers=BilingView,Netwrk baseline\n\
         closed-prototype,,group:Developers=BillingView,\n\
         Management,,group:Developers=BillingView,\n\
         ,99999,group:Developers=BillingView,\n\
         ,,team:x=y,\n",
    );
    let (code, text) = plain(&served.vend(&["access", "apply", &list, "--apply"]));
    snapshot("refused_rows", &text.replace(&list, "wrong.csv"));
    assert_eq!(code, Some(2));
    let document = served.json(&["access", "apply", &list, "--apply"]);
    assert_eq!((&document["applied"], &document["exitCode"]), (&false.into(), &2.into()));
    let (code, _) = audit(&served, &["--account", "plain"]);
    assert_eq!(code, Some(0), "nothing is given");
    let management = served.write(
        "management.csv",
        "AccountName,Assignments\nManagement,group:Developers=BillingView\n",
    );
    let output = served.vend(&["access", "apply", &management, "--management-account"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let output = served.vend(&["access", "apply", "no-such-list.csv"]);
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn what_identity_center_refuses_is_told_with_cause_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, common::list(&["alpha", "beta"])).unwrap();
    let file = file.display().to_string();
    let served = Served::start(&[&file, "--speed", FAST, "--fail", "beta=access-fails"]);
    let list = served.write(
        "access.csv",
        "AccountName,Assignments\nalpha,group:Developers=BillingView\nbeta,group:Developers=BillingView\n",
    );
    let (code, text) = plain(&served.vend(&["access", "apply", &list, "--apply"]));
    snapshot("apply_failed", &text);
    assert_eq!(code, Some(1), "{text}");
    let document = served.json(&["access", "apply", &list]);
    assert_eq!(document["accounts"][1]["grants"][0]["standing"], "failed before");
    let (code, text) = audit(&served, &["--group", "Developers"]);
    assert_eq!(code, Some(0), "what failed is not missing: {text}");
}

#[test]
#[cfg(unix)]
fn whoever_stops_watching_is_told_that_it_goes_on() {
    // So slow that handover's next look is far away.
    let served = Served::start(&["--speed", "1"]);
    let list = served.write(
        "access.csv",
        "AccountName,Assignments\nwebshop-production,group:Developers=BillingView\n",
    );
    let mut command = served.command(&["access", "apply", &list, "--apply"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    lines.find(|line| line.as_ref().unwrap().contains("0 of 1 settled")).unwrap().unwrap();
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{rest:?}");
    assert!(stderr(&output).contains("what was asked for goes on"), "{}", stderr(&output));
    assert!(rest.iter().any(|line| line.contains("1 thing still under way")), "{rest:?}");
    let again = served.json(&["access", "apply", &list]);
    assert_eq!(again["accounts"][0]["grants"][0]["standing"], "under way");
}
