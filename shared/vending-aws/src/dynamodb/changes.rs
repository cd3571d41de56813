//! What changes beside an entry when it changes: its slot, and the counts of its
//! batches. Pure, but for the shape of the updates.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use vending::account::AccountName;
use vending::ledger::{BatchId, Entry, Status};

use super::attributes::{IN_FLIGHT, LAUNCHING, batch_id, control_key, number, set_of};
use super::transaction::update;

/// The columns of a batch's count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Remaining,
    Ready,
    Failed,
}

impl Column {
    /// Every column.
    pub(super) const ALL: [Self; 3] = [Self::Remaining, Self::Ready, Self::Failed];

    /// The attribute it is kept in.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Remaining => "Remaining",
            Self::Ready => "Ready",
            Self::Failed => "Failed",
        }
    }

    fn of(entry: &Entry) -> Self {
        match entry.status() {
            Status::Queued | Status::Provisioning | Status::Configuring => Self::Remaining,
            Status::Ready => Self::Ready,
            Status::Failed => Self::Failed,
        }
    }
}

/// By how much the counts of batches change.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Counts(BTreeMap<BatchId, BTreeMap<Column, i64>>);

impl Counts {
    /// Counts an entry from where it stood to where it stands.
    ///
    /// One that FAILED and moves to another batch stays counted in the old one,
    /// which was told complete with it.
    pub(super) fn count(&mut self, before: Option<&Entry>, after: &Entry) {
        let stays = |before: &&Entry| before.batch != after.batch && before.status() == Status::Failed;
        if let Some(before) = before.filter(|before| !stays(before)) {
            self.add(before, -1);
        }
        self.add(after, 1);
    }

    fn add(&mut self, entry: &Entry, by: i64) {
        let columns = self.0.entry(entry.batch.clone()).or_default();
        *columns.entry(Column::of(entry)).or_default() += by;
        columns.retain(|_, count| *count != 0);
        self.0.retain(|_, columns| !columns.is_empty());
    }

    /// How many items of `control` change.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// One update for each batch.
    pub(super) fn updates(&self, control: &str) -> Result<Vec<TransactWriteItem>, BuildError> {
        self.0.iter().map(|(batch, columns)| count(control, batch, columns)).collect()
    }
}

fn count(
    control: &str,
    batch: &BatchId,
    columns: &BTreeMap<Column, i64>,
) -> Result<TransactWriteItem, BuildError> {
    let mut change = Update::builder().table_name(control).set_key(Some(control_key(batch_id(batch))));
    let mut additions = Vec::new();
    for (column, by) in columns {
        let column = column.as_str();
        additions.push(format!("#{column} :{column}"));
        change = change
            .expression_attribute_names(format!("#{column}"), column)
            .expression_attribute_values(format!(":{column}"), number(by));
    }
    change.update_expression(format!("ADD {}", additions.join(", "))).build().map(update)
}

/// The update that frees the slot of `name`; freeing it twice changes nothing.
pub(super) fn free_slot(control: &str, name: &AccountName) -> Result<TransactWriteItem, BuildError> {
    Update::builder()
        .table_name(control)
        .set_key(Some(control_key(LAUNCHING)))
        .update_expression("DELETE #in_flight :name")
        .expression_attribute_names("#in_flight", IN_FLIGHT)
        .expression_attribute_values(":name", set_of(name.as_str()))
        .build()
        .map(update)
}
