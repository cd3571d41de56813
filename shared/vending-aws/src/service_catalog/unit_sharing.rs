//! Portfolio shares with organizational units.

use async_trait::async_trait;
use aws_sdk_servicecatalog::error::SdkError;
use aws_sdk_servicecatalog::operation::describe_portfolio_share_status::DescribePortfolioShareStatusError as StatusError;
use aws_sdk_servicecatalog::types::{
    DescribePortfolioShareType, OrganizationNode, OrganizationNodeType, ShareDetails, ShareStatus,
};
use vending::account::AccountId;
use vending::ledger::{Portfolio, Unreached};
use vending::ports::{CouldNotAsk, ShareError, UnitShareStatus, UnitSharing};

use super::sharing::not_shared;
use super::{SERVICE_CATALOG, ServiceCatalogPortfolios};
use crate::calls::could_not;

const STATUS: &str = "ask how the sharing of a portfolio stands";
const LIST_SHARES: &str = "list the shares of a portfolio";

#[async_trait]
impl UnitSharing for ServiceCatalogPortfolios {
    async fn owned(&self) -> Result<Vec<Portfolio>, CouldNotAsk> {
        // Those that others share with this account are not in the list.
        let portfolios = self.list().await?;
        let owned = portfolios.iter().filter_map(|portfolio| {
            let name = portfolio.display_name().unwrap_or_default().to_owned();
            Some(Portfolio { id: portfolio.id()?.to_owned(), name })
        });
        Ok(owned.collect())
    }

    async fn share_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<Option<String>, ShareError> {
        let node = OrganizationNode::builder().r#type(OrganizationNodeType::OrganizationalUnit);
        let share = self.client.create_portfolio_share().portfolio_id(&portfolio.id);
        match share.organization_node(node.value(unit).build()).send().await {
            Ok(shared) => Ok(shared.portfolio_share_token),
            Err(error) => Err(not_shared(error)),
        }
    }

    async fn unit_share_status(&self, token: &str) -> Result<UnitShareStatus, CouldNotAsk> {
        let ask = self.client.describe_portfolio_share_status().portfolio_share_token(token);
        match ask.send().await {
            Ok(answer) => Ok(status(answer.status(), answer.share_details())),
            Err(error) if is_forgotten(&error) => Ok(UnitShareStatus::Unknown),
            Err(error) => Err(could_not(SERVICE_CATALOG, STATUS)(error)),
        }
    }

    async fn is_shared_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<bool, CouldNotAsk> {
        let list = self.client.describe_portfolio_shares().portfolio_id(&portfolio.id);
        let list = list.r#type(DescribePortfolioShareType::OrganizationalUnit);
        let mut pages = list.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(could_not(SERVICE_CATALOG, LIST_SHARES))?;
            let mut shares = page.portfolio_share_details().iter();
            if shares.any(|share| share.principal_id().is_some_and(|id| is_unit(id, unit))) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Service Catalog names a unit by its id, or by its ARN, which ends with it.
fn is_unit(principal: &str, unit: &str) -> bool {
    principal == unit || principal.ends_with(&format!("/{unit}"))
}

/// Where a share stands as a whole. That it has ended says nothing of whether it is there:
/// of several shares at once some are lost.
fn status(status: Option<&ShareStatus>, details: Option<&ShareDetails>) -> UnitShareStatus {
    match status {
        Some(ShareStatus::NotStarted | ShareStatus::InProgress) => UnitShareStatus::InProgress,
        Some(ShareStatus::Completed | ShareStatus::CompletedWithErrors) => {
            UnitShareStatus::Ended(unreached(details))
        }
        Some(ShareStatus::Error) => UnitShareStatus::Failed(reason(details)),
        Some(_) | None => UnitShareStatus::Unknown,
    }
}

fn unreached(details: Option<&ShareDetails>) -> Vec<Unreached> {
    let errors = details.map_or(&[][..], |details| details.share_errors());
    let mut unreached = Vec::new();
    for error in errors {
        let reason = words(error.error(), error.message());
        let accounts = error.accounts().iter().filter_map(|id| AccountId::new(id).ok());
        unreached.extend(accounts.map(|account| Unreached { account, reason: reason.clone() }));
    }
    unreached
}

fn reason(details: Option<&ShareDetails>) -> String {
    let errors = details.map_or(&[][..], |details| details.share_errors());
    let first = errors.first().map(|error| words(error.error(), error.message()));
    first.unwrap_or_else(|| "Service Catalog says ERROR, and not why".to_owned())
}

fn words(code: Option<&str>, message: Option<&str>) -> String {
    match (code, message) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(words), None) | (None, Some(words)) => words.to_owned(),
        (None, None) => "Service Catalog does not say why".to_owned(),
    }
}

fn is_forgotten(error: &SdkError<StatusError>) -> bool {
    error.as_service_error().is_some_and(StatusError::is_resource_not_found_exception)
}

#[cfg(test)]
mod tests {
    use aws_sdk_servicecatalog::types::ShareError as AwsShareError;

    use super::*;

    fn details(errors: &[(&str, &[&str])]) -> ShareDetails {
        let errors = errors.iter().map(|(code, accounts)| {
            let accounts = accounts.iter().map(|id| (*id).to_owned()).collect();
            AwsShareError::builder()
                .error(*code)
                .set_accounts(Some(accounts))
                .message("words")
                .build()
        });
        ShareDetails::builder().set_share_errors(Some(errors.collect())).build()
    }

    #[test]
    fn a_share_with_errors_has_ended_and_names_whom_it_did_not_reach() {
        let some = details(&[("Denied", &["111122223333", "no id"]), ("Late", &["444455556666"])]);
        let ended = status(Some(&ShareStatus::CompletedWithErrors), Some(&some));
        let UnitShareStatus::Ended(unreached) = ended else { panic!("{ended:?}") };
        let told: Vec<String> =
            unreached.iter().map(|it| format!("{} {}", it.account, it.reason)).collect();
        assert_eq!(told, ["111122223333 Denied: words", "444455556666 Late: words"]);
        assert_eq!(status(Some(&ShareStatus::Completed), None), UnitShareStatus::Ended(Vec::new()));
    }

    #[test]
    fn an_error_is_a_failure_and_no_status_is_unknown() {
        let failed = status(Some(&ShareStatus::Error), Some(&details(&[("Denied", &[])])));
        assert_eq!(failed, UnitShareStatus::Failed("Denied: words".to_owned()));
        assert!(matches!(status(Some(&ShareStatus::Error), None), UnitShareStatus::Failed(_)));
        assert_eq!(status(None, None), UnitShareStatus::Unknown);
        for under_way in [ShareStatus::NotStarted, ShareStatus::InProgress] {
            assert_eq!(status(Some(&under_way), None), UnitShareStatus::InProgress);
        }
    }

    #[test]
    fn a_unit_is_named_by_its_id_or_its_arn() {
        let arn = "arn:aws:organizations::111122223333:ou/o-exampleorg/ou-aaaa-bbbbcccc";
        assert!(
            is_unit("ou-aaaa-bbbbcccc", "ou-aaaa-bbbbcccc") && is_unit(arn, "ou-aaaa-bbbbcccc")
        );
        assert!(!is_unit("xou-aaaa-bbbbcccc", "ou-aaaa-bbbbcccc"));
    }
}
