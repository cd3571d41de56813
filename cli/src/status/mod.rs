//! `vend status`: how batches and accounts stand, at a moment or all the time.

mod changes;
mod document;
mod outlook;
pub(crate) mod portfolios;
mod recent;
mod rows;
mod scene;
mod standing;
mod subject;
mod summary;
#[cfg(test)]
pub(crate) mod testing;
mod watch;
pub(crate) mod words;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use tokio::time::sleep;
use vending::ledger::{Batch, BatchId};
use vending::ports::Ledger;

use crate::output::Hinted;
use crate::stack::Stack;
use crate::terminal::{self, line};
use crate::{Exit, StatusArguments};
use changes::Seen;
use scene::Scene;
use standing::is_refused;
use watch::Telling;

pub(crate) use document::{
    access as access_json, account as account_json, launching as launching_json,
};
pub(crate) use recent::recent as recent_batches;
pub(crate) use rows::{since, stage};
pub(crate) use scene::Subject;
pub(crate) use subject::{batch as find_batch, suggestion, unknown};
pub(crate) use summary::paused as pause_words;

/// How long intake may take until a batch is in the ledger, by AWS's clock: S3 tells of an
/// upload within seconds, as a rule, and sometimes within minutes.
const TAKEN_WITHIN: TimeDelta = TimeDelta::minutes(5);

/// Looks that are waited for at least, however fast that clock goes.
const LOOKS_AT_LEAST: u32 = 40;

/// Runs the command.
pub(crate) async fn run(stack: &Stack, arguments: &StatusArguments) -> Result<Exit> {
    if let Some(batch) = portfolios::find(stack, arguments.subject.as_deref()).await? {
        return portfolios::run(stack, batch, arguments).await;
    }
    let subject = subject::find(stack, arguments.subject.as_deref()).await?;
    let mut scene = Scene::load(stack, subject).await?;
    let telling = if arguments.json { Telling::JsonLines } else { Telling::for_people() };
    if arguments.watch && (arguments.json || !scene.is_over()) {
        if matches!(telling, Telling::Lines) {
            line(format!("{}\n", text(&scene)));
        }
        let seen = Seen::already(&scene);
        return watch::watch(stack, scene, seen, &telling).await;
    }
    if scene.subject == Subject::Everything {
        scene.look_back(stack).await?;
    }
    if arguments.json {
        terminal::json(&document::scene(&scene))?;
    } else {
        line(text(&scene));
    }
    Ok(exit(&scene))
}

fn text(scene: &Scene) -> String {
    summary::text(scene, usize::from(terminal::width()), rows::LISTED)
}

/// Waits until intake has taken a batch that was uploaded just now, and follows it until
/// all of it has ended, or Ctrl-C. With `json` nothing is printed before the end, and one
/// document then.
///
/// # Errors
/// When intake does not take it within minutes, or the ledger does not answer.
pub(crate) async fn follow(stack: &Stack, batch: &BatchId, json: bool) -> Result<Exit> {
    let taken = tokio::select! {
        taken = taken(stack, batch) => taken?,
        pressed = tokio::signal::ctrl_c() => {
            pressed.context("listen for Ctrl-C")?;
            terminal::aside(&format!("stopped waiting; the batch goes on. vend status {batch} shows it"));
            return Ok(Exit::Interrupted);
        }
    };
    let scene = Scene::load(stack, Subject::Batch(batch.clone())).await?;
    let telling = if json { Telling::AtTheEnd } else { Telling::for_people() };
    watch::watch(stack, scene, Seen::since(taken.received_at), &telling).await
}

/// Waits until the batch is taken, or refused.
async fn taken(stack: &Stack, id: &BatchId) -> Result<Batch> {
    let mut looks = 0;
    let mut began = None;
    loop {
        let batch = stack.ledger().batch(id).await.context("read the ledger")?;
        if let Some(batch) = batch.filter(|batch| batch.taken || is_refused(batch)) {
            return Ok(batch);
        }
        let now = stack.clock().now();
        looks += 1;
        let waited = now - *began.get_or_insert(now);
        if waited > TAKEN_WITHIN && looks > LOOKS_AT_LEAST {
            let hint = "see vend doctor (is the bucket's notification there? is something in \
                        the dead-letter queue?) and the logs of the function intake; the upload \
                        is not lost";
            return Err(Hinted::new(format!("see intake take the batch {id}"), hint).into());
        }
        sleep(watch::interval(stack)).await;
    }
}

/// How the command ends, by what is seen.
fn exit(scene: &Scene) -> Exit {
    let refused =
        matches!(scene.subject, Subject::Batch(_)) && scene.batches.iter().all(is_refused);
    match (refused, scene.needs_somebody()) {
        (true, _) => Exit::Refused,
        (false, true) => Exit::SomeFailed,
        (false, false) => Exit::AllReady,
    }
}
