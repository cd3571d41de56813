//! Pausing when row after row fails for one cause that no row can fix, instead
//! of burning the batch.

use tracing::warn;

use super::Provisioning;
use crate::Error;
use crate::failure::Failure;
use crate::ledger::{Launching, Pause, Streak};
use crate::notice;
use crate::ports::Ledger;

/// Counts a failure whose cause lies outside the row, and pauses launching at
/// [`Streak::PAUSES_AT`] of a kind.
pub(super) async fn weigh(world: &Provisioning<'_>, failure: &Failure) -> Result<(), Error> {
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
    let reason = format!("{rows} rows in a row failed because {}", failure.message());
    let pause = Pause { since: world.clock.now(), reason, announced: false };
    world.ledger.set_pause(Some(&pause)).await?;
    // After the pause the count starts anew.
    world.ledger.set_streak(None).await?;
    tell(world, pause).await
}

/// An account was made: what failed before it had causes of its own.
pub(super) async fn end_streak(world: &Provisioning<'_>) -> Result<(), Error> {
    Ok(world.ledger.set_streak(None).await?)
}

/// Tells of a pause that nobody has been told of yet.
pub(super) async fn announce(world: &Provisioning<'_>, launching: &Launching) -> Result<(), Error> {
    match &launching.pause {
        Some(pause) if !pause.announced => tell(world, pause.clone()).await,
        Some(_) | None => Ok(()),
    }
}

async fn tell(world: &Provisioning<'_>, pause: Pause) -> Result<(), Error> {
    world.notifier.publish(&notice::launching_paused(&pause)).await?;
    world.ledger.set_pause(Some(&Pause { announced: true, ..pause })).await?;
    Ok(())
}

/// Launches again after a pause; the count of failures starts anew.
///
/// # Errors
/// When the ledger does not answer.
pub async fn resume(ledger: &dyn Ledger) -> Result<(), Error> {
    ledger.set_streak(None).await?;
    ledger.set_pause(None).await?;
    Ok(())
}
