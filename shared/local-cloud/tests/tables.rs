//! DynamoDB through the real SDK client.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use chrono::TimeDelta;
use common::{create_table, dynamodb, open, put, text};

#[tokio::test]
async fn what_is_put_is_got_and_conditions_hold() {
    let cloud = open(None);
    let client = dynamodb(&cloud);
    create_table(&client, "accounts").await;
    put(&client, "accounts", "alpha").await;
    let found = client.get_item().table_name("accounts").key("Name", text("alpha")).send().await;
    assert_eq!(found.unwrap().item.unwrap()["Status"], text("QUEUED"));
    let again = client.put_item().table_name("accounts").item("Name", text("alpha"));
    let again = again.condition_expression("attribute_not_exists(#n)");
    let refused = again.expression_attribute_names("#n", "Name").send().await.unwrap_err();
    assert!(refused.into_service_error().is_conditional_check_failed_exception());
    let calls = cloud.calls();
    assert_eq!(calls[&("dynamodb".to_owned(), "PutItem".to_owned())], 2);
    assert_eq!(calls[&("dynamodb".to_owned(), "GetItem".to_owned())], 1);
}

fn transaction(token: &str, names: &[&str]) -> impl Fn(&aws_sdk_dynamodb::Client) -> aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder{
    let puts: Vec<_> = names
        .iter()
        .map(|name| {
            let put = Put::builder().table_name("accounts").item("Name", text(name));
            let put = put.condition_expression("attribute_not_exists(#n)");
            let put = put.expression_attribute_names("#n", "Name").build().unwrap();
            TransactWriteItem::builder().put(put).build()
        })
        .collect();
    let token = token.to_owned();
    move |client| {
        client
            .transact_write_items()
            .set_transact_items(Some(puts.clone()))
            .client_request_token(&token)
    }
}

#[tokio::test]
async fn a_transaction_is_all_or_nothing_and_its_token_lasts_ten_virtual_minutes() {
    let cloud = open(None);
    let client = dynamodb(&cloud);
    create_table(&client, "accounts").await;
    transaction("one", &["a", "b"])(&client).send().await.unwrap();
    transaction("one", &["a", "b"])(&client).send().await.unwrap();
    let other = transaction("one", &["c"])(&client).send().await.unwrap_err();
    assert!(other.into_service_error().is_idempotent_parameter_mismatch_exception());
    let canceled = transaction("two", &["b", "c"])(&client).send().await.unwrap_err();
    let canceled = canceled.into_service_error();
    assert!(canceled.is_transaction_canceled_exception(), "{canceled:?}");
    let scan = client.scan().table_name("accounts").send().await.unwrap();
    assert_eq!(scan.count, 2);
    cloud.advance_to(cloud.now() + TimeDelta::minutes(10)).unwrap();
    let late = transaction("one", &["a", "b"])(&client).send().await.unwrap_err();
    assert!(late.into_service_error().is_transaction_canceled_exception());
}

#[tokio::test]
async fn arns_are_of_this_cloud() {
    let client = dynamodb(&open(None));
    create_table(&client, "accounts").await;
    let table = client.describe_table().table_name("accounts").send().await.unwrap();
    let table = table.table.unwrap();
    let arn = "arn:aws:dynamodb:us-east-1:111122223333:table/accounts";
    assert_eq!(table.table_arn.as_deref(), Some(arn));
    assert!(table.latest_stream_arn.unwrap().starts_with(arn));
    let tags = client.list_tags_of_resource().resource_arn(arn).send().await.unwrap();
    assert!(tags.tags.unwrap_or_default().is_empty());
}

#[tokio::test]
async fn an_operation_that_is_not_there_is_named() {
    let client = dynamodb(&open(None));
    let error = client.list_backups().send().await.unwrap_err();
    let message = error.into_service_error().meta().message().unwrap().to_owned();
    assert!(message.contains("ListBackups"), "{message}");
}

#[tokio::test]
async fn tables_outlive_the_cloud_in_a_state_folder() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(Some(folder.path()));
    let client = dynamodb(&cloud);
    create_table(&client, "accounts").await;
    put(&client, "accounts", "alpha").await;
    cloud.advance_to(cloud.now() + TimeDelta::minutes(5)).unwrap();
    let left = cloud.now();
    drop((client, cloud));
    let cloud = open(Some(folder.path()));
    assert_eq!(cloud.now(), left);
    let scan = dynamodb(&cloud).scan().table_name("accounts").send().await.unwrap();
    assert_eq!(scan.count, 1);
}
