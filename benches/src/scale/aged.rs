//! A ledger that has seen much: rows of lists that ended long ago, each with its history, its
//! claim on an e-mail and its place in a batch that is closed.
//!
//! They are copies of rows that really ran, put into the tables without a stream that tells of
//! them: what the functions left there is what the old rows look like, too.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use vend::local::stage::Stage;
use vending::ledger::BatchId;
use vending_aws::TableNames;

use super::list;
use super::rig::Rig;

/// The accounts that old rows are copies of, and what is in front of the copies' names.
const READY: &str = "pattern-ready";
const FAILED: &str = "pattern-failed";

/// Of so many old rows one failed.
const ONE_FAILED_OF: usize = 5;

/// Rows in each old batch.
const IN_A_BATCH: usize = 1_000;

/// Rows that are put into the tables at a time: they are held in memory meanwhile.
const AT_A_TIME: usize = 5_000;

/// What rows look like that have come to their ends.
pub struct Patterns {
    batch: BatchId,
    batch_item: Value,
    entries: HashMap<&'static str, Value>,
    claims: HashMap<&'static str, Value>,
}

impl Patterns {
    /// Lets a row become READY and another one fail, and keeps what is in the tables then.
    ///
    /// # Errors
    /// When they cannot be run, or end otherwise.
    pub async fn make(rig: &mut Rig) -> Result<Self> {
        rig.stage.plan(&[(FAILED.to_owned(), "email-in-use".parse()?)])?;
        let rows = list::of([(READY, READY), (FAILED, FAILED)]);
        let batch = rig.drop_list("patterns.csv", rows).await?;
        rig.finish().await?;
        Self::read(&rig.stage, batch).await
    }

    async fn read(stage: &Stage, batch: BatchId) -> Result<Self> {
        let names = TableNames::default();
        let accounts = contents(stage, &names.accounts).await?;
        let control = contents(stage, &names.control).await?;
        let by = |items: &[Value], key: &str, value: String| -> Result<Value> {
            let found = items.iter().find(|item| item[key]["S"] == value.as_str());
            found.cloned().with_context(|| format!("find {value} in the tables"))
        };
        let of_both = |items: &[Value], key: &str, id: fn(&str) -> String| {
            let both = [READY, FAILED].into_iter();
            both.map(|it| Ok((it, by(items, key, id(it))?))).collect::<Result<HashMap<_, _>>>()
        };
        let entries = of_both(&accounts, "AccountName", str::to_owned)?;
        for (name, status) in [(READY, "READY"), (FAILED, "FAILED")] {
            ensure!(entries[name]["Status"]["S"] == status, "let {name} become {status}");
        }
        Ok(Self {
            batch_item: by(&control, "Id", format!("batch#{batch}"))?,
            claims: of_both(&control, "Id", |it| format!("email#{it}@example.com"))?,
            entries,
            batch,
        })
    }

    /// Puts `rows` old rows into the tables.
    ///
    /// # Errors
    /// When the tables do not take them.
    pub fn age(&self, stage: &Stage, rows: usize) -> Result<()> {
        let names = TableNames::default();
        for first in (0..rows).step_by(AT_A_TIME) {
            let numbers = first..rows.min(first + AT_A_TIME);
            let entries = numbers.clone().map(|it| self.copy(&self.entries, it, &old_batch(it)));
            fill(stage, &names.accounts, entries.collect::<Result<_>>()?)?;
            let claims = numbers.map(|it| self.copy(&self.claims, it, &old_batch(it)));
            fill(stage, &names.control, claims.collect::<Result<_>>()?)?;
        }
        let batches = (0..rows).step_by(IN_A_BATCH).map(|it| self.batch_like(&old_batch(it)));
        fill(stage, &names.control, batches.collect::<Result<_>>()?)
    }

    /// Puts `rows` more rows that have ended into `batch`, which has `under_way` others.
    ///
    /// # Errors
    /// When the tables do not take them.
    pub fn join(
        &self,
        stage: &Stage,
        batch: &BatchId,
        rows: usize,
        under_way: usize,
    ) -> Result<()> {
        let names = TableNames::default();
        let line = |number: usize| (under_way + number + 2).to_string();
        for first in (0..rows).step_by(AT_A_TIME) {
            let entries = (first..rows.min(first + AT_A_TIME)).map(|number| {
                let mut entry = self.copy(&self.entries, number, batch)?;
                entry["Line"] = json!({ "N": line(number) });
                Ok(entry)
            });
            fill(stage, &names.accounts, entries.collect::<Result<_>>()?)?;
        }
        let failed = rows.div_ceil(ONE_FAILED_OF);
        let mut item = self.batch_like(batch)?;
        for (count, value) in [
            ("Rows", rows + under_way),
            ("Remaining", under_way),
            ("Ready", rows - failed),
            ("Failed", failed),
        ] {
            ensure!(item[count]["N"].is_string(), "find the count {count} of a batch");
            item[count] = json!({ "N": value.to_string() });
        }
        if under_way > 0
            && let Some(item) = item.as_object_mut()
        {
            item.remove("Closed");
        }
        fill(stage, &names.control, vec![item])
    }

    /// The copy of that number, in `batch`.
    fn copy(
        &self,
        patterns: &HashMap<&str, Value>,
        number: usize,
        batch: &BatchId,
    ) -> Result<Value> {
        let pattern = if number.is_multiple_of(ONE_FAILED_OF) { FAILED } else { READY };
        let text = patterns.get(pattern).map(Value::to_string).unwrap_or_default();
        let text = text.replace(pattern, &name(number)).replace(self.batch.as_str(), &batch.0);
        let mut copy: Value = serde_json::from_str(&text)?;
        if copy["AccountId"].is_object() {
            copy["AccountId"] = json!({ "S": format!("9{number:011}") });
        }
        Ok(copy)
    }

    fn batch_like(&self, id: &BatchId) -> Result<Value> {
        let text = self.batch_item.to_string().replace(self.batch.as_str(), id.as_str());
        Ok(serde_json::from_str(&text)?)
    }
}

/// What the old row of that number is called.
#[must_use]
pub fn name(number: usize) -> String {
    format!("old-{number:06}")
}

fn old_batch(number: usize) -> BatchId {
    BatchId(format!("old-batch-{:04}", number / IN_A_BATCH))
}

fn fill(stage: &Stage, table: &str, items: Vec<Value>) -> Result<()> {
    let filled = stage.cloud.fill(table, items).map_err(anyhow::Error::msg);
    filled.map(drop).with_context(|| format!("fill {table}"))
}

/// Every item of `table`, in DynamoDB's JSON.
async fn contents(stage: &Stage, table: &str) -> Result<Vec<Value>> {
    let scan = stage.clients.dynamodb().scan().table_name(table).consistent_read(true);
    let mut items = scan.into_paginator().items().send();
    let mut found = Vec::new();
    while let Some(item) = items.next().await {
        let item = item.with_context(|| format!("read {table}"))?;
        found.push(object(&item)?);
    }
    Ok(found)
}

fn object(item: &HashMap<String, AttributeValue>) -> Result<Value> {
    let members = item.iter().map(|(name, value)| Ok((name.clone(), in_json(value)?)));
    members.collect::<Result<serde_json::Map<_, _>>>().map(Value::Object)
}

fn in_json(value: &AttributeValue) -> Result<Value> {
    Ok(match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::Null(flag) => json!({ "NULL": flag }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::L(list) => {
            json!({ "L": list.iter().map(in_json).collect::<Result<Vec<_>>>()? })
        }
        AttributeValue::M(members) => json!({ "M": object(members)? }),
        other => anyhow::bail!("write {other:?} as JSON: the tables have none of it"),
    })
}
