//! Vend over a landing zone in memory, woken as the deployed functions are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use landing_zone::Description;
use landing_zone::model::service_catalog::Outcome;
use landing_zone::model::topics::Message;
use landing_zone::ports::{Hook, MemoryWorld};
use vending::account::AccountName;
use vending::file::Fault;
use vending::handover;
use vending::ingest::{Ingested, ingest};
use vending::ledger::{Entry, PrincipalKind, Status};
use vending::ports::{Clock, CouldNotAsk, Ledger, PrincipalText};
use vending::provision::{Trigger, provision};

pub const HEADER: &str = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Status,AccountId,ErrorMsg";

/// Vend, and what happens to it.
pub struct Rig {
    pub world: MemoryWorld,
}

/// A list with a good row for each name.
pub fn list(names: &[&str]) -> String {
    names.iter().fold(format!("{HEADER}\n"), |text, name| text + &row(name) + "\n")
}

/// A good row.
pub fn row(name: &str) -> String {
    format!("{name},jane@example.com,{name}@example.com,Jane,Doe,Test-OU-1 (ou-aaaa-bbbbcccc),,,")
}

impl Rig {
    /// Vend in the built-in landing zone, where these launches go wrong.
    pub fn new(outcomes: &[(&str, Outcome)]) -> Self {
        let mut description = Description::builtin();
        for (name, outcome) in outcomes {
            description.account_factory.outcomes.insert((*name).to_owned(), *outcome);
        }
        let principal =
            PrincipalText { kind: PrincipalKind::Group, text: "Platform-Admins".into() };
        let assignments = vec![(principal, "AWSAdministratorAccess".to_owned())];
        let world =
            MemoryWorld::new(&description, 7).giving(assignments, vec!["Network baseline".into()]);
        Self { world }
    }

    /// Uploads a list, and lets intake take it in.
    pub async fn upload(&self, content: impl Into<Vec<u8>>) -> Ingested {
        let object = self.world.upload("in/accounts.csv", content);
        ingest(&self.world.intake(), &object).await.unwrap()
    }

    /// The faults that a list is refused with.
    pub async fn faults(&self, content: impl Into<Vec<u8>>) -> Vec<Fault> {
        match self.upload(content).await {
            Ingested::Refused { faults, .. } => faults,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Lets everything come to its end: changes, events and ticks, minute by minute.
    pub async fn run(&self) {
        for _ in 0..60 * 24 {
            self.deliver().await;
            provision(&self.world.provisioning(), &Trigger::Tick).await.unwrap();
            handover::tick(&self.world.handover()).await.unwrap();
            self.deliver().await;
            if self.is_over().await {
                return;
            }
            self.world.zone.advance_to(self.world.zone.now() + TimeDelta::minutes(1));
        }
        panic!("not over after a day");
    }

    /// Delivers what changed and what Control Tower said, once each.
    pub async fn deliver(&self) {
        loop {
            let changes = self.world.ledger.take_changes();
            let events = self.world.zone.take_lifecycle_events();
            if changes.is_empty() && events.is_empty() {
                return;
            }
            for (_, entry) in changes {
                provision(&self.world.provisioning(), &Trigger::Changed).await.unwrap();
                handover::attend(&self.world.handover(), &entry.request.name).await.unwrap();
            }
            for event in events {
                let trigger = Trigger::ControlTower(event.clone());
                provision(&self.world.provisioning(), &trigger).await.unwrap();
                handover::welcome(&self.world.handover(), &event).await.unwrap();
            }
        }
    }

    async fn is_over(&self) -> bool {
        let entries = self.world.ledger.all();
        let told = entries.iter().all(|it| it.status().is_terminal() && !it.is_unannounced());
        told && self.world.ledger.launching_now().in_flight.is_empty()
            && self.world.ledger.open_batches().await.unwrap().is_empty()
    }

    pub fn entry(&self, name: &str) -> Entry {
        let all = self.world.ledger.all();
        all.into_iter().find(|entry| entry.request.name.as_str() == name).expect("an entry")
    }

    pub fn status(&self, name: &str) -> Status {
        self.entry(name).status()
    }

    /// How often Account Factory was really asked for an account with that e-mail.
    pub fn launches(&self, email: &str) -> usize {
        self.world.zone.with(|zone| zone.service_catalog.launches_of(email))
    }

    /// The accounts of the organization with that e-mail.
    pub fn accounts(&self, email: &str) -> usize {
        self.world.zone.with(|zone| {
            zone.organization
                .accounts()
                .iter()
                .filter(|it| it.email.eq_ignore_ascii_case(email))
                .count()
        })
    }

    pub fn mail(&self) -> Vec<Message> {
        self.world.zone.with(|zone| zone.topics.messages().to_vec())
    }

    pub async fn find(&self, name: &str) -> Option<Entry> {
        self.world.ledger.entry(&AccountName::new(name).unwrap()).await.unwrap()
    }
}

/// Counts the calls that a port gets.
#[derive(Default)]
pub struct Counter(AtomicUsize);

impl Counter {
    pub fn hook() -> (Arc<Self>, Arc<dyn Hook>) {
        let counter = Arc::new(Self::default());
        (Arc::clone(&counter), counter)
    }

    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Hook for Counter {
    async fn before(&self, _: &'static str) -> Result<(), CouldNotAsk> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn after(&self, _: &'static str) -> Result<(), CouldNotAsk> {
        Ok(())
    }
}
