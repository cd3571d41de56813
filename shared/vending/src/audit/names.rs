//! What principals and permission sets are called. Names of people are for whoever asked,
//! and never for a log.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::finding::Who;
use super::granted::Granted;
use super::ports::{AccessListing, Assigned, Holder};
use super::scope::Scope;
use crate::account::{EmailAddress, PrincipalKind};
use crate::ports::CouldNotAsk;

/// A user's names. `Debug` does not print them.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The name to sign in with.
    pub name: String,
    /// The addresses.
    pub emails: Vec<String>,
}

impl User {
    /// Whether that is the user's address, or the name to sign in with, whatever the case.
    #[must_use]
    pub fn is_called(&self, email: &EmailAddress) -> bool {
        let key = email.key();
        self.emails.iter().chain([&self.name]).any(|it| EmailAddress::key_of(it) == key)
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("User(…)")
    }
}

/// Names by id; of what is gone there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Permission sets by ARN.
    pub permission_sets: BTreeMap<String, String>,
    /// Groups by id.
    pub groups: BTreeMap<String, String>,
    /// Users by id.
    pub users: BTreeMap<String, User>,
}

impl Names {
    /// What `holder` is called, if there is such a principal.
    #[must_use]
    pub fn holder(&self, holder: &Holder) -> Option<&str> {
        match holder.kind {
            PrincipalKind::Group => self.groups.get(&holder.id).map(String::as_str),
            PrincipalKind::User => self.users.get(&holder.id).map(|user| user.name.as_str()),
        }
    }

    /// Who `holder` is.
    pub(super) fn who(&self, holder: &Holder) -> Who {
        let name = self.holder(holder).map(str::to_owned);
        Who { kind: holder.kind, name, id: holder.id.clone() }
    }
}

/// The names of all that an audit tells of.
pub(super) async fn of(
    access: &dyn AccessListing,
    there: &BTreeSet<Assigned>,
    granted: &Granted,
    scope: &Scope,
) -> Result<Names, CouldNotAsk> {
    let told: Vec<&Assigned> =
        there.iter().chain(granted.done().filter(|it| scope.has(it))).collect();
    let mut holders: BTreeSet<Holder> = told.iter().map(|it| it.holder.clone()).collect();
    holders.extend(scope.viewers().cloned());
    let sets = told.iter().map(|it| it.permission_set.clone()).collect();
    access.names(&holders, &sets).await
}

/// Who is in each of those groups, by name.
pub(super) async fn members(
    access: &dyn AccessListing,
    groups: &BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<Who>>, CouldNotAsk> {
    let mut users = BTreeMap::new();
    for group in groups {
        users.insert(group.clone(), access.users_in(group).await?);
    }
    let user = |id: &String| Holder { kind: PrincipalKind::User, id: id.clone() };
    let all = users.values().flatten().map(user).collect();
    let names = access.names(&all, &BTreeSet::new()).await?;
    let known = |ids: Vec<String>| ids.iter().map(|id| names.who(&user(id))).collect();
    Ok(users.into_iter().map(|(group, ids)| (group, known(ids))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_known_by_any_address_and_the_name() {
        let user = User { name: "jane".into(), emails: vec!["Jane.Doe@Example.com".into()] };
        let email = |text| EmailAddress::new(text).unwrap();
        assert!(user.is_called(&email("jane.doe@example.com")));
        assert!(!user.is_called(&email("john.doe@example.com")));
        let user = User { name: "Jane.Doe@example.com".into(), emails: vec![] };
        assert!(user.is_called(&email("jane.doe@example.com")));
        assert_eq!(format!("{user:?}"), "User(…)");
    }
}
