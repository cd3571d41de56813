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
/// has not reached Service Catalog yet (Terraform's AWS provider retries the last).
fn passes(refusal: &Refusal) -> bool {
    let busy = ["InvalidStateException", "ResourceInUseException", "ConflictException"];
    busy.contains(&refusal.code.as_str()) || refusal.message.contains("profile does not exist")
}

#[cfg(test)]
mod tests {
    use aws_sdk_servicecatalog::types::ShareError as AwsShareError;

    use super::*;

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
