//! Asynchronous invocations: uploads and schedules, and retries.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_s3::primitives::ByteStream;
use chrono::TimeDelta;
use common::{Scripted, fail, open, s3, start};
use local_cloud::delivery::{
    Asynchronous, Delivered, Ended, Origin, Pace, Pattern, Reason, Refusal, Rule, Schedule, Step,
    Target, Wiring,
};
use local_cloud::{Cloud, Delivery};
use serde_json::{Value, json};

async fn upload(cloud: &Cloud, key: &str) {
    let put = s3(cloud).put_object().bucket("lists").key(key);
    put.body(ByteStream::from_static(b"x,y\n")).send().await.unwrap();
}

async fn bucket(cloud: &Cloud) {
    s3(cloud).create_bucket().bucket("lists").send().await.unwrap();
}

fn uploads(target: Target) -> Rule {
    let pattern = json!({
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": { "name": ["lists"] },
            "object": { "key": [{ "anything-but": { "prefix": "results/" } }] },
        },
    });
    let pattern = Pattern::parse(&pattern).unwrap();
    Rule { name: "uploads".to_owned(), pattern, targets: vec![target] }
}

fn notified(functions: &[&Arc<Scripted>]) -> Wiring {
    Wiring {
        functions: functions.iter().map(|it| Arc::clone(it) as _).collect(),
        buckets: vec!["lists".to_owned()],
        rules: vec![uploads(Target::new("f"))],
        ..Wiring::default()
    }
}

async fn run(delivery: &mut Delivery) {
    let ended = delivery.run_until(async |_| false, Pace::Unpaced).await.unwrap();
    assert_eq!(ended, Ended::NothingLeft);
}

#[tokio::test]
async fn an_upload_is_told_in_s3s_own_words() {
    let cloud = open(None);
    bucket(&cloud).await;
    upload(&cloud, "in/red flower+.csv").await;
    upload(&cloud, "results/a.csv").await;
    s3(&cloud).create_bucket().bucket("others").send().await.unwrap();
    let copy = s3(&cloud).copy_object().bucket("others").key("a.csv");
    copy.copy_source("lists/results/a.csv").send().await.unwrap();
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let mut delivery = Delivery::new(cloud.clone(), notified(&[&function])).unwrap();
    let step = delivery.step().await.unwrap();
    let delivered = Delivered {
        function: "f".to_owned(),
        origin: Origin::Rule("uploads".to_owned()),
        attempt: 1,
        error: None,
    };
    assert_eq!(step, Step::Delivered(delivered));
    assert!(matches!(delivery.step().await.unwrap(), Step::Idle { .. }));
    let event = &function.got()[0].1;
    assert_eq!(event["detail-type"], "Object Created");
    assert_eq!(event["time"], "2026-11-21T10:00:00Z");
    assert_eq!(event["resources"], json!(["arn:aws:s3:::lists"]));
    assert_eq!(event["detail"]["reason"], "PutObject");
    let object = &event["detail"]["object"];
    assert_eq!(object["key"], "in/red flower+.csv", "it is not encoded on the bus");
    assert_eq!(object["size"], 4);
    let head = s3(&cloud).head_object().bucket("lists").key("in/red flower+.csv");
    let head = head.version_id(object["version-id"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(head.e_tag.unwrap().trim_matches('"'), object["etag"].as_str().unwrap());
    assert_eq!(object["sequencer"].as_str().unwrap().len(), 18);
}

#[tokio::test]
async fn a_failed_event_is_tried_again_after_one_and_two_minutes() {
    let cloud = open(None);
    bucket(&cloud).await;
    upload(&cloud, "a.csv").await;
    let function = Scripted::new(&cloud, "f", |_| fail());
    let mut delivery = Delivery::new(cloud.clone(), notified(&[&function])).unwrap();
    run(&mut delivery).await;
    assert_eq!(function.seconds(), [0, 60, 180]);
    let [lost] = delivery.undelivered() else { panic!() };
    assert_eq!((lost.reason, lost.attempts), (Reason::RetriesExhausted, 3));
    assert_eq!(lost.event, function.got()[0].1, "the event itself is kept");
    assert_eq!(lost.error.as_ref().unwrap().error_type, "Told");
    assert_eq!(delivery.stats().retries, 2);
}

#[tokio::test]
async fn tries_and_age_are_settings() {
    for (rules, seconds, reason) in [
        (Asynchronous { retries: 0, ..Asynchronous::default() }, vec![0], Reason::RetriesExhausted),
        (
            Asynchronous { maximum_age: TimeDelta::seconds(60), ..Asynchronous::default() },
            vec![0, 60],
            Reason::TooOld,
        ),
    ] {
        let cloud = open(None);
        bucket(&cloud).await;
        upload(&cloud, "a.csv").await;
        let function = Scripted::new(&cloud, "f", |_| fail());
        let asynchronous = BTreeMap::from([("f".to_owned(), rules)]);
        let wiring = Wiring { asynchronous, ..notified(&[&function]) };
        let mut delivery = Delivery::new(cloud.clone(), wiring).unwrap();
        run(&mut delivery).await;
        assert_eq!(function.seconds(), seconds);
        assert_eq!(delivery.undelivered()[0].reason, reason);
    }
}

fn handed(function: &Arc<Scripted>, target: Target) -> Wiring {
    let target = Target { dead_letter: Some("rules".to_owned()), ..target };
    Wiring { rules: vec![uploads(target)], ..notified(&[function]) }
}

#[tokio::test]
async fn what_lambda_does_not_take_is_handed_to_it_again_as_the_rule_says() {
    for (settings, refused, reason) in [
        (Target { retries: 3, ..Target::new("f") }, vec![0, 2, 6, 14], Reason::RetriesExhausted),
        (
            Target { maximum_age: TimeDelta::seconds(60), ..Target::new("f") },
            vec![0, 2, 6, 14, 30],
            Reason::TooOld,
        ),
    ] {
        let cloud = open(None);
        bucket(&cloud).await;
        upload(&cloud, "a.csv").await;
        let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
        function.refuse(&[Refusal::Throttled; 9]);
        let mut delivery = Delivery::new(cloud.clone(), handed(&function, settings)).unwrap();
        run(&mut delivery).await;
        assert_eq!(function.refused_seconds(), refused);
        let [lost] = delivery.undelivered() else { panic!() };
        assert_eq!((lost.reason, lost.attempts as usize), (reason, refused.len()));
        assert_eq!(lost.destination.as_deref(), Some("rules"));
        assert_eq!(lost.error.as_ref().unwrap().error_type, "THROTTLING");
        assert_eq!(lost.event["detail"]["object"]["key"], "a.csv");
        assert_eq!(function.seconds(), [0; 0]);
    }
}

#[tokio::test]
async fn the_tries_of_the_bus_are_not_those_of_lambda() {
    let cloud = open(None);
    bucket(&cloud).await;
    upload(&cloud, "a.csv").await;
    let function = Scripted::new(&cloud, "f", |_| fail());
    function.refuse(&[Refusal::Throttled; 3]);
    let asynchronous = Asynchronous {
        on_failure: Some("events".to_owned()),
        maximum_age: TimeDelta::seconds(180),
        ..Asynchronous::default()
    };
    let wiring = Wiring {
        asynchronous: BTreeMap::from([("f".to_owned(), asynchronous)]),
        ..handed(&function, Target::new("f"))
    };
    let mut delivery = Delivery::new(cloud.clone(), wiring).unwrap();
    run(&mut delivery).await;
    assert_eq!(function.seconds(), [14, 74, 194], "its age in Lambda counts from 14");
    let [lost] = delivery.undelivered() else { panic!() };
    assert_eq!((lost.attempts, lost.destination.as_deref()), (3, Some("events")));
}

#[tokio::test]
async fn a_rule_that_may_not_invoke_gives_up_at_once() {
    let cloud = open(None);
    bucket(&cloud).await;
    upload(&cloud, "a.csv").await;
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let target = Target { permitted: false, ..Target::new("f") };
    let mut delivery = Delivery::new(cloud.clone(), handed(&function, target)).unwrap();
    run(&mut delivery).await;
    let [lost] = delivery.undelivered() else { panic!() };
    assert_eq!((lost.reason, lost.attempts), (Reason::Forbidden, 1));
    assert_eq!(cloud.now(), start());
}

fn every_minute(function: &Arc<Scripted>) -> Wiring {
    Wiring {
        functions: vec![Arc::clone(function) as _],
        schedules: vec![Schedule {
            name: "tick".to_owned(),
            every: TimeDelta::minutes(1),
            targets: vec![Target::new("f")],
        }],
        ..Wiring::default()
    }
}

#[tokio::test]
async fn a_schedule_ticks_in_virtual_time() {
    let cloud = open(None);
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let mut delivery = Delivery::new(cloud.clone(), every_minute(&function)).unwrap();
    let until = start() + TimeDelta::minutes(3);
    let ended = delivery.run_until(async |it| it.cloud().now() >= until, Pace::Unpaced).await;
    assert_eq!(ended.unwrap(), Ended::Done);
    assert_eq!(function.seconds(), [60, 120, 180]);
    let event = &function.got()[1].1;
    assert_eq!(event["detail-type"], "Scheduled Event");
    assert_eq!(event["source"], "aws.events");
    assert_eq!(event["time"], "2026-11-21T10:02:00Z");
    assert_eq!(event["resources"], json!(["arn:aws:events:us-east-1:111122223333:rule/tick"]));
    assert_ne!(event["id"], function.got()[2].1["id"]);
}

#[tokio::test]
async fn a_later_run_delivers_what_an_earlier_one_did_not() {
    let folder = tempfile::tempdir().unwrap();
    {
        let cloud = open(Some(folder.path()));
        bucket(&cloud).await;
        upload(&cloud, "a.csv").await;
        upload(&cloud, "b.csv").await;
        let function = Scripted::new(&cloud, "f", |_| fail());
        let mut delivery = Delivery::new(cloud.clone(), notified(&[&function])).unwrap();
        delivery.step().await.unwrap();
        upload(&cloud, "c.csv").await;
    }
    let cloud = open(Some(folder.path()));
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let mut delivery = Delivery::new(cloud.clone(), notified(&[&function])).unwrap();
    run(&mut delivery).await;
    let keys: Vec<_> = function
        .got()
        .iter()
        .map(|(_, event)| event["detail"]["object"]["key"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["b.csv", "c.csv", "a.csv"]);
    assert_eq!(function.seconds(), [0, 0, 60]);
}

#[tokio::test]
async fn a_paced_run_notices_what_comes_from_outside_before_its_next_moment() {
    let cloud = open(None);
    bucket(&cloud).await;
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let mut wiring = every_minute(&function);
    (wiring.buckets, wiring.rules) = (notified(&[]).buckets, notified(&[]).rules);
    let mut delivery = Delivery::new(cloud.clone(), wiring).unwrap();
    // At this pace the next tick is an hour away.
    let running =
        delivery.run_until(async |_| !function.got().is_empty(), Pace::Factor(1.0 / 60.0));
    let (ended, ()) = tokio::join!(running, upload(&cloud, "a.csv"));
    assert_eq!(ended.unwrap(), Ended::Done);
    let seconds = function.seconds();
    assert_eq!(seconds.len(), 1);
    assert!(seconds[0] < 60, "{seconds:?}");
}

#[tokio::test]
async fn a_wiring_that_cannot_work_is_refused() {
    let cloud = open(None);
    let function = Scripted::new(&cloud, "g", |_| Ok(Value::Null));
    assert!(Delivery::new(cloud.clone(), notified(&[&function])).is_err());
    let mut wiring = every_minute(&Scripted::new(&cloud, "f", |_| Ok(Value::Null)));
    wiring.schedules[0].every = TimeDelta::zero();
    assert!(Delivery::new(cloud, wiring).is_err());
}
