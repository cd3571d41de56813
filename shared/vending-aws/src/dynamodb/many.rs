//! Reading many items by their keys, and following a query to its end.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use vending::ledger::BatchId;
use vending::ports::CouldNotAsk;

use super::attributes::{BATCH_ID, NOT_BEFORE, OPEN, RawItem, string};
use super::item::Open;
use super::moment::Moment;
use super::{BATCH_INDEX, DYNAMODB, DynamoDbLedger, OPEN_INDEX};
use crate::calls::could_not;

/// Keys in one call: DynamoDB API reference, `BatchGetItem`.
const MOST_KEYS: usize = 100;

/// Calls for keys that DynamoDB had no capacity for, and the wait after the first.
const ATTEMPTS: u32 = 8;
const FIRST_WAIT: Duration = Duration::from_millis(50);

const GET_MANY: &str = "read items";
const QUERY: &str = "query an index of the entries";

impl DynamoDbLedger {
    /// The item of that key, as it is at this moment.
    pub(super) async fn get(
        &self,
        table: &str,
        key: RawItem,
    ) -> Result<Option<RawItem>, CouldNotAsk> {
        let got = self
            .client
            .get_item()
            .table_name(table)
            .set_key(Some(key))
            .consistent_read(true)
            .send();
        got.await.map(|got| got.item).map_err(could_not(DYNAMODB, "read an item"))
    }

    /// The items of those keys that exist, in no order. No key may be there twice.
    pub(super) async fn get_many(
        &self,
        table: &str,
        keys: Vec<RawItem>,
    ) -> Result<Vec<RawItem>, CouldNotAsk> {
        let mut items = Vec::with_capacity(keys.len());
        for keys in keys.chunks(MOST_KEYS) {
            self.get_some(table, keys.to_vec(), &mut items).await?;
        }
        Ok(items)
    }

    async fn get_some(
        &self,
        table: &str,
        mut keys: Vec<RawItem>,
        items: &mut Vec<RawItem>,
    ) -> Result<(), CouldNotAsk> {
        let mut wait = FIRST_WAIT;
        for _ in 0..ATTEMPTS {
            keys = self.get_what_fits(table, keys, items).await?;
            if keys.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        Err(CouldNotAsk::new(
            DYNAMODB,
            GET_MANY,
            format!("{} keys were never answered", keys.len()),
        ))
    }

    /// Answers the keys that are left.
    async fn get_what_fits(
        &self,
        table: &str,
        keys: Vec<RawItem>,
        items: &mut Vec<RawItem>,
    ) -> Result<Vec<RawItem>, CouldNotAsk> {
        let request =
            KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
        let request =
            HashMap::from([(table.to_owned(), request.map_err(could_not(DYNAMODB, GET_MANY))?)]);
        let got = self.client.batch_get_item().set_request_items(Some(request)).send().await;
        let got = got.map_err(could_not(DYNAMODB, GET_MANY))?;
        items.extend(got.responses.unwrap_or_default().remove(table).unwrap_or_default());
        let left = got.unprocessed_keys.unwrap_or_default().remove(table);
        Ok(left.map(|left| left.keys).unwrap_or_default())
    }

    /// A query of the index for entries with that kind of work, in queue order.
    pub(super) fn query_open(&self, open: Open) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.tables.accounts)
            .index_name(OPEN_INDEX)
            .key_condition_expression("#open = :open")
            .expression_attribute_names("#open", OPEN)
            .expression_attribute_values(":open", string(open.as_str()))
    }

    /// A query of the index for the keys of a batch's entries, by line.
    pub(super) fn query_batch(&self, id: &BatchId) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.tables.accounts)
            .index_name(BATCH_INDEX)
            .key_condition_expression("#batch = :batch")
            .expression_attribute_names("#batch", BATCH_ID)
            .expression_attribute_values(":batch", string(id.as_str()))
    }

    /// The items of `query`, page by page, until there are `enough`.
    pub(super) async fn collect(
        &self,
        query: QueryFluentBuilder,
        enough: usize,
    ) -> Result<Vec<RawItem>, CouldNotAsk> {
        let mut found = query.into_paginator().items().send();
        let mut items = Vec::new();
        while items.len() < enough {
            match found.next().await {
                Some(item) => items.push(item.map_err(could_not(DYNAMODB, QUERY))?),
                None => break,
            }
        }
        Ok(items)
    }
}

/// Leaves out the entries that are to wait beyond `now`.
pub(super) fn due(query: QueryFluentBuilder, now: Moment) -> QueryFluentBuilder {
    query
        .filter_expression("attribute_not_exists(#not_before) OR #not_before <= :now")
        .expression_attribute_names("#not_before", NOT_BEFORE)
        .expression_attribute_values(":now", string(now.to_string()))
}
