//! Settling an entry in flight: by what Service Catalog says of its product, or
//! by an event that proves to be about it.

use tracing::info;

use super::find::Found;
use super::finding::{Finding, Told};
use super::{Provisioning, Woken, find, judge, launch};
use crate::Error;
use crate::account::AccountId;
use crate::advance::Advance;
use crate::ledger::{Entry, Event, Status};
use crate::lifecycle::{LifecycleEvent, Subject, entry_of};
use crate::ports::{ProductRef, ProductStatus};
use crate::schedule::SAID_SOON;

/// Whether an account was made.
pub(super) type Made = bool;

/// Asks Service Catalog about an entry that holds a slot, and moves it to where it belongs.
pub(super) async fn settle(
    world: &Woken<'_>,
    entry: &Entry,
    told: Option<Told>,
) -> Result<Made, Error> {
    settle_by(world, entry, find::find(world, entry, told).await?).await
}

/// Moves an entry that holds a slot to where it belongs by what was found out about it.
pub(super) async fn settle_by(
    world: &Woken<'_>,
    entry: &Entry,
    found: Found,
) -> Result<Made, Error> {
    let made = apply(world, entry, found.finding).await?;
    match found.error {
        Some(error) => Err(error.into()),
        None => Ok(made),
    }
}

async fn apply(world: &Woken<'_>, entry: &Entry, finding: Finding) -> Result<Made, Error> {
    match finding {
        Finding::NotYet => {}
        Finding::AskAgain => ask_again(world, entry).await?,
        Finding::Launched { product, record } => {
            world.advance(entry, Event::Asked { product, record }).await?;
        }
        Finding::AtWork { check_at, account } => {
            world.advance(entry, Event::StillAtWork { check_at, account }).await?;
        }
        Finding::Made(account) => return made(world, entry, account).await,
        Finding::Ended(ending) => judge::end(world, entry, ending).await?,
        Finding::Overdue(failure) => {
            world.advance(entry, Event::Overdue { failure }).await?;
        }
    }
    Ok(false)
}

/// The same call again tells. One invocation alone makes it, the one whose write says so.
async fn ask_again(world: &Woken<'_>, entry: &Entry) -> Result<(), Error> {
    let check_at = world.clock.now() + SAID_SOON;
    let event = Event::StillAtWork { check_at, account: None };
    if let Advance::Advanced(entry) = world.advance_exactly(entry, event).await? {
        launch::ask_again(world, &entry).await?;
    }
    Ok(())
}

async fn made(world: &Woken<'_>, entry: &Entry, account: AccountId) -> Result<Made, Error> {
    let advance = world.advance(entry, Event::AccountMade { account }).await?;
    Ok(matches!(advance, Advance::Advanced(_)))
}

/// Whether the entry waits to be launched again and the product of its last launch is
/// gone, or about to be: with it Control Tower lets go of the account, whoever had
/// finished it, and the next launch takes it up again.
async fn is_given_up(world: &Provisioning<'_>, entry: &Entry) -> Result<bool, Error> {
    let product = entry.launch.as_ref().and_then(|launch| launch.product.as_ref());
    let (Status::Queued, Some((product, _))) = (entry.status(), product) else { return Ok(false) };
    let report = world.factory.find(ProductRef::Id(product)).await?;
    Ok(report.is_none_or(|report| report.status == ProductStatus::UnderChange))
}

/// Settles what a lifecycle event is about, if it is about an entry at all.
pub(super) async fn settle_event(world: &Woken<'_>, event: &LifecycleEvent) -> Result<Made, Error> {
    match entry_of(world.ledger, world.directory, event).await? {
        Some(Subject::Proven(entry, _))
            if event.succeeded && is_given_up(world, &entry).await? =>
        {
            info!(account.name = %entry.request.name, event.id = event.id, "event of an account that Control Tower lets go of");
            Ok(false)
        }
        Some(Subject::Proven(entry, account)) if event.succeeded => {
            made(world, &entry, account).await
        }
        Some(Subject::Proven(entry, account)) if entry.holds_slot() => {
            let told = Told { account: Some(account), message: event.message.clone() };
            settle(world, &entry, Some(told)).await
        }
        Some(Subject::Hinted(entry)) if entry.holds_slot() => {
            let told = Told { account: None, message: event.message.clone() };
            settle(world, &entry, Some(told)).await
        }
        Some(_) => Ok(false),
        None => {
            info!(
                event.id = event.id,
                account.id = event.account_id.as_ref().map(AccountId::as_str),
                "event of an account outside the ledger"
            );
            Ok(false)
        }
    }
}
