//! `vend permission-sets`: what is declared in a file, what that would change, and doing it.

mod declared;
mod document;
mod print;
mod words;

use anyhow::{Context, Result};
use async_trait::async_trait;
use chrono::TimeDelta;
use tokio::time::{Duration, sleep};
use vending::permission_sets::{self as sets, Difference, Kind, Outcome, PermissionSets};
use vending::ports::Waiter;
use vending_aws::operator::SsoAdminPermissionSets;

use crate::stack::Stack;
use crate::{
    Connection, Exit, PermissionSetsApplyArguments, PermissionSetsCommand,
    PermissionSetsPlanArguments,
};
use declared::Declared;

/// What is waited for takes virtual time where the cloud is on this machine.
const WAIT_LOCALLY: Duration = Duration::from_millis(50);

/// What a command line asks for.
struct Asked<'a> {
    order: &'static str,
    declared: Declared,
    apply: bool,
    json: bool,
    connection: &'a Connection,
}

/// Runs the command.
///
/// # Errors
/// When the file cannot be read, or AWS does not answer.
pub(crate) async fn run(command: &PermissionSetsCommand) -> Result<Exit> {
    let (order, file, apply, json, connection) = match command {
        PermissionSetsCommand::Plan(PermissionSetsPlanArguments { file, connection, json }) => {
            ("permission-sets plan", file, false, *json, connection)
        }
        PermissionSetsCommand::Apply(it) => {
            let PermissionSetsApplyArguments { file, apply, connection, json } = it;
            ("permission-sets apply", file, *apply, *json, connection)
        }
    };
    // What is wrong with the file is told without asking AWS.
    let declared = Declared::read(file).await?;
    if !declared.faults.is_empty() {
        print::faults(&declared, json)?;
        return Ok(Exit::Refused);
    }
    let asked = Asked { order, declared, apply, json, connection };
    carry_out(&asked).await
}

async fn carry_out(asked: &Asked<'_>) -> Result<Exit> {
    let stack = Stack::find(asked.connection).await?;
    let meant = stack.identity_center()?;
    let found = SsoAdminPermissionSets::find(stack.clients(), &meant).await;
    let center = found.context("find IAM Identity Center")?;
    let plan = plan(&center, &asked.declared).await?;
    if !asked.json {
        print::plan(&asked.declared, &plan, asked.order, asked.apply);
    }
    let outcomes = match asked.apply {
        true => apply(&center, &Patience { local: stack.is_local() }, &plan, asked.json).await,
        false => Vec::new(),
    };
    if asked.json {
        document::print(asked, &plan, &outcomes)?;
    }
    Ok(exit(&outcomes))
}

async fn plan(center: &SsoAdminPermissionSets, declared: &Declared) -> Result<Vec<Difference>> {
    let names: Vec<_> = declared.sets.iter().map(|set| set.name.clone()).collect();
    let actual = center.named(&names).await.context("read the permission sets")?;
    Ok(sets::plan(&declared.sets, &actual))
}

/// Brings each about, one after the other: they share their accounts, and an account takes
/// one change at a time.
async fn apply(
    center: &dyn PermissionSets,
    patience: &Patience,
    plan: &[Difference],
    json: bool,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for difference in plan {
        let outcome = sets::apply(center, patience, difference).await;
        if !json && difference.kind() != Kind::Same {
            print::outcome(difference, &outcome);
        }
        outcomes.push(outcome);
    }
    outcomes
}

fn exit(outcomes: &[Outcome]) -> Exit {
    let is_good = |it: &Outcome| matches!(it, Outcome::Same | Outcome::Done { .. });
    match outcomes {
        all if all.iter().all(is_good) => Exit::AllReady,
        all if all.iter().all(|it| matches!(it, Outcome::Unknown(_))) => Exit::CouldNotRun,
        _ => Exit::SomeFailed,
    }
}

/// Waits as long as it takes.
struct Patience {
    local: bool,
}

#[async_trait]
impl Waiter for Patience {
    async fn wait(&self, time: TimeDelta) -> bool {
        sleep(if self.local { WAIT_LOCALLY } else { time.to_std().unwrap_or_default() }).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vending::ports::CouldNotAsk;

    #[test]
    fn the_exit_code_tells_trouble_from_silence() {
        let unknown = || Outcome::Unknown(CouldNotAsk::new("x", "y", "z"));
        let done = || Outcome::Done { accounts: Vec::new() };
        assert_eq!(exit(&[]), Exit::AllReady);
        assert_eq!(exit(&[Outcome::Same, done()]), Exit::AllReady);
        assert_eq!(exit(&[done(), Outcome::GaveUp(String::new())]), Exit::SomeFailed);
        assert_eq!(exit(&[done(), unknown()]), Exit::SomeFailed);
        assert_eq!(exit(&[unknown(), unknown()]), Exit::CouldNotRun);
    }
}
