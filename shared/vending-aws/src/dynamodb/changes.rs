//! What changes beside an entry when it changes: its slot, and the counts of its
//! batches. Pure, but for the shape of the updates.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use vending::ledger::{BatchId, Entry, Status, Took};

use super::actions::update;
use super::attributes::{CLOSED, IN_FLIGHT, LAUNCHING, batch_id, control_key, number, set_of};
use super::launching::TOOK;

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
        let stays =
            |before: &&Entry| before.batch != after.batch && before.status() == Status::Failed;
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

    /// The batches that there is more to wait for than before.
    pub(super) fn reopened(&self) -> impl Iterator<Item = &BatchId> {
        let grows = |columns: &BTreeMap<Column, i64>| {
            columns.get(&Column::Remaining).is_some_and(|by| *by > 0)
        };
        self.0.iter().filter(move |(_, columns)| grows(columns)).map(|(batch, _)| batch)
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
    let mut change =
        Update::builder().table_name(control).set_key(Some(control_key(batch_id(batch))));
    let mut additions = Vec::new();
    for (column, by) in columns {
        let column = column.as_str();
        additions.push(format!("#{column} :{column}"));
        change = change
            .expression_attribute_names(format!("#{column}"), column)
            .expression_attribute_values(format!(":{column}"), number(by));
    }
    let mut expression = format!("ADD {}", additions.join(", "));
    if columns.get(&Column::Remaining).is_some_and(|by| *by > 0) {
        // There is something to wait for again: whoever closed it did not know.
        expression.push_str(" SET #closed = :closed");
        change = change
            .expression_attribute_names("#closed", CLOSED)
            .expression_attribute_values(":closed", AttributeValue::Bool(false));
    }
    change.update_expression(expression).build().map(update)
}

/// The update that frees the slot of an entry, which notes how long its launch took where
/// that made the account; freeing it twice changes nothing.
pub(super) fn free_slot(control: &str, entry: &Entry) -> Result<TransactWriteItem, BuildError> {
    let name = entry.request.name.as_str();
    let free = Update::builder()
        .table_name(control)
        .set_key(Some(control_key(LAUNCHING)))
        .expression_attribute_names("#in_flight", IN_FLIGHT)
        .expression_attribute_values(":name", set_of(name));
    let free = match entry.took() {
        None => free.update_expression("DELETE #in_flight :name"),
        Some(Took { place, time }) => free
            .update_expression("DELETE #in_flight :name SET #took = :took")
            .expression_attribute_names("#took", TOOK[place])
            .expression_attribute_values(":took", number(&time.num_seconds())),
    };
    free.build().map(update)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamodb::item::tests::{entry, failed};
    use vending::ledger::State;

    const READY: State = State::Ready { announced: false };

    fn of(batch: &str, state: State) -> Entry {
        Entry { batch: BatchId(batch.to_owned()), ..entry(state) }
    }

    /// What changes, as `batch column by`.
    fn counted(before: Option<&Entry>, after: &Entry) -> Vec<String> {
        let mut counts = Counts::default();
        counts.count(before, after);
        let of_batch = |(batch, columns): (&BatchId, &BTreeMap<Column, i64>)| {
            let one = |(column, by): (&Column, &i64)| format!("{batch} {} {by:+}", column.as_str());
            columns.iter().map(one).collect::<Vec<_>>()
        };
        counts.0.iter().flat_map(of_batch).collect()
    }

    #[test]
    fn a_new_entry_counts_and_one_that_only_goes_on_does_not() {
        let configuring = of("a", State::Configuring);
        assert_eq!(counted(None, &configuring), ["a Remaining +1"]);
        assert!(counted(Some(&configuring), &configuring).is_empty());
        assert_eq!(counted(Some(&configuring), &of("a", READY)), ["a Remaining -1", "a Ready +1"]);
        assert_eq!(
            counted(Some(&of("a", failed("x"))), &configuring),
            ["a Remaining +1", "a Failed -1"]
        );
    }

    #[test]
    fn one_that_moves_is_counted_out_of_its_batch_unless_it_failed_there() {
        let (queued, failed) = (of("a", State::Configuring), of("a", failed("x")));
        let moved = of("b", State::Configuring);
        assert_eq!(counted(Some(&queued), &moved), ["a Remaining -1", "b Remaining +1"]);
        assert_eq!(counted(Some(&of("a", READY)), &moved), ["a Ready -1", "b Remaining +1"]);
        assert_eq!(counted(Some(&failed), &moved), ["b Remaining +1"]);
    }
}
