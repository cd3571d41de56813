//! `vend pause` and `vend resume`.

use anyhow::{Context, Result};
use serde_json::json;
use vending::ledger::{Launching, Timestamp};
use vending::operate::{self, PausePlan, ResumePlan};
use vending::ports::Ledger;

use super::NOT_APPLIED;
use crate::stack::Stack;
use crate::status::words::indented;
use crate::status::{launching_json, pause_words};
use crate::terminal::{self, line};
use crate::{ApplyArguments, Exit, PauseArguments};

/// Runs `vend pause`.
pub(crate) async fn pause(stack: &Stack, it: &PauseArguments) -> Result<Exit> {
    let plan = operate::plan_pause(&launching(stack).await?);
    let changes = matches!(plan, PausePlan::Pause { .. });
    let plan = if it.apply && changes {
        let by = stack.operator().await?;
        operate::pause(&stack.operating(), by, &it.reason).await.context("pause launching")?
    } else {
        plan
    };
    let words = pausing(&plan, it.apply, stack.clock().now());
    tell(stack, "pause", it.apply, it.json, (changes, &words)).await
}

/// Runs `vend resume`.
pub(crate) async fn resume(stack: &Stack, it: &ApplyArguments) -> Result<Exit> {
    let plan = operate::plan_resume(&launching(stack).await?);
    let changes = matches!(plan, ResumePlan::Resume(_));
    let plan = if it.apply && changes {
        let by = stack.operator().await?;
        operate::resume(&stack.operating(), by).await.context("resume launching")?
    } else {
        plan
    };
    let words = resuming(&plan, it.apply, stack.clock().now());
    tell(stack, "resume", it.apply, it.json, (changes, &words)).await
}

async fn launching(stack: &Stack) -> Result<Launching> {
    stack.ledger().launching().await.context("read the ledger")
}

/// What pausing does, or would.
fn pausing(plan: &PausePlan, applied: bool, now: Timestamp) -> String {
    let (in_flight, verb) = match (plan, applied) {
        (PausePlan::Already(pause), _) => {
            return format!(
                "nothing is to be done: launching is {} already",
                pause_words(pause, now)
            );
        }
        (PausePlan::Pause { in_flight }, true) => (*in_flight, "is"),
        (PausePlan::Pause { in_flight }, false) => (*in_flight, "would be"),
    };
    let rest = match in_flight {
        0 => "nothing is under way".to_owned(),
        1 => "1 launch under way is finished".to_owned(),
        some => format!("{some} launches under way are finished"),
    };
    format!("launching {verb} paused: no account is launched until vend resume --apply; {rest}")
}

/// What resuming does, or would.
fn resuming(plan: &ResumePlan, applied: bool, now: Timestamp) -> String {
    match (plan, applied) {
        (ResumePlan::NotPaused, _) => "nothing is to be done: launching is not paused".to_owned(),
        (ResumePlan::Resume(pause), true) => {
            format!("launching goes on; it was {}", pause_words(pause, now))
        }
        (ResumePlan::Resume(pause), false) => {
            format!("launching would go on; it is {}", pause_words(pause, now))
        }
    }
}

/// Tells what is done, or would be.
async fn tell(
    stack: &Stack,
    order: &str,
    applied: bool,
    json: bool,
    (changes, words): (bool, &str),
) -> Result<Exit> {
    if json {
        let launching = launching_json(&launching(stack).await?, stack.max_in_flight()?);
        terminal::json(&json!({
            "order": order,
            "applied": applied && changes,
            "changes": changes,
            "words": words,
            "launching": launching,
        }))?;
        return Ok(Exit::AllReady);
    }
    line(indented(words, 0, usize::from(terminal::width())));
    if changes && !applied {
        line(format!("\n{NOT_APPLIED}"));
    }
    Ok(Exit::AllReady)
}
