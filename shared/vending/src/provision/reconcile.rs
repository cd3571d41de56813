//! Asking Service Catalog about every launch that has gone quiet, since the
//! event that tells of its end may never come.

use std::collections::BTreeSet;

use tracing::error;

use super::gauge::Gauge;
use super::{Settled, Woken, settle};
use crate::Error;
use crate::account::AccountName;
use crate::ledger::{Entry, Launching, State, Timestamp};
use crate::schedule::is_later_than_usual;

/// Settles every entry that holds a slot and is due. One that cannot be asked
/// about does not keep the others from it; its error is returned in the end.
pub(super) async fn reconcile(world: &Woken<'_>, gauge: &mut Gauge) -> Result<Settled, Error> {
    let (launching, agenda) = world.ledger.overview().await?;
    gauge.see(&launching);
    if launching.in_flight.is_empty() {
        // A pause is measured with every tick: the alarm of it must not end before it does.
        let idle = agenda.batches.is_empty() && launching.pause.is_none();
        return Ok(Settled { launching: Some(launching), idle, ..Settled::default() });
    }
    let names: Vec<AccountName> = launching.in_flight.iter().cloned().collect();
    let entries = world.ledger.entries(&names).await?;
    let now = world.clock.now();
    entries.iter().for_each(|entry| gauge.see_launched(entry, now));
    let due: Vec<&Entry> = entries.iter().filter(|entry| is_due(entry, &launching, now)).collect();
    if due.is_empty() && entries.len() == names.len() {
        return Ok(Settled { launching: Some(launching), ..Settled::default() });
    }
    let mut made = false;
    let mut outcome = free_orphans(world, &launching.in_flight, &entries).await;
    for entry in due {
        let settled = settle::settle(world, entry, None).await;
        outcome = outcome.and(settled.map(|one| made |= one));
    }
    outcome.map(|()| Settled::made(made))
}

fn is_due(entry: &Entry, launching: &Launching, now: Timestamp) -> bool {
    match entry.state {
        State::Provisioning { check_at } => {
            check_at <= now || has_gone_quiet(entry, launching, now)
        }
        State::Failed { launch_open, .. } => launch_open,
        State::Queued { .. } | State::Configuring | State::Ready { .. } => false,
    }
}

/// Whether its end has gone unnoticed, by how long others take.
fn has_gone_quiet(entry: &Entry, launching: &Launching, now: Timestamp) -> bool {
    let usual = launching.usual().zip(entry.launch.as_ref());
    usual.is_some_and(|(usual, launch)| is_later_than_usual(launch.started_at, usual, now))
}

/// Frees the slots of entries that were deleted from the table by hand.
async fn free_orphans(
    world: &Woken<'_>,
    in_flight: &BTreeSet<AccountName>,
    entries: &[Entry],
) -> Result<(), Error> {
    let known: BTreeSet<&AccountName> = entries.iter().map(|entry| &entry.request.name).collect();
    for name in in_flight.iter().filter(|name| !known.contains(name)) {
        error!(account.name = %name, "slot of an entry that is no longer in the ledger is freed");
        world.ledger.free_slot(name).await?;
    }
    Ok(())
}
