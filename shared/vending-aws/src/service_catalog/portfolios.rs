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

    async fn by_id(&self, id: &str) -> Result<Option<Portfolio>, CouldNotAsk> {
        match self.client.describe_portfolio().id(id).send().await {
            Ok(_) => Ok(Some(Portfolio { id: id.to_owned(), name: id.to_owned() })),
            Err(error) if is_unknown(&error) => Ok(None),
            Err(error) => Err(could_not(SERVICE_CATALOG, DESCRIBE)(error)),
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
        if is_id(portfolio)
            && let Some(found) = self.by_id(portfolio).await?
        {
            return Ok(found);
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

/// Whether Service Catalog takes it for an id; another text is not even looked up as one.
/// `[a-zA-Z0-9_-]*`: Service Catalog API reference, `DescribePortfolio`.
fn is_id(text: &str) -> bool {
    let of_an_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.starts_with(ID_PREFIX) && text.bytes().all(of_an_id)
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
    use crate::Clients;
    use crate::testing::Canned;

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

    #[tokio::test]
    async fn a_name_that_begins_like_an_id_is_found_by_name() {
        let none = (400, r#"{"__type":"ResourceNotFoundException"}"#.to_owned());
        for (name, before) in [("port-side tools", None), ("port-tools", Some(none))] {
            let listed =
                format!(r#"{{"PortfolioDetails":[{{"Id":"port-1","DisplayName":"{name}"}}]}}"#);
            let canned = Canned::new(before.into_iter().chain([(200, listed)]).collect());
            let clients = Clients::new(canned.config());
            let (catalog, organizations) = (clients.service_catalog(), clients.organizations());
            let portfolios = ServiceCatalogPortfolios::new(catalog, organizations);
            assert_eq!(portfolios.resolve(name).await.unwrap().id, "port-1");
        }
        assert!(is_id("port-abcdefghijklm") && is_id("port-A_b") && !is_id("abc"));
    }
}
