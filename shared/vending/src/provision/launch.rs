//! Filling free slots, in file order.

use tracing::{info, warn};

use super::finding::Ending;
use super::gauge::Gauge;
use super::{Settled, Woken, judge, pause};
use crate::Error;
use crate::advance;
use crate::ledger::{Entry, Event, Launch, Launching, ProvisionedProductId, RecordId, Transition};
use crate::ports::{Claim, LaunchRequest, ProductRef, ProvisionError, Refusal};
use crate::schedule::next_check;

/// Launches that one invocation starts at most, so that it ends in time also
/// when every launch is refused at once and its slot is free again.
const MOST_STARTS: usize = 50;

/// What became of an entry that was to be launched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// It is in flight.
    Launched,
    /// It was launched and has ended already: its slot is free again.
    Ended,
    /// Another invocation was quicker with the entry.
    Lost,
    /// Others have all slots by now.
    NoSlot,
}

/// Launches queued entries as long as slots are free.
pub(super) async fn fill(
    world: &Woken<'_>,
    settled: &Settled,
    gauge: &mut Gauge,
) -> Result<(), Error> {
    let (mut known, mut made) = (settled.launching.clone(), settled.made);
    let mut starts = 0;
    while starts < MOST_STARTS {
        let launching = match known.take() {
            Some(launching) => launching,
            None => world.ledger.launching().await?,
        };
        if std::mem::take(&mut made) && launching.streak.is_some() {
            pause::end_streak(world).await?;
        }
        pause::announce(world, &launching).await?;
        if settled.idle {
            return Ok(());
        }
        let started = fill_once(world, &launching, gauge).await?;
        // Slots are free again only where a launch has ended already.
        if !started.contains(&Start::Ended) {
            return Ok(());
        }
        starts += started.len();
    }
    Ok(())
}

/// Launches as many as there are free slots.
async fn fill_once(
    world: &Woken<'_>,
    launching: &Launching,
    gauge: &mut Gauge,
) -> Result<Vec<Start>, Error> {
    let now = world.clock.now();
    let free = launching.free(world.max_in_flight, now);
    let mut started = Vec::new();
    if free > 0 {
        for entry in &world.ledger.queued(now, free).await? {
            let start = start(world, entry).await;
            if matches!(start, Err(_) | Ok(Start::Lost)) {
                gauge.see_left(entry, now);
            }
            started.push(start?);
        }
    }
    Ok(started)
}

/// Takes a slot for `entry` and launches it.
async fn start(world: &Woken<'_>, entry: &Entry) -> Result<Start, Error> {
    let now = world.clock.now();
    let event = Event::Claimed { token: entry.next_token(), check_at: next_check(now, now) };
    let Transition::Advanced(claimed) = entry.after(event.clone(), &world.source, now)? else {
        return Ok(Start::Lost);
    };
    match world.ledger.claim(entry, &claimed, world.max_in_flight, now).await? {
        Claim::NoSlot => Ok(Start::NoSlot),
        Claim::Changed => Ok(Start::Lost),
        Claim::Taken => {
            advance::log(entry, &claimed, &event, now);
            ask(world, &claimed).await
        }
    }
}

/// Asks Account Factory for the account of an entry that has just got its slot.
async fn ask(world: &Woken<'_>, entry: &Entry) -> Result<Start, Error> {
    let Some(launch) = &entry.launch else { return Ok(Start::Lost) };
    match world.factory.provision(&request(entry, launch)).await {
        Ok((product, record)) => launched(world, entry, product, record).await,
        Err(ProvisionError::NameTaken) => {
            judge::name_taken(world, entry).await?;
            Ok(Start::Ended)
        }
        Err(ProvisionError::Refused(refusal)) => {
            judge::end(world, entry, refused(entry, &refusal)).await?;
            Ok(Start::Ended)
        }
        Err(ProvisionError::CouldNotAsk(error)) => {
            // The slot stays taken and the tick sends the same call again.
            warn!(account.name = %entry.request.name, error.chain = error.chain(), "launch not answered");
            Ok(Start::Launched)
        }
    }
}

/// Asks once more for a launch whose answer is not known: the same token gets the
/// same answer. A refusal is believed only when the first call left no product.
pub(super) async fn ask_again(world: &Woken<'_>, entry: &Entry) -> Result<(), Error> {
    let Some(launch) = &entry.launch else { return Ok(()) };
    let answer = world.factory.provision(&request(entry, launch)).await;
    let Err(ProvisionError::Refused(refusal)) = answer else {
        return match answer {
            Ok((product, record)) => launched(world, entry, product, record).await.map(|_| ()),
            Err(ProvisionError::NameTaken) => judge::name_taken(world, entry).await,
            Err(ProvisionError::CouldNotAsk(error)) => Err(error.into()),
            Err(ProvisionError::Refused(_)) => Ok(()),
        };
    };
    match world.factory.find(ProductRef::Name(&entry.product_name())).await? {
        Some(report) if report.token.as_deref() == Some(launch.token.0.as_str()) => {
            judge::adopt(world, entry, report).await
        }
        Some(_) | None => judge::end(world, entry, refused(entry, &refusal)).await,
    }
}

async fn launched(
    world: &Woken<'_>,
    entry: &Entry,
    product: ProvisionedProductId,
    record: RecordId,
) -> Result<Start, Error> {
    info!(account.name = %entry.request.name, record.id = %record.0, attempt = entry.attempt, "launched");
    world.advance(entry, Event::Asked { product, record }).await?;
    Ok(Start::Launched)
}

fn request(entry: &Entry, launch: &Launch) -> LaunchRequest {
    LaunchRequest {
        product_name: entry.product_name(),
        token: launch.token.clone(),
        request: entry.request.clone(),
    }
}

/// What follows from a refusal: it left no product behind.
fn refused(entry: &Entry, refusal: &Refusal) -> Ending {
    let words = format!("{}: {}", refusal.code, refusal.message);
    Ending::of_words(entry, &words, None, None)
}
