//! Who there is in an account: its roles, users and groups, and the role that Vend assumes.

use chrono::Duration;

use crate::Zone;
use crate::model::ids;
use crate::model::service_catalog;

/// How the access keys of a session begin; the account's id follows. Real ones do not tell.
const SESSION_KEY: &str = "ASIAVEND";
/// The fewest and the most characters of a session's name (STS API reference).
const SESSION_NAME: std::ops::RangeInclusive<usize> = 2..=64;

/// A role of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its path, slashes at both ends.
    pub path: String,
    /// Its ARN.
    pub arn: String,
}

/// A call of `AssumeRole`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumeRole {
    /// The role's ARN.
    pub role: String,
    /// What the session is called.
    pub session: String,
    /// What the role's trust asks for.
    pub external_id: Option<String>,
}

/// Why a role is not assumed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssumeRoleRefusal {
    /// A value does not follow its pattern.
    #[error("{0}")]
    Malformed(String),
    /// There is no such role, or it does not let the caller in: STS does not tell them apart.
    #[error("{0}")]
    AccessDenied(String),
}

/// Assumes the role; answers the account that it is of.
///
/// # Errors
/// When the role is not there (yet), is another one, or wants another external id.
pub fn assume(zone: &Zone, request: &AssumeRole) -> Result<String, AssumeRoleRefusal> {
    if !SESSION_NAME.contains(&request.session.len()) {
        let message = "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: Member must have length between 2 and 64";
        return Err(AssumeRoleRefusal::Malformed(message.to_owned()));
    }
    let account = request.role.split(':').nth(4).filter(|id| ids::is_account(id));
    let account = account.filter(|id| is_open(zone, id, request));
    account.map(ToOwned::to_owned).ok_or_else(|| {
        AssumeRoleRefusal::AccessDenied(format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {}",
            service_catalog::caller_session(zone),
            request.role
        ))
    })
}

fn is_open(zone: &Zone, account: &str, request: &AssumeRole) -> bool {
    let described = &zone.members.description;
    let arn = arn(zone, account, "role", &described.role);
    let wanted = (!described.external_id.is_empty()).then_some(&described.external_id);
    let member = account != zone.organization.management_account();
    member
        && is_ready(zone, account)
        && arn == request.role
        && wanted == request.external_id.as_ref()
}

/// Whether the account is there for long enough to have its roles.
fn is_ready(zone: &Zone, account: &str) -> bool {
    let after = Duration::minutes(zone.members.description.ready_after_minutes.into());
    zone.organization.account(account).is_some_and(|it| it.joined + after <= zone.now)
}

/// The access key of a session in the account.
#[must_use]
pub fn access_key(account: &str) -> String {
    format!("{SESSION_KEY}{account}")
}

/// The account whose session has that access key; `None` for the caller's own keys.
#[must_use]
pub fn account_of(access_key: &str) -> Option<&str> {
    access_key.strip_prefix(SESSION_KEY).filter(|account| ids::is_account(account))
}

/// The roles of an account: the one for Vend, the described ones, those of permission sets.
#[must_use]
pub fn roles(zone: &Zone, account: &str) -> Vec<Role> {
    let described = &zone.members.description;
    let own = std::iter::once(&described.role).chain(&described.roles);
    let own = own.filter(|_| is_ready(zone, account)).cloned();
    let center = &zone.identity_center;
    let sets = center.permission_sets().iter();
    let of_sets = sets.filter_map(|set| center.role_in(account, &set.name));
    let of_sets = of_sets.filter_map(|arn| Some(arn.split_once(":role/")?.1.to_owned()));
    own.chain(of_sets).map(|name| role_of(zone, account, &name)).collect()
}

/// The role of that name.
#[must_use]
pub fn role(zone: &Zone, account: &str, name: &str) -> Option<Role> {
    roles(zone, account).into_iter().find(|role| role.name == name)
}

fn role_of(zone: &Zone, account: &str, path_and_name: &str) -> Role {
    let (path, name) = path_and_name.rsplit_once('/').unwrap_or_default();
    let name = if name.is_empty() { path_and_name } else { name };
    let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
    Role { name: name.to_owned(), path, arn: arn(zone, account, "role", path_and_name) }
}

/// Whether the account has the role, user or group of that ARN.
pub(super) fn exists(zone: &Zone, account: &str, principal: &str) -> bool {
    let described = &zone.members.description;
    let named = |kind: &str, names: &[String]| {
        names.iter().any(|name| arn(zone, account, kind, name) == principal)
    };
    let own = named("user", &described.users) || named("group", &described.groups);
    (own && is_ready(zone, account)) || roles(zone, account).iter().any(|it| it.arn == principal)
}

fn arn(zone: &Zone, account: &str, kind: &str, name: &str) -> String {
    format!("arn:{}:iam::{account}:{kind}/{name}", zone.organization.partition())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ACCOUNT, zone, zone_with};
    use super::*;

    fn request(account: &str) -> AssumeRole {
        AssumeRole {
            role: format!("arn:aws:iam::{account}:role/vend-member"),
            session: "vend".to_owned(),
            external_id: Some("vend".to_owned()),
        }
    }

    #[test]
    fn the_role_is_assumed_by_its_name_and_with_the_external_id() {
        let zone = zone();
        assert_eq!(assume(&zone, &request(ACCOUNT)).as_deref(), Ok(ACCOUNT));
        assert_eq!(account_of(&access_key(ACCOUNT)), Some(ACCOUNT));
        assert_eq!((account_of("AKIAVENDLOCAL"), account_of("ASIAVEND12")), (None, None));
    }

    #[test]
    fn nobody_else_is_let_in() {
        let zone = zone();
        let refused = |change: &dyn Fn(&mut AssumeRole)| {
            let mut request = request(ACCOUNT);
            change(&mut request);
            assume(&zone, &request).expect_err("refused").to_string()
        };
        let none = refused(&|it| it.role.push('x'));
        assert!(none.contains("is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::555566667777:role/vend-memberx"), "{none}");
        for change in [
            &(|it: &mut AssumeRole| it.external_id = None) as &dyn Fn(&mut AssumeRole),
            &|it| it.external_id = Some("other".to_owned()),
            &|it| it.role = it.role.replace(ACCOUNT, "111122223333"),
            &|it| it.role = it.role.replace(ACCOUNT, "999999999999"),
            &|it| it.role = "vend-member".to_owned(),
        ] {
            assert!(refused(change).contains("not authorized"));
        }
        assert!(refused(&|it| it.session = "v".to_owned()).contains("roleSessionName"));
    }

    #[test]
    fn a_new_account_has_its_roles_after_a_while() {
        let mut zone = zone_with(|description| {
            description.members.ready_after_minutes = 5;
            description.members.roles = vec!["team/deploy".to_owned()];
        });
        let since = zone.organization.since();
        zone.now = since;
        assert!(assume(&zone, &request(ACCOUNT)).is_err() && roles(&zone, ACCOUNT).is_empty());
        zone.now = since + Duration::minutes(5);
        assert!(assume(&zone, &request(ACCOUNT)).is_ok());
        let deploy = role(&zone, ACCOUNT, "deploy").expect("the role");
        assert_eq!(deploy.path, "/team/");
        assert!(exists(&zone, ACCOUNT, &deploy.arn));
        assert_eq!(deploy.arn, "arn:aws:iam::555566667777:role/team/deploy");
    }
}
