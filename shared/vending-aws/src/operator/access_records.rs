//! All that the ledger granted, read whole, page by page: for an operator who asks about
//! everything. The functions never do.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use vending::audit::Records;
use vending::ledger::Entry;
use vending::ports::{CouldNotAsk, OutsideAccount};

use crate::DynamoDbLedger;
use crate::calls::could_not;
use crate::dynamodb::RawItem;

const DYNAMODB: &str = "DynamoDB";
const ENTRIES: &str = "read every entry";
const OUTSIDE: &str = "read every record of an account";

#[async_trait]
impl Records for DynamoDbLedger {
    async fn all_entries(&self) -> Result<Vec<Entry>, CouldNotAsk> {
        let items = all(self.scan(&self.tables().accounts), ENTRIES).await?;
        items.into_iter().map(Self::read_entry).collect()
    }

    async fn all_outside(&self) -> Result<Vec<OutsideAccount>, CouldNotAsk> {
        let scan = self.scan(&self.tables().control);
        let scan = scan
            .filter_expression("begins_with(#id, :outside)")
            .expression_attribute_names("#id", "Id")
            .expression_attribute_values(
                ":outside",
                AttributeValue::S(Self::outside_ids().to_owned()),
            );
        let items = all(scan, OUTSIDE).await?;
        items.into_iter().map(Self::read_outside).collect()
    }
}

impl DynamoDbLedger {
    fn scan(&self, table: &str) -> ScanFluentBuilder {
        self.client().scan().table_name(table).consistent_read(true)
    }
}

async fn all(scan: ScanFluentBuilder, what: &'static str) -> Result<Vec<RawItem>, CouldNotAsk> {
    let mut found = scan.into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = found.next().await {
        items.push(item.map_err(could_not(DYNAMODB, what))?);
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;
    use crate::{Clients, TableNames};

    fn ledger(answers: &[&str]) -> (DynamoDbLedger, Canned) {
        let canned = Canned::new(answers.iter().map(|it| (200, (*it).to_owned())).collect());
        let clients = Clients::new(canned.config());
        (DynamoDbLedger::new(clients.dynamodb(), TableNames::default()), canned)
    }

    #[tokio::test]
    async fn every_page_is_read_and_what_cannot_be_read_is_an_error() {
        let record = |id: &str| {
            format!(
                r#"{{"Id":{{"S":"outside#{id}"}},"AccountId":{{"S":"{id}"}},"Closed":{{"BOOL":true}},"Version":{{"N":"2"}}}}"#
            )
        };
        let first = format!(
            r#"{{"Items":[{}],"LastEvaluatedKey":{{"Id":{{"S":"outside#111111111111"}}}}}}"#,
            record("111111111111")
        );
        let last = format!(r#"{{"Items":[{}]}}"#, record("222222222222"));
        let (ledger, canned) = ledger(&[&first, &last, r#"{"Items":[{"Id":{"S":"outside#x"}}]}"#]);
        let all = ledger.all_outside().await.unwrap();
        let ids: Vec<_> = all.iter().map(|it| it.account.as_str()).collect();
        assert_eq!((ids, canned.calls()), (vec!["111111111111", "222222222222"], 2));
        let unreadable = ledger.all_outside().await.unwrap_err();
        assert!(unreadable.chain().contains("outside#x"), "{}", unreadable.chain());
    }
}
