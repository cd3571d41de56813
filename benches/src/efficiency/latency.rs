//! How long each call takes, and what happens around it: time passes, the landing zone goes
//! on, and what the call changed is put where it is delivered from.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use landing_zone::ports::Hook;
use vending::ports::CouldNotAsk;

use super::world::Outside;

/// A read of DynamoDB by key or index: AWS promises single-digit milliseconds.
const READ: Duration = Duration::from_millis(6);
/// A write of one item.
const WRITE: Duration = Duration::from_millis(8);
/// A transaction: about two writes one after the other.
const TRANSACTION: Duration = Duration::from_millis(15);
/// `DescribeProvisionedProduct`, `DescribeRecord`, and other reads of Service Catalog.
const CATALOG_READ: Duration = Duration::from_millis(250);
/// `ProvisionProduct`, which makes a product and a record before it answers.
const PROVISION: Duration = Duration::from_millis(1_500);
/// The three reads that find out what to launch, by a function that has not for a while.
const LOOK_UP: Duration = Duration::from_millis(750);
/// For so long a function trusts what it has looked up: `ServiceCatalogAccountFactory`.
const LOOKED_UP_FOR: TimeDelta = TimeDelta::minutes(15);
/// A call of Organizations, which is served from one Region.
const ORGANIZATIONS: Duration = Duration::from_millis(150);
/// A call of Identity Center: 80 ms, and the pace of `vending_aws::pace` makes it 100.
const IDENTITY_CENTER: Duration = Duration::from_millis(100);
/// A publication to an SNS topic.
const PUBLISH: Duration = Duration::from_millis(40);
/// A small object of S3, read or written.
const OBJECT: Duration = Duration::from_millis(40);

/// Rows that one transaction admits: each is an entry and its claim on an e-mail, and
/// DynamoDB takes 100 actions at a time.
const ROWS_IN_A_TRANSACTION: usize = 50;

/// The calls that have to know what to launch.
const LAUNCHABLE: [&str; 2] = ["provision", "units"];

/// Latency around every call of a port.
pub(super) struct Latency {
    outside: Outside,
    /// How many rows a list has.
    rows: usize,
    looked_up: Mutex<Option<DateTime<Utc>>>,
}

impl Latency {
    pub(super) fn new(outside: Outside, rows: usize) -> Self {
        Self { outside, rows, looked_up: Mutex::default() }
    }

    /// What the ids of the product, its version and its launch path take, where they are
    /// not known.
    fn look_up(&self) -> Duration {
        let now = self.outside.time.now();
        let mut looked_up = self.looked_up.lock().unwrap_or_else(PoisonError::into_inner);
        if looked_up.is_some_and(|at| now - at < LOOKED_UP_FOR) {
            return Duration::ZERO;
        }
        *looked_up = Some(now);
        LOOK_UP
    }
}

/// How long a call takes where a list has so many rows.
fn of(call: &str, rows: usize) -> Duration {
    match call {
        "provision" => PROVISION,
        // The product, and its record.
        "find" | "discard" => CATALOG_READ * 2,
        "units" | "resolve portfolio" | "share" | "share status" | "is_shared" => CATALOG_READ,
        "accounts" | "account" | "reach" | "management_account" => ORGANIZATIONS,
        "resolve assignment" | "exists" | "request" | "assignment status" => IDENTITY_CENTER,
        "publish" => PUBLISH,
        "read" | "write_results" | "results_of" | "replace_results" => OBJECT,
        "admit" => TRANSACTION * many(rows.div_ceil(ROWS_IN_A_TRANSACTION)),
        "save" | "claim" => TRANSACTION,
        "hold" | "set_streak" | "ticked" | "save_batch" | "take" | "give_back" => WRITE,
        _ => READ,
    }
}

fn many(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Half of the time passes on the way there, and half on the way back.
#[async_trait]
impl Hook for Latency {
    async fn before(&self, call: &'static str) -> Result<(), CouldNotAsk> {
        self.outside.count(call);
        let first = if LAUNCHABLE.contains(&call) { self.look_up() } else { Duration::ZERO };
        self.outside.time.sleep(first + of(call, self.rows) / 2).await;
        self.outside.catch_up();
        Ok(())
    }

    async fn after(&self, call: &'static str) -> Result<(), CouldNotAsk> {
        self.outside.note_changes();
        self.outside.time.sleep(of(call, self.rows) / 2).await;
        Ok(())
    }
}
