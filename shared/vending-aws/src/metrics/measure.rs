//! What a log event measures, by its fields.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;
use tracing::Event;
use tracing::field::{Field, Visit};

use super::line::{Measure, Metric};

const STATUS_FROM: &str = "status.from";
const STATUS_TO: &str = "status.to";
const SLOTS_USED: &str = "slots.used";
const SERVICE: &str = "aws.service";

/// The fields that tell an event which measures something from one that does not.
pub(super) const MARKS: [&str; 3] = [STATUS_TO, SLOTS_USED, SERVICE];

/// What the event measures.
pub(super) fn of(event: &Event<'_>) -> Vec<Measure> {
    let mut fields = Fields::default();
    event.record(&mut fields);
    if fields.0.contains_key(STATUS_TO) {
        fields.change()
    } else if fields.0.contains_key(SLOTS_USED) {
        fields.launching()
    } else if fields.0.contains_key(SERVICE) {
        fields.calls()
    } else {
        Vec::new()
    }
}

/// The values of an event's fields, but for those that only print themselves.
#[derive(Default)]
struct Fields(BTreeMap<&'static str, Value>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name(), u8::from(value).into());
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl Fields {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A metric of that field, where it is a number.
    fn metric(&self, name: &'static str, unit: &'static str, field: &str) -> Option<Metric> {
        let value = self.0.get(field).filter(|value| value.is_number())?;
        Some(Metric { name, unit, value: value.clone() })
    }

    /// The same, of a field that has milliseconds.
    fn seconds(&self, name: &'static str, field: &str) -> Option<Metric> {
        let milliseconds = self.0.get(field)?.as_f64()?;
        Some(Metric { name, unit: "Seconds", value: (milliseconds / 1_000.0).into() })
    }

    /// An entry changed its status, or so many of a file's did.
    fn change(&self) -> Vec<Measure> {
        let to = self.text(STATUS_TO);
        let one = || Metric { name: "Entries", unit: "Count", value: 1.into() };
        let entries = self.metric("Entries", "Count", "entries").unwrap_or_else(one);
        let about = Some(("Status", to.to_owned()));
        let took = match (self.text(STATUS_FROM), to) {
            ("PROVISIONING", "CONFIGURING") => self.seconds("LaunchSeconds", "duration_ms"),
            ("CONFIGURING", "READY") => self.seconds("HandoverSeconds", "handover_ms"),
            _ => None,
        };
        let took = took.map(|metric| Measure { about: None, metrics: vec![metric] });
        [Measure { about, metrics: vec![entries] }].into_iter().chain(took).collect()
    }

    /// A tick saw how launching stands.
    fn launching(&self) -> Vec<Measure> {
        let metrics = [
            self.metric("SlotsUsed", "Count", SLOTS_USED),
            self.metric("SlotsFree", "Count", "slots.free"),
            self.metric("LaunchingPaused", "None", "launching.paused"),
            self.metric("LongestProvisioningSeconds", "Seconds", "launching.longest_s"),
            self.metric("OldestQueuedWithFreeSlotsSeconds", "Seconds", "queue.waiting_s"),
        ];
        vec![Measure { about: None, metrics: metrics.into_iter().flatten().collect() }]
    }

    /// A service was called.
    fn calls(&self) -> Vec<Measure> {
        let metrics = [
            self.metric("AwsCalls", "Count", "aws.calls"),
            self.metric("AwsErrors", "Count", "aws.errors"),
        ];
        let about = Some(("Service", self.text(SERVICE).to_owned()));
        vec![Measure { about, metrics: metrics.into_iter().flatten().collect() }]
    }
}
