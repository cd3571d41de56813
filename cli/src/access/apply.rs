//! `vend access apply`: reads the list, prints what it would do, writes it down for handover
//! with `--apply`, and watches until it is done.

use anyhow::{Context, Result};
use vending::file::{Fault, GivenSheet, MOST_BYTES, Unreadable, read_given};
use vending::handover::PortfolioUses;
use vending::operate::access::{self, Followed, GivenAccount, Giving};
use vending_aws::operator::OrganizationsAccounts;
use vending_aws::{ServiceCatalogPortfolios, SsoAdminAssignments};

use super::outcome::Outcome;
use super::{planned, watch};
use crate::Exit;
use crate::arguments::GiveArguments;
use crate::check::faults;
use crate::stack::Stack;
use crate::terminal::{self, line};

/// Runs the command.
///
/// # Errors
/// When the file cannot be read, or AWS does not answer.
pub(super) async fn run(stack: &Stack, arguments: &GiveArguments) -> Result<Exit> {
    let sheet = match read(arguments).await? {
        Ok(sheet) => sheet,
        Err(unreadable) => return refuse(arguments, &[unreadable.into()]),
    };
    let asked = Asked::new(stack)?;
    let giving = asked.giving(stack);
    let found = access::find(&giving, &sheet, arguments.management_account).await;
    let found = found.context("see what the list means")?;
    if !found.faults.is_empty() {
        return refuse(arguments, &found.faults);
    }
    let plan = access::plan(&giving, &found.wanted).await.context("see what is there already")?;
    if !arguments.json {
        line(planned::text(&plan, arguments.apply, usize::from(terminal::width())));
    }
    if !arguments.apply {
        return done(arguments, &Outcome::of_plan(plan));
    }
    carry_out(stack, arguments, &giving, plan).await
}

/// Writes down what is to be done, and follows it to its end.
async fn carry_out(
    stack: &Stack,
    arguments: &GiveArguments,
    giving: &Giving<'_>,
    plan: Vec<GivenAccount>,
) -> Result<Exit> {
    if plan.iter().any(|account| account.to_do().next().is_some()) {
        let by = stack.operator().await?;
        for account in &plan {
            let written = access::apply(giving, account, by).await;
            written.context("write down what is asked for; what was written goes on")?;
        }
    }
    let (followed, interrupted) = match watch::watch(stack, giving, &plan, arguments.json).await? {
        watch::Ended::Closed(followed) => (followed, false),
        watch::Ended::Interrupted(followed) => (followed, true),
    };
    done(arguments, &Outcome { plan, followed: Some(followed), interrupted })
}

fn done(arguments: &GiveArguments, outcome: &Outcome) -> Result<Exit> {
    if arguments.json {
        terminal::json(&outcome.json())?;
    } else if let Some(text) = outcome.text(usize::from(terminal::width())) {
        line(text);
    }
    Ok(outcome.exit())
}

async fn read(arguments: &GiveArguments) -> Result<Result<GivenSheet, Unreadable>> {
    let path = &arguments.file;
    let reading = || format!("read {}", path.display());
    let length = tokio::fs::metadata(path).await.with_context(reading)?.len();
    if usize::try_from(length).map_or(true, |length| length > MOST_BYTES) {
        return Ok(Err(Unreadable::TooLarge));
    }
    let bytes = tokio::fs::read(path).await.with_context(reading)?;
    Ok(read_given(&bytes))
}

/// Prints why the list is refused; nothing of it is done.
fn refuse(arguments: &GiveArguments, found: &[Fault]) -> Result<Exit> {
    if arguments.json {
        terminal::json(&serde_json::json!({
            "applied": false,
            "faults": faults::json(found),
            "exitCode": Exit::Refused.code(),
        }))?;
        return Ok(Exit::Refused);
    }
    let file = terminal::harmless(&arguments.file.display().to_string());
    line(format!("{file}: refused, {}", faults::counted(found)));
    line("");
    found.iter().for_each(|fault| line(faults::text(fault)));
    line("\nNothing was changed.");
    Ok(Exit::Refused)
}

/// Whom the command asks.
struct Asked {
    accounts: OrganizationsAccounts,
    assignments: SsoAdminAssignments,
    portfolios: ServiceCatalogPortfolios,
    uses: PortfolioUses,
}

impl Asked {
    fn new(stack: &Stack) -> Result<Self> {
        Ok(Self {
            accounts: OrganizationsAccounts::new(stack.clients()),
            assignments: stack.assignments()?,
            portfolios: stack.portfolios(),
            uses: stack.portfolio_uses()?,
        })
    }

    fn giving<'a>(&'a self, stack: &'a Stack) -> Giving<'a> {
        Giving {
            accounts: &self.accounts,
            assignments: &self.assignments,
            portfolios: &self.portfolios,
            uses: &self.uses,
            records: stack.ledger(),
            outside: stack.ledger(),
            clock: stack.clock(),
        }
    }
}

/// What handover is at, account by account.
pub(super) async fn followed(giving: &Giving<'_>, plan: &[GivenAccount]) -> Result<Vec<Followed>> {
    let mut followed = Vec::with_capacity(plan.len());
    for account in plan {
        let progress = access::progress(giving, account).await;
        followed.push(progress.context("see how far it has come")?);
    }
    Ok(followed)
}
