//! What operators ask of the cloud: what time it is, which stack there is, and how much
//! could not be delivered.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::BTreeMap;

use aws_sdk_sqs::types::QueueAttributeName;
use chrono::TimeDelta;
use common::{Scripted, credentials, fail, open, start};
use local_cloud::delivery::{Asynchronous, Schedule, Step, Target, Wiring};
use local_cloud::template::{Placement, Stack, Template};
use local_cloud::{Cloud, Delivery, ENDPOINT};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const TEMPLATE: &str = "
Resources:
  Lost:
    Type: AWS::SQS::Queue
    Properties: { QueueName: lost }
";

fn stack() -> Stack {
    let placement = Placement {
        stack: "vend".to_owned(),
        partition: "aws".to_owned(),
        region: "us-east-1".to_owned(),
        account: "111122223333".to_owned(),
    };
    Template::parse(TEMPLATE).unwrap().stack(placement, &BTreeMap::new()).unwrap()
}

fn sqs(cloud: &Cloud) -> aws_sdk_sqs::Client {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_sqs::config::Region::new("us-east-1"))
        .credentials_provider(credentials())
        .endpoint_url(ENDPOINT)
        .http_client(cloud.http_client());
    aws_sdk_sqs::Client::from_conf(config.build())
}

async fn messages(cloud: &Cloud) -> String {
    let sqs = sqs(cloud);
    let url = sqs.get_queue_url().queue_name("lost").send().await.unwrap().queue_url.unwrap();
    let name = QueueAttributeName::ApproximateNumberOfMessages;
    let asked = sqs.get_queue_attributes().queue_url(url).attribute_names(name.clone());
    asked.send().await.unwrap().attributes.unwrap()[&name].clone()
}

/// The delivery of a minute's tick to a function that fails, which is tried once.
fn failing(cloud: &Cloud) -> Delivery {
    let asynchronous =
        Asynchronous { retries: 0, on_failure: Some("lost".to_owned()), ..Asynchronous::default() };
    let minute = Schedule {
        name: "minute".to_owned(),
        every: TimeDelta::minutes(1),
        targets: vec![Target::new("f")],
    };
    let wiring = Wiring {
        functions: vec![Scripted::new(cloud, "f", |_| fail())],
        schedules: vec![minute],
        asynchronous: BTreeMap::from([("f".to_owned(), asynchronous)]),
        ..Wiring::default()
    };
    Delivery::new(cloud.clone(), wiring).unwrap()
}

#[tokio::test]
async fn what_was_given_up_is_in_its_queue_and_stays_there() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(Some(folder.path()));
    cloud.deploy(stack());
    let mut delivery = failing(&cloud);
    assert_eq!(messages(&cloud).await, "0");
    for minutes in 1..=2 {
        while matches!(delivery.step().await.unwrap(), Step::Delivered(_)) {}
        delivery.advance_to(start() + TimeDelta::minutes(minutes)).unwrap();
    }
    while matches!(delivery.step().await.unwrap(), Step::Delivered(_)) {}
    let lost = delivery.undelivered().len();
    assert!(lost > 0);
    assert_eq!(messages(&cloud).await, lost.to_string());
    drop(delivery);
    drop(cloud);
    let again = open(Some(folder.path()));
    again.deploy(stack());
    let _delivery = failing(&again);
    assert_eq!(messages(&again).await, lost.to_string());
}

#[tokio::test]
async fn a_queue_that_no_stack_has_is_not_there() {
    let error = sqs(&open(None)).get_queue_url().queue_name("lost").send().await.unwrap_err();
    assert!(error.into_service_error().is_queue_does_not_exist());
}

#[tokio::test]
async fn every_answer_tells_the_virtual_time() {
    let cloud = open(None);
    let serving = cloud.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    cloud.advance_to(start() + TimeDelta::hours(30)).unwrap();
    let mut stream = tokio::net::TcpStream::connect(serving.addr).await.unwrap();
    let request = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let dates: Vec<_> = answer.lines().filter(|it| it.starts_with("date: ")).collect();
    assert_eq!(dates, ["date: Sun, 22 Nov 2026 16:00:00 GMT"]);
}
