//! A world with lists that ask for access, and what the accounts have of it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use landing_zone::Description;
use landing_zone::model::identity_center::{Assignment, IdentityCenter, PrincipalKind};
use landing_zone::ports::MemoryWorld;
use vending::account::AccountName;
use vending::handover::{self, Handover};
use vending::ingest::{Ingested, Intake, ingest};
use vending::ledger::{Batch, Entry, Progress, Status};
use vending::ports::{AccessDefaults, Clock, Ledger};
use vending::provision::{Trigger, provision};

use crate::picky::Picky;

const HEADER: &str = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,\
    OrgUnit,Assignments,Portfolios,Defaults\n";

pub struct Rig {
    pub world: MemoryWorld,
    pub center: Picky,
}

impl Rig {
    /// A landing zone in which Control Tower assigns nothing by itself, and in which every
    /// account is given read-only access for the developers, and the network.
    pub fn new() -> Self {
        let mut description = Description::builtin();
        description.identity_center.self_managed = true;
        let mut world = MemoryWorld::new(&description, 7);
        let assignments = ["group:Developers=AWSReadOnlyAccess".to_owned()];
        world.defaults =
            AccessDefaults::read(&assignments, vec!["Network baseline".to_owned()]).unwrap();
        let center = Picky::new(world.zone.clone());
        Self { world, center }
    }

    fn intake(&self) -> Intake<'_> {
        Intake { assignments: &self.center, ..self.world.intake() }
    }

    fn handover(&self) -> Handover<'_> {
        Handover { assignments: &self.center, ..self.world.handover() }
    }

    /// Uploads a list of names, each with assignments, portfolios, and what is said of the
    /// defaults.
    pub async fn upload(&self, key: &str, rows: &[(&str, &str, &str, &str)]) -> Ingested {
        let rows = rows.iter().map(|(name, assignments, portfolios, defaults)| {
            let person = format!("jane.doe@example.com,{name}@example.com,Jane,Doe,Test-OU-1");
            format!("{name},{person},{assignments},{portfolios},{defaults}\n")
        });
        let list = HEADER.to_owned() + &rows.collect::<String>();
        let object = self.world.upload(key, list);
        ingest(&self.intake(), &object).await.unwrap()
    }

    /// The same, where it is to be taken without a fault.
    pub async fn taken(&self, key: &str, rows: &[(&str, &str, &str, &str)]) -> Batch {
        match self.upload(key, rows).await {
            Ingested::Taken { batch, faults } if faults.is_empty() => *batch,
            other => panic!("not taken: {other:?}"),
        }
    }

    /// The same, where it is to be refused: every fault.
    pub async fn refused(&self, key: &str, rows: &[(&str, &str, &str, &str)]) -> Vec<String> {
        match self.upload(key, rows).await {
            Ingested::Refused { faults, .. } => faults.iter().map(ToString::to_string).collect(),
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Lets time pass until each of those accounts is READY or FAILED; answers which.
    pub async fn ended(&self, names: &[&str]) -> Vec<Status> {
        for _ in 0..400 {
            provision(&self.world.provisioning(), &Trigger::Tick).await.unwrap();
            self.world.zone.advance_to(self.world.zone.now() + TimeDelta::minutes(1));
            self.world.ledger.let_index_catch_up();
            handover::tick(&self.handover()).await.unwrap();
            let statuses: Vec<Status> =
                names.iter().map(|name| self.entry(name).status()).collect();
            if statuses.iter().all(|status| status.is_terminal()) {
                return statuses;
            }
        }
        panic!("no end: {names:?}");
    }

    pub fn entry(&self, name: &str) -> Entry {
        let mut entries = self.world.ledger.all().into_iter();
        entries.find(|entry| entry.request.name.as_str() == name).unwrap()
    }

    /// Has an operator try a FAILED account again.
    pub async fn retry(&self, name: &str) {
        let by = vending::ledger::Operator("jane".into());
        let (ledger, clock) = (&self.world.ledger, &self.world.zone);
        let entry = ledger.entry(&AccountName::new(name).unwrap()).await.unwrap().unwrap();
        let event = vending::ledger::Event::Retried { by: by.clone() };
        let source = vending::ledger::Source::Operator(by);
        vending::advance::advance_exactly(ledger, clock, &source, &entry, event).await.unwrap();
    }

    /// The account's assignments as Identity Center has them, as they are written.
    pub fn assigned(&self, name: &str) -> BTreeSet<String> {
        let account = self.entry(name).account.unwrap();
        self.world.zone.with(|zone| {
            let center = &zone.identity_center;
            let own = center.assignments().iter().filter(|it| it.account == account.as_str());
            own.map(|assignment| written(center, assignment)).collect()
        })
    }

    /// What the ledger says that the account was given, and what not.
    pub fn recorded(&self, name: &str) -> Vec<(String, bool)> {
        let steps = self.entry(name).steps;
        steps.iter().map(|it| (it.grant.describe(), it.progress == Progress::Done)).collect()
    }

    /// The row of an account in the results file of a batch.
    pub fn row(&self, batch: &Batch, name: &str) -> String {
        let file = self.world.source.get(&batch.object.bucket, &batch.results_key()).unwrap();
        let text = String::from_utf8(file).unwrap();
        text.lines().find(|line| line.starts_with(&format!("{name},"))).unwrap().to_owned()
    }
}

fn written(center: &IdentityCenter, assignment: &Assignment) -> String {
    let set = center.permission_set(&assignment.permission_set).unwrap();
    let principal = match assignment.kind {
        PrincipalKind::Group => {
            format!("group:{}", center.group(&assignment.principal).unwrap().name)
        }
        PrincipalKind::User => format!("user:{}", center.user(&assignment.principal).unwrap().name),
    };
    format!("{principal}={}", set.name)
}

/// A set of assignments as they are written.
pub fn set(assignments: &[&str]) -> BTreeSet<String> {
    assignments.iter().map(|it| (*it).to_owned()).collect()
}
