//! What a list costs in calls of DynamoDB, by the real adapter over the local cloud.

use anyhow::{Context, ensure};
use aws_credential_types::Credentials;
use landing_zone::Zone;
use landing_zone::ports::MemoryWorld;
use local_cloud::{ACCESS_KEY, Calls, Cloud, ENDPOINT, SECRET_KEY, Settings};
use vending::file::MOST_ROWS;
use vending::ingest::{Ingested, Intake, ingest};
use vending_aws::{Clients, DynamoDbLedger, TableNames, create_tables, fixed_config};

use super::{lists, world};
use crate::Figures;

const REGION: &str = "us-east-1";
const ACCOUNT: &str = "111122223333";

/// Actions of a transaction at most (DynamoDB API reference, `TransactWriteItems`), of which
/// one counts the batch; an entry takes two, itself and the claim on its e-mail.
const ENTRIES_IN_ONE: usize = (100 - 1) / 2;
/// Transactions for the batch itself, with its place among the open ones: when it begins,
/// when it is taken, and when that was told.
const OF_THE_BATCH: u64 = 3;
/// Items in one reading of many (`BatchGetItem`).
const KEYS_IN_ONE: usize = 100;

/// Milliseconds of a transaction of a hundred actions, and of a reading of a hundred items,
/// within a Region: assumed, and not measured.
const TRANSACTION: f64 = 60.0;
const READING: f64 = 25.0;
/// Seconds after which Lambda ends intake (`infra/template.yaml`).
const TIMEOUT: f64 = 900.0;

/// What a list of so many rows took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writes {
    /// Its rows.
    pub rows: usize,
    /// Transactions.
    pub transactions: u64,
    /// Readings of many items.
    pub readings: u64,
    /// Calls of DynamoDB in all.
    pub calls: u64,
}

impl Writes {
    /// The fewest transactions that there can be.
    #[must_use]
    pub fn fewest_transactions(&self) -> u64 {
        self.rows.div_ceil(ENTRIES_IN_ONE) as u64 + OF_THE_BATCH
    }

    /// The fewest readings: of the entries, and of the claims on the e-mails.
    #[must_use]
    pub fn fewest_readings(&self) -> u64 {
        2 * self.rows.div_ceil(KEYS_IN_ONE) as u64
    }

    /// Calls for each row.
    #[must_use]
    pub fn per_row(&self) -> f64 {
        self.calls as f64 / self.rows as f64
    }

    /// Seconds that they take one after the other.
    fn seconds(&self) -> f64 {
        let others = self.calls - self.transactions;
        (self.transactions as f64 * TRANSACTION + others as f64 * READING) / 1000.0
    }
}

/// Takes a list of so many plain rows in, and counts.
///
/// # Errors
/// When it is not taken as a whole.
pub fn writes(rows: usize) -> anyhow::Result<Writes> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(counted(rows))
}

async fn counted(rows: usize) -> anyhow::Result<Writes> {
    let cloud = cloud()?;
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "benches");
    let clients = Clients::new(fixed_config(cloud.http_client(), ENDPOINT, REGION, credentials));
    let tables = TableNames { accounts: "accounts".into(), control: "control".into() };
    create_tables(&clients.dynamodb(), &tables).await?;
    let ledger = DynamoDbLedger::new(clients.dynamodb(), tables);
    let world = MemoryWorld::new(&world::description(), 7);
    let object = world.upload("in/list.csv", lists::plain(rows));
    let intake = Intake { ledger: &ledger, orders: &ledger, ..world.intake() };
    let before = cloud.calls();
    match ingest(&intake, &object).await? {
        Ingested::Taken { batch, faults } if faults.is_empty() && batch.queued() == rows as u64 => {
        }
        other => anyhow::bail!("not taken: {other:?}"),
    }
    let after = cloud.calls();
    let of = |operation| called(&after, Some(operation)) - called(&before, Some(operation));
    Ok(Writes {
        rows,
        transactions: of("TransactWriteItems"),
        readings: of("BatchGetItem"),
        calls: called(&after, None) - called(&before, None),
    })
}

fn called(calls: &Calls, operation: Option<&str>) -> u64 {
    let counts = calls.iter().filter(|((_, name), _)| operation.is_none_or(|it| it == name));
    counts.map(|(_, count)| count).sum()
}

fn cloud() -> anyhow::Result<Cloud> {
    let described = world::description();
    let settings = Settings {
        state: None,
        seed: 7,
        start: described.organization.since,
        region: REGION.to_owned(),
        account: ACCOUNT.to_owned(),
    };
    let zone = move |seed, start| Zone::new(&described, seed, start);
    Cloud::open(settings, zone, |_, _| Ok(())).context("open a cloud")
}

/// Measures it.
pub(super) fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let counted = writes(MOST_ROWS)?;
    ensure!(counted.calls > 0, "nothing was counted");
    figures.hold("calls of DynamoDB for each of 10,000 rows", counted.per_row(), "calls", 0.1);
    let (most, transactions) = (counted.fewest_transactions() as f64, counted.transactions as f64);
    figures.hold("transactions for 10,000 rows", transactions, "", most);
    let (most, readings) = (counted.fewest_readings() as f64, counted.readings as f64);
    figures.hold("readings of many items for 10,000 rows", readings, "", most);
    let what = "seconds that the calls for 10,000 rows take, at 60 ms and 25 ms";
    figures.hold(what, counted.seconds(), "s", TIMEOUT / 10.0);
    Ok(())
}
