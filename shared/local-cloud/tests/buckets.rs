//! S3 through the real SDK client.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::path::Path;

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::BucketVersioningStatus;
use chrono::TimeDelta;
use common::{open, s3};
use local_cloud::Delivery;
use local_cloud::delivery::{Expiration, Pace, Schedule, Wiring};

async fn put(client: &aws_sdk_s3::Client, key: &str, content: &str) -> String {
    let body = ByteStream::from(content.as_bytes().to_vec());
    let put = client.put_object().bucket("lists").key(key).body(body).send().await.unwrap();
    put.version_id.unwrap()
}

async fn get(client: &aws_sdk_s3::Client, key: &str, version: Option<&str>) -> String {
    let get = client.get_object().bucket("lists").key(key);
    let got = get.set_version_id(version.map(str::to_owned)).send().await.unwrap();
    String::from_utf8(got.body.collect().await.unwrap().to_vec()).unwrap()
}

fn files_in(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files_in(&path) } else { 1 }).sum()
}

#[tokio::test]
async fn every_version_keeps_its_bytes() {
    let cloud = open(None);
    let client = s3(&cloud);
    client.create_bucket().bucket("lists").send().await.unwrap();
    let first = put(&client, "in/red flower.csv", "one").await;
    let second = put(&client, "in/red flower.csv", "two!").await;
    assert_ne!(first, second);
    assert_eq!(get(&client, "in/red flower.csv", None).await, "two!");
    assert_eq!(get(&client, "in/red flower.csv", Some(&first)).await, "one");
    assert_eq!(get(&client, "in/red flower.csv", Some(&second)).await, "two!");
    let head = client.head_object().bucket("lists").key("in/red flower.csv");
    let head = head.version_id(&first).send().await.unwrap();
    assert_eq!((head.content_length, head.version_id.as_deref()), (Some(3), Some(&*first)));
    let newest = client.head_object().bucket("lists").key("in/red flower.csv").send().await;
    assert_eq!(newest.unwrap().version_id.as_deref(), Some(&*second));
    assert_eq!(cloud.calls()[&("s3".to_owned(), "PutObject".to_owned())], 2);
}

#[tokio::test]
async fn a_replaced_version_is_gone_after_its_time_and_the_newest_stay() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(Some(folder.path()));
    let client = s3(&cloud);
    client.create_bucket().bucket("lists").send().await.unwrap();
    let mut versions = Vec::new();
    for content in ["one", "two", "three", "four"] {
        versions.push(put(&client, "out/a.csv", content).await);
    }
    let before = files_in(&folder.path().join("buckets"));
    let expiration = Expiration {
        bucket: "lists".to_owned(),
        prefix: "out/".to_owned(),
        after: TimeDelta::days(1),
        newest_kept: 1,
    };
    let tick =
        Schedule { name: "tick".to_owned(), every: TimeDelta::hours(6), targets: Vec::new() };
    let wiring =
        Wiring { expirations: vec![expiration], schedules: vec![tick], ..Wiring::default() };
    let mut delivery = Delivery::new(cloud.clone(), wiring).unwrap();
    let until = cloud.now() + TimeDelta::days(3);
    delivery.run_until(async |it| it.cloud().now() >= until, Pace::Unpaced).await.unwrap();
    for (version, content) in versions.iter().zip([None, None, Some("three"), Some("four")]) {
        let got = client.get_object().bucket("lists").key("out/a.csv").version_id(version);
        match (got.send().await, content) {
            (Ok(_), Some(content)) => {
                assert_eq!(get(&client, "out/a.csv", Some(version)).await, content);
            }
            (Err(error), None) => {
                assert_eq!(error.into_service_error().meta().code(), Some("NoSuchVersion"));
            }
            (got, _) => panic!("{content:?}: {got:?}"),
        }
    }
    // Each has one file, and one name less is left of it.
    assert_eq!(files_in(&folder.path().join("buckets")), before - 2);
}

#[tokio::test]
async fn a_version_belongs_to_its_key_and_outlives_a_delete() {
    let client = s3(&open(None));
    client.create_bucket().bucket("lists").send().await.unwrap();
    let version = put(&client, "a.csv", "one").await;
    put(&client, "b.csv", "two").await;
    let wrong = client.get_object().bucket("lists").key("b.csv").version_id(&version);
    let wrong = wrong.send().await.unwrap_err().into_service_error();
    assert_eq!(wrong.meta().code(), Some("NoSuchVersion"));
    let deleted = client.delete_object().bucket("lists").key("a.csv").send().await.unwrap();
    assert_eq!(deleted.delete_marker, Some(true));
    let gone = client.get_object().bucket("lists").key("a.csv").send().await.unwrap_err();
    assert!(gone.into_service_error().is_no_such_key());
    assert_eq!(get(&client, "a.csv", Some(&version)).await, "one");
    let listed = client.list_objects_v2().bucket("lists").send().await.unwrap();
    assert_eq!(listed.contents().len(), 1);
}

#[tokio::test]
async fn a_copy_leaves_the_versions_of_what_it_replaces() {
    let client = s3(&open(None));
    client.create_bucket().bucket("lists").send().await.unwrap();
    let first = put(&client, "a.csv", "one").await;
    let second = put(&client, "a.csv", "two!").await;
    put(&client, "b.csv", "other").await;
    // From another object, from an older version, and from the one that is there.
    for (source, content) in [
        ("lists/b.csv".to_owned(), "other"),
        (format!("lists/a.csv?versionId={first}"), "one"),
        (format!("lists/a.csv?versionId={second}"), "two!"),
    ] {
        let copy = client.copy_object().copy_source(&source).bucket("lists").key("a.csv");
        let copied = copy.send().await.unwrap().version_id.unwrap();
        assert_eq!(get(&client, "a.csv", None).await, content, "{source}");
        assert_eq!(get(&client, "a.csv", Some(&copied)).await, content, "{source}");
        assert_eq!(get(&client, "a.csv", Some(&first)).await, "one", "{source}");
        assert_eq!(get(&client, "a.csv", Some(&second)).await, "two!", "{source}");
    }
    let absent = client.copy_object().copy_source("lists/c.csv").bucket("lists").key("a.csv");
    absent.send().await.unwrap_err();
    assert_eq!(get(&client, "a.csv", None).await, "two!");
}

#[tokio::test]
async fn a_version_says_of_itself_what_its_object_said() {
    let client = s3(&open(None));
    client.create_bucket().bucket("lists").send().await.unwrap();
    let (key, body) = ("a.csv", ByteStream::from_static(b"one"));
    let first = client.put_object().bucket("lists").key(key).body(body);
    let first = first.content_type("text/csv").metadata("by", "jane").send().await.unwrap();
    put(&client, key, "two").await;
    let first_id = first.version_id.unwrap();
    let source = format!("lists/a.csv?versionId={first_id}");
    let copy = client.copy_object().copy_source(source).bucket("lists").key("b.csv");
    let copied = copy.send().await.unwrap().version_id.unwrap();
    for (key, id) in [(key, Some(first_id)), ("b.csv", Some(copied)), ("b.csv", None)] {
        let head = client.head_object().bucket("lists").key(key).set_version_id(id.clone());
        let head = head.send().await.unwrap();
        let got = client.get_object().bucket("lists").key(key).set_version_id(id);
        let got = got.send().await.unwrap();
        assert_eq!(got.e_tag, first.e_tag);
        for (content_type, metadata) in
            [(got.content_type, got.metadata), (head.content_type, head.metadata)]
        {
            assert_eq!(content_type.as_deref(), Some("text/csv"), "{key}");
            assert_eq!(metadata.unwrap()["by"], "jane", "{key}");
        }
    }
}

#[tokio::test]
async fn a_streamed_upload_arrives_whole() {
    let client = s3(&open(None));
    client.create_bucket().bucket("lists").send().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.csv");
    let content = "a,b,c\n".repeat(100_000);
    std::fs::write(&path, &content).unwrap();
    let body = ByteStream::from_path(&path).await.unwrap();
    let put = client.put_object().bucket("lists").key("big.csv").body(body).send().await.unwrap();
    assert_eq!(get(&client, "big.csv", put.version_id.as_deref()).await, content);
}

#[tokio::test]
async fn a_missing_bucket_is_not_made_by_writing_to_it() {
    let client = s3(&open(None));
    let put = client.put_object().bucket("nowhere").key("a").body(ByteStream::from_static(b"x"));
    let error = put.send().await.unwrap_err().into_service_error();
    assert_eq!(error.meta().code(), Some("NoSuchBucket"));
}

#[tokio::test]
async fn no_key_leads_out_of_its_bucket() {
    let folder = tempfile::tempdir().unwrap();
    let client = s3(&open(Some(folder.path())));
    for bucket in ["lists", "others"] {
        client.create_bucket().bucket(bucket).send().await.unwrap();
    }
    put(&client, "a.csv", "one").await;
    for key in ["../others/a.csv", "in/../../others/a.csv", "/a.csv", "./a.csv"] {
        let body = ByteStream::from_static(b"two");
        let put = client.put_object().bucket("lists").key(key).body(body).send().await;
        let copy = client.copy_object().copy_source("lists/a.csv").bucket("lists").key(key);
        let codes = [
            put.unwrap_err().into_service_error().meta().code().map(str::to_owned),
            copy.send().await.unwrap_err().into_service_error().meta().code().map(str::to_owned),
        ];
        assert_eq!(codes, [Some("InvalidArgument".to_owned()), Some("InvalidArgument".to_owned())]);
    }
    let others = client.list_objects_v2().bucket("others").send().await.unwrap();
    assert_eq!(others.contents().len(), 0);
    assert_eq!(get(&client, "a.csv", None).await, "one");
}

#[tokio::test]
async fn buckets_say_that_they_are_versioned_and_hide_where() {
    let client = s3(&open(None));
    client.create_bucket().bucket("lists").send().await.unwrap();
    put(&client, "a.csv", "one").await;
    let versioning = client.get_bucket_versioning().bucket("lists").send().await.unwrap();
    assert_eq!(versioning.status, Some(BucketVersioningStatus::Enabled));
    let buckets = client.list_buckets().send().await.unwrap();
    assert_eq!(buckets.buckets().len(), 1);
}

#[tokio::test]
async fn versions_are_known_to_a_later_run() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(Some(folder.path()));
    let client = s3(&cloud);
    client.create_bucket().bucket("lists").send().await.unwrap();
    let first = put(&client, "a.csv", "one").await;
    drop((client, cloud));
    let client = s3(&open(Some(folder.path())));
    let second = put(&client, "a.csv", "two").await;
    assert_ne!(first, second);
    assert_eq!(get(&client, "a.csv", Some(&first)).await, "one");
    assert_eq!(get(&client, "a.csv", Some(&second)).await, "two");
}
