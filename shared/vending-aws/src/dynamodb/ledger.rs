//! The port, each call in terms of the files beside this one.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use vending::account::{AccountName, EmailAddress};
use vending::ledger::{
    Agenda, Batch, BatchId, Entry, Launching, Pause, Resumed, Streak, Timestamp,
};
use vending::ports::{Admission, Admitted, Claim, CouldNotAsk, Ledger, OpenWork, Saved};

use super::attributes::{ACCOUNT_NAME, ID, RawItem, account_key, control_key, email_id};
use super::item::{Open, UnreadableItem, from_raw};
use super::many::due;
use super::moment::Moment;
use super::{DYNAMODB, DynamoDbLedger, item};
use crate::calls::could_not;

const READ: &str = "read an entry";
const READ_CLAIM: &str = "read a claim on an e-mail";

/// Queued entries on a page of the index, at least: most are due, and a page of one
/// for each that is not would take a call each.
const QUEUE_PAGE: usize = 25;

#[async_trait]
impl Ledger for DynamoDbLedger {
    async fn entry(&self, name: &AccountName) -> Result<Option<Entry>, CouldNotAsk> {
        let item = self.get(&self.tables.accounts, account_key(name)).await?;
        item.map(item::read).transpose().map_err(could_not(DYNAMODB, READ))
    }

    async fn entries(&self, names: &[AccountName]) -> Result<Vec<Entry>, CouldNotAsk> {
        // In an order, so that a run can be repeated.
        let names: BTreeSet<&AccountName> = names.iter().collect();
        let keys = names.into_iter().map(account_key).collect();
        read_all(self.get_many(&self.tables.accounts, keys).await?)
    }

    async fn email_owners(
        &self,
        emails: &[EmailAddress],
    ) -> Result<HashMap<String, AccountName>, CouldNotAsk> {
        let keys: BTreeSet<String> = emails.iter().map(EmailAddress::key).collect();
        let keys = keys.iter().map(|key| control_key(email_id(key))).collect();
        let claims = self.get_many(&self.tables.control, keys).await?;
        let owners = claims.into_iter().map(owner);
        owners.collect::<Result<_, _>>().map_err(could_not(DYNAMODB, READ_CLAIM))
    }

    async fn admit(&self, admissions: &[Admission]) -> Result<Vec<Admitted>, CouldNotAsk> {
        self.admit_all(admissions).await
    }

    async fn queued(&self, now: Timestamp, limit: usize) -> Result<Vec<Entry>, CouldNotAsk> {
        let page = i32::try_from(limit.max(QUEUE_PAGE)).unwrap_or(i32::MAX);
        let query = due(self.query_open(Open::Queued), Moment(now)).limit(page);
        read_all(self.collect(query, limit).await?)
    }

    async fn open(&self, work: OpenWork) -> Result<Vec<Entry>, CouldNotAsk> {
        let open = match work {
            OpenWork::Configuring => Open::Configuring,
            OpenWork::Unannounced => Open::Unannounced,
        };
        read_all(self.collect(self.query_open(open), usize::MAX).await?)
    }

    async fn claim(
        &self,
        before: &Entry,
        after: &Entry,
        max_in_flight: usize,
        now: Timestamp,
    ) -> Result<Claim, CouldNotAsk> {
        self.claim_slot(before, after, max_in_flight, now).await
    }

    async fn save(&self, before: &Entry, after: &Entry) -> Result<Saved, CouldNotAsk> {
        self.save_entry(before, after).await
    }

    async fn free_slot(&self, name: &AccountName) -> Result<(), CouldNotAsk> {
        self.free_slot_of(name).await
    }

    async fn launching(&self) -> Result<Launching, CouldNotAsk> {
        self.read_launching().await
    }

    async fn agenda(&self) -> Result<Agenda, CouldNotAsk> {
        self.read_agenda().await
    }

    async fn overview(&self) -> Result<(Launching, Agenda), CouldNotAsk> {
        self.read_overview().await
    }

    async fn hold(&self, until: Timestamp) -> Result<(), CouldNotAsk> {
        self.hold_launching(until).await
    }

    async fn set_pause(&self, pause: &Pause) -> Result<(), CouldNotAsk> {
        self.write_pause(pause).await
    }

    async fn resume(&self, resumed: &Resumed) -> Result<(), CouldNotAsk> {
        self.end_pause(resumed).await
    }

    async fn ticked(&self, now: Timestamp) -> Result<(), CouldNotAsk> {
        self.note_tick(now).await
    }

    async fn set_streak(&self, streak: Option<Streak>) -> Result<(), CouldNotAsk> {
        self.write_streak(streak).await
    }

    async fn batch(&self, id: &BatchId) -> Result<Option<Batch>, CouldNotAsk> {
        self.read_batch(id).await
    }

    async fn batch_entries(&self, id: &BatchId) -> Result<Vec<Entry>, CouldNotAsk> {
        // The index has keys only, so that it is not written with every step of an entry.
        let keys = self.collect(self.query_batch(id), usize::MAX).await?;
        let keys = keys.into_iter().map(primary_key).collect();
        let mut entries = read_all(self.get_many(&self.tables.accounts, keys).await?)?;
        entries.retain(|entry| entry.batch == *id);
        entries.sort_by_key(|entry| entry.line);
        Ok(entries)
    }

    async fn save_batch(&self, batch: &Batch) -> Result<(), CouldNotAsk> {
        self.write_batch(batch).await
    }

    async fn open_batches(&self) -> Result<Vec<Batch>, CouldNotAsk> {
        self.read_open_batches().await
    }
}

fn read_all(items: Vec<RawItem>) -> Result<Vec<Entry>, CouldNotAsk> {
    items.into_iter().map(item::read).collect::<Result<_, _>>().map_err(could_not(DYNAMODB, READ))
}

/// The key of `accounts` in what an index has.
fn primary_key(mut item: RawItem) -> RawItem {
    item.retain(|name, _| name == ACCOUNT_NAME);
    item
}

/// A claim on an e-mail.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ClaimItem {
    id: String,
    account_name: AccountName,
}

fn owner(claim: RawItem) -> Result<(String, AccountName), UnreadableItem> {
    let ClaimItem { id, account_name } = from_raw(claim, ID)?;
    let key = id.strip_prefix(&email_id("")).unwrap_or(&id).to_owned();
    Ok((key, account_name))
}
