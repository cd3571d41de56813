//! One world that things happen in, and how it is brought to its end.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use landing_zone::Description;
use landing_zone::model::service_catalog::Outcome;
use landing_zone::ports::MemoryWorld;
use vending::account::AccountName;
use vending::handover;
use vending::ingest::{Ingested, ingest};
use vending::ledger::{ObjectRef, Operator, PrincipalKind, Resumed};
use vending::lifecycle::LifecycleEvent;
use vending::ports::{Clock, Ledger, PrincipalText};
use vending::provision::{Trigger, provision, resume};

use crate::invariants;

/// Names that rows are about; few, so that files speak of the same ones.
pub const NAMES: usize = 6;

/// How a world is set up.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Launches at a time.
    pub max_in_flight: usize,
    /// The landing zone's seed.
    pub seed: u64,
    /// Whether the good rows of a file with faults are taken.
    pub accept_valid_rows: bool,
    /// What becomes of the first launches of each name.
    pub outcomes: Vec<Outcome>,
    /// What is uploaded first.
    pub rows: Vec<Row>,
}

/// A row of an upload: the number of its name, and that of its e-mail.
pub type Row = (usize, usize);

/// A world, and what waits to be delivered in it.
pub struct Run {
    pub world: MemoryWorld,
    /// Entries that changed, as the stream has them.
    pub changes: Vec<AccountName>,
    pub events: Vec<LifecycleEvent>,
    pub uploads: Vec<ObjectRef>,
    /// Batches that were taken.
    pub taken: BTreeSet<String>,
}

/// The world of `setting`, at its first moment.
pub fn world(setting: &Setting) -> MemoryWorld {
    let mut description = Description::builtin();
    description.account_factory.concurrent_operations = 10;
    for (number, outcome) in setting.outcomes.iter().enumerate() {
        description.account_factory.outcomes.insert(name(number), *outcome);
    }
    let group = |text: &str| PrincipalText { kind: PrincipalKind::Group, text: text.into() };
    let assignments = vec![
        (group("Platform-Admins"), "AWSAdministratorAccess".to_owned()),
        (group("Developers"), "AWSReadOnlyAccess".to_owned()),
    ];
    let portfolios = vec!["Network baseline".to_owned()];
    MemoryWorld {
        max_in_flight: setting.max_in_flight,
        accept_valid_rows: setting.accept_valid_rows,
        ..MemoryWorld::new(&description, setting.seed).giving(assignments, portfolios)
    }
}

fn name(number: usize) -> String {
    format!("account-{number}")
}

/// A list with those rows.
pub fn list(rows: &[Row]) -> String {
    let mut text = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Status,AccountId,ErrorMsg\n".to_owned();
    for (number, email) in rows {
        let name = name(*number);
        text.push_str(&format!(
            "{name},jane@example.com,account-{email}@example.com,Jane,Doe,Test-OU-1,,,\n"
        ));
    }
    text
}

impl Run {
    pub fn new(setting: &Setting) -> Self {
        Self {
            world: world(setting),
            changes: Vec::new(),
            events: Vec::new(),
            uploads: Vec::new(),
            taken: BTreeSet::new(),
        }
    }

    pub async fn upload(&mut self, rows: &[Row]) {
        let object = self.world.upload(&format!("in/list-{}.csv", self.uploads.len()), list(rows));
        self.uploads.push(object.clone());
        self.ingest(&object).await;
    }

    pub async fn ingest(&mut self, object: &ObjectRef) {
        if let Ingested::Taken { batch, .. } = ingest(&self.world.intake(), object).await.unwrap() {
            self.taken.insert(batch.id.to_string());
        }
    }

    pub async fn change(&self, name: &AccountName) {
        provision(&self.world.provisioning(), &Trigger::Changed).await.unwrap();
        handover::attend(&self.world.handover(), name).await.unwrap();
    }

    pub async fn event(&self, event: &LifecycleEvent) {
        let trigger = Trigger::ControlTower(event.clone());
        provision(&self.world.provisioning(), &trigger).await.unwrap();
        handover::welcome(&self.world.handover(), event).await.unwrap();
    }

    pub async fn provision_tick(&self) {
        provision(&self.world.provisioning(), &Trigger::Tick).await.unwrap();
    }

    pub async fn handover_tick(&self) {
        handover::tick(&self.world.handover()).await.unwrap();
    }

    pub fn pass(&self, time: TimeDelta) {
        self.world.zone.advance_to(self.world.zone.now() + time);
    }

    pub async fn resume(&self) {
        let resumed = Resumed { by: Operator("operator".into()), at: self.world.zone.now() };
        resume(&self.world.ledger, &resumed).await.unwrap();
    }

    /// Takes up what came of the last step, and looks whether all is as it must be.
    pub fn look(&mut self) {
        self.changes.extend(
            self.world.ledger.take_changes().into_iter().map(|(_, after)| after.request.name),
        );
        self.events.extend(self.world.zone.take_lifecycle_events());
        invariants::always(&self.world);
    }

    /// Nothing is delivered any more: ticks alone bring everything to its end.
    pub async fn finish(&mut self) {
        self.world.ledger.let_index_catch_up();
        // Twelve hours of nothing but waiting are more than any row ever needs.
        for _ in 0..NAMES * 12 * 30 {
            self.provision_tick().await;
            self.handover_tick().await;
            self.look();
            if self.is_over().await {
                break;
            }
            if self.world.ledger.launching_now().pause.is_some() {
                self.resume().await;
            }
            self.pass(TimeDelta::minutes(2));
        }
        invariants::finally(self).await;
    }

    async fn is_over(&self) -> bool {
        let entries = self.world.ledger.all();
        let settled = entries.iter().all(|it| it.status().is_terminal() && !it.is_unannounced());
        settled
            && self.world.ledger.launching_now().in_flight.is_empty()
            && self.world.ledger.open_batches().await.unwrap().is_empty()
    }
}
