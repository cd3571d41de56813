//! A small organization for the tests of audits, in memory.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use super::{AccessListing, Accounts, Assigned, Auditing, Holder, Member, Names, Records, User};
use crate::account::{AccountId, PrincipalKind, PrincipalText};
use crate::ledger::{Entry, Grant, Principal, Progress, Step};
use crate::ports::{CouldNotAsk, DefaultAccess, OutsideAccount, Unresolved};

/// The account of [`crate::testing::ready`] entries.
pub const VENDED: &str = "123456789012";
/// An account that Vend did not vend.
pub const OTHER: &str = "555566667777";

/// The world; ids are names in another form, so that tests can be read.
#[derive(Default)]
pub struct World {
    pub members: Vec<Member>,
    pub assigned: Vec<Assigned>,
    /// Group and user, by name.
    pub memberships: Vec<(&'static str, &'static str)>,
    pub entries: Vec<Entry>,
    pub outside: Vec<OutsideAccount>,
    /// Whether the caller is in the management account.
    pub in_management: bool,
    /// Ids of what is gone from the identity store.
    pub gone: BTreeSet<String>,
}

pub fn account(id: &str) -> AccountId {
    AccountId::new(id).unwrap()
}

pub fn member(id: &str, name: &str, active: bool) -> Member {
    Member { id: account(id), name: name.to_owned(), active, is_management: false }
}

pub fn group(name: &str) -> Holder {
    Holder { kind: PrincipalKind::Group, id: format!("g:{name}") }
}

pub fn user(name: &str) -> Holder {
    Holder { kind: PrincipalKind::User, id: format!("u:{name}") }
}

pub fn assigned(account_id: &str, set: &str, holder: Holder) -> Assigned {
    Assigned { account: account(account_id), permission_set: format!("arn:{set}"), holder }
}

pub fn grant(set: &str, holder: &Holder) -> Grant {
    let principal =
        Principal { kind: holder.kind, id: holder.id.clone(), name: name_of(&holder.id) };
    Grant::Assignment {
        permission_set: format!("arn:{set}"),
        permission_set_name: set.to_owned(),
        principal,
    }
}

pub fn step(set: &str, holder: &Holder, progress: Progress) -> Step {
    Step { progress, ..Step::new(grant(set, holder)) }
}

/// The record of an account that has no entry.
pub fn outside(account_id: &str, steps: Vec<Step>) -> OutsideAccount {
    OutsideAccount {
        account: account(account_id),
        steps,
        closed: true,
        defaults: DefaultAccess::NotGiven,
        asked: None,
        version: 1,
    }
}

fn name_of(id: &str) -> String {
    id.split_once(':').map_or(id, |(_, name)| name).to_owned()
}

impl World {
    /// An organization with an account that Vend vended, one that it did not, and a closed one.
    pub fn new() -> Self {
        let entry = crate::testing::ready("alpha");
        let members = vec![
            member(VENDED, "alpha", true),
            member(OTHER, "webshop", true),
            member("777788889999", "closed", false),
        ];
        Self { members, entries: vec![entry], in_management: true, ..Self::default() }
    }

    pub fn auditing(&self) -> Auditing<'_> {
        Auditing { accounts: self, access: self, records: self }
    }

    fn knows(&self, id: &str) -> bool {
        !self.gone.contains(id)
    }

    fn user(&self, id: &str) -> User {
        let name = name_of(id);
        User { emails: vec![format!("{name}@example.com")], name }
    }
}

#[async_trait]
impl Accounts for World {
    async fn accounts(&self) -> Result<Vec<Member>, CouldNotAsk> {
        Ok(self.members.clone())
    }
}

#[async_trait]
impl Records for World {
    async fn all_entries(&self) -> Result<Vec<Entry>, CouldNotAsk> {
        Ok(self.entries.clone())
    }

    async fn all_outside(&self) -> Result<Vec<OutsideAccount>, CouldNotAsk> {
        Ok(self.outside.clone())
    }
}

#[async_trait]
impl AccessListing for World {
    async fn in_accounts(&self, accounts: &[AccountId]) -> Result<Vec<Assigned>, CouldNotAsk> {
        let inside = |it: &&Assigned| accounts.contains(&it.account);
        Ok(self.assigned.iter().filter(inside).cloned().collect())
    }

    async fn of(&self, holder: &Holder) -> Result<Option<Vec<Assigned>>, CouldNotAsk> {
        let held = self.assigned.iter().filter(|it| it.holder == *holder).cloned();
        Ok(self.in_management.then(|| held.collect()))
    }

    async fn names(
        &self,
        holders: &BTreeSet<Holder>,
        permission_sets: &BTreeSet<String>,
    ) -> Result<Names, CouldNotAsk> {
        let of = |kind| holders.iter().filter(move |it| it.kind == kind && self.knows(&it.id));
        let groups = of(PrincipalKind::Group).map(|it| (it.id.clone(), name_of(&it.id)));
        let users = of(PrincipalKind::User).map(|it| (it.id.clone(), self.user(&it.id)));
        let sets = permission_sets.iter().filter(|it| self.knows(it));
        let sets: BTreeMap<_, _> = sets.map(|it| (it.clone(), name_of(it))).collect();
        Ok(Names { permission_sets: sets, groups: groups.collect(), users: users.collect() })
    }

    async fn groups_of(&self, user: &str) -> Result<Vec<String>, CouldNotAsk> {
        let of = self.memberships.iter().filter(|(_, it)| format!("u:{it}") == user);
        Ok(of.map(|(name, _)| group(name).id).collect())
    }

    async fn users_in(&self, group: &str) -> Result<Vec<String>, CouldNotAsk> {
        let of = self.memberships.iter().filter(|(it, _)| format!("g:{it}") == group);
        Ok(of.map(|(_, name)| user(name).id).collect())
    }

    async fn principal(&self, meant: &PrincipalText) -> Result<Holder, Unresolved> {
        match (meant.text.as_str(), meant.kind) {
            ("nobody", _) => Err(Unresolved::Unknown("there is no group named nobody".into())),
            (name, PrincipalKind::Group) => Ok(group(name)),
            (name, PrincipalKind::User) => Ok(user(name)),
        }
    }

    async fn permission_set(&self, meant: &str) -> Result<String, Unresolved> {
        Ok(format!("arn:{meant}"))
    }
}
