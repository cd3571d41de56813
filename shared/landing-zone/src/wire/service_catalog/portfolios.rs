//! Portfolios and the principals that may use them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{LONG_PAGE, PAGE, Refusal, page, shapes};
use crate::Zone;
use crate::model::service_catalog::{self, Association, PrincipalType};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPortfolios {
    pub(super) page_token: Option<String>,
    pub(super) page_size: Option<i64>,
}

pub(super) fn list(zone: &Zone, request: &ListPortfolios) -> Result<Value, Refusal> {
    let portfolios = zone.service_catalog.portfolios();
    let wanted = (&request.page_token, request.page_size);
    let shape = |portfolio| shapes::portfolio(zone, portfolio);
    let (portfolios, next) = page(portfolios, wanted, LONG_PAGE, shape)?;
    Ok(json!({ "PortfolioDetails": portfolios, "NextPageToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPortfoliosForProduct {
    product_id: String,
    page_token: Option<String>,
    page_size: Option<i64>,
}

pub(super) fn of_product(
    zone: &Zone,
    request: &ListPortfoliosForProduct,
) -> Result<Value, Refusal> {
    let portfolios = zone.service_catalog.portfolios_of(&request.product_id)?;
    let wanted = (&request.page_token, request.page_size);
    let shape = |portfolio| shapes::portfolio(zone, portfolio);
    let (portfolios, next) = page(portfolios, wanted, LONG_PAGE, shape)?;
    Ok(json!({ "PortfolioDetails": portfolios, "NextPageToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribePortfolio {
    pub(super) id: String,
}

pub(super) fn describe(zone: &Zone, request: &DescribePortfolio) -> Result<Value, Refusal> {
    let portfolio = zone.service_catalog.find_portfolio(&request.id)?;
    Ok(json!({
        "PortfolioDetail": shapes::portfolio(zone, portfolio),
        "Tags": [],
        "TagOptions": [],
        "Budgets": [],
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssociatePrincipalWithPortfolio {
    #[serde(rename = "PortfolioId")]
    pub(super) portfolio: String,
    #[serde(rename = "PrincipalARN")]
    pub(super) principal: String,
    #[serde(rename = "PrincipalType")]
    pub(super) kind: PrincipalKind,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum PrincipalKind {
    #[default]
    Iam,
    IamPattern,
}

impl From<PrincipalKind> for PrincipalType {
    fn from(kind: PrincipalKind) -> Self {
        match kind {
            PrincipalKind::Iam => Self::Iam,
            PrincipalKind::IamPattern => Self::IamPattern,
        }
    }
}

pub(super) fn associate(
    zone: &mut Zone,
    request: &AssociatePrincipalWithPortfolio,
) -> Result<Value, Refusal> {
    let kind = request.kind.into();
    service_catalog::associate(zone, &request.portfolio, &request.principal, kind)?;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DisassociatePrincipalFromPortfolio {
    #[serde(rename = "PortfolioId")]
    portfolio: String,
    #[serde(rename = "PrincipalARN")]
    principal: String,
    /// `IAM` where it is not said.
    #[serde(rename = "PrincipalType", default)]
    kind: PrincipalKind,
}

pub(super) fn disassociate(
    zone: &mut Zone,
    request: &DisassociatePrincipalFromPortfolio,
) -> Result<Value, Refusal> {
    let kind = request.kind.into();
    service_catalog::disassociate(zone, &request.portfolio, &request.principal, kind)?;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPrincipalsForPortfolio {
    pub(super) portfolio_id: String,
    pub(super) page_size: Option<i64>,
    pub(super) page_token: Option<String>,
}

pub(super) fn principals(
    zone: &Zone,
    request: &ListPrincipalsForPortfolio,
) -> Result<Value, Refusal> {
    let principals = service_catalog::principals(zone, &request.portfolio_id)?;
    let wanted = (&request.page_token, request.page_size);
    let (principals, next) = page(principals, wanted, PAGE, |it| principal(&it))?;
    Ok(json!({ "Principals": principals, "NextPageToken": next }))
}

pub(super) fn principal(association: &Association) -> Value {
    let kind = match association.kind {
        PrincipalType::Iam => "IAM",
        PrincipalType::IamPattern => "IAM_PATTERN",
    };
    json!({ "PrincipalARN": association.principal, "PrincipalType": kind })
}
