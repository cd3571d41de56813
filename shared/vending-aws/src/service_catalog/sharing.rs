//! What Service Catalog's answers about a share mean for one account.

use aws_sdk_servicecatalog::error::SdkError;
use aws_sdk_servicecatalog::operation::create_portfolio_share::CreatePortfolioShareError;
use aws_sdk_servicecatalog::types::{ShareDetails, ShareStatus};
use vending::account::AccountId;
use vending::ports::{Refusal, ShareError, StepStatus};

use super::SERVICE_CATALOG;
use crate::calls::{code, could_not, is_throttling, refusal, words};

const SHARE: &str = "share a portfolio";

/// Where a share stands for `account`.
///
/// `COMPLETED` speaks of the share as a whole. It is believed where the account is
/// among those that got it; where no account is told of at all, nobody knows.
pub(super) fn status(
    status: Option<&ShareStatus>,
    details: Option<&ShareDetails>,
    account: &AccountId,
) -> StepStatus {
    match status {
        Some(ShareStatus::NotStarted | ShareStatus::InProgress) => StepStatus::InProgress,
        Some(ShareStatus::Completed) => completed(details, account),
        Some(ShareStatus::CompletedWithErrors | ShareStatus::Error) => failed(details, account),
        Some(_) | None => StepStatus::Unknown,
    }
}

fn completed(details: Option<&ShareDetails>, account: &AccountId) -> StepStatus {
    let shared = details.map_or(&[][..], |details| details.successful_shares());
    let errors = details.map_or(&[][..], |details| details.share_errors());
    if shared.iter().any(|id| id == account.as_str()) {
        StepStatus::Done
    } else if shared.is_empty() && errors.is_empty() {
        StepStatus::Unknown
    } else {
        StepStatus::Failed(reason(details, account))
    }
}

/// A share may have reached this account and failed for another.
fn failed(details: Option<&ShareDetails>, account: &AccountId) -> StepStatus {
    let shared = details.map_or(&[][..], |details| details.successful_shares());
    if shared.iter().any(|id| id == account.as_str()) {
        return StepStatus::Done;
    }
    StepStatus::Failed(reason(details, account))
}

/// What was said of this account, or of any.
fn reason(details: Option<&ShareDetails>, account: &AccountId) -> String {
    let errors = details.map_or(&[][..], |details| details.share_errors());
    let own = errors.iter().find(|error| error.accounts().iter().any(|id| id == account.as_str()));
    let words = own.or(errors.first()).map(|error| (error.error(), error.message()));
    match words {
        Some((Some(code), Some(message))) => format!("{code}: {message}"),
        Some((Some(words), None) | (None, Some(words))) => words.to_owned(),
        Some((None, None)) | None => {
            format!("Service Catalog says that it shared, but not with {account}, and not why")
        }
    }
}

/// What it means that a share was not taken.
pub(super) fn not_shared(error: SdkError<CreatePortfolioShareError>) -> ShareError {
    if code(&error).is_some_and(is_throttling) {
        return ShareError::Wait(words(&error).unwrap_or_default());
    }
    match refusal(&error) {
        Some(refusal) if passes(&refusal) => ShareError::Wait(refusal.to_string()),
        Some(refusal) => ShareError::Refused(refusal.to_string()),
        None => could_not(SERVICE_CATALOG, SHARE)(error).into(),
    }
}

/// Refusals that pass: another share of the portfolio is under way, or the new account
/// has not reached Service Catalog yet (Terraform's AWS provider retries the last). That
/// something is not enabled is a state which no patience ends.
fn passes(refusal: &Refusal) -> bool {
    let busy = ["InvalidStateException", "ResourceInUseException", "ConflictException"];
    let says = |words| refusal.message.contains(words);
    (busy.contains(&refusal.code.as_str()) && !says("not enabled"))
        || says("profile does not exist")
}

#[cfg(test)]
mod tests {
    use aws_sdk_servicecatalog::types::ShareError as AwsShareError;
    use vending::failure::{FailureKind, classify_share};

    use super::*;
    use crate::Clients;
    use crate::testing::Canned;

    /// What it means that a share is answered so.
    async fn answered(status: u16, code: &str, message: &str) -> ShareError {
        let body = format!(r#"{{"__type":"{code}","message":"{message}"}}"#);
        let canned = Canned::new(vec![(status, body)]);
        let catalog = Clients::new(canned.config()).service_catalog();
        let share = catalog.create_portfolio_share().portfolio_id("port-1");
        not_shared(share.send().await.unwrap_err())
    }

    #[tokio::test]
    async fn what_passes_is_waited_for() {
        for (code, message) in [
            ("InvalidStateException", "A share of the portfolio is in progress"),
            ("InvalidParametersException", "The profile does not exist for the account"),
            ("ResourceInUseException", "busy"),
            ("ThrottlingException", "Rate exceeded"),
        ] {
            let told = answered(400, code, message).await;
            assert!(
                matches!(&told, ShareError::Wait(words) if words.contains(message)),
                "{told:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_refusal_says_what_is_to_be_mended() {
        let shared = "You can't share a shared resource, including portfolios that contain a shared product.";
        let off = "AWS Organizations access is not enabled";
        for (code, message, kind) in [
            ("OperationNotSupportedException", off, FailureKind::SharingOff),
            ("InvalidStateException", off, FailureKind::SharingOff),
            ("OperationNotSupportedException", shared, FailureKind::ShareOfShare),
            ("LimitExceededException", "too many shares", FailureKind::ShareQuota),
            ("ResourceNotFoundException", "no", FailureKind::PortfolioGone),
            ("AccessDeniedException", "no", FailureKind::HandoverDenied),
            ("InvalidParametersException", "no such account", FailureKind::ShareFailed),
        ] {
            let ShareError::Refused(words) = answered(400, code, message).await else {
                panic!("{code}: {message}")
            };
            assert_eq!(classify_share(&words), kind, "{words}");
        }
    }

    #[tokio::test]
    async fn where_nobody_knows_it_is_asked_again() {
        let told = answered(500, "InternalFailure", "oh").await;
        assert!(matches!(told, ShareError::CouldNotAsk(_)), "{told:?}");
    }

    fn account() -> AccountId {
        AccountId::new("123456789012").unwrap()
    }

    fn details(shared: &[&str], failed: &[&str]) -> ShareDetails {
        let errors = failed.iter().map(|id| {
            let error = AwsShareError::builder().accounts(*id).error("Denied");
            error.message(format!("not with {id}")).build()
        });
        ShareDetails::builder()
            .set_successful_shares(Some(shared.iter().map(|id| (*id).to_owned()).collect()))
            .set_share_errors(Some(errors.collect()))
            .build()
    }

    #[test]
    fn completed_is_done_only_where_the_account_has_it() {
        let of = |details: &ShareDetails| {
            status(Some(&ShareStatus::Completed), Some(details), &account())
        };
        assert_eq!(of(&details(&["123456789012"], &[])), StepStatus::Done);
        assert_eq!(of(&details(&[], &[])), StepStatus::Unknown);
        assert!(matches!(of(&details(&["210987654321"], &[])), StepStatus::Failed(_)));
        assert_eq!(status(Some(&ShareStatus::Completed), None, &account()), StepStatus::Unknown);
    }

    #[test]
    fn a_failure_is_told_in_the_words_about_this_account() {
        let failed = details(&[], &["210987654321", "123456789012"]);
        let failed = status(Some(&ShareStatus::CompletedWithErrors), Some(&failed), &account());
        assert_eq!(failed, StepStatus::Failed("Denied: not with 123456789012".to_owned()));
        let others = details(&["123456789012"], &["210987654321"]);
        let others = status(Some(&ShareStatus::CompletedWithErrors), Some(&others), &account());
        assert_eq!(others, StepStatus::Done, "the errors are about another account");
        assert!(matches!(
            status(Some(&ShareStatus::Error), None, &account()),
            StepStatus::Failed(_)
        ));
    }

    #[test]
    fn what_has_not_ended_is_in_progress() {
        for under_way in [ShareStatus::NotStarted, ShareStatus::InProgress] {
            assert_eq!(status(Some(&under_way), None, &account()), StepStatus::InProgress);
        }
        assert_eq!(status(None, None, &account()), StepStatus::Unknown);
    }
}
