//! Items and serde: attributes that have nothing to say are left out, and what cannot
//! be read is named.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_dynamo::Deserializer;

use crate::dynamodb::attributes::RawItem;

/// An item that Vend did not write, or that a person changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("failed to read {attribute} of the item {item:?}: {problem}")]
pub(crate) struct UnreadableItem {
    /// The item's key.
    pub(crate) item: String,
    /// The attribute, with the way to it.
    pub(crate) attribute: String,
    /// What is wrong with it.
    pub(crate) problem: String,
}

/// The item that `value` is.
pub(crate) fn to_raw<T: Serialize>(value: T) -> Result<RawItem, serde_dynamo::Error> {
    serde_dynamo::aws_sdk_dynamodb_1::to_item(value).map(without_absent)
}

/// The value that `item` is; `key` names the attribute that names it.
pub(crate) fn from_raw<T: DeserializeOwned>(item: RawItem, key: &str) -> Result<T, UnreadableItem> {
    let name = name_of(&item, key);
    let deserializer = Deserializer::from_attribute_value(AttributeValue::M(item).into());
    serde_path_to_error::deserialize(deserializer).map_err(|error| UnreadableItem {
        item: name,
        attribute: error.path().to_string(),
        problem: error.inner().to_string(),
    })
}

/// The key of `item`, for errors.
pub(crate) fn name_of(item: &RawItem, key: &str) -> String {
    let name = item.get(key).and_then(|name| name.as_s().ok());
    name.cloned().unwrap_or_default()
}

fn without_absent(item: RawItem) -> RawItem {
    let present = item.into_iter().filter(|(_, value)| !is_absent(value));
    present.map(|(name, value)| (name, inside(value))).collect()
}

/// DynamoDB would keep a NULL or an empty list; whoever watches the table should
/// not have to.
fn is_absent(value: &AttributeValue) -> bool {
    match value {
        AttributeValue::Null(_) => true,
        AttributeValue::L(items) => items.is_empty(),
        _ => false,
    }
}

fn inside(value: AttributeValue) -> AttributeValue {
    match value {
        AttributeValue::M(item) => AttributeValue::M(without_absent(item)),
        AttributeValue::L(items) => AttributeValue::L(items.into_iter().map(inside).collect()),
        other => other,
    }
}
