//! Watching what was asked for until handover has done it, or Ctrl-C.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::sleep;
use vending::operate::access::{Followed, GivenAccount, Giving};

use super::apply::followed;
use crate::stack::Stack;
use crate::terminal::{self, line};

/// How often AWS is asked: handover looks every minute, and an assignment takes some seconds.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How often a local cloud is asked, where a minute takes no time.
const LOOK_EVERY_LOCALLY: Duration = Duration::from_millis(150);

/// Looks in a row that may fail: networks go away for a while.
const PATIENCE: u32 = 5;

/// How it ended.
pub(super) enum Ended {
    /// Handover has nothing more to do.
    Closed(Vec<Followed>),
    /// With Ctrl-C: it goes on.
    Interrupted(Vec<Followed>),
}

/// Watches until every record is closed.
pub(super) async fn watch(
    stack: &Stack,
    giving: &Giving<'_>,
    plan: &[GivenAccount],
    quiet: bool,
) -> Result<Ended> {
    let mut pressed = tokio::spawn(tokio::signal::ctrl_c());
    let mut seen = followed(giving, plan).await?;
    let (mut told, mut failures) = (None, 0);
    loop {
        let settled = settled(&seen);
        if !quiet && told.replace(settled) != Some(settled) && !is_over(&seen) {
            let (done, all) = settled;
            line(format!("{done} of {all} settled; handover looks every minute"));
        }
        if is_over(&seen) {
            return Ok(Ended::Closed(seen));
        }
        let looked = tokio::select! {
            looked = look_again(stack, giving, plan) => looked,
            pressed = &mut pressed => {
                pressed.context("listen for Ctrl-C")?.context("listen for Ctrl-C")?;
                terminal::aside("stopped watching; what was asked for goes on. The same command shows it");
                return Ok(Ended::Interrupted(seen));
            }
        };
        failures = if looked.is_ok() { 0 } else { failures + 1 };
        match looked {
            Ok(now) => seen = now,
            Err(error) if failures > PATIENCE => return Err(error),
            Err(_) => {}
        }
    }
}

async fn look_again(
    stack: &Stack,
    giving: &Giving<'_>,
    plan: &[GivenAccount],
) -> Result<Vec<Followed>> {
    sleep(if stack.is_local() { LOOK_EVERY_LOCALLY } else { LOOK_EVERY }).await;
    followed(giving, plan).await
}

fn is_over(seen: &[Followed]) -> bool {
    seen.iter().all(|account| account.closed)
}

/// How many steps there are, and how many of them are at their end.
fn settled(seen: &[Followed]) -> (usize, usize) {
    let steps = || seen.iter().flat_map(|account| account.steps.iter().flatten());
    (steps().filter(|step| step.is_settled()).count(), steps().count())
}
