//! What holds at every moment, and what holds when all has come to rest.

use std::collections::{BTreeSet, HashSet};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use landing_zone::Zone;
use landing_zone::model::organization::Account;
use landing_zone::model::service_catalog::{
    Named, ProductStatus, portfolio_visible, provisioned_product,
};
use landing_zone::ports::{MemoryWorld, is_usable as is_in_use};
use vending::account::{AccountId, AccountName};
use vending::ledger::{Batch, BatchId, Entry, Grant, Status};
use vending::ports::{Ledger, OutsideAccounts};

use crate::violation::{Checked, Violation, holds};
use crate::world::is_email_of_a_row;

/// The answer of a future that has nothing to wait for.
pub fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}

/// Looks whether what must hold at every moment does. Accounts that were finished
/// `by_hand` in Control Tower are apart: nothing that can be asked shows it, so Vend may
/// have launched them again, or removed the product of the failed launch, with which
/// Control Tower lets go of the account, before it hears of it.
///
/// # Errors
/// The first thing that does not.
pub fn always(world: &MemoryWorld, by_hand: &BTreeSet<String>) -> Checked {
    let entries = world.ledger.all();
    slots_are_those_in_flight(world, &entries, beside(world, &entries, by_hand))?;
    let emails: HashSet<String> = entries.iter().map(|entry| entry.request.email.key()).collect();
    holds(emails.len() == entries.len(), || "two names hold one e-mail".to_owned())?;
    world.zone.with(|zone| of_the_zone(zone, &entries, by_hand))?;
    entries.iter().try_for_each(|entry| no_outsider(world, entry))?;
    every_assignment_has_a_place(world)
}

/// Whatever is under way at Identity Center has a place among the ten, also where nobody
/// heard that it was taken.
fn every_assignment_has_a_place(world: &MemoryWorld) -> Checked {
    let outstanding = world.zone.with(|zone| zone.identity_center.outstanding());
    let places = world.ledger.holders("assignments").len();
    holds(outstanding <= places, || {
        format!("{outstanding} assignments are under way, in {places} places")
    })
}

/// Whether the invocation of that number is the one that may talk to Identity Center.
///
/// # Errors
/// When it is not.
pub fn talks_alone(world: &MemoryWorld, number: usize) -> Checked {
    let holders = world.ledger.holders("identity-center");
    holds(holders.len() == 1 && holders.contains_key(&number.to_string()), || {
        format!("#{number} talks to Identity Center, where {holders:?} may")
    })
}

/// How many launches run on though their accounts were finished by hand and their slots
/// are free.
fn beside(world: &MemoryWorld, entries: &[Entry], by_hand: &BTreeSet<String>) -> usize {
    let runs = |entry: &&Entry| {
        let name = Named::Name(entry.product_name());
        world.zone.with(|zone| {
            provisioned_product(zone, &name)
                .is_ok_and(|product| product.status == ProductStatus::UnderChange)
        })
    };
    let without_slot = entries.iter().filter(|entry| !entry.holds_slot());
    without_slot.filter(|it| by_hand.contains(it.request.name.as_str())).filter(runs).count()
}

fn slots_are_those_in_flight(world: &MemoryWorld, entries: &[Entry], beside: usize) -> Checked {
    let slots = world.ledger.launching_now().in_flight;
    let holders = entries.iter().filter(|entry| entry.holds_slot());
    let holders: BTreeSet<AccountName> = holders.map(|entry| entry.request.name.clone()).collect();
    holds(slots == holders, || format!("slots {slots:?}, and in flight {holders:?}"))?;
    let running = world.zone.with(|zone| zone.service_catalog.running());
    holds(running <= slots.len() + beside, || {
        format!("{running} launches under way, and slots only for {slots:?}")
    })
}

fn of_the_zone(zone: &Zone, entries: &[Entry], by_hand: &BTreeSet<String>) -> Checked {
    for entry in entries {
        id_is_true(zone, entry)?;
        let made = matches!(entry.status(), Status::Configuring | Status::Ready);
        if made && !by_hand.contains(entry.request.name.as_str()) {
            is_usable(zone, entry)?;
        }
        if entry.status() == Status::Ready {
            has_everything(zone, entry)?;
        }
        one_account(zone, entry)?;
    }
    Ok(())
}

/// An account that an entry names is the one with its e-mail.
fn id_is_true(zone: &Zone, entry: &Entry) -> Checked {
    let Some(id) = &entry.account else { return Ok(()) };
    let account = zone.organization.account(id.as_str());
    let email = account.map(|account| account.email.to_lowercase());
    holds(email.as_ref() == Some(&entry.request.email.key()), || {
        format!("account {id} is not that of {}", entry.request.name)
    })
}

fn is_usable(zone: &Zone, entry: &Entry) -> Checked {
    let id = entry.account.as_ref().map(AccountId::as_str).unwrap_or_default();
    let managed = zone.organization.account(id).is_some_and(|account| account.managed);
    holds(managed, || {
        format!("{} is {} and its account is not finished", entry.request.name, entry.status())
    })
}

fn has_everything(zone: &Zone, entry: &Entry) -> Checked {
    let name = &entry.request.name;
    let id = entry.account.as_ref().map(AccountId::as_str).unwrap_or_default();
    let lacks = entry.steps.iter().find(|step| !has(zone, id, &step.grant));
    holds(lacks.is_none(), || {
        let what = lacks.map(|step| step.grant.describe());
        format!("{name} is READY and lacks {}", what.unwrap_or_default())
    })
}

fn has(zone: &Zone, account: &str, grant: &Grant) -> bool {
    match grant {
        Grant::Assignment { permission_set, principal, .. } => {
            let mut given = zone.identity_center.assignments_of(account, permission_set);
            given.any(|assignment| assignment.principal == principal.id)
        }
        Grant::Portfolio(portfolio) => portfolio_visible(zone, account, &portfolio.id),
        Grant::Usable(usage) => is_in_use(zone, account, usage),
    }
}

/// No row ever gets a second account, whatever e-mail it is corrected to. Somebody
/// else's may have the same name.
fn one_account(zone: &Zone, entry: &Entry) -> Checked {
    let name = entry.request.name.as_str();
    let ours = |account: &&Account| account.name == name && is_email_of_a_row(&account.email);
    let many = zone.organization.accounts().iter().filter(ours).count();
    holds(many <= 1, || format!("{many} accounts were made for {name}"))
}

/// An entry's account is not also looked after as one that was made outside Vend.
fn no_outsider(world: &MemoryWorld, entry: &Entry) -> Checked {
    let Some(id) = &entry.account else { return Ok(()) };
    let outsider = at_once(world.ledger.outside(id));
    holds(matches!(outsider, Some(Ok(None))), || {
        format!("the account of {} is taken for one made outside Vend", entry.request.name)
    })
}

/// Looks whether everything has come to its end, and was told.
///
/// # Errors
/// The first thing that has not.
pub fn at_rest(world: &MemoryWorld, taken: &BTreeSet<String>) -> Checked {
    let entries = world.ledger.all();
    for entry in &entries {
        let rests = entry.status().is_terminal() && !entry.holds_slot();
        holds(rests, || format!("never ends: {} {:?}", entry.request.name, entry.state))?;
        holds(!entry.is_unannounced(), || {
            format!("never told: {} {:?}", entry.request.name, entry.state)
        })?;
    }
    holds(world.ledger.launching_now().in_flight.is_empty(), || "slots are taken".to_owned())?;
    taken.iter().try_for_each(|id| batch_is_told(world, &BatchId(id.clone()), &entries))
}

fn batch_is_told(world: &MemoryWorld, id: &BatchId, entries: &[Entry]) -> Checked {
    let Some(Ok(Some(batch))) = at_once(world.ledger.batch(id)) else {
        return Err(Violation::new(format!("batch {id} is not there")));
    };
    holds(batch.taken && batch.announced && batch.closed, || format!("not told: {batch:?}"))?;
    holds(was_told(world, "batch-taken", id.as_str()), || format!("taken, not told: {batch:?}"))?;
    let counts = format!("{id} complete: {} ready, {} failed", batch.ready, batch.failed);
    holds(batch.queued() == 0 || was_told(world, "batch-complete", &counts), || {
        format!("complete, not told or not so: {batch:?}")
    })?;
    counts_are_true(&batch, entries)
}

fn counts_are_true(batch: &Batch, entries: &[Entry]) -> Checked {
    let own = entries.iter().filter(|entry| entry.batch == batch.id);
    let count = |status| own.clone().filter(|it| it.status() == status).count() as u64;
    // One that failed and was uploaded again stays counted in the old batch.
    let so = (batch.remaining, batch.ready) == (0, count(Status::Ready))
        && batch.failed >= count(Status::Failed);
    holds(so, || format!("the counts are not those of the entries: {batch:?}"))
}

fn was_told(world: &MemoryWorld, kind: &str, subject: &str) -> bool {
    world.zone.with(|zone| {
        zone.topics.messages().iter().any(|message| {
            let of_kind = message.attributes.get("kind").is_some_and(|it| it.value == kind);
            of_kind && message.subject.as_ref().is_some_and(|text| text.contains(subject))
        })
    })
}
