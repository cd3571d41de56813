//! Settling an entry in flight: by what Service Catalog says of its product, or
//! by an event that proves to be about it.

use tracing::info;

use super::{Provisioning, judge, launch};
use crate::Error;
use crate::account::AccountId;
use crate::advance::{Advance, advance, advance_exactly};
use crate::failure::{Failure, FailureKind};
use crate::ledger::{Entry, Event, ProvisionedProductId, Status, Timestamp};
use crate::lifecycle::{LifecycleEvent, Subject, entry_of};
use crate::ports::{ProductRef, ProductReport, ProductStatus};
use crate::schedule::{OVERDUE_AFTER, SAID_SOON, next_check};

/// Whether an account was made.
pub(super) type Made = bool;

/// What a lifecycle event says of a launch: that it has ended.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The account that it names, where that is proven to be the entry's.
    account: Option<AccountId>,
}

/// Asks Service Catalog about an entry that holds a slot, and moves it to where it belongs.
pub(super) async fn settle(
    world: &Provisioning<'_>,
    entry: &Entry,
    told: Option<Told>,
) -> Result<Made, Error> {
    let Some((product, _)) = entry.launch.as_ref().and_then(|launch| launch.product.as_ref())
    else {
        return ask_again(world, entry).await;
    };
    match world.factory.find(ProductRef::Id(product)).await? {
        None => {
            let failure = Failure::new(FailureKind::ProductGone, &product.0);
            judge::fail(world, entry, failure, None).await?;
            Ok(false)
        }
        Some(report) => settle_by(world, entry, product, report, told).await,
    }
}

/// Nobody knows whether the launch was asked for: the same call again tells. One
/// invocation alone makes it, the one whose write says so.
async fn ask_again(world: &Provisioning<'_>, entry: &Entry) -> Result<Made, Error> {
    let check_at = world.clock.now() + SAID_SOON;
    let event = Event::StillAtWork { check_at, account: None };
    if let Advance::Advanced(entry) =
        advance_exactly(world.ledger, world.clock, entry, event).await?
    {
        launch::ask_again(world, &entry).await?;
    }
    Ok(false)
}

async fn settle_by(
    world: &Provisioning<'_>,
    entry: &Entry,
    product: &ProvisionedProductId,
    report: ProductReport,
    told: Option<Told>,
) -> Result<Made, Error> {
    let usable = match report.status {
        ProductStatus::UnderChange => return still_at_work(world, entry, told).await,
        ProductStatus::Available => true,
        // After a success the account is usable: a later change of it failed.
        ProductStatus::Tainted | ProductStatus::Error => report.succeeded_once,
    };
    match (usable, report.account) {
        (true, Some(account)) => made(world, entry, account).await,
        // The outputs are not there yet.
        (true, None) => still_at_work(world, entry, told).await,
        (false, account) => {
            let words = report.message.unwrap_or_default();
            let account = account.or(told.and_then(|told| told.account));
            judge::judge(world, entry, &words, Some(product), account).await?;
            Ok(false)
        }
    }
}

async fn made(world: &Provisioning<'_>, entry: &Entry, account: AccountId) -> Result<Made, Error> {
    let event = Event::AccountMade { account };
    let advance = advance(world.ledger, world.clock, entry, event).await?;
    Ok(matches!(advance, Advance::Advanced(_)))
}

async fn still_at_work(
    world: &Provisioning<'_>,
    entry: &Entry,
    told: Option<Told>,
) -> Result<Made, Error> {
    let Some(launch) = &entry.launch else { return Ok(false) };
    let now = world.clock.now();
    let overdue =
        now - launch.started_at >= OVERDUE_AFTER && entry.status() == Status::Provisioning;
    let event = match told {
        // Control Tower has ended it and Service Catalog is about to say how.
        Some(Told { account }) => Event::StillAtWork { check_at: now + SAID_SOON, account },
        None if overdue => Event::Overdue { failure: overdue_since(launch.started_at) },
        None => Event::StillAtWork { check_at: next_check(launch.started_at, now), account: None },
    };
    advance(world.ledger, world.clock, entry, event).await?;
    Ok(false)
}

fn overdue_since(started_at: Timestamp) -> Failure {
    let since = started_at.format("%Y-%m-%d %H:%M UTC");
    Failure::new(FailureKind::Overdue, format!("launched at {since}"))
}

/// Settles what a lifecycle event is about, if it is about an entry at all.
pub(super) async fn settle_event(
    world: &Provisioning<'_>,
    event: &LifecycleEvent,
) -> Result<Made, Error> {
    match entry_of(world.ledger, world.directory, event).await? {
        Some(Subject::Proven(entry, account)) if event.succeeded => {
            made(world, &entry, account).await
        }
        Some(Subject::Proven(entry, account)) if entry.holds_slot() => {
            settle(world, &entry, Some(Told { account: Some(account) })).await
        }
        Some(Subject::Hinted(entry)) if entry.holds_slot() => {
            settle(world, &entry, Some(Told::default())).await
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
