//! Declared permission sets: planned, brought about, and brought into the accounts that
//! hold them; and everything that can be in the way.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::path::Path;
use std::process::Output;

use common::{Served, assert_plain, json, sample, stderr, stdout, vend};
use serde_json::Value;

/// Fast enough for a minute to pass in a moment.
const FAST: &str = "20000";

const ACCOUNT: &str = "555566667777";

/// A landing zone in which an account holds `BillingView`, with what goes wrong in it.
fn served(changes: &[(&str, &str)]) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zone.toml");
    let mut zone = std::fs::read_to_string(sample("landing-zone.toml")).unwrap();
    for (line, other) in changes {
        assert!(zone.contains(line), "{line}");
        zone = zone.replacen(line, other, 1);
    }
    zone.push_str(&format!(
        "[[identity_center.assignments]]\naccount = \"{ACCOUNT}\"\n\
         permission_set = \"BillingView\"\ngroup = \"Developers\"\n"
    ));
    std::fs::write(&file, zone).unwrap();
    Served::start(&["--speed", FAST, "--landing-zone", &file.display().to_string()])
}

fn plain(output: &Output) -> (Option<i32>, String) {
    let text = stdout(output);
    assert_plain(&text);
    assert_plain(&stderr(output));
    (output.status.code(), text)
}

/// The text without the way to the file, which is another each time.
fn told(output: &Output, file: &str) -> (Option<i32>, String) {
    let (code, text) = plain(output);
    let name = Path::new(file).file_name().unwrap().to_str().unwrap();
    (code, text.replace(file, name))
}

fn declared(served: &Served, text: &str) -> String {
    served.write("sets.toml", text)
}

const BILLING: &str = "[[permission_set]]\nname = \"BillingView\"\nsession = \"4h\"\n\
                       managed_policies = [\"ReadOnlyAccess\"]\n";

fn apply(served: &Served, file: &str) -> Output {
    served.vend(&["permission-sets", "apply", file, "--apply"])
}

fn first(document: &Value) -> &Value {
    &document["permissionSets"][0]
}

#[test]
fn the_sample_is_planned_brought_about_and_then_there_is_nothing_to_do() {
    let served = served(&[]);
    let file = served
        .write("sets.toml", &std::fs::read_to_string(sample("permission-sets.toml")).unwrap());
    let (code, text) = told(&served.vend(&["permission-sets", "plan", &file]), &file);
    assert_eq!(code, Some(0), "{text}");
    insta::assert_snapshot!("permission_sets_plan", text);

    let (code, unapplied) = told(&served.vend(&["permission-sets", "apply", &file]), &file);
    assert_eq!(code, Some(0), "{unapplied}");
    assert!(unapplied.ends_with("nothing was changed; add --apply to do it\n"), "{unapplied}");
    let again = served.json(&["permission-sets", "plan", &file]);
    assert_eq!((&again["changes"], &first(&again)["action"]), (&true.into(), &"create".into()));

    let (code, text) = told(&apply(&served, &file), &file);
    assert_eq!(code, Some(0), "{text}");
    insta::assert_snapshot!("permission_sets_applied", text);

    let (code, text) = told(&apply(&served, &file), &file);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.ends_with("\nnothing is to be done\n"), "{text}");
    let after = served.json(&["permission-sets", "plan", &file]);
    assert_eq!(after["changes"], false);
    assert!(after["permissionSets"].as_array().unwrap().iter().all(|it| it["action"] == "none"));
}

#[test]
fn conflicts_are_waited_for() {
    let served = served(&[("write_conflicts = 0", "write_conflicts = 3")]);
    let file = declared(&served, BILLING);
    let document = served.json(&["permission-sets", "apply", &file, "--apply"]);
    assert_eq!(first(&document)["outcome"]["result"], "done", "{document}");
    assert_eq!(first(&document)["outcome"]["accounts"], serde_json::json!([ACCOUNT]));
}

#[test]
fn an_account_in_which_it_cannot_be_provisioned_is_named() {
    let fails = format!("provisioning_fails = [\"{ACCOUNT}\"]");
    let served = served(&[("provisioning_fails = []", &fails)]);
    let file = declared(&served, BILLING);
    let (code, text) = told(&apply(&served, &file), &file);
    assert_eq!(code, Some(1), "{text}");
    insta::assert_snapshot!("permission_sets_not_provisioned", text);
    let document = served.json(&["permission-sets", "plan", &file]);
    assert_eq!(first(&document)["action"], "provision");
    assert_eq!(first(&document)["accounts"], serde_json::json!([ACCOUNT]));
}

#[test]
fn what_aws_refuses_ends_one_set_and_not_the_others() {
    let known = "[identity_center]\naws_managed_policies = [\"ReadOnlyAccess\"]\n";
    let served = served(&[("[identity_center]\n", known)]);
    let text =
        format!("[[permission_set]]\nname = \"New\"\nmanaged_policies = [\"NoSuch\"]\n{BILLING}");
    let file = declared(&served, &text);
    let (code, text) = told(&apply(&served, &file), &file);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("New was refused with ResourceNotFoundException"), "{text}");
    assert!(text.contains("BillingView was changed, and brought into 1 account"), "{text}");
}

#[test]
fn a_quota_is_told_in_awss_words() {
    let served = served(&[("policies_per_permission_set = 10", "policies_per_permission_set = 1")]);
    let two = "managed_policies = [\"ReadOnlyAccess\", \"SecurityAudit\"]\n";
    let file = declared(&served, &format!("[[permission_set]]\nname = \"New\"\n{two}"));
    let document = json(&served.vend(&["permission-sets", "apply", &file, "--apply", "--json"]));
    let outcome = &first(&document)["outcome"];
    assert_eq!(outcome["result"], "refused", "{document}");
    assert!(
        outcome["text"].as_str().unwrap().contains("ServiceQuotaExceededException"),
        "{document}"
    );
}

#[test]
fn a_bad_file_is_refused_with_every_fault_and_without_asking_aws() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sets.toml");
    let text = "[[permission_set]]\nname = \"a\\u001b[2J\"\nsesion = \"4h\"\n\
                inline_policy = \"{}\"\n";
    std::fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    // Nobody is asked: nothing answers at this address.
    let output = vend(&["permission-sets", "plan", &file, "--local=127.0.0.1:1"]);
    let (code, text) = told(&output, &file);
    assert_eq!(code, Some(2), "{text}");
    insta::assert_snapshot!("permission_sets_refused", text);
    let document = json(&vend(&["permission-sets", "apply", &file, "--json"]));
    assert_eq!(document["faultsInAll"], 4, "{document}");
}

#[test]
fn every_part_comes_becomes_another_and_goes() {
    let served = served(&[]);
    let policy = |effect: &str| {
        format!(
            "inline_policy = '{{\"Version\":\"2012-10-17\",\"Statement\":{{\"Effect\":\"{effect}\",\
             \"Action\":\"*\",\"Resource\":\"*\"}}}}'\n"
        )
    };
    let head = "[[permission_set]]\nname = \"Team\"\n";
    let own = "customer_managed_policies = [\"One\", { name = \"Two\", path = \"/a/\" }]\n";
    let other = "customer_managed_policies = [{ name = \"Two\", path = \"/b/\" }, \"Three\"]\n";
    let with =
        "description = \"One\"\nsession = \"1h30m\"\nrelay_state = \"https://example.com\"\n";
    let versions = [
        format!(
            "{head}{own}{with}boundary = {{ managed = \"ReadOnlyAccess\" }}\n{}",
            policy("Allow")
        ),
        format!(
            "{head}{other}session = \"12h\"\nboundary = {{ customer = {{ name = \"Edge\" }} }}\n{}",
            policy("Deny")
        ),
        format!(
            "{head}description = \"Three\"\nmanaged_policies = [\"SecurityAudit\", \"job-function/Billing\"]\n"
        ),
    ];
    for (version, action) in versions.iter().zip(["create", "change", "change"]) {
        let file = declared(&served, version);
        let document = served.json(&["permission-sets", "apply", &file, "--apply"]);
        assert_eq!(first(&document)["action"], action, "{document}");
        assert_eq!(first(&document)["outcome"]["result"], "done", "{document}");
        let after = served.json(&["permission-sets", "plan", &file]);
        assert_eq!(after["changes"], false, "{after}");
    }
}

#[test]
fn sets_that_are_not_declared_are_left_alone() {
    let served = served(&[]);
    let sets = async || {
        let client = served.clients().sso_admin();
        let instances = client.list_instances().send().await.unwrap();
        let arn = instances.instances().last().unwrap().instance_arn().unwrap().to_owned();
        let listed = client.list_permission_sets().instance_arn(&arn).send().await.unwrap();
        let mut policies = Vec::new();
        for set in listed.permission_sets() {
            let list = client.list_managed_policies_in_permission_set().instance_arn(&arn);
            let held = list.permission_set_arn(set).send().await.unwrap();
            policies.push((set.clone(), format!("{:?}", held.attached_managed_policies())));
        }
        policies
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let before = runtime.block_on(sets());
    let file = declared(&served, BILLING);
    assert_eq!(apply(&served, &file).status.code(), Some(0));
    let after = runtime.block_on(sets());
    let changed: Vec<_> = before.iter().zip(&after).filter(|(one, other)| one != other).collect();
    assert_eq!((before.len(), changed.len()), (after.len(), 1), "{changed:?}");
}
