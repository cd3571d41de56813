//! What reading the tables whole takes, which operators alone do: each item by itself.

use aws_sdk_dynamodb::Client;
use vending::ledger::Entry;
use vending::ports::{CouldNotAsk, OutsideAccount};

use super::attributes::{OUTSIDE_IDS, RawItem};
use super::{DYNAMODB, DynamoDbLedger, TableNames, item, outside};
use crate::calls::could_not;

impl DynamoDbLedger {
    /// The client.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The names of the tables.
    pub(crate) fn tables(&self) -> &TableNames {
        &self.tables
    }

    /// What the id of every record of an account begins with.
    pub(crate) fn outside_ids() -> &'static str {
        OUTSIDE_IDS
    }

    /// The entry that an item of `accounts` is.
    pub(crate) fn read_entry(item: RawItem) -> Result<Entry, CouldNotAsk> {
        item::read(item).map_err(could_not(DYNAMODB, "read an entry"))
    }

    /// The record of an account that an item of `control` is.
    pub(crate) fn read_outside(item: RawItem) -> Result<OutsideAccount, CouldNotAsk> {
        outside::read(item).map_err(could_not(DYNAMODB, outside::READ))
    }
}
