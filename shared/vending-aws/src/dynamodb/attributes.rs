//! The names of attributes and of the items in `control`, each in one place, and
//! the values they are compared with.

use std::collections::HashMap;
use std::fmt::Display;

use aws_sdk_dynamodb::types::AttributeValue;
use vending::account::{AccountId, AccountName};
use vending::ledger::BatchId;

/// An item as the SDK has it.
pub(crate) type RawItem = HashMap<String, AttributeValue>;

/// Partition key of `accounts`; in an e-mail claim, who claims.
pub(super) const ACCOUNT_NAME: &str = "AccountName";
/// Partition key of the index: what kind of work is open.
pub(super) const OPEN: &str = "Open";
/// Sort key of the index: the place in the queue.
pub(super) const POSITION: &str = "Position";
/// Partition key of the index by batch.
pub(super) const BATCH_ID: &str = "BatchId";
/// Sort key of the index by batch: the line in its file.
pub(super) const LINE: &str = "Line";
/// The version of an entry, or of an account made outside Vend.
pub(super) const VERSION: &str = "Version";
/// Partition key of `control`.
pub(super) const ID: &str = "Id";

/// The item of launching as a whole.
pub(super) const LAUNCHING: &str = "launching";
/// Its string set of names that hold a slot.
pub(super) const IN_FLIGHT: &str = "InFlight";
/// Not to be launched before; of an entry as well.
pub(super) const NOT_BEFORE: &str = "NotBefore";
/// Since when launching is paused.
pub(super) const PAUSED_SINCE: &str = "PausedSince";

/// The item of all that is open.
pub(super) const AGENDA: &str = "agenda";
/// Its string set of the ids of batches.
pub(super) const BATCHES: &str = "Batches";
/// Its string set of the ids of accounts that are given something besides their entries.
pub(super) const OUTSIDE: &str = "Outside";
/// Its string set of the ids of portfolio files.
pub(super) const ORDERS: &str = "PortfolioFiles";
/// The string set of those who have a turn.
pub(super) const CLOSED: &str = "Closed";
pub(super) const HOLDERS: &str = "Holders";

/// The id of the claim on the e-mail of that key.
pub(super) fn email_id(key: &str) -> String {
    format!("email#{key}")
}

/// The id of a batch.
pub(super) fn batch_id(id: &BatchId) -> String {
    format!("batch#{id}")
}

/// The id of a portfolio file.
pub(super) fn portfolio_batch_id(id: &BatchId) -> String {
    format!("orders#{id}")
}

/// The id of an order of a portfolio file.
pub(super) fn order_id(batch: &BatchId, number: u64) -> String {
    format!("order#{batch}#{number}")
}

/// The id of the turns at a resource.
pub(super) fn turns_id(resource: &str) -> String {
    format!("turns#{resource}")
}

/// What the id of every record of an account begins with.
pub(super) const OUTSIDE_IDS: &str = "outside#";

/// The id of the record of an account.
pub(super) fn outside_id(id: &AccountId) -> String {
    format!("{OUTSIDE_IDS}{id}")
}

/// A key of `accounts`.
pub(super) fn account_key(name: &AccountName) -> RawItem {
    HashMap::from([(ACCOUNT_NAME.to_owned(), string(name.as_str()))])
}

/// A key of `control`.
pub(super) fn control_key(id: impl Into<String>) -> RawItem {
    HashMap::from([(ID.to_owned(), string(id))])
}

/// A text.
pub(super) fn string(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// A number.
pub(super) fn number(number: &impl Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// A string set of one, to add to or delete from a set.
pub(super) fn set_of(text: impl Into<String>) -> AttributeValue {
    AttributeValue::Ss(vec![text.into()])
}
