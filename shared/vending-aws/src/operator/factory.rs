//! Account Factory, as an administrator of Service Catalog sees it: whoever asks need not
//! be able to launch it.

use async_trait::async_trait;
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{
    ParameterConstraints, Principal, PrincipalType, ProvisioningArtifactDetail,
    ProvisioningArtifactGuidance,
};
use vending::account::{OrganizationalUnit, RoleArn};
use vending::doctor::ports::{Factory, Product, Unseen, Version};
use vending::ports::FactoryPortfolio;

use super::unseen::{lacks, unseen};
use crate::Clients;
use crate::calls::code;

const PRODUCT: &str = "servicecatalog:DescribeProductAsAdmin";
const VERSIONS: &str = "servicecatalog:ListProvisioningArtifacts";
const VERSION: &str = "servicecatalog:DescribeProvisioningArtifact";
const PORTFOLIOS: &str = "servicecatalog:ListPortfoliosForProduct";
const PRINCIPALS: &str = "servicecatalog:ListPrincipalsForPortfolio";

/// The product's name; Control Tower gives no other (AFT, `aft-common` constants).
const NAME: &str = "AWS Control Tower Account Factory";

/// The parameter whose allowed values are the registered units.
const UNIT: &str = "ManagedOrganizationalUnit";

/// Asks Service Catalog.
#[derive(Debug, Clone)]
pub struct ServiceCatalogFactory {
    client: Client,
}

impl ServiceCatalogFactory {
    /// Account Factory over those clients.
    #[must_use]
    pub fn new(clients: &Clients) -> Self {
        Self { client: clients.service_catalog() }
    }
}

#[async_trait]
impl Factory for ServiceCatalogFactory {
    async fn product(&self) -> Result<Option<Product>, Unseen> {
        let described = match self.client.describe_product_as_admin().name(NAME).send().await {
            Ok(described) => described,
            Err(error) if code(&error) == Some("ResourceNotFoundException") => return Ok(None),
            Err(error) => return Err(unseen(PRODUCT)(error)),
        };
        let summary = described.product_view_detail().and_then(|it| it.product_view_summary());
        let id = summary.and_then(|it| it.product_id()).ok_or_else(|| lacks("id", PRODUCT))?;
        let listed = self.client.list_provisioning_artifacts().product_id(id).send().await;
        let listed = listed.map_err(unseen(VERSIONS))?;
        let versions = listed.provisioning_artifact_details().iter().map(version).collect();
        Ok(Some(Product { id: id.to_owned(), versions }))
    }

    async fn units(&self, product: &str, version: &str) -> Result<Vec<OrganizationalUnit>, Unseen> {
        let ask = self.client.describe_provisioning_artifact().product_id(product);
        let ask = ask.provisioning_artifact_id(version);
        let ask = ask.include_provisioning_artifact_parameters(true);
        let described = ask.send().await.map_err(unseen(VERSION))?;
        let parameters = described.provisioning_artifact_parameters();
        let unit = parameters.iter().find(|it| it.parameter_key() == Some(UNIT));
        let unit = unit.ok_or_else(|| lacks(UNIT, VERSION))?;
        let allowed = unit.parameter_constraints().map(ParameterConstraints::allowed_values);
        let allowed = allowed.unwrap_or_default().iter();
        Ok(allowed.filter_map(|text| OrganizationalUnit::parse(text)).collect())
    }

    async fn portfolios(&self, product: &str) -> Result<Vec<FactoryPortfolio>, Unseen> {
        let list = self.client.list_portfolios_for_product().product_id(product);
        let mut pages = list.into_paginator().send();
        let mut portfolios = Vec::new();
        while let Some(page) = pages.next().await {
            for detail in page.map_err(unseen(PORTFOLIOS))?.portfolio_details() {
                portfolios.push(FactoryPortfolio {
                    id: detail.id().ok_or_else(|| lacks("id", PORTFOLIOS))?.to_owned(),
                    name: detail.display_name().unwrap_or_default().to_owned(),
                    provider: detail.provider_name().unwrap_or_default().to_owned(),
                });
            }
        }
        Ok(portfolios)
    }

    async fn is_associated(&self, portfolio: &str, role: &RoleArn) -> Result<bool, Unseen> {
        let list = self.client.list_principals_for_portfolio().portfolio_id(portfolio);
        let mut pages = list.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(unseen(PRINCIPALS))?;
            if page.principals().iter().any(|principal| means(principal, role)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn version(detail: &ProvisioningArtifactDetail) -> Version {
    Version {
        id: detail.id().unwrap_or("one without an id").to_owned(),
        active: detail.active() == Some(true),
        deprecated: detail.guidance() == Some(&ProvisioningArtifactGuidance::Deprecated),
    }
}

/// Whether an associated principal is `role`, or a pattern that it follows: that names no
/// account, and may have `*` and `?` (API reference, AssociatePrincipalWithPortfolio).
fn means(principal: &Principal, role: &RoleArn) -> bool {
    let arn = principal.principal_arn().unwrap_or_default();
    match principal.principal_type() {
        Some(PrincipalType::IamPattern) => {
            let parts: Vec<&str> = role.as_str().splitn(6, ':').collect();
            let [_, partition, _, _, _, resource] = parts[..] else { return false };
            follows(arn, &format!("arn:{partition}:iam:::{resource}"))
        }
        _ => arn == role.as_str(),
    }
}

/// Whether `text` follows `pattern`, in which `*` is any text and `?` any character.
fn follows(pattern: &str, text: &str) -> bool {
    let mut rest = text.chars();
    let mut wanted = pattern.chars();
    match wanted.next() {
        None => text.is_empty(),
        Some('*') => {
            let after = wanted.as_str();
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.filter_map(|at| text.get(at..)).any(|rest| follows(after, rest))
        }
        Some('?') => rest.next().is_some() && follows(wanted.as_str(), rest.as_str()),
        Some(letter) => rest.next() == Some(letter) && follows(wanted.as_str(), rest.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(arn: &str, kind: PrincipalType) -> Principal {
        Principal::builder().principal_arn(arn).principal_type(kind).build()
    }

    #[test]
    fn a_role_is_meant_by_its_arn_or_by_a_pattern() {
        let role = RoleArn::new("arn:aws:iam::111122223333:role/path/vend-provision").unwrap();
        let meant = |arn, kind| means(&principal(arn, kind), &role);
        use PrincipalType::{Iam, IamPattern};
        assert!(meant("arn:aws:iam::111122223333:role/path/vend-provision", Iam));
        assert!(!meant("arn:aws:iam::111122223333:role/vend-provision", Iam));
        assert!(!meant("arn:aws:iam::111122223333:role/path/vend-*", Iam));
        assert!(meant("arn:aws:iam:::role/path/vend-*", IamPattern));
        assert!(meant("arn:aws:iam:::role/*/vend-provisio?", IamPattern));
        assert!(!meant("arn:aws:iam:::role/vend*", IamPattern));
        assert!(!meant("arn:aws:iam:::user/*", IamPattern));
    }

    #[test]
    fn patterns_are_read_to_their_end() {
        assert!(follows("a*c", "abbc") && follows("*", "") && follows("", ""));
        assert!(!follows("a*c", "abb") && !follows("", "a") && !follows("?", ""));
    }
}
