//! Settling an entry in flight: by what Service Catalog says of its product, or
//! by an event that proves to be about it.

use chrono::TimeDelta;
use tracing::info;

use super::{Provisioning, judge, launch};
use crate::Error;
use crate::account::AccountId;
use crate::advance::{Advance, advance, advance_exactly};
use crate::failure::{Failure, FailureKind};
use crate::ledger::{Entry, Event, Launch, ProvisionedProductId, Status};
use crate::lifecycle::{LifecycleEvent, Subject, entry_of};
use crate::ports::{ProductRef, ProductReport, ProductStatus};
use crate::schedule::{ANSWERED_WITHIN, OVERDUE_AFTER, SAID_SOON, SILENT_AFTER, next_check};

/// Whether an account was made.
pub(super) type Made = bool;

/// What a lifecycle event says of a launch: that it has ended.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The account that it names, where that is proven to be the entry's.
    account: Option<AccountId>,
    /// Control Tower's words.
    message: Option<String>,
}

/// Asks Service Catalog about an entry that holds a slot, and moves it to where it belongs.
pub(super) async fn settle(
    world: &Provisioning<'_>,
    entry: &Entry,
    told: Option<Told>,
) -> Result<Made, Error> {
    let Some(launch) = &entry.launch else { return Ok(false) };
    let Some((product, _)) = &launch.product else {
        return settle_unanswered(world, entry, launch).await;
    };
    match world.factory.find(ProductRef::Id(product)).await {
        Ok(Some(report)) => settle_by(world, entry, product, report, told).await,
        Ok(None) => {
            let failure = Failure::new(FailureKind::ProductGone, &product.0);
            judge::fail(world, entry, failure, None).await?;
            Ok(false)
        }
        Err(error) if is_older(world, entry, launch, SILENT_AFTER) => {
            overdue(world, entry, launch).await?;
            Err(error.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Settles a launch of which nobody knows whether it was asked for.
async fn settle_unanswered(
    world: &Provisioning<'_>,
    entry: &Entry,
    launch: &Launch,
) -> Result<Made, Error> {
    if entry.status() == Status::Failed {
        return look_for(world, entry, launch).await;
    }
    if is_older(world, entry, launch, SILENT_AFTER) {
        return overdue(world, entry, launch).await;
    }
    if is_older(world, entry, launch, ANSWERED_WITHIN) {
        return ask_again(world, entry).await;
    }
    Ok(false)
}

/// The same call again tells. One invocation alone makes it, the one whose write says so.
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

/// The launch was told as failed without an answer: its product, if it has one, is
/// found by its name, and without one the slot is free.
async fn look_for(world: &Provisioning<'_>, entry: &Entry, launch: &Launch) -> Result<Made, Error> {
    match world.factory.find(ProductRef::Name(&entry.product_name())).await? {
        Some(report) if report.token.as_deref() == Some(launch.token.0.as_str()) => {
            judge::adopt(world, entry, report).await?;
        }
        Some(_) | None => {
            let failure = Failure::new(FailureKind::Overdue, "the launch was never answered");
            judge::fail(world, entry, failure, None).await?;
        }
    }
    Ok(false)
}

/// Whether the launch is under way and that old.
fn is_older(world: &Provisioning<'_>, entry: &Entry, launch: &Launch, age: TimeDelta) -> bool {
    let older = world.clock.now() - launch.started_at >= age;
    older && entry.status() == Status::Provisioning
}

async fn overdue(world: &Provisioning<'_>, entry: &Entry, launch: &Launch) -> Result<Made, Error> {
    let since = launch.started_at.format("%Y-%m-%d %H:%M UTC");
    let failure = Failure::new(FailureKind::Overdue, format!("launched at {since}"));
    advance(world.ledger, world.clock, entry, Event::Overdue { failure }).await?;
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
            let told = told.unwrap_or_default();
            let words = report.message.or(told.message).unwrap_or_default();
            let account = account.or(told.account);
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
    let event = match told {
        // Control Tower has ended it and Service Catalog is about to say how.
        Some(Told { account, .. }) => Event::StillAtWork { check_at: now + SAID_SOON, account },
        None if is_older(world, entry, launch, OVERDUE_AFTER) => {
            return overdue(world, entry, launch).await;
        }
        None => Event::StillAtWork { check_at: next_check(launch.started_at, now), account: None },
    };
    advance(world.ledger, world.clock, entry, event).await?;
    Ok(false)
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
pub(super) async fn settle_event(
    world: &Provisioning<'_>,
    event: &LifecycleEvent,
) -> Result<Made, Error> {
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
