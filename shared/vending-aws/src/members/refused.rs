//! What the errors of Service Catalog in a member account mean.

use std::error::Error;

use aws_sdk_servicecatalog::error::{ProvideErrorMetadata, SdkError};
use vending::ports::MemberError;

use super::SERVICE_CATALOG;
use crate::calls::{code, could_not, is_throttling, refusal, words};

/// Refusals that pass: another change is under way, or Service Catalog hears of the account
/// for the first time (Terraform's AWS provider tries "profile does not exist" again).
const PASSES: [&str; 4] = [
    "InvalidStateException",
    "ResourceInUseException",
    "ConflictException",
    "profile does not exist",
];

/// Makes errors of `operation` into refusals, waits, and what nobody knows.
pub(super) fn refused<E>(operation: &'static str) -> impl Fn(SdkError<E>) -> MemberError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    move |error| {
        if code(&error).is_some_and(is_throttling) {
            return MemberError::Wait(words(&error).unwrap_or_default());
        }
        match refusal(&error).map(|refusal| refusal.to_string()) {
            Some(words) if PASSES.iter().any(|it| words.contains(it)) => MemberError::Wait(words),
            Some(words) => MemberError::Refused(words),
            None => could_not(SERVICE_CATALOG, operation)(error).into(),
        }
    }
}

/// Likewise, where parameters that are invalid name somebody who is not there yet.
pub(super) fn not_there<E>(error: SdkError<E>, operation: &'static str, what: &str) -> MemberError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    if code(&error) == Some("InvalidParametersException") {
        let words = words(&error).unwrap_or_default();
        return MemberError::Wait(format!("{what} in the account ({words})"));
    }
    refused(operation)(error)
}

/// Whether what was to be made is there already.
pub(super) fn is_duplicate<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    code(error) == Some("DuplicateResourceException")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clients;
    use crate::testing::Canned;

    async fn error(status: u16, code: &str, message: &str) -> (MemberError, MemberError) {
        let body = format!("{{\"__type\":\"{code}\",\"message\":\"{message}\"}}");
        let canned = Canned::new(vec![(status, body.clone()), (status, body)]);
        let catalog = Clients::new(canned.config()).service_catalog();
        let accept = || catalog.accept_portfolio_share().portfolio_id("port-1").send();
        let plain = refused("accept")(accept().await.unwrap_err());
        (plain, not_there(accept().await.unwrap_err(), "accept", "there is no role x"))
    }

    #[tokio::test]
    async fn what_passes_is_waited_for() {
        for (code, message) in [
            ("ThrottlingException", "Rate exceeded"),
            ("InvalidStateException", "busy"),
            ("InvalidParametersException", "profile does not exist"),
        ] {
            let (error, _) = error(400, code, message).await;
            assert!(matches!(error, MemberError::Wait(_)), "{error:?}");
        }
    }

    #[tokio::test]
    async fn what_does_not_pass_is_refused_or_unknown() {
        let (plain, named) = error(400, "InvalidParametersException", "no such principal").await;
        assert!(matches!(plain, MemberError::Refused(_)));
        assert!(
            matches!(&named, MemberError::Wait(words) if words.starts_with("there is no role x"))
        );
        let (denied, also) = error(400, "AccessDeniedException", "no").await;
        assert!(matches!((denied, also), (MemberError::Refused(_), MemberError::Refused(_))));
        for code in ["LimitExceededException", "ResourceNotFoundException"] {
            let (plain, named) = error(400, code, "Portfolio not found").await;
            assert!(matches!(&plain, MemberError::Refused(words) if words.contains(code)));
            assert!(matches!(&named, MemberError::Refused(words) if words.contains(code)));
        }
        let (unknown, _) = error(500, "InternalFailure", "oh").await;
        assert!(matches!(unknown, MemberError::CouldNotAsk(_)));
    }
}
