//! What is told of a list beforehand is what intake then does with it: whatever stands in
//! the ledger, and whatever the list asks for.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod standing;

use landing_zone::Description;
use landing_zone::ports::MemoryWorld;
use proptest::prelude::*;
use vending::file::SheetReader;
use vending::forecast::Line;
use vending::ingest::{Asking, Ingested, PlannedRow, Prepared, RowPlan, ingest, prepare};
use vending::ledger::{BatchId, Status};
use vending::ports::{Clock, Ledger};

use standing::{Stands, names, place, stands};

const HEADER: &str = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,\
    OrgUnit,Assignments,Portfolios,Defaults\n";

/// A row of a list.
#[derive(Debug, Clone)]
struct Asked {
    /// Which of [`names`].
    name: usize,
    /// Its e-mail: mostly its own, else another one.
    email: usize,
    unit: &'static str,
    /// Its assignments, portfolios, and what it says of the defaults.
    access: &'static str,
}

impl Asked {
    fn line(&self) -> String {
        let names = names();
        let name = &names[self.name];
        let email = match self.email {
            0 => format!("{}@example.com", names[(self.name + 1) % names.len()]),
            1 => "aws-audit@example.com".to_owned(),
            2 => format!("new-{name}@example.com"),
            3 => "no e-mail".to_owned(),
            _ => format!("{name}@example.com"),
        };
        let Self { unit, access, .. } = self;
        format!("{name},ana.silva@example.com,{email},Ana,Silva,{unit},{access}\n")
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let unit = prop_oneof![4 => Just("Test-OU-1"), 2 => Just("Test-OU-2"), 1 => Just("Nowhere")];
    let access = prop_oneof![
        8 => Just(",,"),
        4 => Just("group:Developers=AWSReadOnlyAccess;user:john.smith=BillingView,,"),
        2 => Just("group:Developers=AWSPowerUserAccess,Network baseline,replace"),
        1 => Just("group:Nobody=AWSReadOnlyAccess,local:Nothing,"),
        1 => Just("Developers=AWSReadOnlyAccess,,perhaps"),
    ];
    (0..names().len(), 0_usize..20, unit, access).prop_map(|(name, email, unit, access)| Asked {
        name,
        email,
        unit,
        access,
    })
}

fn list(rows: &[Asked]) -> String {
    let rows: String = rows.iter().map(Asked::line).collect();
    format!("{HEADER}{rows}")
}

/// What an upload of the list would do.
async fn planned(world: &MemoryWorld, list: &str) -> Prepared {
    let mut reader = SheetReader::new();
    reader.push(list.as_bytes()).unwrap();
    let sheet = reader.finish().unwrap();
    let (batch, uploaded_at) = (BatchId("planned".into()), world.zone.now());
    let intake = world.intake();
    prepare(&intake.preparing(), &Asking { batch, uploaded_at }, &sheet).await.unwrap()
}

/// Whether the row's entry is by now what the plan said.
async fn is_done(world: &MemoryWorld, row: &PlannedRow, batch: &BatchId) -> bool {
    let entry = world.ledger.entry(&row.request.name).await.unwrap().unwrap();
    let (before, status) = (row.before.as_ref(), entry.status());
    let attempts = before.map_or(0, |entry| entry.attempt);
    let taken = entry.batch == *batch && entry.request == row.request;
    match row.plan {
        RowPlan::Queue | RowPlan::QueueAgain => {
            taken && status == Status::Queued && entry.attempt == attempts + 1
        }
        RowPlan::TakeValues => taken && status == Status::Queued && entry.attempt == attempts,
        RowPlan::AccessAgain => {
            let asked = entry.request.access == row.request.access;
            asked && entry.batch == *batch && status == Status::Configuring
        }
        RowPlan::Unchanged(_) | RowPlan::Superseded(_) => before == Some(&entry),
    }
}

/// Whether the line of those that wait and those under way is as they stand.
async fn line_is_seen(world: &MemoryWorld, stands: &[Stands]) {
    let stands_in = |these: &[Stands]| stands.iter().filter(|it| these.contains(it)).count();
    let line = Line::look(&world.ledger, 3, world.zone.now()).await.unwrap();
    assert_eq!(line.waiting, stands_in(&[Stands::Queued]));
    assert_eq!(line.in_flight.len(), stands_in(&[Stands::Provisioning, Stands::Overdue]));
}

async fn check(stands: Vec<Stands>, rows: Vec<Asked>, accept_valid_rows: bool) {
    let mut world = MemoryWorld::new(&Description::builtin(), 7);
    world.accept_valid_rows = accept_valid_rows;
    place(&world, HEADER, &stands).await;
    line_is_seen(&world, &stands).await;
    let list = list(&rows);
    let before = world.ledger.all();
    let prepared = planned(&world, &list).await;
    assert_eq!(world.ledger.all(), before, "a plan changes nothing");

    let object = world.upload("list.csv", list);
    match ingest(&world.intake(), &object).await.unwrap() {
        Ingested::Refused { faults, .. } => {
            assert!(!prepared.is_acceptable(accept_valid_rows));
            assert_eq!(faults, prepared.faults);
            assert_eq!(world.ledger.all(), before);
        }
        Ingested::Taken { batch, faults } => {
            assert!(prepared.is_acceptable(accept_valid_rows));
            assert_eq!(faults, prepared.faults);
            assert_eq!(batch.rows - batch.refused, prepared.rows.len() as u64);
            for row in &prepared.rows {
                assert!(is_done(&world, row, &batch.id).await, "{row:?}");
            }
        }
        other => panic!("neither taken nor refused: {other:?}"),
    }
}

proptest! {
    #[test]
    fn intake_does_what_the_plan_said(
        stands in proptest::collection::vec(stands(), names().len()),
        rows in proptest::collection::vec(asked(), 1..8),
        accept_valid_rows: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(check(stands, rows, accept_valid_rows));
    }
}
