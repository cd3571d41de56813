//! The account's own portfolios, and who may use those that it sees.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Zone;
use crate::model::members::{self, LocalPortfolio, NewPortfolio, TagOption};
use crate::wire::json::seconds;
use crate::wire::service_catalog::portfolios::{
    AssociatePrincipalWithPortfolio, DescribePortfolio, ListPortfolios, ListPrincipalsForPortfolio,
    principal,
};
use crate::wire::service_catalog::{LONG_PAGE, PAGE, Refusal, page, shapes};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreatePortfolio {
    display_name: String,
    description: Option<String>,
    provider_name: String,
    idempotency_token: String,
}

pub(super) fn create(
    zone: &mut Zone,
    account: &str,
    request: CreatePortfolio,
) -> Result<Value, Refusal> {
    let new = NewPortfolio {
        name: request.display_name,
        description: request.description,
        provider: request.provider_name,
        token: request.idempotency_token,
    };
    let portfolio = members::create_portfolio(zone, account, new)?;
    Ok(json!({ "PortfolioDetail": local(&portfolio), "Tags": [] }))
}

fn local(portfolio: &LocalPortfolio) -> Value {
    json!({
        "Id": portfolio.id,
        "ARN": portfolio.arn,
        "DisplayName": portfolio.name,
        "Description": portfolio.description,
        "CreatedTime": seconds(portfolio.created),
        "ProviderName": portfolio.provider,
    })
}

pub(super) fn list(zone: &Zone, account: &str, request: &ListPortfolios) -> Result<Value, Refusal> {
    let wanted = (&request.page_token, request.page_size);
    let (portfolios, next) = page(members::portfolios(zone, account), wanted, LONG_PAGE, local)?;
    Ok(json!({ "PortfolioDetails": portfolios, "NextPageToken": next }))
}

pub(super) fn describe(
    zone: &Zone,
    account: &str,
    request: &DescribePortfolio,
) -> Result<Value, Refusal> {
    let detail = match members::find_portfolio(zone, account, &request.id) {
        Ok(portfolio) => local(portfolio),
        Err(refusal) if !members::sees(zone, account, &request.id) => return Err(refusal.into()),
        Err(_) => shapes::portfolio(zone, zone.service_catalog.find_portfolio(&request.id)?),
    };
    let options: Vec<Value> =
        members::tags_of(zone, account, &request.id).map(tag_option).collect();
    Ok(json!({ "PortfolioDetail": detail, "Tags": [], "TagOptions": options, "Budgets": [] }))
}

/// `TagOptionDetail`.
pub(super) fn tag_option(option: &TagOption) -> Value {
    json!({
        "Id": option.id,
        "Key": option.key,
        "Value": option.value,
        "Active": true,
        "Owner": option.owner,
    })
}

pub(super) fn associate(
    zone: &mut Zone,
    account: &str,
    request: &AssociatePrincipalWithPortfolio,
) -> Result<Value, Refusal> {
    let kind = request.kind.into();
    members::associate(zone, account, &request.portfolio, &request.principal, kind)?;
    Ok(json!({}))
}

pub(super) fn principals(
    zone: &Zone,
    account: &str,
    request: &ListPrincipalsForPortfolio,
) -> Result<Value, Refusal> {
    let all = members::principals(zone, account, &request.portfolio_id)?;
    let wanted = (&request.page_token, request.page_size);
    let (principals, next) = page(all, wanted, PAGE, principal)?;
    Ok(json!({ "Principals": principals, "NextPageToken": next }))
}
