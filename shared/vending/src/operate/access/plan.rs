//! What a list would do to each account: asked of the ledger and of AWS, changing nothing.

use std::collections::BTreeMap;

use super::{Giving, Wanted};
use crate::account::AccountId;
use crate::ledger::{Entry, Grant, Progress, Status, Step};
use crate::ports::{CouldNotAsk, OutsideAccount};

/// Where something that is asked for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is not there: it is given.
    New,
    /// Vend gave it, and it is gone: it is given again.
    Missing,
    /// It failed before: it is tried again.
    Again,
    /// Others gave it: it is written down as asked for, and stays.
    Unrecorded,
    /// Handover is at work on it.
    UnderWay,
    /// Vend gave it, and it is there.
    There,
}

impl Standing {
    /// Whether anything is to be written down for it.
    #[must_use]
    pub fn is_to_do(self) -> bool {
        match self {
            Self::New | Self::Missing | Self::Again | Self::Unrecorded => true,
            Self::UnderWay | Self::There => false,
        }
    }
}

/// Something that an account is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenGrant {
    /// What it is.
    pub grant: Grant,
    /// Where it stands.
    pub standing: Standing,
}

/// What a list would do to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenAccount {
    /// The account.
    pub account: AccountId,
    /// What it is called.
    pub name: String,
    /// What it is to be given, in the order of the list.
    pub grants: Vec<GivenGrant>,
    /// Whether handover is at work on the account by a record of its own.
    pub followed: bool,
}

impl GivenAccount {
    /// What is still to be written down.
    pub fn to_do(&self) -> impl Iterator<Item = &GivenGrant> {
        self.grants.iter().filter(|it| it.standing.is_to_do())
    }
}

/// Plans what each account is given; changes nothing.
///
/// # Errors
/// When AWS or the ledger does not answer.
pub async fn plan(world: &Giving<'_>, wanted: &[Wanted]) -> Result<Vec<GivenAccount>, CouldNotAsk> {
    let entries: BTreeMap<AccountId, Entry> = world
        .records
        .all_entries()
        .await?
        .into_iter()
        .filter_map(|entry| Some((entry.account.clone()?, entry)))
        .collect();
    let mut planned = Vec::with_capacity(wanted.len());
    for one in wanted {
        let record = world.outside.outside(&one.account).await?;
        let known = Known { entry: entries.get(&one.account), record: record.as_ref() };
        planned.push(account(world, one, &known).await?);
    }
    Ok(planned)
}

async fn account(
    world: &Giving<'_>,
    wanted: &Wanted,
    known: &Known<'_>,
) -> Result<GivenAccount, CouldNotAsk> {
    let mut grants = Vec::with_capacity(wanted.grants.len());
    for grant in &wanted.grants {
        let standing = standing(world, &wanted.account, grant, known).await?;
        grants.push(GivenGrant { grant: grant.clone(), standing });
    }
    let (account, name) = (wanted.account.clone(), wanted.name.clone());
    Ok(GivenAccount { account, name, grants, followed: known.is_followed() })
}

async fn standing(
    world: &Giving<'_>,
    account: &AccountId,
    grant: &Grant,
    known: &Known<'_>,
) -> Result<Standing, CouldNotAsk> {
    if known.is_under_way(grant) {
        return Ok(Standing::UnderWay);
    }
    let there = match grant {
        Grant::Assignment { .. } => Some(world.assignments.exists(account, grant).await?),
        Grant::Portfolio(portfolio) => {
            let own = world.portfolios.is_shared(portfolio, account).await?;
            Some(own || world.portfolios.reach(portfolio, account).await?.is_some())
        }
        // Only the account itself could tell; each step there looks for itself.
        Grant::Usable(_) => None,
    };
    Ok(match (known.was_given(grant), there) {
        (true, Some(true) | None) => Standing::There,
        (true, Some(false)) => Standing::Missing,
        (false, Some(true)) => Standing::Unrecorded,
        (false, Some(false) | None) if known.has_failed(grant) => Standing::Again,
        (false, Some(false) | None) => Standing::New,
    })
}

/// What the ledger knows of an account.
struct Known<'a> {
    entry: Option<&'a Entry>,
    record: Option<&'a OutsideAccount>,
}

impl Known<'_> {
    fn is_followed(&self) -> bool {
        self.record.is_some_and(|record| !record.closed)
    }

    fn was_given(&self, grant: &Grant) -> bool {
        self.steps(grant).any(|step| step.progress == Progress::Done)
    }

    fn has_failed(&self, grant: &Grant) -> bool {
        self.steps(grant).any(|step| step.failure().is_some())
    }

    fn is_under_way(&self, grant: &Grant) -> bool {
        let open = |step: &Step| !step.is_settled() && step.grant.is_same(grant);
        let by_record = self.record.is_some_and(|it| !it.closed && it.steps.iter().any(open));
        let configuring = |entry: &&Entry| entry.status() == Status::Configuring;
        let entry = self.entry.filter(configuring);
        by_record || entry.is_some_and(|entry| entry.steps.iter().any(open))
    }

    fn steps<'s>(&'s self, grant: &'s Grant) -> impl Iterator<Item = &'s Step> {
        let of_entry = self.entry.iter().flat_map(|entry| &entry.steps);
        let of_record = self.record.iter().flat_map(|record| &record.steps);
        of_entry.chain(of_record).filter(|step| step.grant.is_same(grant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::DefaultAccess;

    #[test]
    fn an_account_is_followed_while_its_record_is_open() {
        let record = |closed| OutsideAccount {
            account: AccountId::new("111122223333").unwrap(),
            steps: Vec::new(),
            closed,
            defaults: DefaultAccess::NotGiven,
            asked: None,
            version: 1,
        };
        let (open, closed) = (record(false), record(true));
        let followed = |record| Known { entry: None, record }.is_followed();
        assert_eq!([Some(&open), Some(&closed), None].map(followed), [true, false, false]);
    }
}
