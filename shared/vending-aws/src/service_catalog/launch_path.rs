//! The way to Account Factory: the portfolios it is in, and the roles associated with them.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_servicecatalog::operation::associate_principal_with_portfolio::{
    AssociatePrincipalWithPortfolioError, AssociatePrincipalWithPortfolioOutput,
};
use aws_sdk_servicecatalog::types::{PortfolioDetail, PrincipalType};
use vending::account::RoleArn;
use vending::ports::{CouldNotAsk, FactoryPortfolio, LaunchPath, PathError};

use super::SERVICE_CATALOG;
use super::launchable::{FIND_PRODUCT, PRODUCT};
use super::refusals::is_not_found;
use crate::calls::{code, could_not, present, refusal};

const LIST: &str = "list the portfolios of Account Factory";
const ASSOCIATE: &str = "associate a role with Account Factory's portfolio";
const DISASSOCIATE: &str = "end the association of a role with Account Factory's portfolio";

/// How often an association is asked for: a role that the stack has just made takes some
/// seconds to be known everywhere, and until then is an invalid parameter (Terraform's AWS
/// provider asks again for the same reason).
const TRIES: u32 = 5;

/// How long between two of them.
const BETWEEN_TRIES: Duration = Duration::from_secs(3);

/// Asks Service Catalog as an administrator, in the management account and Control Tower's
/// home Region: that needs no launch path.
#[derive(Debug, Clone)]
pub struct ServiceCatalogLaunchPath {
    client: Client,
    between_tries: Duration,
}

impl ServiceCatalogLaunchPath {
    /// The way over that client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client, between_tries: BETWEEN_TRIES }
    }

    async fn product(&self) -> Result<Option<String>, PathError> {
        match self.client.describe_product_as_admin().name(PRODUCT).send().await {
            Ok(described) => {
                let detail = described.product_view_detail();
                let product = detail.and_then(|detail| detail.product_view_summary());
                let id = product.and_then(|product| product.product_id()).map(str::to_owned);
                Ok(Some(present(id, "product id", SERVICE_CATALOG, FIND_PRODUCT)?))
            }
            Err(error) if is_not_found(&error) => Ok(None),
            Err(error) => Err(unanswered(error, FIND_PRODUCT)),
        }
    }

    async fn associate_once(
        &self,
        portfolio: &str,
        role: &RoleArn,
    ) -> Result<AssociatePrincipalWithPortfolioOutput, SdkError<AssociatePrincipalWithPortfolioError>>
    {
        let associate = self.client.associate_principal_with_portfolio();
        let associate = associate.portfolio_id(portfolio).principal_arn(role.as_str());
        associate.principal_type(PrincipalType::Iam).send().await
    }
}

#[async_trait]
impl LaunchPath for ServiceCatalogLaunchPath {
    async fn portfolios(&self) -> Result<Option<Vec<FactoryPortfolio>>, PathError> {
        let Some(product) = self.product().await? else { return Ok(None) };
        let list = self.client.list_portfolios_for_product().product_id(product);
        let mut pages = list.into_paginator().send();
        let mut portfolios = Vec::new();
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => {
                    for detail in page.portfolio_details() {
                        portfolios.push(read(detail)?);
                    }
                }
                // It has gone since it was found.
                Err(error) if is_not_found(&error) => return Ok(None),
                Err(error) => return Err(unanswered(error, LIST)),
            }
        }
        Ok(Some(portfolios))
    }

    async fn associate(&self, portfolio: &str, role: &RoleArn) -> Result<(), PathError> {
        let mut associated = self.associate_once(portfolio, role).await;
        for _ in 1..TRIES {
            match &associated {
                Err(error) if code(error) == Some("InvalidParametersException") => {}
                Ok(_) | Err(_) => break,
            }
            tokio::time::sleep(self.between_tries).await;
            associated = self.associate_once(portfolio, role).await;
        }
        associated.map(drop).map_err(|error| unanswered(error, ASSOCIATE))
    }

    async fn disassociate(&self, portfolio: &str, role: &RoleArn) -> Result<(), PathError> {
        let end = self.client.disassociate_principal_from_portfolio();
        let end = end.portfolio_id(portfolio).principal_arn(role.as_str());
        match end.principal_type(PrincipalType::Iam).send().await {
            Err(error) if !is_not_found(&error) => Err(unanswered(error, DISASSOCIATE)),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

fn read(detail: &PortfolioDetail) -> Result<FactoryPortfolio, CouldNotAsk> {
    let id = present(detail.id(), "portfolio id", SERVICE_CATALOG, LIST)?;
    Ok(FactoryPortfolio {
        id: id.to_owned(),
        name: detail.display_name().unwrap_or_default().to_owned(),
        provider: detail.provider_name().unwrap_or_default().to_owned(),
    })
}

/// Tells a refusal from not knowing.
fn unanswered<E>(error: SdkError<E>, operation: &'static str) -> PathError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match refusal(&error) {
        Some(refusal) => refusal.into(),
        None => could_not(SERVICE_CATALOG, operation)(error).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    fn over(canned: &Canned) -> ServiceCatalogLaunchPath {
        let client = Client::new(&canned.config());
        ServiceCatalogLaunchPath { client, between_tries: Duration::ZERO }
    }

    fn role() -> RoleArn {
        RoleArn::new("arn:aws:iam::111122223333:role/vend").unwrap()
    }

    fn refused(code: &str) -> (u16, String) {
        (400, format!(r#"{{"__type":"{code}","message":"words"}}"#))
    }

    fn product() -> (u16, String) {
        let product = r#"{"ProductViewDetail":{"ProductViewSummary":{"ProductId":"prod-1"}}}"#;
        (200, product.to_owned())
    }

    #[tokio::test]
    async fn a_role_that_is_not_known_yet_is_associated_when_it_is() {
        let unknown = || refused("InvalidParametersException");
        let canned = Canned::new(vec![unknown(), unknown(), (200, "{}".to_owned())]);
        assert!(over(&canned).associate("port-1", &role()).await.is_ok());
        assert_eq!(canned.calls(), 3);
    }

    #[tokio::test]
    async fn a_role_that_is_never_known_is_refused_in_the_end() {
        let canned = Canned::new(vec![refused("InvalidParametersException"); 9]);
        let told = over(&canned).associate("port-1", &role()).await;
        assert!(matches!(told, Err(PathError::Refused(_))), "{told:?}");
        assert_eq!(canned.calls(), 5);
    }

    #[tokio::test]
    async fn other_refusals_are_told_at_once() {
        let canned = Canned::new(vec![refused("AccessDeniedException"); 2]);
        let told = over(&canned).associate("port-1", &role()).await;
        assert!(matches!(told, Err(PathError::Refused(_))), "{told:?}");
        assert_eq!(canned.calls(), 1);
    }

    #[tokio::test]
    async fn what_is_not_there_needs_no_ending() {
        let canned = Canned::new(vec![refused("ResourceNotFoundException")]);
        assert!(over(&canned).disassociate("port-1", &role()).await.is_ok());
        let canned = Canned::new(vec![(503, String::new())]);
        let told = over(&canned).disassociate("port-1", &role()).await;
        assert!(matches!(told, Err(PathError::CouldNotAsk(_))), "{told:?}");
    }

    #[tokio::test]
    async fn no_product_is_none_also_when_it_goes_meanwhile() {
        let gone = || refused("ResourceNotFoundException");
        for answers in [vec![gone()], vec![product(), gone()]] {
            let portfolios = over(&Canned::new(answers)).portfolios().await.unwrap();
            assert_eq!(portfolios, None);
        }
    }

    #[tokio::test]
    async fn every_page_of_portfolios_is_read() {
        let page = |id: &str, next: &str| {
            let detail = format!(r#"{{"Id":"{id}","DisplayName":"Name","ProviderName":"By"}}"#);
            (200, format!(r#"{{"PortfolioDetails":[{detail}]{next}}}"#))
        };
        let first = page("port-1", r#","NextPageToken":"t""#);
        let canned = Canned::new(vec![product(), first, page("port-2", "")]);
        let portfolios = over(&canned).portfolios().await.unwrap().unwrap();
        let ids: Vec<&str> = portfolios.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["port-1", "port-2"]);
        assert_eq!((portfolios[0].name.as_str(), portfolios[0].provider.as_str()), ("Name", "By"));
    }
}
