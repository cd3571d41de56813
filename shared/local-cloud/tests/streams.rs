//! Table streams to functions, by every rule of a mapping.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::sync::Arc;

use chrono::TimeDelta;
use common::{Scripted, create_table, dynamodb, fail, names, open, put, start};
use local_cloud::delivery::{Ended, Filters, Pace, Reason, Step, StreamMapping, Wiring};
use local_cloud::{Cloud, Delivery};
use serde_json::{Value, json};

async fn cloud_with(items: &[&str]) -> Cloud {
    let cloud = open(None);
    let client = dynamodb(&cloud);
    create_table(&client, "accounts").await;
    for item in items {
        put(&client, "accounts", item).await;
    }
    cloud
}

fn delivery(cloud: &Cloud, function: &Arc<Scripted>, mapping: StreamMapping) -> Delivery {
    let wiring =
        Wiring { functions: vec![function.clone()], streams: vec![mapping], ..Wiring::default() };
    Delivery::new(cloud.clone(), wiring).unwrap()
}

async fn run(delivery: &mut Delivery) {
    let ended = delivery.run_until(async |_| false, Pace::Unpaced).await.unwrap();
    assert_eq!(ended, Ended::NothingLeft);
}

fn mapping() -> StreamMapping {
    StreamMapping::new("accounts", "f")
}

/// Reports from the record `poison` on as failed.
fn report(
    poison: &'static str,
) -> impl Fn(&Value) -> Result<Value, local_cloud::delivery::FunctionError> {
    move |event| {
        let records = event["Records"].as_array().unwrap();
        let failed = records.iter().find(|it| it["dynamodb"]["Keys"]["Name"]["S"] == poison);
        let failures: Vec<_> = failed
            .iter()
            .map(|it| json!({ "itemIdentifier": it["dynamodb"]["SequenceNumber"] }))
            .collect();
        Ok(json!({ "batchItemFailures": failures }))
    }
}

#[tokio::test]
async fn a_record_is_what_lambda_gets() {
    let cloud = cloud_with(&["a"]).await;
    let client = dynamodb(&cloud);
    cloud.advance_to(start() + TimeDelta::seconds(30)).unwrap();
    let update = client.update_item().table_name("accounts").key("Name", common::text("a"));
    let update = update.update_expression("SET #s = :s").expression_attribute_names("#s", "Status");
    update.expression_attribute_values(":s", common::text("READY")).send().await.unwrap();
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let mut delivery = delivery(&cloud, &function, mapping());
    run(&mut delivery).await;
    let got = function.got();
    let [first, second] = &got[0].1["Records"].as_array().unwrap()[..] else { panic!() };
    assert_eq!(first["eventName"], "INSERT");
    assert!(first["dynamodb"].get("OldImage").is_none());
    assert_eq!(first["dynamodb"]["ApproximateCreationDateTime"], start().timestamp());
    assert_eq!(second["eventName"], "MODIFY");
    assert_eq!(second["dynamodb"]["ApproximateCreationDateTime"], start().timestamp() + 30);
    assert_eq!(second["dynamodb"]["OldImage"]["Status"], json!({ "S": "QUEUED" }));
    assert_eq!(second["dynamodb"]["NewImage"]["Status"], json!({ "S": "READY" }));
    assert_eq!(second["dynamodb"]["Keys"], json!({ "Name": { "S": "a" } }));
    assert_eq!(second["dynamodb"]["StreamViewType"], "NEW_AND_OLD_IMAGES");
    assert!(second["dynamodb"]["SizeBytes"].is_number());
    assert!(second["eventID"].is_string());
    assert_eq!(second["eventVersion"], "1.1");
    assert_eq!(second["eventSource"], "aws:dynamodb");
    assert_eq!(second["awsRegion"], "us-east-1");
    let arn = second["eventSourceARN"].as_str().unwrap();
    assert!(arn.starts_with("arn:aws:dynamodb:us-east-1:111122223333:table/accounts/stream/"));
}

#[tokio::test]
async fn batches_come_in_order_and_no_larger_than_asked() {
    let cloud = cloud_with(&["a", "b", "c", "d", "e"]).await;
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let mut delivery = delivery(&cloud, &function, StreamMapping { batch_size: 2, ..mapping() });
    run(&mut delivery).await;
    assert_eq!(function.batches(), ["a b", "c d", "e"]);
    put(&dynamodb(&cloud), "accounts", "f").await;
    run(&mut delivery).await;
    assert_eq!(function.batches().last().unwrap(), "f");
    assert_eq!(delivery.stats().invocations["f"], 4);
}

#[tokio::test]
async fn filtered_records_are_consumed_silently() {
    let cloud = cloud_with(&["a", "b", "c", "d"]).await;
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let pattern = r#"{"eventName":["INSERT"],"dynamodb":{"Keys":{"Name":{"S":["b","d"]}}}}"#;
    let filters = Filters::parse(&json!({ "Filters": [{ "Pattern": pattern }] })).unwrap();
    let mapping = StreamMapping { filters, batch_size: 2, ..mapping() };
    let mut delivery = delivery(&cloud, &function, mapping);
    run(&mut delivery).await;
    assert_eq!(function.batches(), ["b d"]);
}

#[tokio::test]
async fn everything_from_the_first_reported_failure_is_retried() {
    let cloud = cloud_with(&["a", "b", "c", "d"]).await;
    let function = Scripted::new(&cloud, "f", report("c"));
    let settings = StreamMapping { report_item_failures: true, retries: Some(2), ..mapping() };
    let mut delivery = delivery(&cloud, &function, settings);
    run(&mut delivery).await;
    assert_eq!(function.batches(), ["a b c d", "c d", "c d"]);
    assert_eq!(function.seconds(), [0, 1, 3]);
    let [lost] = delivery.undelivered() else { panic!() };
    assert_eq!((lost.reason, lost.attempts), (Reason::RetriesExhausted, 3));
    let info = &lost.event["DDBStreamBatchInfo"];
    assert_eq!(info["batchSize"], 2);
    assert!(lost.event.to_string().find("QUEUED").is_none(), "metadata only");
}

#[tokio::test]
async fn a_report_is_ignored_unless_asked_for() {
    let cloud = cloud_with(&["a", "b"]).await;
    let function = Scripted::new(&cloud, "f", report("a"));
    let mut delivery = delivery(&cloud, &function, mapping());
    run(&mut delivery).await;
    assert_eq!(function.batches(), ["a b"]);
}

#[tokio::test]
async fn a_poison_record_is_isolated_and_given_up_after_its_tries_while_others_go_on() {
    let cloud = cloud_with(&["a", "b", "c", "d", "e", "f", "g", "h"]).await;
    let function = Scripted::new(&cloud, "f", |event| {
        if names(event).contains(&"c".to_owned()) { fail() } else { Ok(Value::Null) }
    });
    let settings = StreamMapping { bisect: true, retries: Some(3), ..mapping() };
    let mut delivery = delivery(&cloud, &function, settings);
    run(&mut delivery).await;
    let batches = function.batches();
    assert_eq!(
        batches,
        ["a b c d e f g h", "a b c d", "a b", "c d", "c", "c", "c", "c", "d", "e f g h"]
    );
    let [lost] = delivery.undelivered() else { panic!() };
    assert_eq!((lost.reason, lost.attempts), (Reason::RetriesExhausted, 4));
    let info = &lost.event["DDBStreamBatchInfo"];
    assert_eq!(info["batchSize"], 1);
    assert_eq!(info["startSequenceNumber"], info["endSequenceNumber"]);
    assert_eq!(lost.event["requestContext"]["condition"], "RetryAttemptsExhausted");
    assert_eq!(delivery.stats().errors["f"], 7);
}

#[tokio::test]
async fn without_limits_a_poison_record_blocks_the_stream_for_a_day() {
    let cloud = cloud_with(&["poison"]).await;
    let function = Scripted::new(&cloud, "f", |event| {
        if names(event).contains(&"poison".to_owned()) { fail() } else { Ok(Value::Null) }
    });
    let mut delivery = delivery(&cloud, &function, StreamMapping { batch_size: 1, ..mapping() });
    let noon = start() + TimeDelta::hours(2);
    delivery.run_until(async |it| it.cloud().now() >= noon, Pace::Unpaced).await.unwrap();
    put(&dynamodb(&cloud), "accounts", "later").await;
    run(&mut delivery).await;
    let day = TimeDelta::hours(24).num_seconds();
    let (poison, later): (Vec<_>, Vec<_>) =
        function.got().into_iter().partition(|(_, event)| names(event) == ["poison"]);
    assert!(poison.len() > 1400);
    let [(at, _)] = &later[..] else { panic!() };
    assert!(((*at - start()).num_seconds() - day).abs() <= 61);
    assert_eq!(delivery.undelivered()[0].reason, Reason::TooOld);
}

#[tokio::test]
async fn records_older_than_allowed_are_given_up() {
    let cloud = cloud_with(&["a"]).await;
    cloud.advance_to(start() + TimeDelta::seconds(50)).unwrap();
    put(&dynamodb(&cloud), "accounts", "b").await;
    let function = Scripted::new(&cloud, "f", |_| fail());
    let maximum_age = Some(TimeDelta::seconds(60));
    let settings = StreamMapping { maximum_age, retries: Some(5), ..mapping() };
    let mut delivery = delivery(&cloud, &function, settings);
    run(&mut delivery).await;
    let lost: Vec<_> = delivery.undelivered().iter().map(|it| (it.reason, it.attempts)).collect();
    assert_eq!(lost, [(Reason::TooOld, 4), (Reason::RetriesExhausted, 6)]);
    assert_eq!(function.batches()[3..5], ["a b", "b"]);
}

#[tokio::test]
async fn a_panic_is_a_function_error() {
    let cloud = cloud_with(&["a"]).await;
    let function = Scripted::new(&cloud, "f", |_| panic!("as told"));
    let settings = StreamMapping { retries: Some(0), ..mapping() };
    let mut delivery = delivery(&cloud, &function, settings);
    run(&mut delivery).await;
    assert_eq!(delivery.undelivered()[0].error.as_ref().unwrap().error_type, "Panic");
}

#[tokio::test]
async fn a_later_run_goes_on_where_an_earlier_one_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let settings = StreamMapping { batch_size: 1, retries: Some(1), ..mapping() };
    let told = |event: &Value| if names(event) == ["b"] { fail() } else { Ok(Value::Null) };
    {
        let cloud = open(Some(folder.path()));
        let client = dynamodb(&cloud);
        create_table(&client, "accounts").await;
        for item in ["a", "b", "c"] {
            put(&client, "accounts", item).await;
        }
        let function = Scripted::new(&cloud, "f", told);
        let mut delivery = delivery(&cloud, &function, settings.clone());
        delivery.step().await.unwrap();
        delivery.step().await.unwrap();
        assert_eq!(function.batches(), ["a", "b"]);
    }
    let cloud = open(Some(folder.path()));
    let function = Scripted::new(&cloud, "f", told);
    let mut second = delivery(&cloud, &function, settings.clone());
    run(&mut second).await;
    assert_eq!(function.batches(), ["b", "c"]);
    drop((second, cloud, function));
    let cloud = open(Some(folder.path()));
    let function = Scripted::new(&cloud, "f", told);
    let mut third = delivery(&cloud, &function, settings);
    run(&mut third).await;
    assert!(function.batches().is_empty());
    assert_eq!(third.undelivered().len(), 1);
}

#[tokio::test]
async fn a_batch_is_gathered_until_its_window_ends_or_it_is_full() {
    let cloud = cloud_with(&["a", "b"]).await;
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let settings = StreamMapping { window: TimeDelta::seconds(5), batch_size: 4, ..mapping() };
    let mut delivery = delivery(&cloud, &function, settings);
    let step = delivery.step().await.unwrap();
    assert_eq!(step, Step::Idle { next: Some(start() + TimeDelta::seconds(5)) });
    delivery.advance_to(start() + TimeDelta::seconds(3)).unwrap();
    put(&dynamodb(&cloud), "accounts", "c").await;
    run(&mut delivery).await;
    assert_eq!((function.batches(), function.seconds()), (vec!["a b c".to_owned()], vec![5]));
    for item in ["d", "e", "f", "g", "h"] {
        put(&dynamodb(&cloud), "accounts", item).await;
    }
    run(&mut delivery).await;
    assert_eq!(function.batches()[1..], ["d e f g", "h"]);
    assert_eq!(function.seconds()[1..], [5, 10]);
}
