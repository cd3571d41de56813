//! Asynchronous invocations: bucket notifications and schedules, and retries.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_s3::primitives::ByteStream;
use chrono::TimeDelta;
use common::{Scripted, fail, open, s3, start};
use local_cloud::delivery::{
    Asynchronous, BucketNotification, Delivered, Ended, Origin, Pace, Reason, Schedule, Step,
    Wiring,
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

fn notified(functions: &[&Arc<Scripted>]) -> Wiring {
    Wiring {
        functions: functions.iter().map(|it| Arc::clone(it) as _).collect(),
        notifications: vec![BucketNotification {
            bucket: "lists".to_owned(),
            function: "f".to_owned(),
            suffix: ".csv".to_owned(),
            excluded_prefixes: vec!["results/".to_owned()],
            ..BucketNotification::default()
        }],
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
    upload(&cloud, "in/a.txt").await;
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let mut delivery = Delivery::new(cloud.clone(), notified(&[&function])).unwrap();
    let step = delivery.step().await.unwrap();
    let delivered = Delivered {
        function: "f".to_owned(),
        origin: Origin::Bucket("lists".to_owned()),
        attempt: 1,
        error: None,
    };
    assert_eq!(step, Step::Delivered(delivered));
    assert!(matches!(delivery.step().await.unwrap(), Step::Idle { .. }));
    let record = &function.got()[0].1["Records"][0];
    assert_eq!(record["eventName"], "ObjectCreated:Put");
    assert_eq!(record["eventTime"], "2026-11-21T10:00:00.000Z");
    assert_eq!(record["s3"]["bucket"]["arn"], "arn:aws:s3:::lists");
    let object = &record["s3"]["object"];
    assert_eq!(object["key"], "in/red+flower%2B.csv");
    assert_eq!(object["size"], 4);
    let head = s3(&cloud).head_object().bucket("lists").key("in/red flower+.csv");
    let head = head.version_id(object["versionId"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(head.e_tag.unwrap().trim_matches('"'), object["eTag"].as_str().unwrap());
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
            Asynchronous { maximum_age: TimeDelta::seconds(60), retries: 2 },
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

fn every_minute(function: &Arc<Scripted>) -> Wiring {
    Wiring {
        functions: vec![Arc::clone(function) as _],
        schedules: vec![Schedule {
            name: "tick".to_owned(),
            every: TimeDelta::minutes(1),
            function: "f".to_owned(),
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
        .map(|(_, event)| event["Records"][0]["s3"]["object"]["key"].as_str().unwrap().to_owned())
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
    wiring.notifications = notified(&[]).notifications;
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
