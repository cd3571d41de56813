//! One step in the account that a portfolio was shared with. AWS answers at once, so there
//! is nothing to follow: a step is done, refused, or told to wait.

use tracing::info;

use super::{Handover, local, work};
use crate::Error;
use crate::account::AccountId;
use crate::ledger::{Grant, MemberStep, Portfolio, PortfolioPrincipal, PortfolioUse};
use crate::ledger::{Progress, Step};
use crate::ports::{MemberError, Reach};

/// How often a step waits for who is to use a portfolio, or to launch from it, and may come
/// with a StackSet: half an hour. The role of a permission set that the account is given is
/// not asked for before that is assigned.
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
    match before(steps, usage).and(role_of_set(steps, &usage.step)) {
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

impl Before {
    /// Both of them.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed(what), _) | (_, Self::Failed(what)) => Self::Failed(what),
            (Self::Open, _) | (_, Self::Open) => Self::Open,
            (Self::Done, Self::Done) => Self::Done,
        }
    }
}

/// How the assignments stand that bring about the role of a permission set. Where there are
/// none, others may have assigned it.
fn role_of_set(steps: &[Step], step: &MemberStep) -> Before {
    let (MemberStep::Principal(principal) | MemberStep::LocalPrincipal(principal)) = step else {
        return Before::Done;
    };
    let PortfolioPrincipal::PermissionSet(set) = principal else { return Before::Done };
    let (mut open, mut failed) = (false, None);
    for step in steps {
        let Grant::Assignment { permission_set_name: name, .. } = &step.grant else { continue };
        match &step.progress {
            Progress::Done if name == set => return Before::Done,
            Progress::Failed { .. } if name == set => failed = Some(step.grant.describe()),
            Progress::Done | Progress::Failed { .. } => {}
            // One that is asked for by its ARN may be the same.
            Progress::Pending { .. } | Progress::Requested { .. } => {
                open |= name == set || name.starts_with("arn:");
            }
        }
    }
    match failed {
        _ if open => Before::Open,
        Some(what) => Before::Failed(what),
        None => Before::Done,
    }
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
    match step {
        MemberStep::Principal(_)
        | MemberStep::LocalPrincipal(_)
        | MemberStep::LaunchConstraint { .. } => MOST_NAMED_TRIES,
        MemberStep::Accept
        | MemberStep::LocalPortfolio
        | MemberStep::LocalProducts
        | MemberStep::TagOption { .. } => crate::schedule::MOST_STEP_TRIES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::PrincipalKind;
    use crate::ledger::Principal;

    fn assignment(set: &str, progress: Progress) -> Step {
        let group = Principal { kind: PrincipalKind::Group, id: "g-1".into(), name: "Ops".into() };
        let grant = Grant::Assignment {
            permission_set: format!("arn:aws:sso:::permissionSet/ssoins-1/{set}"),
            permission_set_name: set.to_owned(),
            principal: group,
        };
        Step { progress, ..Step::new(grant) }
    }

    #[test]
    fn the_role_of_a_permission_set_is_looked_for_when_that_is_assigned() {
        let step = MemberStep::Principal(PortfolioPrincipal::PermissionSet("Read".to_owned()));
        let stands = |steps: &[Step]| match role_of_set(steps, &step) {
            Before::Done => "done".to_owned(),
            Before::Open => "open".to_owned(),
            Before::Failed(what) => what,
        };
        let failed = || Progress::Failed { reason: "quota".to_owned() };
        let arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
        assert_eq!(stands(&[]), "done", "others may have assigned it");
        assert_eq!(stands(&[assignment("Admin", Progress::NEW)]), "done");
        assert_eq!(stands(&[assignment("Read", Progress::NEW)]), "open");
        assert_eq!(stands(&[assignment(arn, Progress::NEW)]), "open", "it may be the same");
        assert_eq!(stands(&[assignment(arn, Progress::Done)]), "done");
        let one_of_two = [assignment("Read", failed()), assignment("Read", Progress::Done)];
        assert_eq!(stands(&one_of_two), "done", "one assignment is enough for the role");
        let both_failed = [assignment("Read", failed()), assignment("Read", failed())];
        assert_eq!(stands(&both_failed), "permission set Read for group Ops");
    }

    #[test]
    fn what_became_of_other_permission_sets_tells_nothing_of_the_role() {
        let step = MemberStep::Principal(PortfolioPrincipal::PermissionSet("Read".to_owned()));
        let failed = Progress::Failed { reason: "quota".to_owned() };
        let other = [assignment("Admin", failed.clone())];
        assert!(matches!(role_of_set(&other, &step), Before::Done));
        let failed = [assignment("Admin", Progress::Done), assignment("Read", failed)];
        assert!(matches!(role_of_set(&failed, &step), Before::Failed(_)));
    }
}
