//! What IAM Identity Center has, asked for in the way that takes the fewest calls.

use std::collections::BTreeSet;

use super::Auditing;
use super::ports::Assigned;
use super::scope::Scope;
use crate::ports::CouldNotAsk;

/// Every assignment there is that the audit is about.
pub(super) async fn there(
    world: &Auditing<'_>,
    scope: &Scope,
) -> Result<BTreeSet<Assigned>, CouldNotAsk> {
    let assigned = match of_holders(world, scope).await? {
        Some(assigned) => assigned,
        None => world.access.in_accounts(&scope.ids()).await?,
    };
    Ok(assigned.into_iter().filter(|it| scope.has(it)).collect())
}

/// Those of the principals that are asked about; `None` where all are, or where they cannot
/// be asked for so.
async fn of_holders(
    world: &Auditing<'_>,
    scope: &Scope,
) -> Result<Option<Vec<Assigned>>, CouldNotAsk> {
    let Some(holders) = scope.holders() else { return Ok(None) };
    let mut all = Vec::new();
    for holder in holders {
        match world.access.of(holder).await? {
            Some(assigned) => all.extend(assigned),
            None => return Ok(None),
        }
    }
    Ok(Some(all))
}
