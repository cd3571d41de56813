//! DynamoDB's operations, by name. One that is missing here is refused by name.

use dynoxide::{DynoxideError, actions};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Engine, ready};
use crate::clock::Moment;

/// Reads the request, runs it on the engine, and writes the response.
macro_rules! run {
    ($engine:expr, $body:expr, $module:ident) => {
        write(&ready(actions::$module::execute(&$engine.storage, parse($body)?))?)
    };
    ($engine:expr, $body:expr, $module:ident, lifecycle) => {
        write(&ready(actions::$module::execute(
            &$engine.storage,
            parse($body)?,
            &$engine.lifecycle,
        ))?)
    };
}

impl Engine {
    /// Answers `body` for `operation` at the moment `now`.
    pub(super) fn answer(
        &mut self,
        operation: &str,
        body: &str,
        now: Moment,
    ) -> Result<String, DynoxideError> {
        match operation {
            "BatchGetItem" => run!(self, body, batch_get_item),
            "BatchWriteItem" => run!(self, body, batch_write_item),
            "DeleteItem" => run!(self, body, delete_item),
            "GetItem" => run!(self, body, get_item),
            "PutItem" => run!(self, body, put_item),
            "Query" => run!(self, body, query),
            "Scan" => run!(self, body, scan),
            "TransactGetItems" => run!(self, body, transact_get_items),
            "TransactWriteItems" => self.transact_write(body, now),
            "UpdateItem" => run!(self, body, update_item),
            _ => self.answer_about_tables(operation, body),
        }
    }

    fn answer_about_tables(&self, operation: &str, body: &str) -> Result<String, DynoxideError> {
        match operation {
            "CreateTable" => self.whole(|engine| run!(engine, body, create_table)),
            "DeleteTable" => run!(self, body, delete_table, lifecycle),
            "DescribeTable" => run!(self, body, describe_table, lifecycle),
            "DescribeTimeToLive" => run!(self, body, describe_time_to_live),
            "ListTables" => run!(self, body, list_tables),
            "ListTagsOfResource" => run!(self, body, list_tags_of_resource),
            "TagResource" => ready(actions::tag_resource::execute(&self.storage, parse(body)?))
                .map(|_| String::new()),
            "UntagResource" => ready(actions::untag_resource::execute(&self.storage, parse(body)?))
                .map(|_| String::new()),
            "UpdateTable" => run!(self, body, update_table, lifecycle),
            "UpdateTimeToLive" => run!(self, body, update_time_to_live),
            "DescribeStream" => run!(self, body, describe_stream),
            "GetRecords" => run!(self, body, get_records),
            "GetShardIterator" => run!(self, body, get_shard_iterator),
            "ListStreams" => run!(self, body, list_streams),
            unknown => Err(DynoxideError::ValidationException(format!(
                "the local DynamoDB has no operation {unknown:?}"
            ))),
        }
    }

    /// Does all of `work` or nothing of it: the engine makes a table in several steps,
    /// and a process that is killed between them would leave a part of one.
    fn whole(
        &self,
        work: impl FnOnce(&Self) -> Result<String, DynoxideError>,
    ) -> Result<String, DynoxideError> {
        self.storage.begin_transaction()?;
        match work(self) {
            Ok(answer) => self.storage.commit().map(|()| answer),
            Err(error) => {
                self.storage.rollback()?;
                Err(error)
            }
        }
    }

    /// A transaction with a token that was used before is answered as before.
    fn transact_write(&mut self, body: &str, now: Moment) -> Result<String, DynoxideError> {
        let request: actions::transact_write_items::TransactWriteItemsRequest = parse(body)?;
        let Some(token) = request.client_request_token.clone() else {
            return run!(self, body, transact_write_items);
        };
        let fingerprint = serde_json::to_value(&request.transact_items).map_err(internal)?;
        if let Some(answer) = self.tokens.recall(&token, &fingerprint, now)? {
            return Ok(answer);
        }
        let answer = run!(self, body, transact_write_items)?;
        self.tokens.keep(token, fingerprint, answer.clone(), now);
        Ok(answer)
    }
}

/// Whether `operation` may change a table or an item.
pub(super) fn may_change(operation: &str) -> bool {
    const READS: [&str; 4] = ["Describe", "List", "Query", "Scan"];
    let read = READS.iter().any(|it| operation.starts_with(it)) || operation.contains("Get");
    !read
}

/// The engine marks, in serde's messages, which of DynamoDB's errors it means.
fn parse<T: DeserializeOwned>(body: &str) -> Result<T, DynoxideError> {
    serde_json::from_str(body).map_err(|error| {
        let message = error.to_string();
        let plain = message.split(" at line ").next().unwrap_or_default();
        match plain.split_once(':') {
            Some((mark, rest)) if mark.starts_with("VALIDATION") => {
                DynoxideError::ValidationException(rest.to_owned())
            }
            Some((mark, rest)) if mark.starts_with("SERIALIZATION") => {
                DynoxideError::SerializationException(rest.to_owned())
            }
            _ => DynoxideError::ValidationException(plain.to_owned()),
        }
    })
}

fn write<T: Serialize>(response: &T) -> Result<String, DynoxideError> {
    serde_json::to_string(response).map_err(internal)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn internal(error: serde_json::Error) -> DynoxideError {
    DynoxideError::InternalServerError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::may_change;

    #[test]
    fn writes_are_told_from_reads() {
        for write in
            ["PutItem", "TransactWriteItems", "BatchWriteItem", "UpdateItem", "CreateTable"]
        {
            assert!(may_change(write), "{write}");
        }
        for read in
            ["GetItem", "BatchGetItem", "TransactGetItems", "Query", "DescribeTable", "GetRecords"]
        {
            assert!(!may_change(read), "{read}");
        }
    }
}
