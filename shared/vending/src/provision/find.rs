//! Asking Service Catalog what became of a launch. Changes nothing.

use super::Provisioning;
use super::finding::{Finding, Told, is_older};
use crate::Error;
use crate::failure::FailureKind;
use crate::ledger::{Entry, Launch, Status};
use crate::ports::{CouldNotAsk, ProductRef, ProductReport};
use crate::schedule::{ANSWERED_WITHIN, SILENT_AFTER};

/// What was found out about a launch.
#[derive(Debug)]
pub(crate) struct Found {
    /// The product of the launch, as Service Catalog has it, where it was asked for and there.
    pub(crate) product: Option<ProductReport>,
    /// What follows.
    pub(crate) finding: Finding,
    /// Why nothing better is known, where Service Catalog has been silent for long.
    pub(crate) error: Option<CouldNotAsk>,
}

impl Found {
    fn only(finding: Finding) -> Self {
        Self { product: None, finding, error: None }
    }
}

/// Finds out about an entry that holds a slot; `told` is what an event said of it.
///
/// # Errors
/// When Service Catalog does not answer, and it is too early to call that an answer.
pub(crate) async fn find(
    world: &Provisioning<'_>,
    entry: &Entry,
    told: Option<Told>,
) -> Result<Found, Error> {
    let Some(launch) = &entry.launch else { return Ok(Found::only(Finding::NotYet)) };
    let Some((product, _)) = &launch.product else { return unanswered(world, entry, launch).await };
    let now = world.clock.now();
    match world.factory.find(ProductRef::Id(product)).await {
        Ok(Some(report)) => {
            let finding = Finding::of_report(entry, launch, report.clone(), told, now);
            Ok(Found { product: Some(report), finding, error: None })
        }
        Ok(None) => Ok(Found::only(Finding::failed(FailureKind::ProductGone, &product.0))),
        Err(error) if is_older(entry, launch, SILENT_AFTER, now) => {
            Ok(Found { error: Some(error), ..Found::only(Finding::overdue(launch)) })
        }
        Err(error) => Err(error.into()),
    }
}

/// Finds out about a launch of which nobody knows whether it was asked for.
async fn unanswered(
    world: &Provisioning<'_>,
    entry: &Entry,
    launch: &Launch,
) -> Result<Found, Error> {
    if entry.status() == Status::Failed {
        return look_for(world, entry, launch).await;
    }
    let is_older = |age| is_older(entry, launch, age, world.clock.now());
    Ok(Found::only(if is_older(SILENT_AFTER) {
        Finding::overdue(launch)
    } else if is_older(ANSWERED_WITHIN) {
        Finding::AskAgain
    } else {
        Finding::NotYet
    }))
}

/// The launch was told as failed without an answer: its product, if it has one, is
/// found by its name, and without one the slot is free.
async fn look_for(
    world: &Provisioning<'_>,
    entry: &Entry,
    launch: &Launch,
) -> Result<Found, Error> {
    let report = world.factory.find(ProductRef::Name(&entry.product_name())).await?;
    let own = report.filter(|it| it.token.as_deref() == Some(launch.token.0.as_str()));
    let Some(report) = own else {
        let never = Finding::failed(FailureKind::Overdue, "the launch was never answered");
        return Ok(Found::only(never));
    };
    let finding = match report.record.clone() {
        Some(record) => Finding::Launched { product: report.id.clone(), record },
        None => Finding::NotYet,
    };
    Ok(Found { product: Some(report), finding, error: None })
}
