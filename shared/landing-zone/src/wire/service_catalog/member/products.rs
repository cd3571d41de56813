//! The products in the portfolios that the account sees.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Zone;
use crate::model::members;
use crate::wire::service_catalog::{LONG_PAGE, Refusal, invalid, page, shapes};

/// Products of one portfolio; without one the account's own, and it has none.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SearchProductsAsAdmin {
    portfolio_id: Option<String>,
    page_size: Option<i64>,
    page_token: Option<String>,
}

pub(super) fn search(
    zone: &Zone,
    account: &str,
    request: &SearchProductsAsAdmin,
) -> Result<Value, Refusal> {
    let found = match &request.portfolio_id {
        Some(portfolio) => members::products(zone, account, portfolio)?,
        None => &[],
    };
    let wanted = (&request.page_token, request.page_size);
    let shape = |product| shapes::shared_product(zone, product);
    let (found, next) = page(found, wanted, LONG_PAGE, shape)?;
    Ok(json!({ "ProductViewDetails": found, "NextPageToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct AssociateProductWithPortfolio {
    product_id: String,
    portfolio_id: String,
    source_portfolio_id: Option<String>,
}

pub(super) fn associate(
    zone: &mut Zone,
    account: &str,
    request: &AssociateProductWithPortfolio,
) -> Result<Value, Refusal> {
    let AssociateProductWithPortfolio { product_id, portfolio_id, source_portfolio_id } = request;
    let source = source_portfolio_id.as_ref();
    let source = source.ok_or_else(|| {
        invalid("the landing zone's member accounts have no products of their own".to_owned())
    })?;
    members::import(zone, account, product_id, portfolio_id, source)?;
    Ok(json!({}))
}
