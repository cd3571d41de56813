//! The insides of member accounts, as `AssumedMembers` has them over the wire. The role is
//! assumed anew for every call, by the name and the external id that are described.

use async_trait::async_trait;
use vending::account::AccountId;
use vending::ledger::{MemberStep, Portfolio, PortfolioPrincipal, PortfolioUse};
use vending::ports::{LOCAL_PROVIDER, MemberCatalog, MemberError, local_description, member_token};

use super::Shared;
use crate::Zone;
use crate::model::members::{
    self, Accepted, AssumeRole, LocalPortfolio, NewConstraint, NewPortfolio, NewTagOption,
};
use crate::model::service_catalog::{CatalogRefusal, PrincipalType};

type Done<T> = Result<T, MemberError>;

#[async_trait]
impl MemberCatalog for Shared {
    async fn sees(&self, account: &AccountId, portfolio: &Portfolio) -> Done<bool> {
        self.inside(account, |zone, account| Ok(members::sees(zone, account, &portfolio.id)))
    }

    async fn accept(&self, account: &AccountId, portfolio: &Portfolio) -> Done<()> {
        self.inside(account, |zone, account| {
            members::accept(zone, account, &portfolio.id, Accepted::Imported)
        })
    }

    async fn principal(
        &self,
        account: &AccountId,
        principal: &PortfolioPrincipal,
    ) -> Done<Option<String>> {
        self.inside(account, |zone, account| Ok(arn(zone, account, principal)))
    }

    async fn associate(&self, account: &AccountId, portfolio: &str, arn: &str) -> Done<()> {
        let done = self.inside(account, |zone, account| {
            members::associate(zone, account, portfolio, arn, PrincipalType::Iam)
        });
        done.map_err(|error| not_there(error, &format!("there is no principal {arn}")))
    }

    async fn local_portfolio(
        &self,
        account: &AccountId,
        shared: &Portfolio,
    ) -> Done<Option<String>> {
        self.inside(account, |zone, account| {
            Ok(local(zone, account, shared).map(|it| it.id.clone()))
        })
    }

    async fn create_local_portfolio(
        &self,
        account: &AccountId,
        shared: &Portfolio,
    ) -> Done<String> {
        let new = NewPortfolio {
            name: shared.name.clone(),
            description: Some(local_description(shared)),
            provider: LOCAL_PROVIDER.to_owned(),
            token: member_token(&["local", &shared.id]),
        };
        self.inside(account, |zone, account| {
            members::create_portfolio(zone, account, new).map(|portfolio| portfolio.id)
        })
    }

    async fn products(&self, account: &AccountId, portfolio: &str) -> Done<Vec<String>> {
        self.inside(account, |zone, account| {
            let products = members::products(zone, account, portfolio)?;
            Ok(products.iter().map(|product| product.id.clone()).collect())
        })
    }

    async fn import_product(
        &self,
        account: &AccountId,
        product: &str,
        shared: &str,
        local: &str,
    ) -> Done<()> {
        self.inside(account, |zone, account| members::import(zone, account, product, local, shared))
    }

    async fn launch_role(
        &self,
        account: &AccountId,
        portfolio: &str,
        product: &str,
    ) -> Done<Option<String>> {
        self.inside(account, |zone, account| {
            let all = members::constraints(zone, account, portfolio, Some(product))?;
            Ok(all.first().map(|constraint| constraint.role.clone()))
        })
    }

    async fn launch_by(
        &self,
        account: &AccountId,
        portfolio: &str,
        product: &str,
        role: &str,
    ) -> Done<()> {
        let new = NewConstraint {
            portfolio: portfolio.to_owned(),
            product: product.to_owned(),
            role: role.to_owned(),
            token: member_token(&["launch", portfolio, product, role]),
        };
        let done = self.inside(account, |zone, account| {
            members::create_constraint(zone, account, new).map(|_| ())
        });
        done.map_err(|error| not_there(error, &format!("there is no role {role}")))
    }

    async fn tag(&self, account: &AccountId, portfolio: &str, key: &str, value: &str) -> Done<()> {
        self.inside(account, |zone, account| {
            let option = option(zone, account, key, value)?;
            match members::tag(zone, account, portfolio, &option) {
                Err(CatalogRefusal::DuplicateResource(_)) => Ok(()),
                done => done,
            }
        })
    }
}

impl Shared {
    /// Does something as a session in the account.
    fn inside<T>(
        &self,
        account: &AccountId,
        doing: impl FnOnce(&mut Zone, &str) -> Result<T, CatalogRefusal>,
    ) -> Done<T> {
        let mut zone = self.zone();
        members::assume(&zone, &assuming(&zone, account))
            .map_err(|refusal| MemberError::NoWayIn(format!("AccessDenied: {refusal}")))?;
        doing(&mut zone, account.as_str())
            .map_err(|refusal| MemberError::Refused(format!("{}: {refusal}", refusal.code())))
    }
}

fn assuming(zone: &Zone, account: &AccountId) -> AssumeRole {
    let described = zone.members.description();
    let (partition, role) = (zone.organization.partition(), &described.role);
    AssumeRole {
        role: format!("arn:{partition}:iam::{account}:role/{role}"),
        session: "vend".to_owned(),
        external_id: (!described.external_id.is_empty()).then(|| described.external_id.clone()),
    }
}

fn arn(zone: &Zone, account: &str, principal: &PortfolioPrincipal) -> Option<String> {
    let named = |kind: &str, name: &str| {
        Some(format!("arn:{}:iam::{account}:{kind}/{name}", zone.organization.partition()))
    };
    match principal {
        PortfolioPrincipal::Role(name) => named("role", name),
        PortfolioPrincipal::User(name) => named("user", name),
        PortfolioPrincipal::Group(name) => named("group", name),
        PortfolioPrincipal::PermissionSet(set) => zone.identity_center.role_in(account, set),
    }
}

fn local<'a>(zone: &'a Zone, account: &str, shared: &Portfolio) -> Option<&'a LocalPortfolio> {
    let description = local_description(shared);
    members::portfolios(zone, account)
        .iter()
        .find(|it| it.provider == LOCAL_PROVIDER && it.description.as_deref() == Some(&description))
}

/// The id of the tag option, made where there is none.
fn option(
    zone: &mut Zone,
    account: &str,
    key: &str,
    value: &str,
) -> Result<String, CatalogRefusal> {
    let mut options = members::tag_options(zone, account).iter();
    if let Some(option) = options.find(|it| it.key == key && it.value == value) {
        return Ok(option.id.clone());
    }
    let new = NewTagOption { key: key.to_owned(), value: value.to_owned() };
    Ok(members::create_tag_option(zone, account, new)?.id)
}

/// What a call names may come to the account yet.
fn not_there(error: MemberError, what: &str) -> MemberError {
    match error {
        MemberError::Refused(words) if words.starts_with("InvalidParametersException") => {
            MemberError::Wait(format!("{what} in the account ({words})"))
        }
        error => error,
    }
}

/// Whether the account has what `usage` was to bring about there.
#[must_use]
pub fn is_usable(zone: &Zone, account: &str, usage: &PortfolioUse) -> bool {
    let shared = &usage.portfolio;
    let may_use = |portfolio: &str, principal: &PortfolioPrincipal| {
        let Some(arn) = arn(zone, account, principal) else { return false };
        let mut all = members::principals(zone, account, portfolio).into_iter().flatten();
        all.any(|association| association.principal == arn)
    };
    if matches!(usage.step, MemberStep::Accept) {
        return members::sees(zone, account, &shared.id);
    }
    if let MemberStep::Principal(principal) = &usage.step {
        return may_use(&shared.id, principal);
    }
    let Some(local) = local(zone, account, shared) else { return false };
    let ids = |portfolio: &str| -> Vec<String> {
        let products = members::products(zone, account, portfolio).unwrap_or_default();
        products.iter().map(|product| product.id.clone()).collect()
    };
    match &usage.step {
        MemberStep::Accept | MemberStep::Principal(_) | MemberStep::LocalPortfolio => true,
        MemberStep::LocalProducts => {
            let there = ids(&local.id);
            ids(&shared.id).iter().all(|product| there.contains(product))
        }
        MemberStep::LaunchConstraint { role } => ids(&local.id).iter().all(|product| {
            let all = members::constraints(zone, account, &local.id, Some(product));
            all.is_ok_and(|all| all.iter().any(|constraint| constraint.role == *role))
        }),
        MemberStep::TagOption { key, value } => members::tags_of(zone, account, &local.id)
            .any(|option| option.key == *key && option.value == *value),
        MemberStep::LocalPrincipal(principal) => may_use(&local.id, principal),
    }
}
