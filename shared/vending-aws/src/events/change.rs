//! One record of the ledger's stream.

use serde::Deserialize;
use serde_json::Value;
use vending::account::AccountName;
use vending::ledger::Status;

/// An entry changed. What it is now, the ledger says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Names the record to Lambda, if it has to come again.
    pub sequence_number: String,
    /// The entry.
    pub name: AccountName,
    /// Its status before; `None` when it is new, or says what Vend does not.
    pub before: Option<Status>,
    /// Its status after; `None` when it was deleted.
    pub after: Option<Status>,
}

#[derive(Deserialize)]
struct Record {
    dynamodb: StreamRecord,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StreamRecord {
    sequence_number: String,
    keys: Key,
    old_image: Option<Value>,
    new_image: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Key {
    account_name: Text,
}

/// DynamoDB's JSON for a text.
#[derive(Deserialize)]
struct Text {
    #[serde(rename = "S")]
    text: AccountName,
}

/// The change that the record is; one that cannot be read is logged.
pub(super) fn read_or_log(record: &Value) -> Option<Change> {
    let read = Record::deserialize(record).map(|record| change(record.dynamodb));
    read.inspect_err(|error| {
        let sequence_number = record.pointer("/dynamodb/SequenceNumber").and_then(Value::as_str);
        tracing::warn!(record.sequence_number = sequence_number, %error, "a record of the stream was left out");
    })
    .ok()
}

fn change(record: StreamRecord) -> Change {
    Change {
        sequence_number: record.sequence_number,
        name: record.keys.account_name.text,
        before: record.old_image.as_ref().and_then(status),
        after: record.new_image.as_ref().and_then(status),
    }
}

fn status(image: &Value) -> Option<Status> {
    Status::deserialize(image.pointer("/Status/S")?).ok()
}
