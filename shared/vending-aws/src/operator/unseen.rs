//! What it means for the doctor that a call failed.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use vending::doctor::ports::Unseen;

use crate::calls::{code, words};

/// Codes by which services say that the caller may not ask.
const DENIED: [&str; 4] =
    ["AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedException"];

/// Tells why a call failed that takes the permissions `needs`.
pub(super) fn unseen<E>(needs: &'static str) -> impl Fn(SdkError<E, HttpResponse>) -> Unseen
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    move |error| {
        let denied = code(&error).is_some_and(|code| DENIED.contains(&code));
        let cause = words(&error).unwrap_or_else(|| chain(&error));
        Unseen { cause, denied, needs }
    }
}

/// The service answered, and its answer lacks something.
pub(super) fn lacks(what: &'static str, needs: &'static str) -> Unseen {
    Unseen { cause: format!("the answer has no {what}"), denied: false, needs }
}

fn chain(error: &dyn Error) -> String {
    let mut chain = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        chain.push(error.to_string());
        cause = error.source();
    }
    chain.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    async fn asked(answers: Vec<(u16, String)>) -> Unseen {
        let client = aws_sdk_sts::Client::new(&Canned::new(answers).config());
        let error = client.get_caller_identity().send().await.unwrap_err();
        unseen("sts:GetCallerIdentity")(error)
    }

    #[tokio::test]
    async fn a_denial_is_told_from_silence() {
        let denial = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no \
                      &amp; never</Message></Error></ErrorResponse>";
        let told = asked(vec![(403, denial.to_owned())]).await;
        assert_eq!((told.cause.as_str(), told.denied), ("AccessDenied: no & never", true));
        assert_eq!(told.needs, "sts:GetCallerIdentity");
        let told = asked(Vec::new()).await;
        assert!(!told.denied);
        assert!(told.cause.ends_with("no answer is left"), "{told}");
    }
}
