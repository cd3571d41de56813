//! One step in the account that a portfolio was shared with. AWS answers at once, so there
//! is nothing to follow: a step is done, refused, or told to wait.

use tracing::info;

use super::{Handover, local, work};
use crate::Error;
use crate::account::AccountId;
use crate::ledger::{Grant, MemberStep, Portfolio, PortfolioPrincipal, PortfolioUse};
use crate::ledger::{Progress, Step};
use crate::ports::{MemberError, Reach};

/// How often a step waits for a role that is named, and may come with a StackSet: half an
/// hour. The role of a permission set is waited for as long as anything is.
const MOST_NAMED_TRIES: u32 = 8;

/// What became of a step, and what is to be known of it.
pub(super) type Done = Result<Option<String>, MemberError>;

/// Does one thing in the account, unless what it is made on is not there.
pub(super) async fn begin(
    world: &Handover<'_>,
    account: &AccountId,
    steps: &[Step],
    step: &Step,
    usage: &PortfolioUse,
    tries: u32,
) -> Result<work::Carried, Error> {
    match before(steps, usage) {
        Before::Done => {}
        Before::Open => return Ok(step.progress.clone().into()),
        Before::Failed(what) => return Ok(not_tried(&what).into()),
    }
    let done = bring_about(world, account, usage).await;
    if done.is_ok() {
        let (portfolio, what) = (&usage.portfolio.id, usage.step.word());
        info!(account.id = %account, portfolio.id = portfolio, step = what, "portfolio is usable further");
    }
    carried(done, usage, tries, world)
}

/// How what has to be done before a step stands.
enum Before {
    Done,
    Open,
    Failed(String),
}

fn before(steps: &[Step], usage: &PortfolioUse) -> Before {
    let needed = steps.iter().filter(|step| needs(usage, &step.grant));
    let mut all = Before::Done;
    for step in needed {
        match &step.progress {
            Progress::Done => {}
            Progress::Failed { .. } => return Before::Failed(step.grant.describe()),
            Progress::Pending { .. } | Progress::Requested { .. } => all = Before::Open,
        }
    }
    all
}

fn needs(usage: &PortfolioUse, earlier: &Grant) -> bool {
    match earlier {
        Grant::Portfolio(portfolio) => portfolio.id == usage.portfolio.id,
        Grant::Usable(other) => {
            other.portfolio.id == usage.portfolio.id && usage.step.needs(&other.step)
        }
        Grant::Assignment { .. } => false,
    }
}

/// A step that is made on one that failed. With that one it is tried again.
fn not_tried(needed: &str) -> Progress {
    Progress::Failed { reason: format!("{NOT_TRIED}{needed}") }
}

/// What the reason of a step begins with that fails only because another one did.
pub(super) const NOT_TRIED: &str = "not tried without the ";

async fn bring_about(world: &Handover<'_>, account: &AccountId, usage: &PortfolioUse) -> Done {
    let shared = &usage.portfolio;
    match &usage.step {
        MemberStep::Accept => accept(world, account, shared).await,
        MemberStep::Principal(principal) => associate(world, account, &shared.id, principal).await,
        MemberStep::LocalPortfolio => local::portfolio(world, account, shared).await,
        MemberStep::LocalProducts => local::products(world, account, shared).await,
        MemberStep::LaunchConstraint { role } => {
            local::launch_role(world, account, shared, role).await
        }
        MemberStep::TagOption { key, value } => {
            local::tag(world, account, shared, key, value).await
        }
        MemberStep::LocalPrincipal(principal) => {
            let id = local::id(world, account, shared).await?;
            associate(world, account, &id, principal).await
        }
    }
}

/// What was shared through the organization arrives by itself; an invitation is accepted.
async fn accept(world: &Handover<'_>, account: &AccountId, portfolio: &Portfolio) -> Done {
    if world.members.sees(account, portfolio).await? {
        return Ok(None);
    }
    let reach = world.portfolios.reach(portfolio, account).await?;
    if !matches!(reach, Some(Reach::Invitation { .. })) {
        return Err(MemberError::Wait("the portfolio has not arrived in the account".to_owned()));
    }
    world.members.accept(account, portfolio).await?;
    Ok(Some("the invitation to the account was accepted".to_owned()))
}

/// AWS takes an association that there is already for the same one.
async fn associate(
    world: &Handover<'_>,
    account: &AccountId,
    portfolio: &str,
    principal: &PortfolioPrincipal,
) -> Done {
    let Some(arn) = world.members.principal(account, principal).await? else {
        return Err(MemberError::Wait(format!(
            "there is no role of {principal} in the account yet"
        )));
    };
    world.members.associate(account, portfolio, &arn).await?;
    Ok(Some(arn))
}

fn carried(
    done: Done,
    usage: &PortfolioUse,
    tries: u32,
    world: &Handover<'_>,
) -> Result<work::Carried, Error> {
    let wait = |reason: &str| {
        if tries + 1 >= most_tries(&usage.step) {
            return work::waited_enough(tries + 1, reason);
        }
        work::told_to_wait(tries, reason, world.clock.now())
    };
    match done {
        Ok(note) => Ok(work::Carried { progress: Progress::Done, note }),
        Err(MemberError::NoWayIn(reason)) => Ok(wait(&format!("no way in: {reason}")).into()),
        Err(MemberError::Wait(reason)) => Ok(wait(&reason).into()),
        Err(MemberError::Refused(reason)) => Ok(Progress::Failed { reason }.into()),
        Err(MemberError::CouldNotAsk(error)) => Err(error.into()),
    }
}

fn most_tries(step: &MemberStep) -> u32 {
    use PortfolioPrincipal::{Group, Role, User};
    match step {
        MemberStep::Principal(Role(_) | User(_) | Group(_))
        | MemberStep::LocalPrincipal(Role(_) | User(_) | Group(_))
        | MemberStep::LaunchConstraint { .. } => MOST_NAMED_TRIES,
        _ => crate::schedule::MOST_STEP_TRIES,
    }
}
