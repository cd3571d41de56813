//! The ledger in two DynamoDB tables: `accounts`, which people watch, and `control`,
//! the machine room.
//!
//! An entry is replaced as a whole, by a write that names the version it replaces.
//! What has to change together changes in one transaction: an entry with its e-mail
//! claim, its slot and the counts of its batches.

mod actions;
mod admit;
mod agenda;
mod attributes;
mod batch_items;
mod changes;
mod claim;
mod item;
mod launching;
mod ledger;
mod many;
mod moment;
mod orders;
mod outside;
mod save;
mod tables;
mod transaction;
mod turns;
#[cfg(feature = "operator")]
mod whole;

use aws_sdk_dynamodb::Client;

#[cfg(feature = "operator")]
pub(crate) use attributes::RawItem;
pub use tables::{BATCH_INDEX, CreateTablesError, OPEN_INDEX, TableNames, create_tables};

/// What calls that fail are said to have asked.
const DYNAMODB: &str = "DynamoDB";

/// The ledger, the turns, the accounts made outside Vend, and what portfolio files ask for, in
/// DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoDbLedger {
    client: Client,
    tables: TableNames,
}

impl DynamoDbLedger {
    /// The ledger in those tables.
    #[must_use]
    pub fn new(client: Client, tables: TableNames) -> Self {
        Self { client, tables }
    }
}
