//! Portfolios and the principals that may use them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{LONG_PAGE, PAGE, Refusal, page, shapes};
use crate::Zone;
use crate::model::service_catalog::{self, Association, PrincipalType};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPortfolios {
    page_token: Option<String>,
    page_size: Option<i64>,
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
pub(super) struct DescribePortfolio {
    id: String,
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
    portfolio: String,
    #[serde(rename = "PrincipalARN")]
    principal: String,
    #[serde(rename = "PrincipalType")]
    kind: PrincipalKind,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum PrincipalKind {
    Iam,
    IamPattern,
}

pub(super) fn associate(
    zone: &mut Zone,
    request: &AssociatePrincipalWithPortfolio,
) -> Result<Value, Refusal> {
    let kind = match request.kind {
        PrincipalKind::Iam => PrincipalType::Iam,
        PrincipalKind::IamPattern => PrincipalType::IamPattern,
    };
    service_catalog::associate(zone, &request.portfolio, &request.principal, kind)?;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPrincipalsForPortfolio {
    portfolio_id: String,
    page_size: Option<i64>,
    page_token: Option<String>,
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

fn principal(association: &Association) -> Value {
    let kind = match association.kind {
        PrincipalType::Iam => "IAM",
        PrincipalType::IamPattern => "IAM_PATTERN",
    };
    json!({ "PrincipalARN": association.principal, "PrincipalType": kind })
}
