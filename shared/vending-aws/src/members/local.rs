//! The account's own copy of a shared portfolio, and the products in it.

use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::PortfolioDetail;
use vending::ledger::Portfolio;
use vending::ports::{LOCAL_PROVIDER, local_description, member_token};

use super::{Done, SERVICE_CATALOG, refused};
use crate::calls::present;

const LIST: &str = "list the account's portfolios";
const CREATE: &str = "make a portfolio in the account";
const PRODUCTS: &str = "list the products of a portfolio";
const IMPORT: &str = "import a product into a portfolio";

/// The id of the copy, if there is one: told from others by provider and description.
pub(super) async fn find(catalog: &Client, shared: &Portfolio) -> Done<Option<String>> {
    let mut pages = catalog.list_portfolios().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(refused(LIST))?;
        if let Some(own) = page.portfolio_details().iter().find(|it| is_copy(it, shared)) {
            return Ok(Some(present(own.id(), "portfolio id", SERVICE_CATALOG, LIST)?.to_owned()));
        }
    }
    Ok(None)
}

fn is_copy(portfolio: &PortfolioDetail, shared: &Portfolio) -> bool {
    portfolio.provider_name() == Some(LOCAL_PROVIDER)
        && portfolio.description() == Some(&local_description(shared))
}

/// Makes the copy; the token makes it one, should the call be heard twice.
pub(super) async fn create(catalog: &Client, shared: &Portfolio) -> Done<String> {
    let create = catalog.create_portfolio().display_name(&shared.name);
    let create = create.description(local_description(shared)).provider_name(LOCAL_PROVIDER);
    let create = create.idempotency_token(member_token(&["local", &shared.id]));
    let made = create.send().await.map_err(refused(CREATE))?;
    let id = made.portfolio_detail().and_then(PortfolioDetail::id);
    Ok(present(id, "portfolio id", SERVICE_CATALOG, CREATE)?.to_owned())
}

/// The ids of the products in a portfolio.
pub(super) async fn products(catalog: &Client, portfolio: &str) -> Done<Vec<String>> {
    let search = catalog.search_products_as_admin().portfolio_id(portfolio);
    let mut pages = search.into_paginator().send();
    let mut products = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(refused(PRODUCTS))?;
        let found = page.product_view_details().iter();
        let ids = found.filter_map(|it| it.product_view_summary()?.product_id());
        products.extend(ids.map(ToOwned::to_owned));
    }
    Ok(products)
}

/// Puts a product of `shared` into `local`.
pub(super) async fn import(catalog: &Client, product: &str, shared: &str, local: &str) -> Done<()> {
    let import = catalog.associate_product_with_portfolio().product_id(product);
    let import = import.portfolio_id(local).source_portfolio_id(shared);
    import.send().await.map(|_| ()).map_err(refused(IMPORT))
}
