//! The same cloud over loopback.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use aws_sdk_s3::primitives::ByteStream;
use common::{create_table, dynamodb, open, s3, s3_config};
use local_cloud::{SECRET_KEY, ServeError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn both_ways_in_lead_to_the_same_objects() {
    let cloud = open(None);
    let serving = cloud.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let inside = s3(&cloud);
    inside.create_bucket().bucket("lists").send().await.unwrap();
    let config = s3_config()
        .endpoint_url(format!("http://{}", serving.addr))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let outside = aws_sdk_s3::Client::from_conf(config);
    let put = outside.put_object().bucket("lists").key("a b.csv");
    let put = put.body(ByteStream::from_static(b"over loopback")).send().await.unwrap();
    let got = inside.get_object().bucket("lists").key("a b.csv");
    let got = got.set_version_id(put.version_id).send().await.unwrap();
    assert_eq!(&got.body.collect().await.unwrap().to_vec(), b"over loopback");
    serving.shutdown().await;
    assert!(outside.list_buckets().send().await.is_err());
}

#[tokio::test]
async fn only_loopback_is_served() {
    let refused = open(None).serve("0.0.0.0:0".parse().unwrap()).await.unwrap_err();
    assert!(matches!(refused, ServeError::NotLoopback(_)));
}

async fn ask(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn an_unsigned_request_is_told_so() {
    let serving = open(None).serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let answer = ask(serving.addr, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(answer.contains("MissingAuthenticationTokenException"), "{answer}");
}

#[tokio::test]
async fn a_wrong_secret_is_refused_by_s3() {
    let cloud = open(None);
    let wrong = aws_credential_types::Credentials::new("local", "wrong", None, None, "test");
    assert_ne!(SECRET_KEY, "wrong");
    let config = s3_config()
        .credentials_provider(wrong)
        .endpoint_url(local_cloud::ENDPOINT)
        .http_client(cloud.http_client());
    let client = aws_sdk_s3::Client::from_conf(config.build());
    let error = client.list_buckets().send().await.unwrap_err().into_service_error();
    assert_eq!(error.meta().code(), Some("SignatureDoesNotMatch"));
}

#[tokio::test]
async fn tables_are_shared_too() {
    let cloud = open(None);
    create_table(&dynamodb(&cloud), "accounts").await;
    let tables = dynamodb(&cloud.clone()).list_tables().send().await.unwrap();
    assert_eq!(tables.table_names(), ["accounts"]);
}
