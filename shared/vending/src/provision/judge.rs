//! What the end of a launch means for its entry: wait, or fail.

use tracing::info;

use super::finding::Ending;
use super::{Woken, pause};
use crate::Error;
use crate::account::AccountId;
use crate::advance::Advance;
use crate::failure::{Failure, FailureKind, WaitKind};
use crate::ledger::{Entry, Event, ProvisionedProductId, Timestamp};
use crate::ports::{Discarded, ProductRef, ProductReport, ProductStatus};
use crate::schedule::{NAME_FREED_AFTER, wait};

/// Moves the entry of a launch that ended without a usable account to where it belongs.
pub(super) async fn end(world: &Woken<'_>, entry: &Entry, ending: Ending) -> Result<(), Error> {
    match ending {
        Ending::Wait { kind, words, product } => {
            put_back(world, entry, kind, &words, product.as_ref()).await
        }
        Ending::Failed { failure, account } => fail(world, entry, failure, account).await,
    }
}

/// Puts the entry back into the queue, to be launched again later.
async fn put_back(
    world: &Woken<'_>,
    entry: &Entry,
    kind: WaitKind,
    words: &str,
    product: Option<&ProvisionedProductId>,
) -> Result<(), Error> {
    let until = world.clock.now() + wait(kind, entry.waits);
    if kind == WaitKind::Busy {
        world.ledger.hold(until).await?;
    }
    info!(account.name = %entry.request.name, attempt = entry.attempt, waits = entry.waits, "told to wait");
    let waits = wait_until(world, entry, until, words).await?;
    match product {
        // It never succeeded, and holds the name that the next launch needs. Removed only
        // when the row waits: one that does not, and whose product is gone, would be taken
        // for one that somebody terminated.
        Some(product) if waits => Ok(world.factory.discard(product).await.map(drop)?),
        Some(_) | None => Ok(()),
    }
}

/// Whether the entry waits by this call.
async fn wait_until(
    world: &Woken<'_>,
    entry: &Entry,
    until: Timestamp,
    reason: &str,
) -> Result<bool, Error> {
    let event = Event::ToldToWait { until, reason: reason.to_owned() };
    let advance = world.advance(entry, event).await?;
    Ok(matches!(advance, Advance::Advanced(_)))
}

/// Records the failure, and pauses launching when too many have the same cause outside their rows.
async fn fail(
    world: &Woken<'_>,
    entry: &Entry,
    failure: Failure,
    account: Option<AccountId>,
) -> Result<(), Error> {
    let event = Event::LaunchFailed { failure: failure.clone(), account };
    match world.advance(entry, event).await? {
        Advance::Advanced(_) => pause::weigh(world, &failure).await,
        Advance::AlreadyThere | Advance::Overtaken => Ok(()),
    }
}

/// A provisioned product of the entry's name exists: it may be this very launch,
/// what an earlier one left behind, the account itself, or somebody else's.
pub(super) async fn name_taken(world: &Woken<'_>, entry: &Entry) -> Result<(), Error> {
    let name = entry.product_name();
    let Some(report) = world.factory.find(ProductRef::Name(&name)).await? else {
        let until = world.clock.now() + NAME_FREED_AFTER;
        wait_until(world, entry, until, "its earlier product is being removed").await?;
        return Ok(());
    };
    match clash(entry, &report) {
        Clash::ThisLaunch => adopt(world, entry, report).await,
        Clash::Account(account) => {
            let event = Event::AccountMade { account };
            world.advance(entry, event).await.map(|_: Advance| ())
        }
        Clash::AtWork => {
            let until = world.clock.now() + NAME_FREED_AFTER;
            let reason = "Control Tower is at work on its earlier product";
            wait_until(world, entry, until, reason).await.map(drop)
        }
        Clash::Leftover => {
            // Vend launched it, and it never succeeded: its name is needed again.
            let reason = match world.factory.discard(&report.id).await? {
                Discarded::Away => "its earlier product is being removed",
                // The next launch finds it, and takes its account for the entry's.
                Discarded::Kept => "somebody has finished its earlier product meanwhile",
            };
            let until = world.clock.now() + NAME_FREED_AFTER;
            wait_until(world, entry, until, reason).await.map(drop)
        }
        Clash::SomebodyElses => {
            let detail = format!("{name} is {}", report.id.0);
            fail(world, entry, Failure::new(FailureKind::NameTaken, detail), None).await
        }
    }
}

/// What the product that has the entry's name is.
#[derive(Debug, PartialEq, Eq)]
enum Clash {
    ThisLaunch,
    Account(AccountId),
    AtWork,
    Leftover,
    SomebodyElses,
}

fn clash(entry: &Entry, report: &ProductReport) -> Clash {
    let launched = report.token.as_deref();
    let this_launch = entry.launch.as_ref().map(|launch| launch.token.0.as_str());
    let same_email = |email: &String| email.to_lowercase() == entry.request.email.key();
    let ours = launched.is_some_and(|token| entry.launched_with(token));
    match &report.account {
        _ if launched.is_some() && launched == this_launch => Clash::ThisLaunch,
        Some(account)
            if report.succeeded_once && report.account_email.as_ref().is_some_and(same_email) =>
        {
            Clash::Account(account.clone())
        }
        _ if report.succeeded_once || !ours => Clash::SomebodyElses,
        _ if report.status == ProductStatus::UnderChange => Clash::AtWork,
        _ => Clash::Leftover,
    }
}

/// The product is this launch's: its answer was lost.
pub(super) async fn adopt(
    world: &Woken<'_>,
    entry: &Entry,
    report: ProductReport,
) -> Result<(), Error> {
    let Some(record) = report.record else { return Ok(()) };
    let event = Event::Asked { product: report.id, record };
    world.advance(entry, event).await.map(|_: Advance| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn report(entry: &Entry) -> ProductReport {
        ProductReport {
            id: ProvisionedProductId("pp-9".into()),
            record: None,
            status: ProductStatus::Error,
            message: None,
            succeeded_once: false,
            token: Some(entry.next_token().0),
            account: None,
            account_email: None,
        }
    }

    #[test]
    fn a_product_that_never_succeeded_is_removed_only_when_vend_launched_it() {
        let entry = testing::provisioning("alpha");
        let mine = report(&entry);
        assert_eq!(clash(&entry, &mine), Clash::Leftover);
        let foreign = ProductReport { token: Some("8e2f".into()), ..mine.clone() };
        assert_eq!(clash(&entry, &foreign), Clash::SomebodyElses);
        let unknown = ProductReport { token: None, ..mine.clone() };
        assert_eq!(clash(&entry, &unknown), Clash::SomebodyElses);
        let at_work = ProductReport { status: ProductStatus::UnderChange, ..mine };
        assert_eq!(clash(&entry, &at_work), Clash::AtWork);
    }

    #[test]
    fn a_product_that_succeeded_is_adopted_with_the_same_email_and_left_alone_otherwise() {
        let entry = testing::provisioning("alpha");
        let account = AccountId::new("123456789012").unwrap();
        let usable = ProductReport {
            status: ProductStatus::Available,
            succeeded_once: true,
            account: Some(account.clone()),
            account_email: Some("ALPHA@example.com".into()),
            ..report(&entry)
        };
        assert_eq!(clash(&entry, &usable), Clash::Account(account));
        let other = ProductReport { account_email: Some("x@example.com".into()), ..usable };
        assert_eq!(clash(&entry, &other), Clash::SomebodyElses);
    }

    #[test]
    fn the_launch_whose_answer_was_lost_is_recognized() {
        let entry = testing::provisioning("alpha");
        let token = entry.launch.as_ref().map(|launch| launch.token.0.clone());
        assert_eq!(clash(&entry, &ProductReport { token, ..report(&entry) }), Clash::ThisLaunch);
    }
}
