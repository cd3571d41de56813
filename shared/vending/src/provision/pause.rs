//! Pausing when row after row fails for one cause that no row can fix, instead
//! of burning the batch.

use tracing::warn;

use super::Woken;
use crate::Error;
use crate::failure::Failure;
use crate::ledger::{Launching, Pause, Resumed, Streak};
use crate::notice;
use crate::ports::Ledger;

/// Counts a failure whose cause lies outside the row, and pauses launching at
/// [`Streak::PAUSES_AT`] of a kind.
pub(super) async fn weigh(world: &Woken<'_>, failure: &Failure) -> Result<(), Error> {
    if !failure.kind.is_shared() {
        return Ok(());
    }
    let launching = world.ledger.launching().await?;
    let before = launching.streak.filter(|streak| streak.kind == failure.kind);
    let rows = before.map_or(0, |streak| streak.rows) + 1;
    world.ledger.set_streak(Some(Streak { kind: failure.kind, rows })).await?;
    if rows < Streak::PAUSES_AT || launching.pause.is_some() {
        return Ok(());
    }
    warn!(rows, "launching paused: row after row fails for one cause outside the rows");
    let reason = format!("{rows} rows in a row failed because {}", failure.outside_the_rows());
    let pause = Pause { since: world.clock.now(), reason, announced: false, by: None };
    world.ledger.set_pause(&pause).await?;
    // After the pause the count starts anew.
    world.ledger.set_streak(None).await?;
    tell(world, pause).await
}

/// An account was made: what failed before it had causes of its own.
pub(super) async fn end_streak(world: &Woken<'_>) -> Result<(), Error> {
    Ok(world.ledger.set_streak(None).await?)
}

/// Tells of a pause that nobody has been told of yet.
pub(super) async fn announce(world: &Woken<'_>, launching: &Launching) -> Result<(), Error> {
    match &launching.pause {
        Some(pause) if !pause.announced => tell(world, pause.clone()).await,
        Some(_) | None => Ok(()),
    }
}

async fn tell(world: &Woken<'_>, pause: Pause) -> Result<(), Error> {
    world.notifier.publish(&notice::launching_paused(&pause)).await?;
    world.ledger.set_pause(&Pause { announced: true, ..pause }).await?;
    Ok(())
}

/// Launches again after a pause, as somebody ordered; the count of failures starts anew.
///
/// # Errors
/// When the ledger does not answer.
pub async fn resume(ledger: &dyn Ledger, resumed: &Resumed) -> Result<(), Error> {
    ledger.set_streak(None).await?;
    ledger.resume(resumed).await?;
    Ok(())
}
