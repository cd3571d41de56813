//! The upload of a list into the stack's bucket, as anybody could do it.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use vending::ledger::{Batch, BatchId, ObjectRef};

use crate::output::Hinted;
use crate::stack::Stack;
use crate::terminal::harmless;

/// Bytes of a key, at most (Amazon S3 user guide, "Naming Amazon S3 objects").
const LONGEST_KEY: usize = 1_024;

/// A list that was uploaded.
#[derive(Debug)]
pub(super) struct Upload {
    /// The object.
    pub(super) object: ObjectRef,
    /// The batch that it is.
    pub(super) batch: BatchId,
}

impl Upload {
    /// That it is there, in words.
    pub(super) fn words(&self) -> String {
        let ObjectRef { bucket, key, .. } = &self.object;
        format!("Uploaded to s3://{bucket}/{}: batch {}", harmless(key), self.batch)
    }

    /// The same as a document.
    pub(super) fn document(&self) -> Value {
        let ObjectRef { bucket, key, version } = &self.object;
        json!({ "bucket": bucket, "key": key, "version": version, "batch": self.batch })
    }
}

/// The key that a list gets: the one asked for, or the file's name.
///
/// # Errors
/// When intake would not take a list of that key for one.
pub(super) fn key_of(file: &Path, asked: Option<&str>) -> Result<String> {
    let name = || file.file_name().map(|name| name.to_string_lossy().into_owned());
    let key = asked.map(str::to_owned).or_else(name);
    let key = key.with_context(|| format!("take {} for a list: it has no name", file.display()))?;
    let refuse = |why: &str| {
        let what = format!("upload it as {:?}: {why}", harmless(&key));
        Err(Hinted::new(what, "give another key with --key, such as accounts.csv").into())
    };
    match key.as_str() {
        "" => refuse("a key cannot be empty"),
        key if key.ends_with('/') => refuse("that is the name of a folder"),
        key if key.starts_with(Batch::RESULTS_PREFIX) => {
            refuse("results/ is where Vend writes, and no list is looked for there")
        }
        key if key.len() > LONGEST_KEY => refuse("it has more than 1,024 bytes"),
        _ => Ok(key),
    }
}

/// Uploads the list.
///
/// # Errors
/// When S3 does not take it.
pub(super) async fn upload(stack: &Stack, key: String, bytes: Vec<u8>) -> Result<Upload> {
    let bucket = stack.bucket()?.to_owned();
    let put = stack.clients().s3().put_object().bucket(&bucket).key(&key).content_type("text/csv");
    let put = put.body(bytes.into()).send().await;
    let version = put.with_context(|| format!("upload the list to s3://{bucket}"))?.version_id;
    let object = ObjectRef { bucket, key, version };
    Ok(Upload { batch: BatchId::of(&object), object })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(file: &str, asked: Option<&str>) -> Result<String, String> {
        key_of(Path::new(file), asked).map_err(|error| error.to_string())
    }

    #[test]
    fn a_list_gets_the_key_asked_for_or_the_name_of_its_file() {
        assert_eq!(key("/home/ana/team a.csv", None), Ok("team a.csv".into()));
        assert_eq!(key("x.csv", Some("2026/team-a.csv")), Ok("2026/team-a.csv".into()));
        assert_eq!(key("..", None), Err("take .. for a list: it has no name".into()));
    }

    #[test]
    fn a_key_that_is_not_looked_at_is_refused() {
        for (asked, word) in [
            ("", "empty"),
            ("lists/", "folder"),
            ("results/x.csv", "results/"),
            (&"x".repeat(1_025), "1,024"),
        ] {
            let refused = key("x.csv", Some(asked)).unwrap_err();
            assert!(refused.contains(word), "{refused}");
        }
        assert!(key("x.csv", Some("results.csv")).is_ok());
    }
}
