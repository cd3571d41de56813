//! Account lists in S3, and the results files beside them.

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use chrono::DateTime;
use vending::file::{MOST_BYTES, SheetReader, Unreadable};
use vending::ledger::{ObjectRef, Timestamp};
use vending::ports::{BatchSource, CouldNotAsk, ReadError};

use crate::calls::{code, could_not, present};

const S3: &str = "S3";
const READ: &str = "read an account list";
const WRITE: &str = "write a results file";

/// How a results file is served: without the charset, browsers guess.
const RESULTS_TYPE: &str = "text/csv; charset=utf-8";

/// Reads account lists from S3, and writes their results.
#[derive(Debug, Clone)]
pub struct S3BatchSource {
    client: Client,
}

impl S3BatchSource {
    /// A source over that client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    async fn open(&self, object: &ObjectRef) -> Result<GetObjectOutput, ReadError> {
        let get = self.client.get_object().bucket(&object.bucket).key(&object.key);
        let got = get.set_version_id(object.version.clone()).send().await;
        got.map_err(|error| unopened(error, object))
    }
}

#[async_trait]
impl BatchSource for S3BatchSource {
    async fn read(
        &self,
        object: &ObjectRef,
        reader: &mut SheetReader,
    ) -> Result<Timestamp, ReadError> {
        let GetObjectOutput { content_length, last_modified, mut body, .. } =
            self.open(object).await?;
        let modified = present(last_modified, "time of its upload", S3, READ)?.secs();
        let uploaded_at = DateTime::from_timestamp(modified, 0);
        if content_length.is_some_and(exceeds) {
            return Err(Unreadable::TooLarge.into());
        }
        while let Some(chunk) = body.next().await {
            reader.push(&chunk.map_err(could_not(S3, READ))?)?;
        }
        Ok(present(uploaded_at, "time of its upload that is one", S3, READ)?)
    }

    async fn write_results(
        &self,
        bucket: &str,
        key: &str,
        content: Vec<u8>,
    ) -> Result<(), CouldNotAsk> {
        let put = self.client.put_object().bucket(bucket).key(key);
        let put = put.content_type(RESULTS_TYPE).body(content.into());
        put.send().await.map(drop).map_err(could_not(S3, WRITE))
    }
}

/// Whether a file of that many bytes is longer than a reader takes.
fn exceeds(bytes: i64) -> bool {
    usize::try_from(bytes).is_ok_and(|bytes| bytes > MOST_BYTES)
}

/// `NoSuchVersion` is not in the model of `GetObject`, but S3 answers it; a version
/// that a delete marker stands for is `MethodNotAllowed`.
fn unopened(error: SdkError<GetObjectError>, object: &ObjectRef) -> ReadError {
    match code(&error) {
        Some("NoSuchKey" | "NoSuchVersion" | "MethodNotAllowed") => {
            ReadError::Gone(object.key.clone())
        }
        _ => could_not(S3, READ)(error).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::exceeds;

    #[test]
    fn a_file_is_too_long_from_one_byte_over_the_limit() {
        assert!(!exceeds(10_000_000));
        assert!(exceeds(10_000_001));
        assert!(!exceeds(-1));
    }
}
