//! The landing zone behind the router: its answers, its events, and its journal.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::sync::Arc;

use aws_sdk_servicecatalog::types::ProvisioningParameter;
use aws_sdk_sns::error::ProvideErrorMetadata;
use chrono::TimeDelta;
use common::{Scripted, credentials, fail, open};
use local_cloud::delivery::{Ended, Pace, Pattern, Rule, Target, Wiring};
use local_cloud::{Cloud, CommandError, Delivery, ENDPOINT};
use serde_json::{Value, json};

fn service_catalog(cloud: &Cloud) -> aws_sdk_servicecatalog::Client {
    let config = aws_sdk_servicecatalog::Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_servicecatalog::config::Region::new("us-east-1"))
        .credentials_provider(credentials())
        .endpoint_url(ENDPOINT)
        .http_client(cloud.http_client());
    aws_sdk_servicecatalog::Client::from_conf(config.build())
}

fn sns(cloud: &Cloud) -> aws_sdk_sns::Client {
    let config = aws_sdk_sns::Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_sns::config::Region::new("us-east-1"))
        .credentials_provider(credentials())
        .endpoint_url(ENDPOINT)
        .http_client(cloud.http_client());
    aws_sdk_sns::Client::from_conf(config.build())
}

/// Launches the account `name`; the record's id.
async fn launch(cloud: &Cloud, name: &str) -> String {
    let client = service_catalog(cloud);
    let product = client.describe_product_as_admin().name("AWS Control Tower Account Factory");
    let product = product.send().await.unwrap().product_view_detail.unwrap();
    let product = product.product_view_summary.unwrap().product_id.unwrap();
    let artifacts = client.list_provisioning_artifacts().product_id(&product).send().await.unwrap();
    let active =
        artifacts.provisioning_artifact_details().iter().find(|it| it.active == Some(true));
    let mut launch = client
        .provision_product()
        .product_id(product)
        .provisioning_artifact_id(active.unwrap().id().unwrap())
        .provisioned_product_name(name)
        .provision_token(format!("{name}-token"));
    for (key, value) in [
        ("AccountName", name),
        ("AccountEmail", &format!("aws+{name}@example.com")),
        ("SSOUserFirstName", "Jane"),
        ("SSOUserLastName", "Doe"),
        ("SSOUserEmail", "jane.doe@example.com"),
        ("ManagedOrganizationalUnit", "Test-OU-1 (ou-aaaa-bbbbcccc)"),
    ] {
        let parameter = ProvisioningParameter::builder().key(key).value(value).build();
        launch = launch.provisioning_parameters(parameter);
    }
    launch.send().await.unwrap().record_detail.unwrap().record_id.unwrap()
}

async fn status(cloud: &Cloud, record: &str) -> String {
    let record = service_catalog(cloud).describe_record().id(record).send().await.unwrap();
    record.record_detail.unwrap().status.unwrap().to_string()
}

fn told(function: &Arc<Scripted>) -> Wiring {
    let pattern = json!({
        "source": ["aws.controltower"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": { "eventName": ["CreateManagedAccount", "UpdateManagedAccount"] }
    });
    Wiring {
        functions: vec![Arc::clone(function) as _],
        rules: vec![Rule {
            name: "lifecycle".to_owned(),
            pattern: Pattern::parse(&pattern).unwrap(),
            targets: vec![Target::new("f")],
        }],
        ..Wiring::default()
    }
}

async fn run(cloud: &Cloud, function: &Arc<Scripted>) {
    let mut delivery = Delivery::new(cloud.clone(), told(function)).unwrap();
    let ended = delivery.run_until(async |_| false, Pace::Unpaced).await.unwrap();
    assert_eq!(ended, Ended::NothingLeft);
}

#[tokio::test]
async fn a_launch_ends_in_an_event_for_the_rule() {
    let cloud = open(None);
    let record = launch(&cloud, "dev").await;
    assert_eq!(status(&cloud, &record).await, "CREATED");
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    run(&cloud, &function).await;
    assert_eq!(status(&cloud, &record).await, "SUCCEEDED");
    let [(_, event)] = &function.got()[..] else { panic!() };
    assert_eq!(event["detail"]["eventName"], "CreateManagedAccount");
    let called = ("servicecatalog".to_owned(), "ProvisionProduct".to_owned());
    assert_eq!(cloud.calls()[&called], 1);
}

#[tokio::test]
async fn a_later_run_finds_the_landing_zone_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let record = {
        let cloud = open(Some(folder.path()));
        let record = launch(&cloud, "dev").await;
        cloud.advance_to(cloud.now() + TimeDelta::minutes(2)).unwrap();
        record
    };
    let left = {
        let cloud = open(Some(folder.path()));
        assert_eq!(status(&cloud, &record).await, "IN_PROGRESS");
        let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
        run(&cloud, &function).await;
        assert_eq!(function.got().len(), 1);
        cloud.now()
    };
    let cloud = open(Some(folder.path()));
    assert_eq!(cloud.now(), left);
    assert_eq!(status(&cloud, &record).await, "SUCCEEDED");
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    run(&cloud, &function).await;
    assert!(function.got().is_empty(), "it was delivered before");
    launch(&cloud, "test").await;
    run(&cloud, &function).await;
    assert_eq!(function.got().len(), 1);
}

#[tokio::test]
async fn an_event_that_failed_is_tried_again_by_a_later_run() {
    let folder = tempfile::tempdir().unwrap();
    {
        let cloud = open(Some(folder.path()));
        launch(&cloud, "dev").await;
        let function = Scripted::new(&cloud, "f", |_| fail());
        let mut delivery = Delivery::new(cloud.clone(), told(&function)).unwrap();
        let once = async |it: &Delivery| !it.stats().errors.is_empty();
        delivery.run_until(once, Pace::Unpaced).await.unwrap();
    }
    let cloud = open(Some(folder.path()));
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    run(&cloud, &function).await;
    assert_eq!(function.got().len(), 1);
}

#[tokio::test]
async fn commands_are_journaled_with_the_requests() {
    let folder = tempfile::tempdir().unwrap();
    let arn = "arn:aws:sns:us-east-1:111122223333:admins";
    {
        let cloud = open(Some(folder.path()));
        cloud.command(&json!({ "topic": "admins" })).unwrap();
        let refused = cloud.command(&json!({})).unwrap_err();
        assert!(matches!(refused, CommandError::Refused(_)));
        sns(&cloud).publish().topic_arn(arn).message("hello").send().await.unwrap();
    }
    let cloud = open(Some(folder.path()));
    let texts = cloud.inspect(|zone| {
        zone.topics.messages().iter().map(|it| it.body.clone()).collect::<Vec<_>>()
    });
    assert_eq!(texts, ["hello"]);
    assert!(cloud.calls().is_empty(), "a replay is not a call");
}

#[tokio::test]
async fn an_operation_that_is_not_there_is_named() {
    let error = sns(&open(None)).list_phone_numbers_opted_out().send().await.unwrap_err();
    assert!(error.message().unwrap().contains("ListPhoneNumbersOptedOut"), "{error:?}");
}
