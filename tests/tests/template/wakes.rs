//! Which function is woken by which sample event: every event pattern and every filter
//! of the template, against every file in `samples/events`.

use std::collections::BTreeMap;

use local_cloud::delivery::{Target, Wiring};
use local_cloud::template::Stack;
use serde_json::{Value, json};

use crate::scripted::Three;
use crate::{deployed, stack};

/// The samples by their file names.
fn samples() -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(stack::repository("samples/events")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let sample = |path: std::path::PathBuf| {
        let json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), json)
    };
    files.map(sample).collect()
}

/// Who is woken, in the order of the alphabet and separated by blanks.
fn woken(stack: &Stack, wiring: &Wiring, event: &Value) -> String {
    let mut woken = Vec::new();
    let mut wake = |targets: &[Target]| woken.extend(targets.iter().map(|it| it.function.clone()));
    for rule in wiring.rules.iter().filter(|rule| rule.pattern.matches(event)) {
        wake(&rule.targets);
    }
    if event["detail-type"] == "Scheduled Event" {
        wiring.schedules.iter().for_each(|schedule| wake(&schedule.targets));
    }
    let records = event["Records"].as_array().into_iter().flatten();
    for record in records.filter(|it| it["eventSource"] == "aws:dynamodb") {
        let passing = wiring.streams.iter().filter(|it| it.filters.pass(record));
        woken.extend(passing.map(|it| it.function.clone()));
    }
    if event.get("ResponseURL").is_some() {
        woken.extend(custom_resource(stack, event["ResourceType"].as_str().unwrap()));
    }
    woken.sort();
    woken.join(" ")
}

/// The function that the stack asks for a custom resource.
fn custom_resource(stack: &Stack, kind: &str) -> Option<String> {
    let (_, resource) = stack.of_kind(kind).next()?;
    let token = &resource.properties["ServiceToken"];
    let asked = stack::FUNCTIONS
        .iter()
        .find(|(logical, _)| *token == stack.attribute(logical, "Arn").unwrap());
    asked.map(|(_, name)| (*name).to_owned())
}

fn both() -> (Stack, Wiring) {
    let stack = stack::stack(&[]);
    let functions = Three::with(&deployed::cloud(), "", |_| Ok(Value::Null)).functions();
    let wiring = stack::wiring(&stack, functions);
    (stack, wiring)
}

#[test]
fn each_sample_event_wakes_whom_it_should() {
    let (stack, wiring) = both();
    let table: Vec<_> = samples()
        .iter()
        .map(|(name, event)| format!("{name}: {}", woken(&stack, &wiring, event)))
        .collect();
    let expected = [
        "cloudformation-create: intake",
        "cloudformation-delete: intake",
        "cloudformation-update: intake",
        "create-managed-account-failed: handover provision",
        "create-managed-account-outside: handover provision",
        "create-managed-account-succeeded: handover provision",
        "s3-object-created: intake",
        // Plain notifications: the bucket of this stack sends none.
        "s3-put: ",
        "s3-test-event: ",
        "scheduled: handover provision",
        "stream-insert: provision",
        "stream-modify: handover",
        "update-managed-account-succeeded: handover provision",
    ];
    assert_eq!(table, expected);
}

#[test]
fn what_is_not_for_vend_wakes_nobody() {
    let (stack, wiring) = both();
    let samples = samples();
    let changed = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut event = samples[name].clone();
        change(&mut event);
        woken(&stack, &wiring, &event)
    };
    let upload = "s3-object-created";
    let key = |key: &str| changed(upload, &|it| it["detail"]["object"]["key"] = json!(key));
    assert_eq!(key("results/accounts-0a1b2c3d.csv"), "");
    assert_eq!(key("in/results/accounts.csv"), "intake");
    assert_eq!(key("results.csv"), "intake");
    assert_eq!(changed(upload, &|it| it["detail"]["bucket"]["name"] = json!("another")), "");
    assert_eq!(changed(upload, &|it| it["detail-type"] = json!("Object Deleted")), "");
    let lifecycle = "create-managed-account-succeeded";
    let named = |name: &str| changed(lifecycle, &|it| it["detail"]["eventName"] = json!(name));
    assert_eq!(named("SetupLandingZone"), "");
    assert_eq!(changed(lifecycle, &|it| it["source"] = json!("my.controltower")), "");
    let status = |status: &str| {
        changed("stream-modify", &|it| {
            it["Records"][0]["dynamodb"]["NewImage"]["Status"]["S"] = json!(status);
        })
    };
    assert_eq!(status("PROVISIONING"), "");
    assert_eq!(status("QUEUED"), "provision");
}

#[test]
fn what_is_to_be_told_wakes_handover_until_it_is_told() {
    let (stack, wiring) = both();
    let announced = |told: bool| {
        let mut event = samples()["stream-modify"].clone();
        let images = &mut event["Records"][0]["dynamodb"];
        images["NewImage"]["Status"]["S"] = json!("READY");
        images["NewImage"]["Announced"] = json!({ "BOOL": told });
        woken(&stack, &wiring, &event)
    };
    assert_eq!(announced(false), "handover");
    assert_eq!(announced(true), "");
}
