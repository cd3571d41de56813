//! Service Catalog as a member account sees it: what was shared with it, and what it has of
//! its own. Whatever else there is, is the management account's alone.

mod constraints;
mod portfolios;
mod products;
mod shares;
mod tags;

use serde_json::Value;

use super::{Refusal, read};
use crate::Zone;

/// Answers one operation that a session in `account` asks for.
pub(super) fn dispatch(
    zone: &mut Zone,
    account: &str,
    operation: &str,
    body: &[u8],
) -> Result<Value, Refusal> {
    match operation {
        "ListAcceptedPortfolioShares" => shares::accepted(zone, account, &read(body)?),
        "AcceptPortfolioShare" => shares::accept(zone, account, &read(body)?),
        "CreatePortfolio" => portfolios::create(zone, account, read(body)?),
        "ListPortfolios" => portfolios::list(zone, account, &read(body)?),
        "DescribePortfolio" => portfolios::describe(zone, account, &read(body)?),
        "AssociatePrincipalWithPortfolio" => portfolios::associate(zone, account, &read(body)?),
        "ListPrincipalsForPortfolio" => portfolios::principals(zone, account, &read(body)?),
        "SearchProductsAsAdmin" => products::search(zone, account, &read(body)?),
        "AssociateProductWithPortfolio" => products::associate(zone, account, &read(body)?),
        "CreateConstraint" => constraints::create(zone, account, read(body)?),
        "ListConstraintsForPortfolio" => constraints::list(zone, account, &read(body)?),
        "DescribeConstraint" => constraints::describe(zone, account, &read(body)?),
        "CreateTagOption" => tags::create(zone, account, read(body)?),
        "ListTagOptions" => tags::list(zone, account, &read(body)?),
        "AssociateTagOptionWithResource" => tags::associate(zone, account, &read(body)?),
        _ => Err(Refusal::unknown_operation("servicecatalog (in a member account)", operation)),
    }
}
