//! One portfolio share, by organization node, unless the portfolio reaches the account
//! already. Shares of one portfolio are taken in turns: several at once lose some, silently.

use tracing::info;

use super::access::Access;
use super::{Handover, work};
use crate::Error;
use crate::account::AccountId;
use crate::ledger::{Grant, MemberStep, Portfolio, Progress, Step};
use crate::ports::{Reach, ShareError, StepStatus};

pub(super) fn turns(portfolio: &Portfolio) -> String {
    format!("portfolio#{}", portfolio.id)
}

/// Shares the portfolio with the account when it is this account's turn, unless others have
/// shared it with the account or with what the account is in: a share of the account's own
/// would add nothing. Who shares it is asked in the turn: whoever waits for one would ask in
/// vain, and again.
pub(super) async fn begin(
    world: &Handover<'_>,
    access: &mut Access,
    account: &AccountId,
    steps: &[Step],
    portfolio: &Portfolio,
    tries: u32,
) -> Result<work::Carried, Error> {
    if !take_turn(world, access, account, portfolio).await? {
        return Ok(Progress::Pending { tries, not_before: None }.into());
    }
    let reach = world.portfolios.reach(portfolio, account).await?;
    let carried = match reach.and_then(|reach| covered(&reach, steps, portfolio)) {
        Some(note) => work::Carried { progress: Progress::Done, note: Some(note) },
        None => share(world, account, portfolio, tries).await?.into(),
    };
    // What is under way keeps the turn until its end is known.
    if !matches!(carried.progress, Progress::Requested { .. }) {
        give_turn_back(world, access, account, portfolio).await?;
    }
    Ok(carried)
}

/// Whether it is the account's turn to share the portfolio.
async fn take_turn(
    world: &Handover<'_>,
    access: &mut Access,
    account: &AccountId,
    portfolio: &Portfolio,
) -> Result<bool, Error> {
    if access.is_anothers(portfolio, account) {
        return Ok(false);
    }
    let is_held = work::take_turn(world, &turns(portfolio), account, 1).await?;
    access.asked_to_share(portfolio, account, is_held);
    Ok(is_held)
}

async fn give_turn_back(
    world: &Handover<'_>,
    access: &mut Access,
    account: &AccountId,
    portfolio: &Portfolio,
) -> Result<(), Error> {
    world.turns.give_back(&turns(portfolio), account.as_str()).await?;
    access.gave_back_share(portfolio);
    Ok(())
}

/// What covers the account, in words. An invitation does if it is accepted, or will be.
fn covered(reach: &Reach, steps: &[Step], portfolio: &Portfolio) -> Option<String> {
    match reach {
        Reach::Through(node) => Some(format!("covered by the share with {node}")),
        Reach::Invitation { accepted } => {
            let accepts = |step: &Step| match &step.grant {
                Grant::Usable(usage) => {
                    usage.portfolio.id == portfolio.id && usage.step == MemberStep::Accept
                }
                Grant::Portfolio(_) | Grant::Assignment { .. } => false,
            };
            let counts = *accepted || steps.iter().any(accepts);
            counts.then(|| "shared with the account by invitation".to_owned())
        }
    }
}

/// Asks for the share, in the account's turn.
async fn share(
    world: &Handover<'_>,
    account: &AccountId,
    portfolio: &Portfolio,
    tries: u32,
) -> Result<Progress, Error> {
    let now = world.clock.now();
    match world.portfolios.share(portfolio, account).await {
        Ok(Some(ticket)) => {
            info!(account.id = %account, portfolio.id = portfolio.id, "asked for a portfolio share");
            Ok(Progress::Requested { ticket, since: now, tries })
        }
        Ok(None) => repeated(world, account, portfolio, tries).await,
        Err(ShareError::CouldNotAsk(error)) => Err(error.into()),
        Err(ShareError::Wait(reason)) => Ok(work::told_to_wait(tries, &reason, now)),
        Err(ShareError::Refused(reason)) => Ok(Progress::Failed { reason }),
    }
}

/// AWS took the call for a repetition and gave nothing to ask with: see for oneself.
async fn repeated(
    world: &Handover<'_>,
    account: &AccountId,
    portfolio: &Portfolio,
    tries: u32,
) -> Result<Progress, Error> {
    if world.portfolios.is_shared(portfolio, account).await? {
        return Ok(Progress::Done);
    }
    Ok(work::told_to_wait(
        tries,
        "the share was taken for a repetition but is not there",
        world.clock.now(),
    ))
}

/// Asks what became of a share that was asked for.
pub(super) async fn follow(
    world: &Handover<'_>,
    access: &mut Access,
    account: &AccountId,
    step: &Step,
    portfolio: &Portfolio,
) -> Result<Progress, Error> {
    let Progress::Requested { ticket, tries, .. } = &step.progress else {
        return Ok(step.progress.clone());
    };
    let progress = match world.portfolios.status(ticket, account).await? {
        StepStatus::InProgress => match work::overdue(world, step) {
            Some(failed) => failed,
            None => return Ok(step.progress.clone()),
        },
        StepStatus::Done => Progress::Done,
        StepStatus::Failed(reason) => Progress::Failed { reason },
        StepStatus::Unknown => repeated(world, account, portfolio, *tries).await?,
    };
    give_turn_back(world, access, account, portfolio).await?;
    Ok(progress)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{PortfolioPrincipal, PortfolioUse};

    fn portfolio(id: &str) -> Portfolio {
        Portfolio { id: id.to_owned(), name: "Network".to_owned() }
    }

    #[test]
    fn an_invitation_covers_the_account_when_it_is_accepted_or_will_be() {
        let usage = |id: &str, step| {
            Step::new(Grant::Usable(PortfolioUse { portfolio: portfolio(id), step }))
        };
        let covers = |accepted, steps: &[Step]| {
            covered(&Reach::Invitation { accepted }, steps, &portfolio("port-1")).is_some()
        };
        let principal = MemberStep::Principal(PortfolioPrincipal::PermissionSet("Read".to_owned()));
        assert!(covers(true, &[]) && !covers(false, &[]));
        assert!(covers(false, &[usage("port-1", MemberStep::Accept)]));
        assert!(!covers(false, &[usage("port-2", MemberStep::Accept)]), "of another portfolio");
        assert!(!covers(false, &[usage("port-1", principal)]), "which accepts nothing");
    }
}
