//! A batch of stream records, and what the function's answer says about it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::function::FunctionError;

/// Records that are delivered together.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Batch {
    /// The records, oldest first.
    pub(super) records: Vec<Value>,
    /// How often the first record, as the first one to fail, has been tried.
    pub(super) tries: u32,
}

/// How a batch fared.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All of it is done.
    Done,
    /// The function reported that this record, counted from 0, failed first.
    FailedFrom(usize),
    /// All of it failed.
    Failed(FunctionError),
}

impl Batch {
    /// The event that carries it.
    pub(super) fn event(&self) -> Value {
        json!({ "Records": self.records })
    }

    /// What `result` says, where `reported` is whether item failures are reported.
    pub(super) fn verdict(&self, result: Result<Value, FunctionError>, reported: bool) -> Verdict {
        match result {
            Err(error) => Verdict::Failed(error),
            Ok(_) if !reported => Verdict::Done,
            Ok(answer) => self.reported(&answer),
        }
    }

    /// "Lambda treats a batch as a complete success if you return … an empty or
    /// null batchItemFailures list, an empty or null EventResponse", and as a
    /// complete failure for "an empty string or null itemIdentifier, an
    /// itemIdentifier with a bad key name" (developer guide).
    fn reported(&self, answer: &Value) -> Verdict {
        let failures = match answer {
            Value::Null => return Verdict::Done,
            Value::Object(members) => match members.get("batchItemFailures") {
                None | Some(Value::Null) => return Verdict::Done,
                Some(Value::Array(failures)) => failures,
                Some(_) => return unreadable(),
            },
            _ => return unreadable(),
        };
        let places: Option<Vec<usize>> = failures.iter().map(|it| self.place(it)).collect();
        match places {
            None => unreadable(),
            Some(places) => places.into_iter().min().map_or(Verdict::Done, Verdict::FailedFrom),
        }
    }

    fn place(&self, failure: &Value) -> Option<usize> {
        let number = failure.get("itemIdentifier")?.as_str()?;
        self.records.iter().position(|record| sequence_number(record) == number)
    }
}

/// The sequence number of a stream record.
pub(super) fn sequence_number(record: &Value) -> &str {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default()
}

/// When a stream record came about, in seconds since the epoch.
pub(super) fn created(record: &Value) -> i64 {
    record["dynamodb"]["ApproximateCreationDateTime"].as_i64().unwrap_or_default()
}

fn unreadable() -> Verdict {
    Verdict::Failed(FunctionError {
        error_type: "InvalidBatchItemFailures".to_owned(),
        message: "the function's list of failures cannot be read".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Batch {
        let record = |n: u32| json!({ "dynamodb": { "SequenceNumber": n.to_string() } });
        Batch { records: vec![record(10), record(11), record(12)], tries: 0 }
    }

    fn failures(identifiers: &[Value]) -> Value {
        let list: Vec<_> = identifiers.iter().map(|it| json!({ "itemIdentifier": it })).collect();
        json!({ "batchItemFailures": list })
    }

    #[test]
    fn success_is_an_empty_or_null_report() {
        for answer in [json!(null), json!({}), json!({ "batchItemFailures": null }), failures(&[])]
        {
            assert_eq!(batch().verdict(Ok(answer.clone()), true), Verdict::Done, "{answer}");
        }
    }

    #[test]
    fn the_lowest_failure_is_the_checkpoint() {
        let answer = failures(&[json!("12"), json!("11")]);
        assert_eq!(batch().verdict(Ok(answer), true), Verdict::FailedFrom(1));
    }

    #[test]
    fn a_report_that_cannot_be_read_fails_the_whole_batch() {
        for answer in [
            failures(&[json!("")]),
            failures(&[json!(null)]),
            failures(&[json!("11"), json!("99")]),
            json!({ "batchItemFailures": [{ "id": "11" }] }),
            json!({ "batchItemFailures": "11" }),
            json!("ok"),
        ] {
            let verdict = batch().verdict(Ok(answer.clone()), true);
            assert!(matches!(verdict, Verdict::Failed(_)), "{answer}");
        }
    }

    #[test]
    fn an_unasked_report_is_not_read() {
        assert_eq!(batch().verdict(Ok(failures(&[json!("11")])), false), Verdict::Done);
    }
}
