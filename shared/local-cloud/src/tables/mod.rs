//! DynamoDB: an embedded engine on SQLite, its wire protocol, and its streams.
//! Dispatch is one line per operation; every rule about items is the engine's.

mod dispatch;
mod stream;
mod tokens;

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use dynoxide::actions::import_items;
use dynoxide::actions::vector_lifecycle::VectorIndexLifecycle;
use dynoxide::storage::Storage;
use dynoxide::{DynoxideError, ImportOptions, Item};
use serde_json::Value;

use crate::clock::VirtualClock;
use crate::lock;
use crate::state::Settings;

use tokens::Tokens;

pub(crate) use stream::RETENTION_SECONDS;

/// How the engine writes the Region and account of every ARN.
const ENGINE_ARNS: &str = "arn:aws:dynamodb:dynoxide:000000000000:";

/// Without it the engine reads all records of a table for each new one.
const STREAM_INDEX: &str = "CREATE INDEX IF NOT EXISTS stream_order \
     ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// The tables of one cloud.
pub(crate) struct Tables {
    engine: Mutex<Engine>,
    clock: VirtualClock,
    /// How this cloud's ARNs begin.
    arns: String,
    /// Requests that may have changed an item, so that a reader of a stream
    /// knows without asking that there is nothing new.
    changes: AtomicU64,
}

/// What the engine needs to answer.
struct Engine {
    storage: Storage,
    lifecycle: VectorIndexLifecycle,
    tokens: Tokens,
}

/// An answer as it goes over the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// Whether the request may have changed something.
    pub(crate) changed: bool,
}

impl Tables {
    /// Opens the tables in the state folder, or in memory without one.
    pub(crate) fn open(settings: &Settings, clock: VirtualClock) -> Result<Self, String> {
        let storage = match &settings.state {
            Some(folder) => Storage::new(&folder.join("tables.sqlite").to_string_lossy()),
            None => Storage::memory(),
        };
        let storage = storage.map_err(|error| error.to_string())?;
        let storage = storage.with_clock(Arc::new(clock.clone()));
        storage.conn().execute_batch(STREAM_INDEX).map_err(|error| error.to_string())?;
        let engine =
            Engine { storage, lifecycle: VectorIndexLifecycle::new(), tokens: Tokens::default() };
        Ok(Self {
            engine: Mutex::new(engine),
            clock,
            arns: format!("arn:aws:dynamodb:{}:{}:", settings.region, settings.account),
            changes: AtomicU64::new(1),
        })
    }

    /// Answers the request `body` for `operation`. Blocks.
    pub(crate) fn answer(&self, operation: &str, body: &[u8]) -> Answer {
        let body = String::from_utf8_lossy(body);
        let asked = if names_arns(operation) {
            body.replace(&self.arns, ENGINE_ARNS)
        } else {
            body.into_owned()
        };
        let answered = lock(&self.engine).answer(operation, &asked, self.clock.now());
        let changed = answered.is_ok() && dispatch::may_change(operation);
        if changed {
            self.changes.fetch_add(1, Ordering::SeqCst);
        }
        let (status, text) = match answered {
            Ok(text) => (200, text),
            Err(error) => (error.status_code(), error.to_json()),
        };
        let text = if names_arns(operation) { text.replace(ENGINE_ARNS, &self.arns) } else { text };
        Answer { status, body: text.into_bytes(), changed }
    }

    /// Puts `items` into `table` in one go; no stream tells of them. Blocks.
    pub(crate) fn fill(&self, table: &str, items: Vec<Value>) -> Result<usize, String> {
        let items = items.into_iter().map(serde_json::from_value::<Item>);
        let items = items.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
        let options = ImportOptions { record_streams: false, set_cached_at: false };
        let engine = lock(&self.engine);
        let filled = ready(import_items::execute(&engine.storage, table, items, &options));
        filled.map(|filled| filled.items_imported).map_err(|error| error.to_string())
    }

    /// Grows with every request that may have changed an item.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tables").field("arns", &self.arns).finish_non_exhaustive()
    }
}

/// Whether requests or answers of `operation` hold ARNs.
fn names_arns(operation: &str) -> bool {
    operation.contains("Table") || operation.contains("Stream") || operation.contains("Resource")
}

/// Runs a future of the engine. None of them waits for anything: SQLite answers
/// in the call.
fn ready<T>(future: impl Future<Output = Result<T, DynoxideError>>) -> Result<T, DynoxideError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => {
            Err(DynoxideError::InternalServerError("the table engine waits".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::clock::Moment;

    fn tables() -> Tables {
        let settings = Settings {
            state: None,
            seed: 1,
            start: Moment::UNIX_EPOCH,
            region: "us-east-1".to_owned(),
            account: "111122223333".to_owned(),
        };
        Tables::open(&settings, VirtualClock::new(settings.start)).unwrap()
    }

    fn ask(tables: &Tables, operation: &str, body: &Value) -> (u16, Value) {
        let answer = tables.answer(operation, body.to_string().as_bytes());
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    }

    #[test]
    fn a_table_is_made_whole_or_not_at_all() {
        let tables = tables();
        let key = json!([{ "AttributeName": "Name", "KeyType": "HASH" }]);
        let wanted = json!({
            "TableName": "accounts",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{ "AttributeName": "Name", "AttributeType": "S" }],
            "KeySchema": key,
            "GlobalSecondaryIndexes": [
                { "IndexName": "open", "KeySchema": key, "Projection": { "ProjectionType": "ALL" } },
            ],
        });
        // In the way of the index, which comes after the table.
        let sql = |text: &str| lock(&tables.engine).storage.conn().execute_batch(text).unwrap();
        sql("CREATE TABLE \"accounts::gsi::open\" (x)");
        assert_eq!(ask(&tables, "CreateTable", &wanted).0, 500);
        assert_eq!(ask(&tables, "ListTables", &json!({})).1["TableNames"], json!([]));
        sql("DROP TABLE \"accounts::gsi::open\"");
        assert_eq!(ask(&tables, "CreateTable", &wanted).0, 200);
    }
}
