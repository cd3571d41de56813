//! The management account's portfolios: Account Factory's and the described ones.

use super::product::{PRODUCT_OWNER, find_product, product_created};
use super::{
    CatalogRefusal, Moment, Named, PortfolioDescription, ProductDescription, ServiceCatalog,
};
use crate::Zone;

/// The Account Factory portfolio's id; in AWS it differs from one landing zone to the next.
pub const FACTORY_PORTFOLIO_ID: &str = "port-k4mz7wq2xhnts";
/// The Account Factory portfolio's name, in every landing zone.
pub const FACTORY_PORTFOLIO_NAME: &str = "AWS Control Tower Account Factory Portfolio";

/// A portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portfolio {
    /// `port-xxxxxxxxxxxxx`.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// Who offers it.
    pub provider: String,
    /// When it was made.
    pub created: Moment,
    /// What can be launched from it, besides Account Factory.
    pub products: Vec<SharedProduct>,
}

/// A product that is shared with its portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedProduct {
    /// `prod-xxxxxxxxxxxxx`.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Portfolio {
    /// Its ARN, under IAM's name for Service Catalog.
    #[must_use]
    pub fn arn(&self, zone: &Zone) -> String {
        let partition = zone.organization.partition();
        let region = zone.organization.home_region();
        let account = zone.organization.management_account();
        format!("arn:{partition}:catalog:{region}:{account}:portfolio/{}", self.id)
    }
}

/// Account Factory's portfolio and the described ones.
pub(super) fn all(described: &[PortfolioDescription]) -> Vec<Portfolio> {
    let portfolio = |id: &str, name: &str, provider: &str, products| Portfolio {
        id: id.to_owned(),
        name: name.to_owned(),
        provider: provider.to_owned(),
        created: product_created(),
        products,
    };
    let factory =
        portfolio(FACTORY_PORTFOLIO_ID, FACTORY_PORTFOLIO_NAME, PRODUCT_OWNER, Vec::new());
    let product =
        |it: &ProductDescription| SharedProduct { id: it.id.clone(), name: it.name.clone() };
    let others = described.iter().map(|it| {
        let products = it.products.iter().map(product).collect();
        portfolio(&it.id, &it.name, "Cloud platform team", products)
    });
    std::iter::once(factory).chain(others).collect()
}

impl ServiceCatalog {
    /// All portfolios, Account Factory's first.
    #[must_use]
    pub fn portfolios(&self) -> &[Portfolio] {
        &self.portfolios
    }

    /// The portfolios that a product is in: Account Factory is in the one that Control
    /// Tower made, and there is no other product.
    ///
    /// # Errors
    ///
    /// When there is no such product.
    pub fn portfolios_of(&self, product: &str) -> Result<&[Portfolio], CatalogRefusal> {
        find_product(self, &Named::Id(product.to_owned()))?;
        let at = self.portfolios.iter().position(|it| it.id == FACTORY_PORTFOLIO_ID);
        Ok(at.map_or(&[], |at| &self.portfolios[at..=at]))
    }

    /// The portfolio of that id.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn find_portfolio(&self, id: &str) -> Result<&Portfolio, CatalogRefusal> {
        let found = self.portfolios.iter().find(|portfolio| portfolio.id == id);
        found.ok_or_else(|| CatalogRefusal::not_found("Portfolio", &Named::Id(id.to_owned())))
    }
}
