//! Whether a portfolio has come to the account, through the organization or by invitation.

use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::PortfolioShareType;

use super::{Done, refused};

const LIST: &str = "list the portfolios shared with the account";

/// Looks among what came through the organization first: Vend shares that way.
pub(super) async fn is_there(catalog: &Client, portfolio: &str) -> Done<bool> {
    Ok(came(catalog, portfolio, PortfolioShareType::AwsOrganizations).await?
        || came(catalog, portfolio, PortfolioShareType::Imported).await?)
}

async fn came(catalog: &Client, portfolio: &str, how: PortfolioShareType) -> Done<bool> {
    let list = catalog.list_accepted_portfolio_shares().portfolio_share_type(how);
    let mut pages = list.into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(refused(LIST))?;
        if page.portfolio_details().iter().any(|it| it.id() == Some(portfolio)) {
            return Ok(true);
        }
    }
    Ok(false)
}
