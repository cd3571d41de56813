//! Who may use a portfolio: principals and their association with it.

use chrono::Duration;

use super::{CatalogRefusal, FACTORY_PORTFOLIO_ID};
use crate::Zone;
use crate::model::Moment;

/// How long an association takes to have an effect; the blog's sample waits as long.
const PROPAGATION: Duration = Duration::seconds(10);

/// Whether a principal is one role, user or group, or a pattern of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalType {
    /// `IAM`: a full ARN.
    Iam,
    /// `IAM_PATTERN`: an ARN without account, possibly with wildcards.
    IamPattern,
}

/// A principal that is associated with a portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// The principal's ARN.
    pub principal: String,
    /// What kind of ARN that is.
    pub kind: PrincipalType,
    /// When it begins to have an effect; `None` if it always had.
    effective: Option<Moment>,
}

impl Association {
    /// An association that has an effect from a moment on.
    pub(crate) fn new(principal: &str, kind: PrincipalType, effective: Moment) -> Self {
        Self { principal: principal.to_owned(), kind, effective: Some(effective) }
    }
}

/// The role that calls Service Catalog, as an IAM ARN.
#[must_use]
pub fn caller(zone: &Zone) -> String {
    role_arn(zone, &zone.service_catalog.factory.caller)
}

/// The caller's session, as STS and CloudTrail name it.
#[must_use]
pub fn caller_session(zone: &Zone) -> String {
    let role = caller(zone);
    let name = role.rsplit('/').next().unwrap_or(&role);
    let partition = zone.organization.partition();
    let account = zone.organization.management_account();
    format!("arn:{partition}:sts::{account}:assumed-role/{name}/vend")
}

/// The principals of a portfolio, in the order of their association.
///
/// # Errors
///
/// When there is no such portfolio.
pub fn principals(zone: &Zone, portfolio: &str) -> Result<Vec<Association>, CatalogRefusal> {
    zone.service_catalog.find_portfolio(portfolio)?;
    let at_the_start = initial(zone, portfolio);
    let later = zone.service_catalog.associations.iter();
    let later = later.filter(|(of, _)| of == portfolio).map(|(_, association)| association.clone());
    Ok(at_the_start.into_iter().chain(later).collect())
}

/// Associates a principal with a portfolio; once more changes nothing.
///
/// # Errors
///
/// When there is no such portfolio, or the ARN is not one of the kind.
pub fn associate(
    zone: &mut Zone,
    portfolio: &str,
    principal: &str,
    kind: PrincipalType,
) -> Result<(), CatalogRefusal> {
    check_principal(principal, kind)?;
    if principals(zone, portfolio)?.iter().all(|known| known.principal != principal) {
        let effective = Some(zone.now + PROPAGATION);
        let association = Association { principal: principal.to_owned(), kind, effective };
        zone.service_catalog.associations.push((portfolio.to_owned(), association));
    }
    Ok(())
}

/// Ends the association of a principal with a portfolio.
///
/// AWS's reference leaves open what becomes of a principal that is not associated: here
/// it is refused, which is what the error that the model lists would say.
///
/// # Errors
///
/// When there is no such portfolio, the ARN is not one of the kind, or the principal is
/// not associated with it.
pub fn disassociate(
    zone: &mut Zone,
    portfolio: &str,
    principal: &str,
    kind: PrincipalType,
) -> Result<(), CatalogRefusal> {
    check_principal(principal, kind)?;
    let known = principals(zone, portfolio)?;
    if !known.iter().any(|known| known.principal == principal && known.kind == kind) {
        let message = format!("Principal {principal} is not associated with {portfolio}");
        return Err(CatalogRefusal::ResourceNotFound(message));
    }
    let stays = |(of, it): &(String, Association)| of != portfolio || it.principal != principal;
    zone.service_catalog.associations.retain(stays);
    if portfolio == FACTORY_PORTFOLIO_ID {
        let mut roles = std::mem::take(&mut zone.service_catalog.factory.principals);
        roles.retain(|role| role_arn(zone, role) != principal);
        zone.service_catalog.factory.principals = roles;
    }
    Ok(())
}

/// Refuses an ARN that is not one of the kind.
pub(crate) fn check_principal(principal: &str, kind: PrincipalType) -> Result<(), CatalogRefusal> {
    let message = || format!("Invalid principal ARN: {principal}");
    fits(principal, kind).then_some(()).ok_or_else(|| CatalogRefusal::invalid(message()))
}

pub(super) fn caller_is_associated(zone: &Zone) -> bool {
    let caller = caller(zone);
    let associations = principals(zone, FACTORY_PORTFOLIO_ID).unwrap_or_default();
    associations.iter().any(|association| {
        association.principal == caller
            && association.effective.is_none_or(|effective| effective <= zone.now)
    })
}

fn initial(zone: &Zone, portfolio: &str) -> Vec<Association> {
    let roles = &zone.service_catalog.factory.principals;
    let of_factory = roles.iter().filter(|_| portfolio == FACTORY_PORTFOLIO_ID);
    let associate = |role: &String| Association {
        principal: role_arn(zone, role),
        kind: PrincipalType::Iam,
        effective: None,
    };
    of_factory.map(associate).collect()
}

fn role_arn(zone: &Zone, role: &str) -> String {
    if role.starts_with("arn:") {
        return role.to_owned();
    }
    let partition = zone.organization.partition();
    let account = zone.organization.management_account();
    format!("arn:{partition}:iam::{account}:role/{role}")
}

/// An IAM principal names its account; a pattern leaves it out. The ARN of an
/// assumed-role session is neither.
fn fits(principal: &str, kind: PrincipalType) -> bool {
    let parts: Vec<&str> = principal.splitn(6, ':').collect();
    let [arn, _, service, _, account, resource] = parts[..] else { return false };
    let kinds = ["role/", "user/", "group/"];
    let named = kinds.iter().any(|kind| resource.starts_with(kind));
    let account_fits = (kind == PrincipalType::IamPattern) == account.is_empty();
    arn == "arn" && service == "iam" && named && account_fits
}

#[cfg(test)]
mod tests {
    use super::super::testing::zone;
    use super::*;

    #[test]
    fn an_association_is_made_once() {
        let mut zone = zone();
        let role = "arn:aws:iam::111122223333:role/path/vend";
        for _ in 0..2 {
            associate(&mut zone, FACTORY_PORTFOLIO_ID, role, PrincipalType::Iam).expect("done");
        }
        let all = principals(&zone, FACTORY_PORTFOLIO_ID).expect("principals");
        let all: Vec<_> = all.iter().map(|association| association.principal.as_str()).collect();
        assert_eq!(all, [caller(&zone).as_str(), role]);
    }

    #[test]
    fn an_association_ends_once_and_with_it_the_launch_path() {
        let mut zone = zone();
        let role = caller(&zone);
        let end = |zone: &mut Zone, kind| disassociate(zone, FACTORY_PORTFOLIO_ID, &role, kind);
        assert!(end(&mut zone, PrincipalType::IamPattern).is_err());
        assert!(caller_is_associated(&zone));
        assert_eq!(end(&mut zone, PrincipalType::Iam), Ok(()));
        assert!(!caller_is_associated(&zone));
        let again = end(&mut zone, PrincipalType::Iam).expect_err("it is over");
        assert_eq!(again.code(), "ResourceNotFoundException");
        associate(&mut zone, FACTORY_PORTFOLIO_ID, &role, PrincipalType::Iam).expect("again");
        zone.advance_to(zone.now() + PROPAGATION);
        assert!(caller_is_associated(&zone));
    }

    #[test]
    fn a_session_is_no_principal_and_a_pattern_has_no_account() {
        assert!(!fits("arn:aws:sts::111122223333:assumed-role/vend/session", PrincipalType::Iam));
        assert!(!fits("arn:aws:iam:::role/vend", PrincipalType::Iam));
        assert!(fits("arn:aws:iam:::role/vend*", PrincipalType::IamPattern));
    }
}
