//! Batches: an item for each, and one item that names the open ones.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use serde::{Deserialize, Serialize};
use vending::ledger::{Batch, BatchId, ObjectRef};
use vending::ports::CouldNotAsk;

use super::actions::update;
use super::agenda::list;
use super::attributes::{BATCHES, ID, RawItem, batch_id, control_key, number};
use super::changes::Column;
use super::item::{UnreadableItem, from_raw, to_raw};
use super::moment::Moment;
use super::transaction::{Transacted, write_together};
use super::{DYNAMODB, DynamoDbLedger};
use crate::calls::could_not;

const READ: &str = "read a batch";
const SAVE: &str = "save a batch";

/// A batch's own facts. Its counts are added to and never set, see [`Column`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchItem {
    batch_id: BatchId,
    bucket: String,
    key: String,
    object_version: Option<String>,
    received_at: Moment,
    rows: u64,
    refused: u64,
    unchanged: u64,
    #[serde(default)]
    superseded: u64,
    // What is not set is not written: a flag that somebody else has set stays.
    #[serde(default, skip_serializing_if = "is_unset")]
    taken: bool,
    #[serde(default, skip_serializing_if = "is_unset")]
    announced: bool,
    #[serde(default, skip_serializing_if = "is_unset")]
    closed: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_unset(flag: &bool) -> bool {
    !flag
}

impl From<&Batch> for BatchItem {
    fn from(batch: &Batch) -> Self {
        let ObjectRef { bucket, key, version } = batch.object.clone();
        Self {
            batch_id: batch.id.clone(),
            bucket,
            key,
            object_version: version,
            received_at: Moment(batch.received_at),
            rows: batch.rows,
            refused: batch.refused,
            unchanged: batch.unchanged,
            superseded: batch.superseded,
            taken: batch.taken,
            announced: batch.announced,
            closed: batch.closed,
        }
    }
}

impl BatchItem {
    fn with_counts(self, [remaining, ready, failed]: [u64; 3]) -> Batch {
        let object = ObjectRef { bucket: self.bucket, key: self.key, version: self.object_version };
        Batch {
            id: self.batch_id,
            object,
            received_at: self.received_at.0,
            rows: self.rows,
            refused: self.refused,
            unchanged: self.unchanged,
            superseded: self.superseded,
            remaining,
            ready,
            failed,
            taken: self.taken,
            announced: self.announced,
            closed: self.closed,
        }
    }
}

/// The batch that `item` is. One that only has counts is none yet: its facts were
/// never saved.
fn read(item: RawItem) -> Result<Option<Batch>, UnreadableItem> {
    if !item.contains_key("BatchId") {
        return Ok(None);
    }
    let counts = Column::ALL.map(|column| counted(&item, column));
    from_raw::<BatchItem>(item, ID).map(|facts| Some(facts.with_counts(counts)))
}

fn counted(item: &RawItem, column: Column) -> u64 {
    let count = item.get(column.as_str()).and_then(|count| count.as_n().ok());
    count.and_then(|count| count.parse().ok()).unwrap_or_default()
}

impl DynamoDbLedger {
    /// See [`Ledger::batch`](vending::ports::Ledger::batch).
    pub(super) async fn read_batch(&self, id: &BatchId) -> Result<Option<Batch>, CouldNotAsk> {
        let item = self.get(&self.tables.control, control_key(batch_id(id))).await?;
        item.map_or(Ok(None), read).map_err(could_not(DYNAMODB, READ))
    }

    /// See [`Ledger::open_batches`](vending::ports::Ledger::open_batches).
    pub(super) async fn read_open_batches(&self) -> Result<Vec<Batch>, CouldNotAsk> {
        let ids = self.read_agenda().await?.batches;
        let keys = ids.iter().map(|id| control_key(batch_id(id))).collect();
        let items = self.get_many(&self.tables.control, keys).await?;
        let batches = items.into_iter().filter_map(|item| read(item).transpose());
        batches.collect::<Result<_, _>>().map_err(could_not(DYNAMODB, READ))
    }

    /// See [`Ledger::save_batch`](vending::ports::Ledger::save_batch).
    pub(super) async fn write_batch(&self, batch: &Batch) -> Result<(), CouldNotAsk> {
        if self.try_write_batch(batch).await? {
            return Ok(());
        }
        // Rows remain by now, or have gone another way: it is saved, and stays open.
        self.try_write_batch(&Batch { closed: false, ..batch.clone() }).await.map(drop)
    }

    /// Writes the batch; `false` when it is to be closed and is not as it was read.
    async fn try_write_batch(&self, batch: &Batch) -> Result<bool, CouldNotAsk> {
        let facts = to_raw(BatchItem::from(batch)).map_err(could_not(DYNAMODB, SAVE))?;
        let control = &self.tables.control;
        let facts = set_all(control, batch_id(&batch.id), facts, batch.closed.then_some(batch));
        let listed = list(control, BATCHES, batch.id.as_str(), !batch.closed);
        let actions =
            [facts.map_err(could_not(DYNAMODB, SAVE))?, listed.map_err(could_not(DYNAMODB, SAVE))?];
        let written = write_together(&self.client, SAVE, &actions).await?;
        Ok(matches!(written, Transacted::Written))
    }
}

/// Sets every attribute of `facts`, and leaves the others; where a batch is `closing`, only
/// if no row remains, and as many are READY and FAILED as it says.
fn set_all(
    control: &str,
    id: String,
    facts: RawItem,
    closing: Option<&Batch>,
) -> Result<TransactWriteItem, BuildError> {
    let mut set = Update::builder().table_name(control).set_key(Some(control_key(id)));
    if let Some(batch) = closing {
        set = only_with_counts(set, batch);
    }
    let mut clauses = Vec::with_capacity(facts.len());
    for (name, value) in facts {
        clauses.push(format!("#{name} = :{name}"));
        set = set
            .expression_attribute_values(format!(":{name}"), value)
            .expression_attribute_names(format!("#{name}"), name);
    }
    set.update_expression(format!("SET {}", clauses.join(", "))).build().map(update)
}

/// Lets `set` be written only while the counts are those of the batch, and no row remains.
fn only_with_counts(mut set: UpdateBuilder, batch: &Batch) -> UpdateBuilder {
    let counts =
        [(Column::Remaining, 0), (Column::Ready, batch.ready), (Column::Failed, batch.failed)];
    let mut conditions = Vec::with_capacity(counts.len());
    for (column, count) in counts {
        let name = column.as_str();
        // What was never counted is not there.
        let absent =
            if count == 0 { format!("attribute_not_exists(#{name}) OR ") } else { String::new() };
        conditions.push(format!("({absent}#{name} = :{name})"));
        set = set
            .expression_attribute_names(format!("#{name}"), name)
            .expression_attribute_values(format!(":{name}"), number(&count));
    }
    set.condition_expression(conditions.join(" AND "))
}
