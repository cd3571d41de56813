//! Portfolios that were shared with an account, as the account sees them: those that came by
//! the organization, those that it was invited to, and who of the account may use them.

use chrono::Duration;

use super::{local, people};
use crate::Zone;
use crate::model::service_catalog::{
    Association, CatalogRefusal, Named, Portfolio, PrincipalType, ShareTarget, check_principal,
    portfolio_visible,
};

/// How a portfolio came to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// Through the organization: `AWS_ORGANIZATIONS`.
    ByOrganization,
    /// By invitation: `IMPORTED`, which is the default.
    Imported,
}

/// Patterns that a portfolio takes at most (Service Catalog, "Sharing a portfolio").
const MOST_PATTERNS: usize = 10;
/// How long an association takes to have an effect, as in the management account.
const PROPAGATION: Duration = Duration::seconds(10);

/// The portfolios that came to the account in that way, oldest share first.
#[must_use]
pub fn accepted<'a>(zone: &'a Zone, account: &str, how: Accepted) -> Vec<&'a Portfolio> {
    let mut found: Vec<&Portfolio> = Vec::new();
    for share in zone.service_catalog.shares_about(account) {
        let invited = matches!(share.target, ShareTarget::Account(_));
        let wanted = invited == (how == Accepted::Imported);
        let portfolio = zone.service_catalog.find_portfolio(&share.portfolio);
        if let Ok(portfolio) = portfolio
            && wanted
            && share.reaches(zone, account)
            && found.iter().all(|it| it.id != portfolio.id)
        {
            found.push(portfolio);
        }
    }
    found
}

/// Whether the account sees the portfolio: it was shared with it, or is its own.
#[must_use]
pub fn sees(zone: &Zone, account: &str, portfolio: &str) -> bool {
    portfolio_visible(zone, account, portfolio)
        || local::find_portfolio(zone, account, portfolio).is_ok()
}

/// Refuses what the account does not see.
pub(super) fn check(zone: &Zone, account: &str, portfolio: &str) -> Result<(), CatalogRefusal> {
    let refusal = || CatalogRefusal::not_found("Portfolio", &Named::Id(portfolio.to_owned()));
    sees(zone, account, portfolio).then_some(()).ok_or_else(refusal)
}

/// Accepts a portfolio; once more changes nothing.
///
/// # Errors
/// When it did not come in that way: one that came through the organization is "not found"
/// unless it is asked for as such (servicecatalog-puppet, issue 346).
pub fn accept(
    zone: &mut Zone,
    account: &str,
    portfolio: &str,
    how: Accepted,
) -> Result<(), CatalogRefusal> {
    let found = match how {
        Accepted::ByOrganization => {
            accepted(zone, account, how).iter().any(|it| it.id == portfolio)
        }
        Accepted::Imported => zone.service_catalog.accept_invitation(portfolio, account),
    };
    let refusal = || CatalogRefusal::not_found("Portfolio", &Named::Id(portfolio.to_owned()));
    found.then_some(()).ok_or_else(refusal)
}

/// Who of the account may use the portfolio, in the order of their association.
///
/// # Errors
/// When the account does not see the portfolio.
pub fn principals<'a>(
    zone: &'a Zone,
    account: &str,
    portfolio: &'a str,
) -> Result<impl Iterator<Item = &'a Association>, CatalogRefusal> {
    check(zone, account, portfolio)?;
    let all = zone.members.of(account).associations.iter();
    Ok(all.filter(move |(of, _)| of == portfolio).map(|(_, association)| association))
}

/// Lets a principal use the portfolio in the account; once more changes nothing.
///
/// # Errors
/// When the account does not see the portfolio, has no such principal, or the portfolio has
/// as many patterns as it may.
pub fn associate(
    zone: &mut Zone,
    account: &str,
    portfolio: &str,
    principal: &str,
    kind: PrincipalType,
) -> Result<(), CatalogRefusal> {
    check_principal(principal, kind)?;
    let (mut patterns, mut known) = (0, false);
    for association in principals(zone, account, portfolio)? {
        patterns += usize::from(association.kind == PrincipalType::IamPattern);
        known |= association.principal == principal;
    }
    if known {
        return Ok(());
    }
    if kind == PrincipalType::Iam && !people::exists(zone, account, principal) {
        let message = format!("Invalid principal ARN: {principal} does not exist");
        return Err(CatalogRefusal::InvalidParameters(message));
    }
    if kind == PrincipalType::IamPattern && patterns >= MOST_PATTERNS {
        let message = format!("Portfolio {portfolio} has {MOST_PATTERNS} principal patterns");
        return Err(CatalogRefusal::LimitExceeded(message));
    }
    let association = Association::new(principal, kind, zone.now + PROPAGATION);
    let member = zone.members.of_mut(account);
    member.associations.push((portfolio.to_owned(), association));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ACCOUNT, PORTFOLIO, share, zone};
    use super::*;
    use crate::model::service_catalog::Node;

    const DEPLOY: &str = "arn:aws:iam::555566667777:role/deploy";

    fn names(zone: &Zone, how: Accepted) -> Vec<String> {
        accepted(zone, ACCOUNT, how).iter().map(|it| it.id.clone()).collect()
    }

    #[test]
    fn what_comes_by_the_organization_needs_no_acceptance() {
        let mut zone = zone();
        let how = Accepted::ByOrganization;
        assert!(accept(&mut zone, ACCOUNT, PORTFOLIO, how).is_err());
        share(&mut zone, ShareTarget::Node(Node::Account(ACCOUNT.to_owned())));
        assert_eq!(names(&zone, how), [PORTFOLIO]);
        assert!(names(&zone, Accepted::Imported).is_empty());
        let refused = accept(&mut zone, ACCOUNT, PORTFOLIO, Accepted::Imported);
        assert_eq!(refused.expect_err("not an invitation").code(), "ResourceNotFoundException");
        assert_eq!(accept(&mut zone, ACCOUNT, PORTFOLIO, how), Ok(()));
    }

    #[test]
    fn an_invitation_is_seen_once_it_is_accepted() {
        let mut zone = zone();
        share(&mut zone, ShareTarget::Account(ACCOUNT.to_owned()));
        assert!(!sees(&zone, ACCOUNT, PORTFOLIO));
        let how = Accepted::Imported;
        assert!(accept(&mut zone, ACCOUNT, PORTFOLIO, Accepted::ByOrganization).is_err());
        for _ in 0..2 {
            assert_eq!(accept(&mut zone, ACCOUNT, PORTFOLIO, how), Ok(()));
        }
        assert!(sees(&zone, ACCOUNT, PORTFOLIO));
        assert_eq!(names(&zone, how), [PORTFOLIO]);
        assert!(accept(&mut zone, "444455556666", PORTFOLIO, how).is_err(), "not invited");
    }

    #[test]
    fn a_principal_has_to_exist_and_is_associated_once() {
        let mut zone = zone();
        let iam = PrincipalType::Iam;
        let unseen = associate(&mut zone, ACCOUNT, PORTFOLIO, DEPLOY, iam);
        assert_eq!(unseen.expect_err("not shared").code(), "ResourceNotFoundException");
        share(&mut zone, ShareTarget::Node(Node::Account(ACCOUNT.to_owned())));
        for _ in 0..2 {
            assert_eq!(associate(&mut zone, ACCOUNT, PORTFOLIO, DEPLOY, iam), Ok(()));
        }
        for nobody in
            ["arn:aws:iam::555566667777:role/other", "arn:aws:iam::444455556666:role/deploy"]
        {
            let refused = associate(&mut zone, ACCOUNT, PORTFOLIO, nobody, iam);
            assert_eq!(refused.expect_err(nobody).code(), "InvalidParametersException");
        }
        let all = principals(&zone, ACCOUNT, PORTFOLIO).expect("seen");
        assert!(all.map(|it| it.principal.as_str()).eq([DEPLOY]));
    }

    #[test]
    fn a_portfolio_takes_ten_patterns() {
        let mut zone = zone();
        share(&mut zone, ShareTarget::Node(Node::Account(ACCOUNT.to_owned())));
        let mut add = |number: usize| {
            let pattern = format!("arn:aws:iam:::role/team-{number}-*");
            associate(&mut zone, ACCOUNT, PORTFOLIO, &pattern, PrincipalType::IamPattern)
        };
        assert!((0..10).all(|number| add(number).is_ok()) && add(9).is_ok());
        assert_eq!(add(10).expect_err("one more").code(), "LimitExceededException");
    }
}
