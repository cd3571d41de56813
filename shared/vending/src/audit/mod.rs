//! Who can reach what, and through what: what IAM Identity Center has, beside what the
//! ledger granted. Only looks, and changes nothing.

mod compare;
mod control_tower;
mod facts;
mod finding;
mod granted;
mod names;
mod ports;
mod scope;
mod sheet;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use finding::{Drift, Finding, Origin, Who};
pub use names::{Names, User};
pub use ports::{AccessListing, Accounts, Assigned, Holder, Member, Records};
pub use scope::Filter;
pub use sheet::sheet;

use crate::ports::{CouldNotAsk, Unresolved};
use compare::Facts;
use granted::Granted;
use scope::Scope;

/// The world as an audit needs it.
#[derive(Clone, Copy)]
pub struct Auditing<'a> {
    /// The organization's accounts.
    pub accounts: &'a dyn Accounts,
    /// What IAM Identity Center has.
    pub access: &'a dyn AccessListing,
    /// What the ledger granted.
    pub records: &'a dyn Records,
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Every assignment, there or missing: by account, permission set and principal.
    pub findings: Vec<Finding>,
    /// Accounts that were looked at.
    pub accounts: usize,
    /// Accounts that the filter means and nobody can reach, as they are not active.
    pub inactive: usize,
}

impl Report {
    /// How many findings drift so. People who share an assignment are one each.
    #[must_use]
    pub fn drifting(&self, drift: Drift) -> usize {
        self.findings.iter().filter(|finding| finding.drift == Some(drift)).count()
    }

    /// How many findings are there by the hand of `origin`, missing ones included.
    #[must_use]
    pub fn of(&self, origin: Origin) -> usize {
        self.findings.iter().filter(|finding| finding.origin == origin).count()
    }
}

/// Asks who can reach what, as far as `filter` goes.
///
/// # Errors
/// [`Unresolved::Unknown`] when the filter names what is not there, with the nearest where
/// one is near; [`Unresolved::CouldNotAsk`] otherwise.
pub async fn audit(world: &Auditing<'_>, filter: &Filter) -> Result<Report, Unresolved> {
    let scope = Scope::resolve(world, filter).await?;
    let granted = Granted::read(world.records).await?;
    let there = facts::there(world, &scope).await?;
    let names = names::of(world.access, &there, &granted, &scope).await?;
    let facts = Facts { scope: &scope, there: &there, granted: &granted, names: &names };
    let mut findings = compare::findings(&facts);
    if filter.people {
        findings = people(world, findings).await?;
    }
    Ok(Report { findings, accounts: scope.accounts.len(), inactive: scope.inactive })
}

/// Each group's findings as those of its members. A group that nobody is in stays.
async fn people(world: &Auditing<'_>, findings: Vec<Finding>) -> Result<Vec<Finding>, CouldNotAsk> {
    let groups: BTreeSet<String> = findings.iter().filter_map(Finding::group).collect();
    let members = names::members(world.access, &groups).await?;
    let mut all: Vec<Finding> = findings
        .into_iter()
        .flat_map(|finding| match finding.group().and_then(|group| members.get(&group)) {
            Some(members) if !members.is_empty() => {
                members.iter().map(|member| finding.clone().of_member(member.clone())).collect()
            }
            Some(_) | None => vec![finding],
        })
        .collect();
    all.sort();
    Ok(all)
}
