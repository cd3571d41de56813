//! How far an audit goes: the accounts, principals and permission sets that are meant.

use std::collections::{BTreeMap, BTreeSet};

use super::Auditing;
use super::ports::{Assigned, Holder, Member};
use crate::account::{AccountId, PrincipalKind, PrincipalText};
use crate::file::nearest;
use crate::ports::{CouldNotAsk, Unresolved};

/// What is asked for, in words: of each kind any that is named, all where none is, and of
/// several kinds what all of them mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Accounts by id or name.
    pub accounts: Vec<String>,
    /// Groups by name or id.
    pub groups: Vec<String>,
    /// Users by name, address or id: with the groups that they are in.
    pub users: Vec<String>,
    /// Permission sets by name or ARN.
    pub permission_sets: Vec<String>,
    /// Whether groups are told by who is in them.
    pub people: bool,
}

/// The same, found.
#[derive(Debug)]
pub(super) struct Scope {
    /// The accounts that can be reached.
    pub(super) accounts: Vec<Member>,
    /// How many more are meant, and are not active.
    pub(super) inactive: usize,
    permission_sets: Option<BTreeSet<String>>,
    views: Option<BTreeMap<Holder, BTreeSet<Holder>>>,
    ids: BTreeSet<AccountId>,
}

impl Scope {
    /// Finds what `filter` names.
    pub(super) async fn resolve(world: &Auditing<'_>, filter: &Filter) -> Result<Self, Unresolved> {
        let members = chosen(world.accounts.accounts().await?, &filter.accounts)?;
        let (accounts, closed): (Vec<_>, Vec<_>) = members.into_iter().partition(|it| it.active);
        Ok(Self {
            ids: accounts.iter().map(|it| it.id.clone()).collect(),
            accounts,
            inactive: closed.len(),
            permission_sets: permission_sets(world, &filter.permission_sets).await?,
            views: views(world, filter).await?,
        })
    }

    /// Whether the audit is about it.
    pub(super) fn has(&self, assigned: &Assigned) -> bool {
        let named = self.permission_sets.as_ref();
        self.ids.contains(&assigned.account)
            && named.is_none_or(|named| named.contains(&assigned.permission_set))
            && self.views.as_ref().is_none_or(|views| views.contains_key(&assigned.holder))
    }

    /// The principals that the audit is about; `None` where it is about all.
    pub(super) fn holders(&self) -> Option<impl Iterator<Item = &Holder>> {
        self.views.as_ref().map(BTreeMap::keys)
    }

    /// Whom an assignment of `holder` is told of: the holder, or who is asked about in it.
    pub(super) fn told_of<'s>(&'s self, holder: &'s Holder) -> impl Iterator<Item = &'s Holder> {
        let views = self.views.as_ref().and_then(|views| views.get(holder));
        let alone = views.is_none().then_some(holder);
        views.into_iter().flatten().chain(alone)
    }

    /// Everybody that is asked about.
    pub(super) fn viewers(&self) -> impl Iterator<Item = &Holder> {
        self.views.iter().flat_map(BTreeMap::values).flatten()
    }

    /// The accounts' ids.
    pub(super) fn ids(&self) -> Vec<AccountId> {
        self.ids.iter().cloned().collect()
    }
}

/// The accounts that `texts` mean; all where there are none.
fn chosen(members: Vec<Member>, texts: &[String]) -> Result<Vec<Member>, Unresolved> {
    if texts.is_empty() {
        return Ok(members);
    }
    let is = |member: &Member, text: &str| member.id.as_str() == text || member.name == text;
    if let Some(text) = texts.iter().find(|text| !members.iter().any(|it| is(it, text))) {
        return Err(unknown_account(text, &members));
    }
    Ok(members.into_iter().filter(|it| texts.iter().any(|text| is(it, text))).collect())
}

fn unknown_account(text: &str, members: &[Member]) -> Unresolved {
    let known = members.iter().flat_map(|it| [it.name.as_str(), it.id.as_str()]);
    let near = nearest(text, known);
    let hint = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
    Unresolved::Unknown(format!("there is no account {text:?} in the organization{hint}"))
}

async fn permission_sets(
    world: &Auditing<'_>,
    texts: &[String],
) -> Result<Option<BTreeSet<String>>, Unresolved> {
    let mut arns = BTreeSet::new();
    for text in texts {
        arns.insert(world.access.permission_set(text).await?);
    }
    Ok((!texts.is_empty()).then_some(arns))
}

/// Whose assignments are asked for, and of whom each is told.
async fn views(
    world: &Auditing<'_>,
    filter: &Filter,
) -> Result<Option<BTreeMap<Holder, BTreeSet<Holder>>>, Unresolved> {
    let groups = principals(world, PrincipalKind::Group, &filter.groups).await?;
    let users = principals(world, PrincipalKind::User, &filter.users).await?;
    match (groups.is_empty(), users.is_empty()) {
        (true, true) => Ok(None),
        (false, true) => Ok(Some(groups.into_iter().map(|it| (it.clone(), [it].into())).collect())),
        (_, false) => Ok(Some(views_of_users(world, &groups, &users).await?)),
    }
}

async fn views_of_users(
    world: &Auditing<'_>,
    groups: &BTreeSet<Holder>,
    users: &BTreeSet<Holder>,
) -> Result<BTreeMap<Holder, BTreeSet<Holder>>, CouldNotAsk> {
    let mut views: BTreeMap<Holder, BTreeSet<Holder>> = BTreeMap::new();
    for user in users {
        if groups.is_empty() {
            views.entry(user.clone()).or_default().insert(user.clone());
        }
        for id in world.access.groups_of(&user.id).await? {
            let group = Holder { kind: PrincipalKind::Group, id };
            if groups.is_empty() || groups.contains(&group) {
                views.entry(group).or_default().insert(user.clone());
            }
        }
    }
    Ok(views)
}

async fn principals(
    world: &Auditing<'_>,
    kind: PrincipalKind,
    texts: &[String],
) -> Result<BTreeSet<Holder>, Unresolved> {
    let mut found = BTreeSet::new();
    for text in texts {
        let meant = PrincipalText { kind, text: text.clone() };
        found.insert(world.access.principal(&meant).await?);
    }
    Ok(found)
}
