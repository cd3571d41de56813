//! What is open: one item of `control`, which every write that opens or closes something
//! changes with it.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use serde::Deserialize;
use vending::account::AccountId;
use vending::ledger::{Agenda, BatchId, Launching};
use vending::ports::CouldNotAsk;

use super::actions::update;
use super::attributes::{AGENDA, ID, LAUNCHING, RawItem, control_key, set_of};
use super::item::{UnreadableItem, from_raw};
use super::{DYNAMODB, DynamoDbLedger, launching};
use crate::calls::could_not;

const READ: &str = "read what is open";

/// The item; a set that is empty is not there.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct AgendaItem {
    batches: BTreeSet<BatchId>,
    outside: BTreeSet<AccountId>,
    portfolio_files: BTreeSet<BatchId>,
}

fn read(item: RawItem) -> Result<Agenda, UnreadableItem> {
    let AgendaItem { batches, outside, portfolio_files } = from_raw(item, ID)?;
    Ok(Agenda { batches, outside, portfolio_batches: portfolio_files })
}

impl DynamoDbLedger {
    /// See [`Ledger::agenda`](vending::ports::Ledger::agenda).
    pub(super) async fn read_agenda(&self) -> Result<Agenda, CouldNotAsk> {
        let item = self.get(&self.tables.control, control_key(AGENDA)).await?;
        item.map_or(Ok(Agenda::default()), read).map_err(could_not(DYNAMODB, READ))
    }

    /// See [`Ledger::overview`](vending::ports::Ledger::overview).
    pub(super) async fn read_overview(&self) -> Result<(Launching, Agenda), CouldNotAsk> {
        let keys = vec![control_key(LAUNCHING), control_key(AGENDA)];
        let (mut launching, mut agenda) = (Launching::default(), Agenda::default());
        for item in self.get_many(&self.tables.control, keys).await? {
            let is_agenda =
                item.get(ID).and_then(|id| id.as_s().ok()).is_some_and(|id| id == AGENDA);
            if is_agenda {
                agenda = read(item).map_err(could_not(DYNAMODB, READ))?;
            } else {
                launching = launching::read(item).map_err(could_not(DYNAMODB, READ))?;
            }
        }
        Ok((launching, agenda))
    }
}

/// Puts `id` on that list of what is open, or takes it off.
pub(super) fn list(
    control: &str,
    list: &str,
    id: &str,
    open: bool,
) -> Result<TransactWriteItem, BuildError> {
    let change = if open { "ADD #ids :id" } else { "DELETE #ids :id" };
    Update::builder()
        .table_name(control)
        .set_key(Some(control_key(AGENDA)))
        .update_expression(change)
        .expression_attribute_names("#ids", list)
        .expression_attribute_values(":id", set_of(id))
        .build()
        .map(update)
}
