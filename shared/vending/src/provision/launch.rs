//! Filling free slots, in file order.

use futures_util::future::join_all;
use tracing::{info, warn};

use super::finding::Ending;
use super::gauge::Gauge;
use super::room::Room;
use super::{Settled, Woken, judge, pause};
use crate::Error;
use crate::advance;
use crate::ledger::{Entry, Event, Launch, ProvisionedProductId, RecordId, Transition};
use crate::ports::{Claim, LaunchRequest, ProductRef, ProvisionError, Refusal};
use crate::schedule::next_check;

/// Launches that one invocation starts at most, so that it ends in time also
/// when every launch is refused at once and its slot is free again.
const MOST_STARTS: usize = 50;

/// What became of a launch that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// It is in flight.
    Launched,
    /// It has ended already: its slot is free again.
    Ended,
}

/// Launches queued entries as long as slots are free.
pub(super) async fn fill(
    world: &Woken<'_>,
    settled: &Settled,
    gauge: &mut Gauge,
) -> Result<(), Error> {
    let (mut known, mut made, mut told) = (settled.launching.clone(), settled.made, settled.told);
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
        let (slots, now) = (world.max_in_flight, world.clock.now());
        let room = Room::of(&launching, std::mem::take(&mut told), slots, now);
        let started = fill_once(world, &room, gauge).await?;
        // Slots are free again only where a launch has ended already.
        if !started.contains(&Start::Ended) {
            return Ok(());
        }
        starts += started.len();
    }
    Ok(())
}

/// Launches as many as there are free slots. The first is asked for alone: what is refused at
/// once for a cause outside its row would be refused for all. The others are asked for at the
/// same time, so that the last of them does not wait for the answers to the others.
async fn fill_once(world: &Woken<'_>, room: &Room, gauge: &mut Gauge) -> Result<Vec<Start>, Error> {
    let mut started = Vec::new();
    if room.free == 0 {
        return Ok(started);
    }
    // As many more as others may be quicker with: the index that lists them may be a moment
    // behind, and a slot that is left free for that waits for the next minute.
    let mut queued = world.ledger.queued(room.as_of, room.free + world.max_in_flight).await?;
    queued.retain(|entry| room.takes(entry));
    let mut queue = queued.iter();
    for most in [1, room.free - 1] {
        let mut claimed = Vec::new();
        let outcome = claim(world, room, most, &mut queue, &mut claimed, gauge).await;
        // What has its slot is asked for, whatever went wrong with the next one.
        let asked = ask_all(world, &claimed).await;
        outcome?;
        started.extend(asked?);
        if started.contains(&Start::Ended) {
            break;
        }
    }
    Ok(started)
}

/// Takes slots for entries of the queue, in its order and `most` at most, and puts these to
/// `claimed`.
async fn claim(
    world: &Woken<'_>,
    room: &Room,
    most: usize,
    queue: &mut std::slice::Iter<'_, Entry>,
    claimed: &mut Vec<Entry>,
    gauge: &mut Gauge,
) -> Result<(), Error> {
    while claimed.len() < most
        && let Some(entry) = queue.next()
    {
        match take_slot(world, room, entry).await {
            Ok(Slot::Taken(entry)) => claimed.push(*entry),
            Ok(Slot::Lost) => gauge.see_left(entry, world.clock.now()),
            Ok(Slot::None) => queue.by_ref().for_each(drop),
            Err(error) => {
                gauge.see_left(entry, world.clock.now());
                return Err(error);
            }
        }
    }
    Ok(())
}

/// What became of an entry that was to have a slot.
enum Slot {
    /// It has it.
    Taken(Box<Entry>),
    /// Another invocation was quicker with the entry.
    Lost,
    /// Others have all slots by now.
    None,
}

/// Takes a slot for `entry`.
async fn take_slot(world: &Woken<'_>, room: &Room, entry: &Entry) -> Result<Slot, Error> {
    let now = world.clock.now();
    let event = Event::Claimed { token: entry.next_token(), check_at: next_check(now, now) };
    let Transition::Advanced(claimed) = entry.after(event.clone(), &world.source, now)? else {
        return Ok(Slot::Lost);
    };
    match world.ledger.claim(entry, &claimed, world.max_in_flight, room.as_of).await? {
        Claim::NoSlot => Ok(Slot::None),
        Claim::Changed => Ok(Slot::Lost),
        Claim::Taken => {
            advance::log(entry, &claimed, &event, now);
            Ok(Slot::Taken(claimed))
        }
    }
}

/// Asks Account Factory for the accounts of entries that have just got their slots. What
/// came of one is written down whatever came of another.
async fn ask_all(world: &Woken<'_>, entries: &[Entry]) -> Result<Vec<Start>, Error> {
    let requests: Vec<(&Entry, LaunchRequest)> = entries
        .iter()
        .filter_map(|entry| Some((entry, request(entry, entry.launch.as_ref()?))))
        .collect();
    let calls = requests.iter().map(|(_, request)| world.factory.provision(request));
    let answers = join_all(calls).await;
    let mut started = Ok(Vec::new());
    for ((entry, _), answer) in requests.iter().zip(answers) {
        match (answered(world, entry, answer).await, &mut started) {
            (Ok(start), Ok(all)) => all.push(start),
            (Err(error), Ok(_)) => started = Err(error),
            (Ok(_) | Err(_), Err(_)) => {}
        }
    }
    started
}

/// What Account Factory says of a launch.
type Answer = Result<(ProvisionedProductId, RecordId), ProvisionError>;

/// Moves an entry to where the answer to its launch leads.
async fn answered(world: &Woken<'_>, entry: &Entry, answer: Answer) -> Result<Start, Error> {
    match answer {
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
