//! Account lists in S3, and the results files beside them.

use std::error::Error;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use chrono::DateTime;
use vending::file::{FileReader, MOST_BYTES, Unreadable};
use vending::ledger::{Batch, ObjectRef, Timestamp};
use vending::ports::{
    BatchSource, CouldNotAsk, ReadError, Replaced, ResultsError, ResultsFile, ResultsFiles,
    Revision,
};

use crate::calls::{code, could_not, present, refusal};

const S3: &str = "S3";
const READ: &str = "read an account list";
const READ_RESULTS: &str = "read a results file";
const WRITE: &str = "write a results file";
const ENTITY_TAG: &str = "entity tag";

/// How a results file is served: without the charset, browsers guess.
const RESULTS_TYPE: &str = "text/csv; charset=utf-8";

/// What S3 says when by now another object is there, or none: precondition failed, another
/// write at the same moment, or nothing to write over (S3 user guide, "Conditional writes").
const CHANGED: [&str; 3] = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];

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

    fn put(&self, bucket: &str, key: &str, content: Vec<u8>) -> PutObjectFluentBuilder {
        let put = self.client.put_object().bucket(bucket).key(key);
        put.content_type(RESULTS_TYPE).body(content.into())
    }
}

#[async_trait]
impl BatchSource for S3BatchSource {
    async fn read(
        &self,
        object: &ObjectRef,
        reader: &mut dyn FileReader,
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
        let put = self.put(bucket, key, content);
        put.send().await.map(drop).map_err(could_not(S3, WRITE))
    }
}

#[async_trait]
impl ResultsFiles for S3BatchSource {
    async fn results_of(&self, batch: &Batch) -> Result<Option<ResultsFile>, ResultsError> {
        let get = self.client.get_object().bucket(&batch.object.bucket).key(batch.results_key());
        let got = match get.send().await {
            Ok(got) => got,
            Err(error) if code(&error) == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(not_done(error, READ_RESULTS)),
        };
        let revision = Revision(present(got.e_tag, ENTITY_TAG, S3, READ_RESULTS)?);
        let content = got.body.collect().await.map_err(could_not(S3, READ_RESULTS))?;
        Ok(Some(ResultsFile { content: content.into_bytes().into(), revision }))
    }

    async fn replace_results(
        &self,
        batch: &Batch,
        over: Option<&Revision>,
        content: Vec<u8>,
    ) -> Result<Replaced, ResultsError> {
        let put = self.put(&batch.object.bucket, &batch.results_key(), content);
        let put = match over {
            Some(Revision(tag)) => put.if_match(tag),
            None => put.if_none_match("*"),
        };
        match put.send().await {
            Ok(put) => Ok(Replaced::By(Revision(present(put.e_tag, ENTITY_TAG, S3, WRITE)?))),
            Err(error) if code(&error).is_some_and(|code| CHANGED.contains(&code)) => {
                Ok(Replaced::Changed)
            }
            Err(error) => Err(not_done(error, WRITE)),
        }
    }
}

/// Whether the store would say so again, or nobody knows.
fn not_done<E>(error: SdkError<E>, operation: &'static str) -> ResultsError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match refusal(&error) {
        Some(refusal) => ResultsError::Refused(refusal.to_string()),
        None => could_not(S3, operation)(error).into(),
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
    use vending::ledger::ObjectRef;

    use super::*;
    use crate::testing::Canned;

    fn batch() -> Batch {
        let object = ObjectRef { bucket: "lists".into(), key: "a.csv".into(), version: None };
        Batch::new(&object, Timestamp::UNIX_EPOCH)
    }

    async fn replaced(status: u16, code: &str) -> Result<Replaced, ResultsError> {
        let answer = format!("<Error><Code>{code}</Code><Message>words</Message></Error>");
        let canned = Canned::new(vec![(status, answer)]);
        let source = S3BatchSource::new(Client::new(&canned.config()));
        source.replace_results(&batch(), Some(&Revision("\"1\"".into())), b"rows".to_vec()).await
    }

    #[tokio::test]
    async fn what_s3_says_to_a_write_is_told_apart() {
        for (status, code) in
            [(412, "PreconditionFailed"), (409, "ConditionalRequestConflict"), (404, "NoSuchKey")]
        {
            assert!(matches!(replaced(status, code).await, Ok(Replaced::Changed)), "{code}");
        }
        for (status, code) in [(403, "AccessDenied"), (404, "NoSuchBucket")] {
            let refused = replaced(status, code).await.unwrap_err();
            assert!(
                matches!(&refused, ResultsError::Refused(why) if why.contains(code)),
                "{refused}"
            );
        }
        for (status, code) in [(503, "SlowDown"), (500, "InternalError"), (403, "ExpiredToken")] {
            let unknown = replaced(status, code).await.unwrap_err();
            assert!(matches!(unknown, ResultsError::CouldNotAsk(_)), "{code}");
        }
    }

    #[test]
    fn a_file_is_too_long_from_one_byte_over_the_limit() {
        assert!(!exceeds(10_000_000));
        assert!(exceeds(10_000_001));
        assert!(!exceeds(-1));
    }
}
