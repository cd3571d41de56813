//! A ledger in which entries stand everywhere that one can stand.

use chrono::TimeDelta;
use landing_zone::ports::MemoryWorld;
use proptest::prelude::*;
use vending::account::{AccountId, AccountName};
use vending::failure::{Failure, FailureKind};
use vending::ingest::{Ingested, ingest};
use vending::ledger::{Entry, Event, ProvisionToken, Source, Transition};
use vending::ports::{Claim, Clock, Ledger, Saved};

/// Where an entry stands before the list comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Nowhere,
    Queued,
    Provisioning,
    Configuring,
    Ready,
    LaunchFailed,
    Overdue,
    AccessFailed,
}

pub fn stands() -> impl Strategy<Value = Stands> {
    prop_oneof![
        2 => Just(Stands::Nowhere),
        1 => Just(Stands::Queued),
        1 => Just(Stands::Provisioning),
        1 => Just(Stands::Configuring),
        1 => Just(Stands::Ready),
        1 => Just(Stands::LaunchFailed),
        1 => Just(Stands::Overdue),
        1 => Just(Stands::AccessFailed),
    ]
}

/// The accounts that lists ask for.
pub fn names() -> [&'static str; 6] {
    ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]
}

/// Puts an entry into the ledger for each of [`names`] that stands somewhere.
pub async fn place(world: &MemoryWorld, header: &str, stands: &[Stands]) {
    let mut list = header.to_owned();
    let standing = || names().into_iter().zip(stands).filter(|(_, it)| **it != Stands::Nowhere);
    for (name, _) in standing() {
        let row = format!("{name},ana.silva@example.com,{name}@example.com,Ana,Silva,Test-OU-1\n");
        list.push_str(&row);
    }
    if standing().next().is_none() {
        return;
    }
    let object = world.upload("earlier.csv", list);
    let ingested = ingest(&world.intake(), &object).await.unwrap();
    assert!(
        matches!(&ingested, Ingested::Taken { faults, .. } if faults.is_empty()),
        "{ingested:?}"
    );
    for (name, stands) in standing() {
        bring(world, &AccountName::new(name).unwrap(), *stands).await;
    }
}

/// Brings a queued entry to where it is to stand.
async fn bring(world: &MemoryWorld, name: &AccountName, stands: Stands) {
    for event in events(name, stands, world) {
        let before = world.ledger.entry(name).await.unwrap().unwrap();
        let after = after(world, &before, event.clone());
        if matches!(event, Event::Claimed { .. }) {
            let now = world.zone.now();
            let claimed = world.ledger.claim(&before, &after, names().len(), now).await.unwrap();
            assert_eq!(claimed, Claim::Taken);
        } else {
            assert_eq!(world.ledger.save(&before, &after).await.unwrap(), Saved::Saved);
        }
    }
}

fn after(world: &MemoryWorld, entry: &Entry, event: Event) -> Entry {
    match entry.after(event, &Source::Queue, world.zone.now()).unwrap() {
        Transition::Advanced(after) => *after,
        Transition::AlreadyThere => panic!("it stands there already"),
    }
}

fn events(name: &AccountName, stands: Stands, world: &MemoryWorld) -> Vec<Event> {
    let check_at = world.zone.now() + TimeDelta::minutes(1);
    let claimed = Event::Claimed { token: ProvisionToken(format!("vend-{name}")), check_at };
    let made = Event::AccountMade { account: AccountId::new("123456789012").unwrap() };
    let failure = Failure::new(FailureKind::Unknown, "it went wrong");
    match stands {
        Stands::Nowhere | Stands::Queued => vec![],
        Stands::Provisioning => vec![claimed],
        Stands::Configuring => vec![claimed, made],
        Stands::Ready => vec![claimed, made, Event::Configured { steps: vec![] }],
        Stands::LaunchFailed => vec![claimed, Event::LaunchFailed { failure, account: None }],
        Stands::Overdue => vec![claimed, Event::Overdue { failure }],
        Stands::AccessFailed => {
            vec![claimed, made, Event::AccessFailed { steps: vec![], failure }]
        }
    }
}
