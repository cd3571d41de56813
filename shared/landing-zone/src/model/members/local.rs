//! An account's own portfolios, and the products in them, which come from shared ones.

use super::shared;
use crate::Zone;
use crate::model::Moment;
use crate::model::service_catalog::{CatalogRefusal, Named, SharedProduct, check_token, new_id};

/// A portfolio of an account's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalPortfolio {
    /// `port-xxxxxxxxxxxxx`.
    pub id: String,
    /// Its ARN, under IAM's name for Service Catalog.
    pub arn: String,
    /// Its display name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Who offers it.
    pub provider: String,
    /// When it was made.
    pub created: Moment,
    token: String,
    products: Vec<SharedProduct>,
}

/// A call of `CreatePortfolio`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPortfolio {
    /// Its display name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Who offers it.
    pub provider: String,
    /// The idempotency token.
    pub token: String,
}

/// Makes a portfolio; the same token gives the same one. A name may be there twice.
///
/// # Errors
/// When a value does not follow the API's model.
pub fn create_portfolio(
    zone: &mut Zone,
    account: &str,
    new: NewPortfolio,
) -> Result<LocalPortfolio, CatalogRefusal> {
    check_token("idempotencyToken", &new.token)?;
    within("displayName", &new.name, 1, 100)?;
    within("providerName", &new.provider, 1, 50)?;
    within("description", new.description.as_deref().unwrap_or_default(), 0, 2000)?;
    let member = zone.members.of(account);
    if let Some(there) = member.portfolios.iter().find(|it| it.token == new.token) {
        return Ok(there.clone());
    }
    let id = new_id("port", &mut zone.chance);
    let (partition, region) = (zone.organization.partition(), zone.organization.home_region());
    let portfolio = LocalPortfolio {
        arn: format!("arn:{partition}:catalog:{region}:{account}:portfolio/{id}"),
        id,
        name: new.name,
        description: new.description,
        provider: new.provider,
        created: zone.now,
        token: new.token,
        products: Vec::new(),
    };
    zone.members.of_mut(account).portfolios.push(portfolio.clone());
    Ok(portfolio)
}

fn within(member: &str, value: &str, least: usize, most: usize) -> Result<(), CatalogRefusal> {
    let fits = (least..=most).contains(&value.chars().count());
    let message = || {
        format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must have length between {least} and {most}"
        )
    };
    fits.then_some(()).ok_or_else(|| CatalogRefusal::Malformed(message()))
}

/// The account's own portfolios, oldest first.
#[must_use]
pub fn portfolios<'a>(zone: &'a Zone, account: &str) -> &'a [LocalPortfolio] {
    &zone.members.of(account).portfolios
}

/// The account's own portfolio of that id.
///
/// # Errors
/// When it has none such.
pub fn find_portfolio<'a>(
    zone: &'a Zone,
    account: &str,
    id: &str,
) -> Result<&'a LocalPortfolio, CatalogRefusal> {
    let found = portfolios(zone, account).iter().find(|portfolio| portfolio.id == id);
    found.ok_or_else(|| CatalogRefusal::not_found("Portfolio", &Named::Id(id.to_owned())))
}

/// The products in a portfolio that the account sees, in the order in which they came.
///
/// # Errors
/// When it sees no such portfolio.
pub fn products<'a>(
    zone: &'a Zone,
    account: &str,
    portfolio: &str,
) -> Result<&'a [SharedProduct], CatalogRefusal> {
    shared::check(zone, account, portfolio)?;
    match find_portfolio(zone, account, portfolio) {
        Ok(local) => Ok(&local.products),
        Err(_) => Ok(&zone.service_catalog.find_portfolio(portfolio)?.products),
    }
}

/// Puts a product of `source` into one of the account's own portfolios; once more changes
/// nothing.
///
/// # Errors
/// When the account sees no such portfolio, or `source` has no such product. A portfolio
/// that was shared with the account is not the account's to change.
pub fn import(
    zone: &mut Zone,
    account: &str,
    product: &str,
    portfolio: &str,
    source: &str,
) -> Result<(), CatalogRefusal> {
    find_portfolio(zone, account, portfolio)?;
    let offered = products(zone, account, source)?.iter().find(|it| it.id == product).cloned();
    let refusal = || CatalogRefusal::not_found("Product", &Named::Id(product.to_owned()));
    let product = offered.ok_or_else(refusal)?;
    let own = &mut zone.members.of_mut(account).portfolios;
    if let Some(local) = own.iter_mut().find(|it| it.id == portfolio)
        && !local.products.contains(&product)
    {
        local.products.push(product);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ACCOUNT, PORTFOLIO, PRODUCT, new, shared_zone};
    use super::*;

    #[test]
    fn the_same_token_makes_the_same_portfolio() {
        let mut zone = shared_zone();
        let one = create_portfolio(&mut zone, ACCOUNT, new("a")).expect("made");
        let again = create_portfolio(&mut zone, ACCOUNT, new("a")).expect("there");
        let other = create_portfolio(&mut zone, ACCOUNT, new("b")).expect("made");
        assert_eq!(one, again);
        assert_ne!(one.id, other.id, "a name may be there twice");
        assert_eq!(portfolios(&zone, ACCOUNT).len(), 2);
        assert!(portfolios(&zone, "444455556666").is_empty());
        assert!(one.arn.starts_with("arn:aws:catalog:us-east-1:555566667777:portfolio/port-"));
        let nameless = NewPortfolio { name: String::new(), ..new("c") };
        let refused = create_portfolio(&mut zone, ACCOUNT, nameless).expect_err("refused");
        assert_eq!(refused.code(), "ValidationException");
    }

    #[test]
    fn products_come_from_a_portfolio_that_the_account_sees() {
        let mut zone = shared_zone();
        let local = create_portfolio(&mut zone, ACCOUNT, new("a")).expect("made").id;
        let bring = |zone: &mut Zone, product: &str, to: &str, from: &str| {
            import(zone, ACCOUNT, product, to, from).map_err(|refusal| refusal.code())
        };
        for _ in 0..2 {
            assert_eq!(bring(&mut zone, PRODUCT, &local, PORTFOLIO), Ok(()));
        }
        let there: Vec<_> = products(&zone, ACCOUNT, &local).expect("seen").to_vec();
        assert!(there.iter().map(|it| it.id.as_str()).eq([PRODUCT]));
        let not_there = Err("ResourceNotFoundException");
        assert_eq!(bring(&mut zone, "prod-none", &local, PORTFOLIO), not_there);
        assert_eq!(bring(&mut zone, PRODUCT, PORTFOLIO, PORTFOLIO), not_there, "not its own");
        assert_eq!(bring(&mut zone, PRODUCT, &local, "port-security00001"), not_there);
    }
}
