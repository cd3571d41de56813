//! The use of a shared portfolio in one account: the steps that the stack is configured
//! with, once the share with the account's unit has ended and reached it.

use super::super::access::Access;
use super::super::{Handover, configure, portfolio_steps, work};
use super::orphan;
use crate::Error;
use crate::account::AccountId;
use crate::failure::{Failure, FailureKind};
use crate::ledger::{Aim, Grant, OrderState, PortfolioOrder, Progress, Step, Timestamp, Unreached};

/// What an account is told that nothing can be done in.
const NOTHING_TO_DO: &str = "the stack's parameters MemberRole and PortfolioPrincipals name no role to assume or nobody who is to use portfolios";

/// Whether a step can come further at this moment, or none is decided.
pub(super) fn is_due(steps: &[Step], now: Timestamp) -> bool {
    let waits = |step: &Step| matches!(step.progress, Progress::Pending { not_before: Some(moment), .. } if moment > now);
    steps.iter().all(Step::is_settled)
        || steps.iter().any(|step| !step.is_settled() && !waits(step))
}

/// Carries the use in the account on as far as it goes now; what came further is answered
/// also where a dependency does not answer.
pub(super) async fn carry_on(
    world: &Handover<'_>,
    order: &PortfolioOrder,
    share: Option<&PortfolioOrder>,
) -> (PortfolioOrder, Result<(), Error>) {
    let Aim::Use { account, share: number, steps } = &order.aim else {
        return (order.clone(), Ok(()));
    };
    if let Some(failure) = in_the_way(order, account, *number, share) {
        let state = OrderState::Failed { failure };
        return (PortfolioOrder { state, ..order.clone() }, Ok(()));
    }
    let steps = if steps.is_empty() { decided(world, order) } else { steps.clone() };
    if steps.is_empty() {
        let failure = Failure::new(FailureKind::NotUsable, NOTHING_TO_DO);
        let state = OrderState::Failed { failure };
        return (PortfolioOrder { state, ..order.clone() }, Ok(()));
    }
    let (steps, carried) = work::carry_on(world, &mut Access::default(), account, steps).await;
    let state = state_of(&steps);
    let aim = Aim::Use { account: account.clone(), share: *number, steps };
    (PortfolioOrder { aim, state, ..order.clone() }, carried)
}

/// Why the share leaves nothing to be done in the account, if so.
fn in_the_way(
    order: &PortfolioOrder,
    account: &AccountId,
    number: u64,
    share: Option<&PortfolioOrder>,
) -> Option<Failure> {
    let Some(share) = share else {
        return Some(Failure::new(FailureKind::NotUsable, orphan(&order.batch, number)));
    };
    if let OrderState::Failed { failure } = &share.state {
        return Some(failure.clone());
    }
    let Aim::Share { unreached, .. } = &share.aim else { return None };
    let of_account = unreached.iter().find(|it| it.account == *account)?;
    let Unreached { reason, .. } = of_account;
    Some(Failure::new(FailureKind::ShareIncomplete, reason))
}

/// The steps in the account: all that a portfolio takes but for the share.
fn decided(world: &Handover<'_>, order: &PortfolioOrder) -> Vec<Step> {
    let grants = portfolio_steps(&order.portfolio.id, order.portfolio.clone(), world.uses);
    let in_account = grants.into_iter().filter(|grant| matches!(grant, Grant::Usable(_)));
    let steps: Vec<Step> = in_account.map(Step::new).collect();
    if world.uses.principals.is_empty() { Vec::new() } else { steps }
}

fn state_of(steps: &[Step]) -> OrderState {
    if steps.iter().all(|step| step.progress == Progress::Done) {
        OrderState::Ready
    } else if steps.iter().all(Step::is_settled) {
        OrderState::Failed { failure: configure::failure_of(steps) }
    } else {
        OrderState::Configuring
    }
}
