//! Portfolios: by id or name, and their sharing with an account.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::error::SdkError;
use aws_sdk_servicecatalog::operation::describe_portfolio::DescribePortfolioError;
use aws_sdk_servicecatalog::operation::describe_portfolio_share_status::DescribePortfolioShareStatusError;
use aws_sdk_servicecatalog::types::{
    DescribePortfolioShareType, OrganizationNode, OrganizationNodeType, PortfolioDetail,
};
use vending::account::AccountId;
use vending::file::nearest;
use vending::ledger::Portfolio;
use vending::ports::{CouldNotAsk, PortfolioSharing, Reach, ShareError, StepStatus, Unresolved};

use super::SERVICE_CATALOG;
use super::reach::Reached;
use super::sharing::{not_shared, status};
use crate::calls::could_not;

const DESCRIBE: &str = "describe a portfolio";
const LIST: &str = "list the portfolios";
const STATUS: &str = "ask how the sharing of a portfolio stands";
const LIST_SHARES: &str = "list the shares of a portfolio";

/// What a portfolio's id begins with. The model has no pattern for it.
const ID_PREFIX: &str = "port-";

/// Shares portfolios of this account and Region, by organization node: such a share
/// needs no acceptance in the account.
#[derive(Debug, Clone)]
pub struct ServiceCatalogPortfolios {
    pub(super) client: Client,
    organizations: aws_sdk_organizations::Client,
    reached: Arc<Reached>,
}

impl ServiceCatalogPortfolios {
    /// Portfolios over those clients: of Service Catalog, and of the organization in which
    /// they are shared.
    #[must_use]
    pub fn new(client: Client, organizations: aws_sdk_organizations::Client) -> Self {
        Self { client, organizations, reached: Arc::default() }
    }

    /// The same, which knows nothing yet of what is shared already: what it learns it keeps,
    /// so that one invocation asks once.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self { reached: Arc::default(), ..self.clone() }
    }

    async fn by_id(&self, id: &str) -> Result<Portfolio, Unresolved> {
        match self.client.describe_portfolio().id(id).send().await {
            Ok(_) => Ok(Portfolio { id: id.to_owned(), name: id.to_owned() }),
            Err(error) if is_unknown(&error) => Err(Unresolved::Unknown(format!(
                "there is no portfolio {id} in this account and Region"
            ))),
            Err(error) => Err(could_not(SERVICE_CATALOG, DESCRIBE)(error).into()),
        }
    }

    pub(super) async fn list(&self) -> Result<Vec<PortfolioDetail>, CouldNotAsk> {
        let mut pages = self.client.list_portfolios().into_paginator().send();
        let mut portfolios = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(could_not(SERVICE_CATALOG, LIST))?;
            portfolios.extend_from_slice(page.portfolio_details());
        }
        Ok(portfolios)
    }
}

#[async_trait]
impl PortfolioSharing for ServiceCatalogPortfolios {
    async fn resolve(&self, portfolio: &str) -> Result<Portfolio, Unresolved> {
        if portfolio.starts_with(ID_PREFIX) {
            return self.by_id(portfolio).await;
        }
        choose(portfolio, &self.list().await?).map_err(Unresolved::Unknown)
    }

    async fn share(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<Option<String>, ShareError> {
        let node = OrganizationNode::builder()
            .r#type(OrganizationNodeType::Account)
            .value(account.as_str());
        let share = self.client.create_portfolio_share().portfolio_id(&portfolio.id);
        match share.organization_node(node.build()).send().await {
            Ok(shared) => Ok(shared.portfolio_share_token),
            Err(error) => Err(not_shared(error)),
        }
    }

    async fn status(&self, token: &str, account: &AccountId) -> Result<StepStatus, CouldNotAsk> {
        match self
            .client
            .describe_portfolio_share_status()
            .portfolio_share_token(token)
            .send()
            .await
        {
            Ok(answer) => Ok(status(answer.status(), answer.share_details(), account)),
            Err(error) if is_forgotten(&error) => Ok(StepStatus::Unknown),
            Err(error) => Err(could_not(SERVICE_CATALOG, STATUS)(error)),
        }
    }

    async fn reach(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<Option<Reach>, CouldNotAsk> {
        self.reached.reach(&self.client, &self.organizations, &portfolio.id, account).await
    }

    async fn is_shared(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<bool, CouldNotAsk> {
        let list = self.client.describe_portfolio_shares().portfolio_id(&portfolio.id);
        let list = list.r#type(DescribePortfolioShareType::OrganizationMemberAccount);
        let mut pages = list.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(could_not(SERVICE_CATALOG, LIST_SHARES))?;
            let shares = page.portfolio_share_details();
            if shares.iter().any(|share| share.principal_id() == Some(account.as_str())) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The portfolio of that name, if there is exactly one.
fn choose(name: &str, portfolios: &[PortfolioDetail]) -> Result<Portfolio, String> {
    let named = portfolios.iter().filter(|portfolio| portfolio.display_name() == Some(name));
    let ids: Vec<&str> = named.filter_map(|portfolio| portfolio.id()).collect();
    match ids.as_slice() {
        [id] => Ok(Portfolio { id: (*id).to_owned(), name: name.to_owned() }),
        [] => Err(unknown(name, portfolios)),
        _ => Err(format!(
            "several portfolios are named {name:?}: use one of the ids {}",
            ids.join(", ")
        )),
    }
}

fn unknown(name: &str, portfolios: &[PortfolioDetail]) -> String {
    let near = nearest(name, portfolios.iter().filter_map(|portfolio| portfolio.display_name()));
    let hint = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
    format!("there is no portfolio named {name:?} in this account and Region{hint}")
}

fn is_unknown(error: &SdkError<DescribePortfolioError>) -> bool {
    error.as_service_error().is_some_and(DescribePortfolioError::is_resource_not_found_exception)
}

fn is_forgotten(error: &SdkError<DescribePortfolioShareStatusError>) -> bool {
    let error = error.as_service_error();
    error.is_some_and(DescribePortfolioShareStatusError::is_resource_not_found_exception)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portfolio(id: &str, name: &str) -> PortfolioDetail {
        PortfolioDetail::builder().id(id).display_name(name).build()
    }

    #[test]
    fn a_name_must_be_that_of_one_portfolio() {
        let listed = [
            portfolio("port-1", "Networking"),
            portfolio("port-2", "Data"),
            portfolio("port-3", "Data"),
        ];
        assert_eq!(choose("Networking", &listed).unwrap().id, "port-1");
        assert!(choose("Data", &listed).unwrap_err().ends_with("port-2, port-3"));
        assert!(
            choose("Netwroking", &listed).unwrap_err().ends_with("did you mean \"Networking\"?")
        );
        assert!(choose("Security", &listed).unwrap_err().ends_with("Region"));
    }
}
