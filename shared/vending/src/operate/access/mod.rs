//! Giving access to accounts that exist: what a list asks for is found, compared with what
//! was given and with what is there, and written down for handover to carry out. Nobody else
//! talks to IAM Identity Center, and nothing is ever taken away.

mod find;
mod merge;
mod plan;
#[cfg(test)]
mod tests;

use crate::account::AccountId;
use crate::audit::{Accounts, Records};
use crate::handover::PortfolioUses;
use crate::ledger::{Grant, Operator, Progress, Step};
use crate::ports::{Asked, Assignments, Clock, CouldNotAsk, OutsideAccounts, PortfolioSharing};

pub use find::{Found, find};
pub use plan::{GivenAccount, GivenGrant, Standing, plan};

/// The world as giving access needs it.
#[derive(Clone, Copy)]
pub struct Giving<'a> {
    /// The organization's accounts.
    pub accounts: &'a dyn Accounts,
    /// Account assignments.
    pub assignments: &'a dyn Assignments,
    /// Portfolio shares.
    pub portfolios: &'a dyn PortfolioSharing,
    /// What makes portfolios usable in the accounts.
    pub uses: &'a PortfolioUses,
    /// What the ledger granted.
    pub records: &'a dyn Records,
    /// What accounts are given besides an entry.
    pub outside: &'a dyn OutsideAccounts,
    /// The present moment.
    pub clock: &'a dyn Clock,
}

/// What an account is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The account.
    pub account: AccountId,
    /// What it is called.
    pub name: String,
    /// What it is given.
    pub grants: Vec<Grant>,
}

/// How often a record is read and written anew when handover is quicker.
const ATTEMPTS: u32 = 10;

/// Writes down what the plan has still to be done, by the word of `by`, for handover to carry
/// out; answers whether anything was written. Applying a plan twice changes nothing the
/// second time.
///
/// # Errors
/// When the ledger does not answer, or the record never stands still.
pub async fn apply(
    world: &Giving<'_>,
    planned: &GivenAccount,
    by: &Operator,
) -> Result<bool, CouldNotAsk> {
    let grants: Vec<Grant> = planned.to_do().map(|it| it.grant.clone()).collect();
    if grants.is_empty() {
        return Ok(false);
    }
    let asked = Asked { by: by.clone(), at: world.clock.now() };
    for _ in 0..ATTEMPTS {
        let record = world.outside.outside(&planned.account).await?;
        let Some(next) = merge::merged(record, &planned.account, &grants, &asked) else {
            return Ok(false);
        };
        if world.outside.save_outside(&next).await? {
            return Ok(true);
        }
    }
    let problem = format!("it was changed by somebody else {ATTEMPTS} times");
    Err(CouldNotAsk::new("the ledger", "write down what an account is given", problem))
}

/// How far each grant of the plan has come, in its order; `None` where handover does not
/// follow it by a record of its own.
///
/// # Errors
/// When the ledger does not answer.
pub async fn progress(world: &Giving<'_>, planned: &GivenAccount) -> Result<Followed, CouldNotAsk> {
    let record = world.outside.outside(&planned.account).await?;
    let closed = record.as_ref().is_none_or(|record| record.closed);
    let steps = record.map(|record| record.steps).unwrap_or_default();
    let of = |it: &GivenGrant| steps.iter().find(|step| step.grant.is_same(&it.grant)).cloned();
    Ok(Followed { closed, steps: planned.grants.iter().map(of).collect() })
}

/// How far an account has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Whether handover has nothing more to do about it.
    pub closed: bool,
    /// The step of each grant, if its record has one.
    pub steps: Vec<Option<Step>>,
}

impl Followed {
    /// Those that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Step> {
        let steps = self.steps.iter().flatten();
        steps.filter(|step| matches!(step.progress, Progress::Failed { .. }))
    }
}
