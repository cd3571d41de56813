//! What portfolio files ask for: each share with a unit is followed to its end, then the
//! accounts that waited for it, oldest file first, and people are told from the ledger's
//! state alone.

mod share;
mod tell;
mod usage;

use std::collections::{BTreeMap, BTreeSet};

use tracing::info;

use super::Handover;
use crate::Error;
use crate::ledger::{Aim, BatchId, OrderState, PortfolioBatch, PortfolioOrder};
use crate::ports::Saved;

/// Orders that one tick works on at most, of all files together: each takes a handful of
/// calls, some half a second, and the function is ended after a minute.
const MOST_AT_A_TIME: usize = 30;

/// Carries on with what the open portfolio files ask for, and tells what came of it. One
/// file that goes wrong does not keep the others from it; its error is returned in the end.
pub(super) async fn carry_on(world: &Handover<'_>, ids: &BTreeSet<BatchId>) -> Result<(), Error> {
    let mut open = Vec::new();
    for id in ids {
        open.extend(world.orders.portfolio_batch(id).await?.filter(|batch| !batch.closed));
    }
    open.sort_by(|one, other| (one.received_at, &one.id).cmp(&(other.received_at, &other.id)));
    let (mut outcome, mut left) = (Ok(()), MOST_AT_A_TIME);
    for batch in open {
        outcome = outcome.and(attend(world, &batch, &mut left).await);
    }
    outcome
}

async fn attend(
    world: &Handover<'_>,
    batch: &PortfolioBatch,
    left: &mut usize,
) -> Result<(), Error> {
    let mut orders = world.orders.orders(batch).await?;
    let worked = work(world, &mut orders, left).await;
    // What came to its end is told also where something else was not answered.
    let told = tell::tell(world, batch, &mut orders).await;
    worked.and(told)
}

/// Works on the orders in their order, until so many are worked on as may be.
async fn work(
    world: &Handover<'_>,
    orders: &mut [PortfolioOrder],
    left: &mut usize,
) -> Result<(), Error> {
    let mut outcome = Ok(());
    let mut shares: BTreeMap<u64, PortfolioOrder> = BTreeMap::new();
    for order in orders {
        if *left > 0 && is_due(world, order, &shares) {
            *left -= 1;
            outcome = outcome.and(attend_order(world, order, &shares).await);
        }
        if matches!(order.aim, Aim::Share { .. }) {
            shares.insert(order.number, order.clone());
        }
    }
    outcome
}

/// Whether something can be done for the order at this moment.
fn is_due(
    world: &Handover<'_>,
    order: &PortfolioOrder,
    shares: &BTreeMap<u64, PortfolioOrder>,
) -> bool {
    if order.state != OrderState::Configuring {
        return false;
    }
    match &order.aim {
        Aim::Share { progress, .. } => share::is_due(progress, world.clock.now()),
        Aim::Use { share, steps, .. } => {
            let ended = shares.get(share).is_none_or(|it| it.state != OrderState::Configuring);
            ended && usage::is_due(steps, world.clock.now())
        }
    }
}

/// Carries the order on as far as it goes now, and saves what it has become.
async fn attend_order(
    world: &Handover<'_>,
    order: &mut PortfolioOrder,
    shares: &BTreeMap<u64, PortfolioOrder>,
) -> Result<(), Error> {
    let (next, carried) = match &order.aim {
        Aim::Share { .. } => share::carry_on(world, order).await?,
        Aim::Use { share, .. } => usage::carry_on(world, order, shares.get(share)).await,
    };
    if next == *order {
        return carried;
    }
    let next = PortfolioOrder { version: order.version + 1, ..next };
    // When another invocation was quicker, that one carries on.
    if world.orders.save_order(&next).await? == Saved::Saved {
        log(order, &next);
        *order = next;
    }
    carried
}

/// One line per change of status, by its identifiers alone.
fn log(before: &PortfolioOrder, after: &PortfolioOrder) {
    if before.status() == after.status() {
        return;
    }
    info!(
        batch.id = %after.batch,
        order.number = after.number,
        portfolio.id = after.portfolio.id,
        account.id = after.account().map(crate::account::AccountId::as_str),
        status.from = before.status().as_str(),
        status.to = after.status().as_str(),
        "portfolio order changed its status",
    );
}

/// That an order is in no file that can be named: a fault of whoever changed the table.
fn orphan(batch: &BatchId, share: u64) -> String {
    format!("the share that it waits for, number {share} of {batch}, is not in the ledger")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccountId, OrganizationalUnit};
    use crate::ledger::{OrderState, Portfolio};
    use crate::testing::logged;

    #[test]
    fn a_change_of_an_order_is_logged_and_nothing_else_is() {
        let order = |state| PortfolioOrder {
            batch: BatchId("p-1".into()),
            number: 3,
            place: None,
            portfolio: Portfolio { id: "port-1".into(), name: "Network".into() },
            unit: OrganizationalUnit { name: "Sandbox".into(), id: "ou-aaaa-sandbox1".into() },
            aim: Aim::Use {
                account: AccountId::new("111122223333").unwrap(),
                share: 0,
                steps: Vec::new(),
            },
            state,
            told: false,
            version: 1,
        };
        let (open, ready) = (order(OrderState::Configuring), order(OrderState::Ready));
        let line = logged(|| log(&open, &ready));
        assert!(line.contains(r#""status.from":"CONFIGURING","status.to":"READY""#), "{line}");
        assert!(line.contains(r#""account.id":"111122223333""#), "{line}");
        assert_eq!(logged(|| log(&open, &open)), "");
    }

    #[test]
    fn a_use_without_its_share_says_which_one_is_missing() {
        let told = orphan(&BatchId("p-1".into()), 3);
        assert!(told.contains("number 3 of p-1"), "{told}");
    }
}
