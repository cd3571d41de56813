//! The way to Account Factory, as `ServiceCatalogLaunchPath` has it over the wire.

use async_trait::async_trait;
use vending::account::RoleArn;
use vending::ports::{FactoryPortfolio, LaunchPath, PathError, Refusal};

use super::Shared;
use crate::model::service_catalog::{self as catalog, CatalogRefusal, PRODUCT_ID, PrincipalType};

#[async_trait]
impl LaunchPath for Shared {
    async fn portfolios(&self) -> Result<Option<Vec<FactoryPortfolio>>, PathError> {
        let zone = self.zone();
        let portfolios = zone.service_catalog.portfolios_of(PRODUCT_ID).map_err(refused)?;
        let portfolios = portfolios.iter().map(|portfolio| FactoryPortfolio {
            id: portfolio.id.clone(),
            name: portfolio.name.clone(),
            provider: portfolio.provider.clone(),
        });
        Ok(Some(portfolios.collect()))
    }

    async fn associate(&self, portfolio: &str, role: &RoleArn) -> Result<(), PathError> {
        let mut zone = self.zone();
        catalog::associate(&mut zone, portfolio, role.as_str(), PrincipalType::Iam).map_err(refused)
    }

    async fn disassociate(&self, portfolio: &str, role: &RoleArn) -> Result<(), PathError> {
        let mut zone = self.zone();
        match catalog::disassociate(&mut zone, portfolio, role.as_str(), PrincipalType::Iam) {
            Ok(()) | Err(CatalogRefusal::ResourceNotFound(_)) => Ok(()),
            Err(refusal) => Err(refused(refusal)),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn refused(refusal: CatalogRefusal) -> PathError {
    Refusal { code: refusal.code().to_owned(), message: refusal.to_string() }.into()
}
