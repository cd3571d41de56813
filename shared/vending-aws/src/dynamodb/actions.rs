//! The actions that transactions are made of.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use super::attributes::{ID, RawItem, VERSION, control_key, number};

/// Puts `item` where nothing stands, or where `replaced` is the version.
pub(super) fn put_version(
    table: &str,
    item: RawItem,
    key: &str,
    replaced: Option<u64>,
) -> Result<TransactWriteItem, BuildError> {
    let put = Put::builder().table_name(table).set_item(Some(item));
    let put = match replaced {
        None => put
            .condition_expression("attribute_not_exists(#key)")
            .expression_attribute_names("#key", key),
        Some(version) => put
            .condition_expression("#version = :version")
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_values(":version", number(&version)),
    };
    put.build().map(|put| TransactWriteItem::builder().put(put).build())
}

/// Puts `item` where nothing stands, or something with the same `key` attribute; what
/// stands there instead comes back with the reason.
pub(super) fn put_own(
    table: &str,
    item: RawItem,
    key: &str,
) -> Result<TransactWriteItem, BuildError> {
    let own = item.get(key).cloned();
    let put = Put::builder()
        .table_name(table)
        .condition_expression("attribute_not_exists(#id) OR #own = :own")
        .expression_attribute_names("#id", ID)
        .expression_attribute_names("#own", key)
        .set_expression_attribute_values(own.map(|own| [(":own".to_owned(), own)].into()))
        .set_item(Some(item))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// Deletes an item of `control`, if it is there and its `key` attribute is that of `own`.
pub(super) fn delete_own(
    table: &str,
    id: String,
    own: (&str, AttributeValue),
) -> Result<TransactWriteItem, BuildError> {
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(control_key(id)))
        .condition_expression("attribute_not_exists(#id) OR #own = :own")
        .expression_attribute_names("#id", ID)
        .expression_attribute_names("#own", own.0)
        .expression_attribute_values(":own", own.1)
        .build()?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}

/// An update as an action.
pub(super) fn update(update: Update) -> TransactWriteItem {
    TransactWriteItem::builder().update(update).build()
}
