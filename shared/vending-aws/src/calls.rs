//! What it means that a call of the SDK failed: the service refused, or nobody knows.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use vending::ports::{CouldNotAsk, Refusal};

/// Codes of throttling, as the SDK's retry classifiers list them
/// (`aws-runtime`, `THROTTLING_ERRORS`), but for `LimitExceededException`, by
/// which Service Catalog means a quota that no patience lifts.
const THROTTLING: [&str; 13] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];

/// Codes that speak of the caller's credentials or clock, not of what was asked
/// for (Service Catalog API reference, "Common Errors").
const NOT_ABOUT_THE_REQUEST: [&str; 7] = [
    "ExpiredTokenException",
    "ExpiredToken",
    "RequestExpired",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "IncompleteSignature",
    "InvalidSignatureException",
];

/// The refusal in `error`; `None` where the same call may succeed the next time:
/// throttling, a fault of the service, expired credentials, no answer at all.
pub(crate) fn refusal<E: ProvideErrorMetadata>(
    error: &SdkError<E, HttpResponse>,
) -> Option<Refusal> {
    let SdkError::ServiceError(answer) = error else { return None };
    let code = answer.err().code().unwrap_or("an error without a code");
    let status = answer.raw().status();
    let known = status.is_client_error()
        && !matches!(status.as_u16(), 408 | 429)
        && !is_throttling(code)
        && !NOT_ABOUT_THE_REQUEST.contains(&code);
    let message = answer.err().message().unwrap_or_default();
    known.then(|| Refusal { code: code.to_owned(), message: message.to_owned() })
}

/// Whether `code` says that we ask too often.
pub(crate) fn is_throttling(code: &str) -> bool {
    THROTTLING.contains(&code)
}

/// Whether the text of an error's answer speaks of what was asked for, rather than of
/// throttling or of who asked.
pub(crate) fn speaks_of_the_request(answer: &str) -> bool {
    let mut elsewhere = THROTTLING.iter().chain(&NOT_ABOUT_THE_REQUEST).chain(&["AccessDenied"]);
    !elsewhere.any(|code| answer.contains(code))
}

/// The code of the service's answer, if it answered.
pub(crate) fn code<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

/// What the service said, code and words, for a person.
pub(crate) fn words<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    let answer = error.as_service_error()?;
    let code = answer.code().unwrap_or("an error without a code");
    Some(match answer.message() {
        Some(message) => format!("{code}: {message}"),
        None => code.to_owned(),
    })
}

/// Makes errors of `operation` at `service` into [`CouldNotAsk`].
pub(crate) fn could_not<E: Into<Box<dyn Error + Send + Sync>>>(
    service: &'static str,
    operation: &'static str,
) -> impl Fn(E) -> CouldNotAsk {
    move |source| CouldNotAsk::new(service, operation, source)
}

/// The value, or that the service's answer lacks it.
pub(crate) fn present<T>(
    value: Option<T>,
    what: &'static str,
    service: &'static str,
    operation: &'static str,
) -> Result<T, CouldNotAsk> {
    value.ok_or_else(|| CouldNotAsk::new(service, operation, format!("the answer has no {what}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    async fn refused(status: u16, code: &str) -> Option<Refusal> {
        let body = format!("{{\"__type\":\"{code}\",\"message\":\"words\"}}");
        let canned = Canned::new(vec![(status, body)]);
        let client = aws_sdk_servicecatalog::Client::new(&canned.config());
        refusal(&client.describe_record().id("rec-1").send().await.unwrap_err())
    }

    #[tokio::test]
    async fn a_refusal_keeps_code_and_words_also_those_the_model_does_not_know() {
        for code in ["ResourceNotFoundException", "ResourceInUseException", "AccessDeniedException"]
        {
            let refusal = refused(400, code).await.unwrap();
            assert_eq!((refusal.code.as_str(), refusal.message.as_str()), (code, "words"));
        }
    }

    #[tokio::test]
    async fn what_may_succeed_the_next_time_is_no_refusal() {
        for (status, code) in [
            (400, "ThrottlingException"),
            (429, "Whatever"),
            (500, "InternalFailure"),
            (503, "ServiceUnavailable"),
            (403, "ExpiredTokenException"),
        ] {
            assert_eq!(refused(status, code).await, None, "{code}");
        }
    }

    #[tokio::test]
    async fn no_answer_is_no_refusal() {
        let client = aws_sdk_servicecatalog::Client::new(&Canned::new(Vec::new()).config());
        let error = client.describe_record().id("rec-1").send().await.unwrap_err();
        assert_eq!((refusal(&error), words(&error)), (None, None));
    }
}
