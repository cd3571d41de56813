//! `vend retry`, `cancel`, `pause`, `resume` and `reconcile`: each prints what it would do,
//! and does exactly that with `--apply`.

mod entries;
mod launching;
mod outcome;
mod reconcile;
mod table;

use anyhow::Result;
use vending::ledger::Order;

use crate::stack::Stack;
use crate::{EntriesArguments, Exit};

pub(crate) use launching::{pause, resume};
pub(crate) use reconcile::run as reconcile;

/// Ends a plan that was not applied.
const NOT_APPLIED: &str = "nothing was changed; add --apply to do it";

/// Runs `vend retry`.
pub(crate) async fn retry(stack: &Stack, it: &EntriesArguments) -> Result<Exit> {
    entries::run(stack, Order::Retry, it).await
}

/// Runs `vend cancel`.
pub(crate) async fn cancel(stack: &Stack, it: &EntriesArguments) -> Result<Exit> {
    entries::run(stack, Order::Cancel, it).await
}
