//! Faults as the SDK's clients meet them, inside the process and over sockets.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{Region, SharedHttpClient};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemOutput};
use common::{create_table, credentials, dynamodb, open, text};
use local_cloud::{Cloud, Disturbance, ENDPOINT, Fault, WATCHER_KEY};

type Put = Result<PutItemOutput, SdkError<PutItemError, HttpResponse>>;

/// A client that tries once, and soon gives up.
fn impatient(endpoint: &str, http: SharedHttpClient) -> Client {
    let patience = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(500));
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version_latest()
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials())
        .endpoint_url(endpoint)
        .http_client(http)
        .retry_config(RetryConfig::disabled())
        .timeout_config(patience.build());
    Client::from_conf(config.build())
}

/// A put that may be made once, while every request meets `fault`; and whether it took effect.
async fn put(cloud: &Cloud, client: &Client, fault: Fault) -> (Put, bool) {
    let name = fault.name();
    cloud.disturb(Some(Disturbance::new(1).with(fault, 1.0)));
    let condition = "attribute_not_exists(#name)";
    let put = client.put_item().table_name("accounts").item("Name", text(name));
    let put = put.condition_expression(condition).expression_attribute_names("#name", "Name");
    let answer = put.send().await;
    cloud.disturb(None);
    let got = dynamodb(cloud).get_item().table_name("accounts").key("Name", text(name));
    (answer, got.send().await.unwrap().item.is_some())
}

fn code(answer: &Put) -> &str {
    let error = answer.as_ref().unwrap_err();
    error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default()
}

fn status(answer: &Put) -> Option<u16> {
    Some(answer.as_ref().unwrap_err().raw_response()?.status().as_u16())
}

/// Whether the client knows nothing of what became of its request.
fn is_silent(answer: &Put) -> bool {
    let error = answer.as_ref().unwrap_err();
    error.as_service_error().is_none() && status(answer).is_none_or(|status| status == 200)
}

async fn every_fault_is_met(cloud: &Cloud, client: &Client) {
    create_table(&dynamodb(cloud), "accounts").await;
    for fault in Fault::ALL.into_iter().filter(|fault| !fault.is_death()) {
        let (answer, took_effect) = put(cloud, client, fault).await;
        assert_eq!(took_effect, fault.takes_effect(), "{fault}");
        match fault {
            Fault::Throttled => {
                assert_eq!(code(&answer), "ProvisionedThroughputExceededException");
            }
            Fault::Unavailable => assert_eq!(status(&answer), Some(503)),
            Fault::FailedBefore | Fault::FailedAfter => {
                assert_eq!((code(&answer), status(&answer)), ("InternalServerError", Some(500)));
            }
            // The second time the condition did not hold any more.
            Fault::Twice => assert_eq!(code(&answer), "ConditionalCheckFailedException"),
            _ => assert!(is_silent(&answer), "{fault}: {answer:?}"),
        }
        let key = ("dynamodb".to_owned(), "PutItem".to_owned(), fault);
        assert_eq!(cloud.faults().get(&key), Some(&1), "{fault}");
    }
}

#[tokio::test]
async fn inside_the_process_every_fault_is_what_it_says() {
    let cloud = open(None);
    every_fault_is_met(&cloud, &impatient(ENDPOINT, cloud.http_client())).await;
}

#[tokio::test]
async fn over_sockets_every_fault_is_what_it_says() {
    let cloud = open(None);
    let serving = cloud.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let http = aws_smithy_http_client::Builder::new().build_http();
    every_fault_is_met(&cloud, &impatient(&format!("http://{}", serving.addr), http)).await;
    serving.shutdown().await;
}

#[tokio::test]
async fn who_is_to_die_gets_no_answer_and_its_keeper_is_told() {
    let cloud = open(None);
    create_table(&dynamodb(&cloud), "accounts").await;
    let client = dynamodb(&cloud);
    for fault in [Fault::DiedBefore, Fault::DiedAfter] {
        let died = tokio::select! {
            _ = put(&cloud, &client, fault) => false,
            () = cloud.death() => true,
        };
        assert!(died, "{fault}");
        cloud.disturb(None);
        let got = client.get_item().table_name("accounts").key("Name", text(fault.name()));
        assert_eq!(got.send().await.unwrap().item.is_some(), fault.takes_effect(), "{fault}");
    }
}

/// A service's own words for "too many requests" and for a fault of its own are known to
/// the SDK: it tries as often as it may.
#[tokio::test]
async fn every_service_says_it_in_words_that_the_sdk_tries_again_on() {
    const ATTEMPTS: u32 = 3;
    let retries = || {
        let wait = Duration::from_millis(1);
        RetryConfig::standard()
            .with_max_attempts(ATTEMPTS)
            .with_initial_backoff(wait)
            .with_max_backoff(wait)
    };
    for fault in [Fault::Throttled, Fault::FailedBefore, Fault::Unavailable, Fault::CutShort] {
        let cloud = open(None);
        cloud.disturb(Some(Disturbance::new(1).with(fault, 1.0)));
        let s3 = common::s3_config()
            .endpoint_url(ENDPOINT)
            .http_client(cloud.http_client())
            .retry_config(retries());
        let s3 = aws_sdk_s3::Client::from_conf(s3.build());
        assert!(s3.put_object().bucket("b").key("k").send().await.is_err());
        let catalog = aws_sdk_servicecatalog::Config::builder()
            .behavior_version_latest()
            .region(aws_sdk_servicecatalog::config::Region::new("us-east-1"))
            .credentials_provider(credentials())
            .endpoint_url(ENDPOINT)
            .http_client(cloud.http_client())
            .retry_config(retries());
        let catalog = aws_sdk_servicecatalog::Client::from_conf(catalog.build());
        assert!(catalog.describe_record().id("rec-1").send().await.is_err());
        let sns = aws_sdk_sns::Config::builder()
            .behavior_version_latest()
            .region(aws_sdk_sns::config::Region::new("us-east-1"))
            .credentials_provider(credentials())
            .endpoint_url(ENDPOINT)
            .http_client(cloud.http_client())
            .retry_config(retries());
        let sns = aws_sdk_sns::Client::from_conf(sns.build());
        assert!(sns.publish().topic_arn("t").message("m").send().await.is_err());
        for (service, operation) in
            [("s3", "PutObject"), ("servicecatalog", "DescribeRecord"), ("sns", "Publish")]
        {
            let key = (service.to_owned(), operation.to_owned(), fault);
            let met = cloud.faults().get(&key).copied();
            assert_eq!(met, Some(u64::from(ATTEMPTS)), "{fault} of {service}");
        }
    }
}

#[tokio::test]
async fn who_only_watches_meets_none() {
    let cloud = open(None);
    create_table(&dynamodb(&cloud), "accounts").await;
    cloud.disturb(Some(Disturbance::new(1).with(Fault::CutBefore, 1.0)));
    let config = dynamodb(&cloud).config().to_builder();
    let keys = aws_credential_types::Credentials::new(WATCHER_KEY, "local", None, None, "test");
    let watcher = Client::from_conf(config.clone().credentials_provider(keys).build());
    assert!(watcher.list_tables().send().await.is_ok());
    let retries = RetryConfig::disabled();
    let other = config.credentials_provider(credentials()).retry_config(retries).build();
    assert!(Client::from_conf(other).list_tables().send().await.is_err());
}
