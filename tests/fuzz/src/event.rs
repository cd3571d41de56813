//! What must hold of reading an event.

use serde_json::Value;
use vending::ledger::BatchId;

use crate::events::{Change, StackRequest, UndecodableEvent, Wake};
use crate::memory::Peak;

/// AWS's events, to be changed in one place or another.
const SAMPLES: [&str; 13] = [
    include_str!("../../../samples/events/s3-put.json"),
    include_str!("../../../samples/events/s3-object-created.json"),
    include_str!("../../../samples/events/cloudformation-create.json"),
    include_str!("../../../samples/events/cloudformation-update.json"),
    include_str!("../../../samples/events/cloudformation-delete.json"),
    include_str!("../../../samples/events/s3-test-event.json"),
    include_str!("../../../samples/events/scheduled.json"),
    include_str!("../../../samples/events/stream-insert.json"),
    include_str!("../../../samples/events/stream-modify.json"),
    include_str!("../../../samples/events/create-managed-account-succeeded.json"),
    include_str!("../../../samples/events/create-managed-account-failed.json"),
    include_str!("../../../samples/events/create-managed-account-outside.json"),
    include_str!("../../../samples/events/update-managed-account-succeeded.json"),
];

/// Values put where AWS writes another.
const VALUES: [&str; 12] = [
    "null",
    "true",
    "-1",
    "1e308",
    "\"\"",
    "[]",
    "{}",
    "[[]]",
    "\"aws:s3\"",
    "\"null\"",
    "\"\\u0000\\u001b[2J\\n=1\\u202e\"",
    "\"%00%ff+%\"",
];

/// Bytes of the longest error, whatever is quoted in it.
const LONGEST_ERROR: usize = 1_024;
/// Bytes held for each byte of an event, at most.
const BYTES_PER_BYTE: usize = 16;
/// Bytes held whatever the event.
const BYTES_FOR_ALL: usize = 64 * 1024;

/// Reads any bytes as an event: as JSON, or else as a recipe for changing one of AWS's
/// own. It is understood, or refused in a few plain words.
pub fn event(bytes: &[u8]) {
    let event = serde_json::from_slice(bytes).ok().or_else(|| changed(bytes));
    let Some(event) = event else {
        return;
    };
    let length = event.to_string().len();
    let peak = Peak::start();
    let decoded = Wake::decode(&event);
    let most = BYTES_FOR_ALL + BYTES_PER_BYTE * length;
    assert!(peak.bytes() <= most, "{} bytes for an event of {length}", peak.bytes());
    assert_eq!(decoded, Wake::decode(&event));
    match decoded {
        Ok(wake) => understood(&wake, &event),
        Err(error) => refused(&error),
    }
}

/// A sample with changes: the first byte chooses it, and each three after it a place
/// and what is put there.
fn changed(recipe: &[u8]) -> Option<Value> {
    let (sample, changes) = recipe.split_first()?;
    let text = SAMPLES.get(usize::from(*sample) % SAMPLES.len())?;
    let mut event: Value = serde_json::from_str(text).ok()?;
    for change in changes.chunks_exact(3).take(64) {
        let place = usize::from(change[0]) | usize::from(change[1]) << 8;
        put(&mut event, place, usize::from(change[2]));
    }
    Some(event)
}

fn put(event: &mut Value, place: usize, what: usize) {
    let mut paths = Vec::new();
    collect(event, String::new(), &mut paths);
    let path = paths[place % paths.len()].clone();
    let other = paths[what % paths.len()].clone();
    let value = match VALUES.get(what % (VALUES.len() * 2)) {
        Some(text) => serde_json::from_str(text).unwrap_or_default(),
        // What stands elsewhere in the event.
        None => event.pointer(&other).cloned().unwrap_or_default(),
    };
    if let Some(there) = event.pointer_mut(&path) {
        *there = value;
    }
}

/// A JSON pointer to every value.
fn collect(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(member, format!("{path}/{name}"), paths);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{path}/{index}"), paths);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    paths.push(path);
}

fn understood(wake: &Wake, event: &Value) {
    let records = event.get("Records").and_then(Value::as_array).map_or(1, Vec::len);
    match wake {
        Wake::Uploaded(objects) => {
            assert!(objects.len() <= records);
            for object in objects {
                let version = object.version.as_deref().unwrap_or_default();
                assert!(!version.is_empty() && version != "null", "a version tells files apart");
                assert!(BatchId::of(object).as_str().len() <= 49);
            }
        }
        Wake::Changed(changes) => {
            assert!(changes.len() <= records);
            changes.iter().for_each(named);
        }
        Wake::ControlTower(event) => {
            let id = event.account_id.as_ref().map_or("000000000000", |id| id.as_str());
            assert!(id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
        }
        Wake::Stack(request) => stack(request, event),
        Wake::Tick => {}
    }
}

/// Whoever asked is told at a URL that nobody else gets to see, and nobody listens to.
fn stack(request: &StackRequest, event: &Value) {
    let url = event.get("ResponseURL").and_then(Value::as_str).unwrap_or_default();
    let scheme = url.split("://").next().unwrap_or_default();
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let lower = url.to_ascii_lowercase();
    let encrypted = scheme.eq_ignore_ascii_case("https");
    assert!(encrypted || local.iter().any(|start| lower.starts_with(start)), "{url}");
    let shown = format!("{:?}", request.url);
    assert_eq!(shown, "ResponseUrl(..)");
    if let Err(told) = request.wanted() {
        // Its length is cut where it is answered.
        assert!(!told.contains(char::is_control), "{told:?}");
    }
}

fn named(change: &Change) {
    let name = change.name.as_str();
    assert!((1..=50).contains(&name.len()), "{name}");
    assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
}

/// The error goes into a log: one line, and not the event over again.
fn refused(error: &UndecodableEvent) {
    let text = error.to_string();
    assert!(text.len() <= LONGEST_ERROR, "{} bytes: {text}", text.len());
    assert!(!text.contains(char::is_control), "{text:?}");
}
