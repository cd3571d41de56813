//! What was given up: the contents of the on-failure destinations.

use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::batch::{created, sequence_number};
use super::function::FunctionError;
use crate::clock::Moment;

/// An event that no function took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Undelivered {
    /// The function.
    pub function: String,
    /// Where it is kept: an on-failure destination, or the dead-letter queue of a rule.
    /// On AWS it is lost where there is none.
    pub destination: Option<String>,
    /// Why it was given up.
    pub reason: Reason,
    /// The event itself; for a stream batch, which is never sent on, what Lambda
    /// tells about it (`DDBStreamBatchInfo`).
    pub event: Value,
    /// How often it was tried.
    pub attempts: u32,
    /// The last error, if it was tried at all.
    pub error: Option<FunctionError>,
    /// When, in virtual time.
    pub at: Moment,
}

/// Why an event was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// It was tried as often as allowed.
    RetriesExhausted,
    /// It became too old.
    TooOld,
    /// The rule may not invoke the function.
    Forbidden,
}

impl Reason {
    /// The `condition` in the message about a stream batch. AWS's samples have
    /// the first; none has the second. The last is never said of a batch, which no rule
    /// delivers.
    fn condition(self) -> &'static str {
        match self {
            Self::RetriesExhausted => "RetryAttemptsExhausted",
            Self::TooOld => "MaxRecordAgeExceeded",
            Self::Forbidden => "AccessDenied",
        }
    }
}

/// A stream batch that was given up.
pub(super) struct Lost<'a> {
    pub(super) function: &'a str,
    pub(super) destination: Option<&'a str>,
    pub(super) table: &'a str,
    pub(super) reason: Reason,
    pub(super) records: &'a [Value],
    pub(super) attempts: u32,
    pub(super) error: Option<FunctionError>,
    pub(super) at: Moment,
}

impl Lost<'_> {
    /// What goes to the on-failure destination: "each record … is a JSON document
    /// containing metadata about the failed invocation" (developer guide).
    pub(super) fn undelivered(self) -> Undelivered {
        let event = self.message();
        Undelivered {
            function: self.function.to_owned(),
            destination: self.destination.map(str::to_owned),
            reason: self.reason,
            event,
            attempts: self.attempts,
            error: self.error,
            at: self.at,
        }
    }

    fn message(&self) -> Value {
        let first = self.records.first().unwrap_or(&Value::Null);
        let last = self.records.last().unwrap_or(&Value::Null);
        json!({
            "requestContext": {
                "functionArn": self.function,
                "condition": self.reason.condition(),
                "approximateInvokeCount": self.attempts,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "version": "1.0",
            "timestamp": self.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "DDBStreamBatchInfo": {
                "shardId": dynoxide::streams::shard_id(self.table),
                "startSequenceNumber": sequence_number(first),
                "endSequenceNumber": sequence_number(last),
                "approximateArrivalOfFirstRecord": arrival(first),
                "approximateArrivalOfLastRecord": arrival(last),
                "batchSize": self.records.len(),
                "streamArn": first["eventSourceARN"],
            },
        })
    }
}

fn arrival(record: &Value) -> String {
    let moment = Moment::from_timestamp(created(record), 0).unwrap_or_default();
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}
