//! Launch constraints on the products of an account's own portfolios: by which role of the
//! account they are launched.

use super::{local, people};
use crate::Zone;
use crate::model::service_catalog::{CatalogRefusal, Named, check_token, new_id};

/// A launch constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// `cons-xxxxxxxxxxxxx`.
    pub id: String,
    /// The portfolio's id.
    pub portfolio: String,
    /// The product's id.
    pub product: String,
    /// The name of the role that launches it.
    pub role: String,
    /// The account that made it.
    pub owner: String,
    token: String,
}

/// A call of `CreateConstraint` with the type `LAUNCH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConstraint {
    /// The portfolio's id.
    pub portfolio: String,
    /// The product's id.
    pub product: String,
    /// `LocalRoleName`.
    pub role: String,
    /// The idempotency token.
    pub token: String,
}

/// Makes a launch constraint; the same token gives the same one.
///
/// # Errors
/// When the portfolio is not the account's own, does not have the product, the account has
/// no such role, or the product is launched by one already: there can be one of them.
pub fn create_constraint(
    zone: &mut Zone,
    account: &str,
    new: NewConstraint,
) -> Result<Constraint, CatalogRefusal> {
    check_token("idempotencyToken", &new.token)?;
    let constraints = &zone.members.of(account).constraints;
    if let Some(there) = constraints.iter().find(|it| it.token == new.token) {
        return Ok(there.clone());
    }
    check(zone, account, &new)?;
    let constraint = Constraint {
        id: new_id("cons", &mut zone.chance),
        portfolio: new.portfolio,
        product: new.product,
        role: new.role,
        owner: account.to_owned(),
        token: new.token,
    };
    zone.members.of_mut(account).constraints.push(constraint.clone());
    Ok(constraint)
}

fn check(zone: &Zone, account: &str, new: &NewConstraint) -> Result<(), CatalogRefusal> {
    let NewConstraint { portfolio, product, role, .. } = new;
    local::find_portfolio(zone, account, portfolio)?;
    if !local::products(zone, account, portfolio)?.iter().any(|it| it.id == *product) {
        return Err(CatalogRefusal::not_found("Product", &Named::Id(product.clone())));
    }
    if people::role(zone, account, role).is_none() {
        let message = format!("The role {role} does not exist in account {account}");
        return Err(CatalogRefusal::InvalidParameters(message));
    }
    let all = &zone.members.of(account).constraints;
    if all.iter().any(|it| it.portfolio == *portfolio && it.product == *product) {
        let message = format!("A launch constraint for {product} in {portfolio} already exists");
        return Err(CatalogRefusal::DuplicateResource(message));
    }
    Ok(())
}

/// The launch constraints in a portfolio that the account sees, oldest first; of one
/// product where one is named.
///
/// # Errors
/// When it sees no such portfolio.
pub fn constraints<'a>(
    zone: &'a Zone,
    account: &str,
    portfolio: &str,
    product: Option<&str>,
) -> Result<Vec<&'a Constraint>, CatalogRefusal> {
    super::shared::check(zone, account, portfolio)?;
    let wanted = |it: &&Constraint| {
        it.portfolio == portfolio && product.is_none_or(|product| it.product == product)
    };
    Ok(zone.members.of(account).constraints.iter().filter(wanted).collect())
}

/// The constraint of that id.
///
/// # Errors
/// When the account has none such.
pub fn find_constraint<'a>(
    zone: &'a Zone,
    account: &str,
    id: &str,
) -> Result<&'a Constraint, CatalogRefusal> {
    let found = zone.members.of(account).constraints.iter().find(|it| it.id == id);
    found.ok_or_else(|| CatalogRefusal::not_found("Constraint", &Named::Id(id.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ACCOUNT, PORTFOLIO, PRODUCT, with_local_copy};
    use super::*;

    #[test]
    fn a_product_is_launched_by_one_role_of_the_account() {
        let (mut zone, local) = with_local_copy();
        let new = |role: &str, token: &str| NewConstraint {
            portfolio: local.clone(),
            product: PRODUCT.to_owned(),
            role: role.to_owned(),
            token: token.to_owned(),
        };
        let mut make = |new| create_constraint(&mut zone, ACCOUNT, new).map_err(|it| it.code());
        assert_eq!(make(new("nobody", "a")), Err("InvalidParametersException"));
        let one = make(new("launch", "a")).expect("made");
        assert_eq!(make(new("launch", "a")), Ok(one.clone()), "the same token");
        assert_eq!(make(new("deploy", "b")), Err("DuplicateResourceException"));
        let unknown = NewConstraint { product: "prod-none".to_owned(), ..new("launch", "c") };
        assert_eq!(make(unknown), Err("ResourceNotFoundException"));
        let shared = NewConstraint { portfolio: PORTFOLIO.to_owned(), ..new("launch", "d") };
        assert_eq!(make(shared), Err("ResourceNotFoundException"), "not the account's own");
        assert_eq!(constraints(&zone, ACCOUNT, &local, Some(PRODUCT)), Ok(vec![&one]));
        assert_eq!(constraints(&zone, ACCOUNT, &local, Some("prod-none")), Ok(vec![]));
        assert_eq!(find_constraint(&zone, ACCOUNT, &one.id), Ok(&one));
        assert!(find_constraint(&zone, ACCOUNT, "cons-none").is_err());
    }
}
