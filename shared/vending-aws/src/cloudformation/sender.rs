//! Sending the answer: an HTTP PUT to where the stack waits, with the SDK's own client.

use std::convert::Infallible;
use std::fmt::Display;
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::answer;
use crate::events::StackRequest;

/// To connect takes milliseconds within a Region.
const CONNECT: Duration = Duration::from_secs(3);
/// One attempt: some hundred bytes to S3.
const ATTEMPT: Duration = Duration::from_secs(5);
/// All attempts, and the waiting between them.
const ALL: Duration = Duration::from_secs(20);
/// Attempts.
const ATTEMPTS: u32 = 3;

/// A stack still waits for its answer. Never has the URL in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("failed to answer CloudFormation: {0}")]
pub struct NotAnswered(String);

/// Answers stacks.
#[derive(Debug, Clone)]
pub struct StackAnswers {
    http_client: Option<SharedHttpClient>,
    retries: RetryConfig,
}

impl StackAnswers {
    /// Answers with the HTTP client of that configuration.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS);
        Self { http_client: config.http_client(), retries }
    }

    /// Answers `request`: that it is done, or why it is not, in words for a person.
    ///
    /// # Errors
    /// [`NotAnswered`], after some attempts.
    pub async fn send(
        &self,
        request: &StackRequest,
        done: Result<(), impl Display>,
    ) -> Result<(), NotAnswered> {
        let client = self.http_client.clone();
        let client = client.ok_or_else(|| NotAnswered("there is no HTTP client".to_owned()))?;
        let answer = answer::write(request, done).map_err(|it| NotAnswered(it.to_string()))?;
        let path_and_query = request.url.path_and_query().to_owned();
        let put = Operation::builder()
            .service_name("cloudformation")
            .operation_name("answer")
            .behavior_version(BehaviorVersion::latest())
            .http_client(client)
            .endpoint_url(request.url.origin())
            .no_auth()
            .standard_retry(&self.retries)
            .retry_classifier(TransientErrorClassifier::<Infallible>::new())
            .retry_classifier(HttpStatusCodeClassifier::default())
            .timeout_config(timeouts())
            .serializer(move |answer| Ok(put(&path_and_query, answer)?))
            .deserializer::<_, Infallible>(|response| Ok(response.status().as_u16()))
            .build();
        match put.invoke(answer).await {
            Ok(200..=299) => Ok(()),
            Ok(status) => Err(NotAnswered(format!("its URL answered with HTTP status {status}"))),
            Err(error) => Err(NotAnswered(why(&error).to_owned())),
        }
    }
}

/// The request. The URL is signed for no content type.
fn put(
    path_and_query: &str,
    answer: Vec<u8>,
) -> Result<HttpRequest, aws_smithy_runtime_api::http::HttpError> {
    let mut request = HttpRequest::new(SdkBody::from(answer));
    request.set_method("PUT")?;
    request.set_uri(path_and_query)?;
    request.headers_mut().insert("content-type", "");
    Ok(request)
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(ALL)
        .build()
}

/// In words of our own: the client's may quote the URL.
fn why(error: &SdkError<Infallible, HttpResponse>) -> &'static str {
    match error {
        SdkError::TimeoutError(_) => "nobody answered at its URL in time",
        SdkError::DispatchFailure(_) => "its URL could not be reached",
        SdkError::ConstructionFailure(_) => "no request could be made for its URL",
        _ => "the answer of its URL could not be read",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::testing::{Canned, creation};

    fn over(canned: &Canned) -> StackAnswers {
        let answers = StackAnswers::new(&canned.config());
        let retries = answers.retries.clone().with_initial_backoff(Duration::ZERO);
        StackAnswers { retries, ..answers }
    }

    async fn send(statuses: &[u16]) -> (Result<(), NotAnswered>, usize) {
        let canned = Canned::new(statuses.iter().map(|it| (*it, String::new())).collect());
        let sent = over(&canned).send(&creation(), Ok::<_, String>(())).await;
        (sent, canned.calls())
    }

    #[tokio::test]
    async fn the_answer_is_put_to_the_url_as_it_is_signed() {
        let canned = Canned::new(vec![(200, String::new())]);
        over(&canned).send(&creation(), Err("a reason")).await.unwrap();
        let [put] = &canned.requests()[..] else { panic!("not one request") };
        let url = format!("{}{}", creation().url.origin(), creation().url.path_and_query());
        assert_eq!((put.method(), put.uri()), ("PUT", url.as_str()));
        assert_eq!(put.headers().get("content-type"), Some(""));
        assert_eq!(put.headers().get("authorization"), None);
        let body: Value = serde_json::from_slice(put.body().bytes().unwrap()).unwrap();
        assert_eq!((&body["Status"], &body["Reason"]), (&"FAILED".into(), &"a reason".into()));
    }

    #[tokio::test]
    async fn what_may_pass_is_tried_again() {
        assert_eq!(send(&[500, 503, 200]).await, (Ok(()), 3));
        let (unreachable, _) = send(&[]).await;
        assert!(unreachable.unwrap_err().to_string().ends_with("its URL could not be reached"));
    }

    #[tokio::test]
    async fn what_does_not_pass_is_an_error_without_the_url() {
        for (statuses, calls) in [(&[403][..], 1), (&[500, 500, 500], 3)] {
            let (sent, called) = send(statuses).await;
            let told = sent.unwrap_err().to_string();
            assert_eq!(called, calls);
            assert!(told.contains(&format!("HTTP status {}", statuses[0])), "{told}");
            assert!(!told.contains("Signature"), "{told}");
        }
    }
}
