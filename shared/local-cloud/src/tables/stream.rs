//! The stream of a table, for the delivery: records in order, as Lambda gets
//! them. Records older than a day are trimmed, as DynamoDB does.

use dynoxide::DynoxideError;
use dynoxide::actions::{get_records, get_shard_iterator};
use dynoxide::streams::shard_id;
use serde_json::{Value, json};

use super::{Tables, ready};
use crate::lock;

/// "The data retention limit for DynamoDB Streams is 24 hours" (developer guide).
pub(crate) const RETENTION_SECONDS: i64 = 24 * 60 * 60;

/// Some records of a stream, oldest first.
#[derive(Debug)]
pub(crate) struct StreamPage {
    /// The records as they stand in a Lambda event.
    pub(crate) records: Vec<Value>,
    /// Whether there may be more.
    pub(crate) more: bool,
}

impl Tables {
    /// At most `limit` records of the stream of `table` that come after the
    /// sequence number `after`, or from the oldest on.
    pub(crate) fn read_stream(
        &self,
        table: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<StreamPage, String> {
        let records =
            self.records(table, after, limit).map_err(|error| format!("{table}: {error}"))?;
        let more = records.len() == limit;
        if records.is_empty() {
            return Ok(StreamPage { records, more });
        }
        let stream = self.stream_arn(table).map_err(|error| format!("{table}: {error}"))?;
        let region = self.arns.split(':').nth(3).unwrap_or_default();
        let records = records.into_iter().map(|record| finish(record, &stream, region)).collect();
        Ok(StreamPage { records, more })
    }

    /// Trims what is older than a day.
    pub(crate) fn trim_streams(&self) -> Result<(), String> {
        let oldest = self.clock.now().timestamp() - RETENTION_SECONDS;
        let sql = format!("DELETE FROM _stream_records WHERE created_at < {oldest}");
        let engine = lock(&self.engine);
        engine.storage.conn().execute_batch(&sql).map_err(|error| error.to_string())
    }

    /// The ARN of the stream of `table`.
    fn stream_arn(&self, table: &str) -> Result<String, DynoxideError> {
        let metadata = lock(&self.engine).storage.get_table_metadata(table)?;
        let label = metadata.and_then(|it| it.stream_label).unwrap_or_default();
        Ok(format!("{}table/{table}/stream/{label}", self.arns))
    }

    fn records(
        &self,
        table: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Value>, DynoxideError> {
        let start = get_shard_iterator::GetShardIteratorRequest {
            stream_arn: format!("table/{table}"),
            shard_id: shard_id(table),
            shard_iterator_type: match after {
                Some(_) => "AFTER_SEQUENCE_NUMBER".to_owned(),
                None => "TRIM_HORIZON".to_owned(),
            },
            sequence_number: after.map(str::to_owned),
        };
        let engine = lock(&self.engine);
        let iterator = ready(get_shard_iterator::execute(&engine.storage, start))?;
        let request = get_records::GetRecordsRequest {
            shard_iterator: iterator.shard_iterator.unwrap_or_default(),
            limit: Some(limit),
        };
        let found = ready(get_records::execute(&engine.storage, request))?;
        let records = found.records.iter().map(serde_json::to_value).collect::<Result<_, _>>();
        records.map_err(|error| DynoxideError::InternalServerError(error.to_string()))
    }
}

/// The engine's record with what Lambda adds to it.
fn finish(mut record: Value, stream: &str, region: &str) -> Value {
    record["awsRegion"] = json!(region);
    record["eventSourceARN"] = json!(stream);
    let created = &mut record["dynamodb"]["ApproximateCreationDateTime"];
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds")]
    if let Some(seconds) = created.as_f64() {
        *created = json!(seconds as i64);
    }
    record
}
