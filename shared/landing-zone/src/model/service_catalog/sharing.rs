//! `CreatePortfolioShare`: asynchronous with nodes of the organization, silent
//! when repeated, and lost when another share of the portfolio is under way.

use chrono::Duration;

use super::shares::{Node, Share, ShareError, ShareOperation, ShareStatus, ShareTarget, ShareType};
use super::{CatalogRefusal, Happening, Named, Outcome, ServiceCatalog, ids};
use crate::Zone;

/// The trusted access that sharing with the organization needs.
const SERVICE_PRINCIPAL: &str = "servicecatalog.amazonaws.com";

/// A call of `CreatePortfolioShare`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRequest {
    /// The portfolio's id.
    pub portfolio: String,
    /// With whom.
    pub target: ShareTarget,
    /// Whether to share TagOptions as well.
    pub share_tag_options: bool,
    /// Whether to share principals as well; not with accounts.
    pub share_principals: bool,
}

/// Whether portfolios can be shared with nodes of the organization.
#[must_use]
pub fn organizations_access(zone: &Zone) -> bool {
    zone.organization.trusted_services().iter().any(|service| service == SERVICE_PRINCIPAL)
}

/// Shares a portfolio. Answers a token by which to follow a share with a node;
/// none for an account by invitation, and none if the share is there already
/// or on its way, for then nothing happens.
///
/// # Errors
///
/// When there is no such portfolio or target, or the organization has no
/// trusted access for Service Catalog.
pub fn share(zone: &mut Zone, request: ShareRequest) -> Result<Option<String>, CatalogRefusal> {
    check(zone, &request)?;
    let share = Share {
        accepted: matches!(request.target, ShareTarget::Node(_)),
        portfolio: request.portfolio,
        target: request.target,
        share_tag_options: request.share_tag_options,
        share_principals: request.share_principals,
        unreached: Vec::new(),
    };
    if is_known(zone, &share) {
        return Ok(None);
    }
    match share.target.clone() {
        ShareTarget::Account(_) => {
            zone.service_catalog.shares.push(share);
            Ok(None)
        }
        ShareTarget::Node(node) => Ok(Some(begin(zone, share, node))),
    }
}

fn check(zone: &Zone, request: &ShareRequest) -> Result<(), CatalogRefusal> {
    zone.service_catalog.find_portfolio(&request.portfolio)?;
    request.target.check(zone)?;
    let kind = request.target.kind();
    if kind != ShareType::Account && !organizations_access(zone) {
        let message = "AWS Organizations access is not enabled for AWS Service Catalog.";
        return Err(CatalogRefusal::OperationNotSupported(message.to_owned()));
    }
    let many = matches!(kind, ShareType::Organization | ShareType::OrganizationalUnit);
    if request.share_principals && !many {
        let message =
            "SharePrincipals is only supported for organizations and organizational units.";
        return Err(CatalogRefusal::invalid(message));
    }
    Ok(())
}

fn is_known(zone: &Zone, share: &Share) -> bool {
    let same = |known: &Share| known.portfolio == share.portfolio && known.target == share.target;
    let catalog = &zone.service_catalog;
    let mut coming = under_way(catalog).filter(|it| !it.lost);
    catalog.shares.has(&share.portfolio, &share.target)
        || coming.any(|operation| same(&operation.share))
}

/// The operations that are not over.
fn under_way(catalog: &ServiceCatalog) -> impl Iterator<Item = &ShareOperation> {
    catalog.sharing.iter().filter_map(|token| catalog.share_operations.get(token))
}

fn begin(zone: &mut Zone, share: Share, node: Node) -> String {
    let token = ids::new_id("share", &mut zone.chance);
    let lost = under_way(&zone.service_catalog).any(|it| it.portfolio == share.portfolio);
    let operation = ShareOperation {
        token: token.clone(),
        portfolio: share.portfolio.clone(),
        node,
        status: ShareStatus::NotStarted,
        successful: Vec::new(),
        errors: Vec::new(),
        lost,
        share,
    };
    zone.service_catalog.share_operations.insert(token.clone(), operation);
    zone.service_catalog.sharing.insert(token.clone());
    zone.later(Duration::seconds(1), Happening::Sharing(token.clone()));
    token
}

/// The share is under way.
pub(super) fn sharing(zone: &mut Zone, token: &str) {
    if let Some(operation) = zone.service_catalog.share_operations.get_mut(token) {
        operation.status = ShareStatus::InProgress;
    }
    let wait = ids::seconds(4..=20, &mut zone.chance);
    zone.later(wait, Happening::Shared(token.to_owned()));
}

/// The share is over: in place, refused, or lost without a word.
pub(super) fn shared(zone: &mut Zone, token: &str) {
    let Some(mut operation) = zone.service_catalog.share_operations.remove(token) else { return };
    zone.service_catalog.sharing.remove(token);
    operation.status = ShareStatus::Completed;
    let reached = operation.node.accounts(zone);
    let (failed, reached) = reached.into_iter().partition::<Vec<_>, _>(|id| fails(zone, id));
    if !failed.is_empty() {
        operation.status = ShareStatus::CompletedWithErrors;
        operation.errors = failed.iter().map(|id| error(id)).collect();
    }
    // With a unit it is in place all the same, for its other accounts.
    let in_place = failed.is_empty() || !matches!(operation.node, Node::Account(_));
    if in_place && !operation.lost {
        operation.successful = reached;
        operation.share.unreached = failed;
        zone.service_catalog.shares.push(operation.share.clone());
    }
    zone.service_catalog.share_operations.insert(token.to_owned(), operation);
}

/// Whether sharing with that account fails: one that was vended so, or is called so.
fn fails(zone: &Zone, account: &str) -> bool {
    let name = zone.organization.account(account).map_or("", |account| account.name.as_str());
    let catalog = &zone.service_catalog;
    [catalog.outcome_for_account(account), catalog.outcome_for_name(name)]
        .contains(&Outcome::ShareFails)
}

fn error(account: &str) -> ShareError {
    ShareError {
        accounts: vec![account.to_owned()],
        message: "The portfolio could not be imported into the account.".to_owned(),
        error: "InternalFailure".to_owned(),
    }
}

/// How far the share with that token has got.
///
/// # Errors
///
/// When there is no such token.
pub fn share_status<'a>(zone: &'a Zone, token: &str) -> Result<&'a ShareOperation, CatalogRefusal> {
    let refusal = || CatalogRefusal::not_found("Portfolio share", &Named::Id(token.to_owned()));
    zone.service_catalog.share_operations.get(token).ok_or_else(refusal)
}

/// The shares of a portfolio that are in place, of one type, oldest first.
///
/// # Errors
///
/// When there is no such portfolio.
pub fn shares<'a>(
    zone: &'a Zone,
    portfolio: &str,
    kind: ShareType,
) -> Result<Vec<&'a Share>, CatalogRefusal> {
    zone.service_catalog.find_portfolio(portfolio)?;
    let of = |share: &&Share| share.portfolio == portfolio && share.target.kind() == kind;
    let shares = &zone.service_catalog.shares;
    Ok(match kind {
        ShareType::OrganizationMemberAccount => shares.all().iter().filter(of).collect(),
        ShareType::Account | ShareType::Organization | ShareType::OrganizationalUnit => {
            shares.others().filter(of).collect()
        }
    })
}

impl ServiceCatalog {
    /// The shares in place that may be about the account, oldest first.
    pub(crate) fn shares_about(&self, account: &str) -> impl Iterator<Item = &Share> {
        self.shares.about(account)
    }

    /// The invited account accepts; whether it was invited.
    pub(crate) fn accept_invitation(&mut self, portfolio: &str, account: &str) -> bool {
        let invitation = |share: &Share| {
            share.portfolio == portfolio
                && matches!(&share.target, ShareTarget::Account(id) if id == account)
        };
        let share = self.shares.other_mut(invitation);
        share.map(|share| share.accepted = true).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{UNIT, launched, pass, zone, zone_where_dev_is, zone_with};
    use super::super::{FACTORY_PORTFOLIO_ID, portfolio_visible};
    use super::*;

    fn portfolio(zone: &Zone) -> String {
        zone.service_catalog.portfolios()[1].id.clone()
    }

    fn with(zone: &mut Zone, portfolio: &str, target: ShareTarget) -> Option<String> {
        let request = ShareRequest {
            portfolio: portfolio.to_owned(),
            target,
            share_tag_options: false,
            share_principals: false,
        };
        share(zone, request).expect("accepted")
    }

    fn member(zone: &mut Zone) -> (String, ShareTarget) {
        let account = launched(zone, 1, 40).product.physical_id.expect("an account");
        let node = ShareTarget::Node(Node::Account(account.clone()));
        (account, node)
    }

    #[test]
    fn a_share_with_an_account_of_the_organization_is_in_place_before_long() {
        let mut zone = zone();
        let portfolio = portfolio(&zone);
        let (account, node) = member(&mut zone);
        let token = with(&mut zone, &portfolio, node.clone()).expect("a token");
        assert_eq!(share_status(&zone, &token).map(|it| it.status), Ok(ShareStatus::NotStarted));
        pass(&mut zone, Duration::seconds(2));
        assert_eq!(share_status(&zone, &token).map(|it| it.status), Ok(ShareStatus::InProgress));
        assert!(!portfolio_visible(&zone, &account, &portfolio));
        pass(&mut zone, Duration::seconds(20));
        let status = share_status(&zone, &token).expect("a status");
        assert_eq!(
            (status.status, &status.successful),
            (ShareStatus::Completed, &vec![account.clone()])
        );
        assert!(portfolio_visible(&zone, &account, &portfolio));
        assert!(!portfolio_visible(&zone, &account, FACTORY_PORTFOLIO_ID));
        let listed = shares(&zone, &portfolio, ShareType::OrganizationMemberAccount);
        assert_eq!(listed.map(|shares| shares.len()), Ok(1));
        assert_eq!(with(&mut zone, &portfolio, node), None, "a repetition is silent");
    }

    #[test]
    fn the_later_of_two_shares_at_once_is_lost_and_can_be_made_again() {
        let mut zone = zone();
        let portfolio = portfolio(&zone);
        let (account, node) = member(&mut zone);
        let unit = ShareTarget::Node(Node::OrganizationalUnit("ou-aaaa-ddddeeee".to_owned()));
        with(&mut zone, &portfolio, unit).expect("a token");
        let lost = with(&mut zone, &portfolio, node.clone()).expect("a token");
        pass(&mut zone, Duration::minutes(1));
        let status = share_status(&zone, &lost).expect("a status");
        assert_eq!((status.status, status.successful.len()), (ShareStatus::Completed, 0));
        assert!(!portfolio_visible(&zone, &account, &portfolio));
        assert!(with(&mut zone, &portfolio, node).is_some());
        pass(&mut zone, Duration::minutes(1));
        assert!(portfolio_visible(&zone, &account, &portfolio));
    }

    #[test]
    fn a_share_with_a_unit_reaches_the_accounts_in_it() {
        let mut zone = zone();
        let portfolio = portfolio(&zone);
        let unit = ShareTarget::Node(Node::OrganizationalUnit(UNIT.to_owned()));
        with(&mut zone, &portfolio, unit);
        let (account, _) = member(&mut zone);
        assert!(portfolio_visible(&zone, &account, &portfolio));
        let root = zone.organization.root().to_owned();
        zone.organization.move_account(&account, &root);
        assert!(!portfolio_visible(&zone, &account, &portfolio));
    }

    #[test]
    fn an_invited_account_has_to_accept() {
        let mut zone = zone();
        let portfolio = portfolio(&zone);
        let (account, _) = member(&mut zone);
        assert_eq!(with(&mut zone, &portfolio, ShareTarget::Account(account.clone())), None);
        let listed = shares(&zone, &portfolio, ShareType::Account).expect("shares");
        assert!(!listed[0].accepted);
        assert!(!portfolio_visible(&zone, &account, &portfolio));
    }

    #[test]
    fn share_fails_ends_with_errors() {
        let mut zone = zone_where_dev_is(Outcome::ShareFails);
        let portfolio = portfolio(&zone);
        let (account, node) = member(&mut zone);
        let token = with(&mut zone, &portfolio, node).expect("a token");
        pass(&mut zone, Duration::minutes(1));
        let status = share_status(&zone, &token).expect("a status");
        assert_eq!(status.status, ShareStatus::CompletedWithErrors);
        assert!(status.errors[0].accounts.iter().eq([&account]));
        assert!(!portfolio_visible(&zone, &account, &portfolio));
    }

    #[test]
    fn what_cannot_be_shared_is_refused() {
        let mut zone = zone_with(|description| description.organization.trusted_services.clear());
        let mut refused = |portfolio: &str, target: ShareTarget| {
            let request = ShareRequest {
                portfolio: portfolio.to_owned(),
                target,
                share_tag_options: false,
                share_principals: true,
            };
            share(&mut zone, request).expect_err("refused").code()
        };
        let unit = || ShareTarget::Node(Node::OrganizationalUnit(UNIT.to_owned()));
        let account = |id: &str| ShareTarget::Account(id.to_owned());
        assert_eq!(refused("port-none", unit()), "ResourceNotFoundException");
        assert_eq!(refused(FACTORY_PORTFOLIO_ID, unit()), "OperationNotSupportedException");
        assert_eq!(refused(FACTORY_PORTFOLIO_ID, account("1")), "InvalidParametersException");
        assert_eq!(
            refused(FACTORY_PORTFOLIO_ID, account("123456789012")),
            "InvalidParametersException"
        );
    }
}
