//! The events of AWS that wake a function, understood by the shape of their envelope.
//!
//! They are wake-ups: what is to be done is decided from the ledger. So they are read
//! leniently, and only for what is needed.

mod change;
mod lifecycle;
mod response_url;
mod stack;
mod uploaded;

use serde_json::Value;
use vending::ledger::ObjectRef;
pub use vending::lifecycle::LifecycleEvent;

pub use change::Change;
pub use response_url::ResponseUrl;
pub use stack::{RESOURCE_TYPE, StackRequest, Wanted};

/// What woke a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// Files landed in the bucket; none, when S3 only tests whether it may notify.
    Uploaded(Vec<ObjectRef>),
    /// Entries changed, in the order of the stream. A record that cannot be read is
    /// logged and left out: what it would have woken, the next tick does.
    Changed(Vec<Change>),
    /// Control Tower is done with an account.
    ControlTower(LifecycleEvent),
    /// A minute has passed.
    Tick,
    /// A stack asks for its custom resource, and waits for the answer.
    Stack(Box<StackRequest>),
}

/// An event that no function of Vend is subscribed to, or that is not as AWS writes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("failed to read the event: {0}")]
pub struct UndecodableEvent(String);

impl UndecodableEvent {
    /// Characters of a problem that are kept: it quotes the event, and goes into a log.
    const PROBLEM_KEPT: usize = 300;

    fn new(problem: impl AsRef<str>) -> Self {
        Self(problem.as_ref().chars().take(Self::PROBLEM_KEPT).collect())
    }
}

impl Wake {
    /// Understands an event by its envelope: S3 and DynamoDB send `Records`,
    /// EventBridge a `source`, CloudFormation a `ResponseURL`.
    ///
    /// # Errors
    /// [`UndecodableEvent`] when it is none of those that wake Vend.
    pub fn decode(event: &Value) -> Result<Self, UndecodableEvent> {
        if event.get("ResponseURL").is_some() {
            return StackRequest::read(event).map(|request| Self::Stack(Box::new(request)));
        }
        if let Some(records) = event.get("Records") {
            return of_records(records);
        }
        if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
            return Ok(Self::Uploaded(Vec::new()));
        }
        match event.get("source").and_then(Value::as_str) {
            Some("aws.s3") => uploaded::read_event(event).map(|one| Self::Uploaded(vec![one])),
            Some("aws.controltower") => lifecycle::read(event).map(Self::ControlTower),
            // EventBridge's rules, and EventBridge Scheduler.
            Some("aws.events" | "aws.scheduler") => Ok(Self::Tick),
            Some(other) => Err(UndecodableEvent::new(format!(
                "its source {other:?} is not one that Vend listens to"
            ))),
            None => Err(UndecodableEvent::new("it has neither records nor a source")),
        }
    }
}

fn of_records(records: &Value) -> Result<Wake, UndecodableEvent> {
    let records =
        records.as_array().ok_or_else(|| UndecodableEvent::new("its records are no list"))?;
    let source =
        records.first().and_then(|record| record.get("eventSource")).and_then(Value::as_str);
    match source {
        Some("aws:s3") => {
            records.iter().map(uploaded::read).collect::<Result<_, _>>().map(Wake::Uploaded)
        }
        Some("aws:dynamodb") => {
            Ok(Wake::Changed(records.iter().filter_map(change::read_or_log).collect()))
        }
        Some(other) => Err(UndecodableEvent::new(format!(
            "its records are of {other:?}, which Vend does not listen to"
        ))),
        None => Err(UndecodableEvent::new("its records have no event source")),
    }
}

#[cfg(test)]
mod tests {
    use vending::ledger::Status;

    use super::*;

    fn sample(name: &str) -> Value {
        let path = format!("{}/../../samples/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    fn decode(name: &str) -> Wake {
        Wake::decode(&sample(name)).unwrap()
    }

    fn lifecycle(name: &str) -> LifecycleEvent {
        match decode(name) {
            Wake::ControlTower(event) => event,
            other => panic!("{name} is {other:?}"),
        }
    }

    fn change(name: &str) -> Change {
        match decode(name) {
            Wake::Changed(changes) => changes.into_iter().next().unwrap(),
            other => panic!("{name} is {other:?}"),
        }
    }

    #[test]
    fn an_upload_names_the_object_with_its_key_decoded() {
        let Wake::Uploaded(objects) = decode("s3-put") else { panic!("no upload") };
        let [object] = objects.as_slice() else { panic!("not one object") };
        assert_eq!(object.bucket, "vend-account-lists-111122223333");
        assert_eq!(object.key, "incoming/new accounts (März) + test.csv");
        assert_eq!(object.version.as_deref(), Some("3HL4kqtJvjVBH40Nrjfkd"));
    }

    #[test]
    fn an_upload_is_told_by_eventbridge_too_with_its_key_as_it_is() {
        let Wake::Uploaded(objects) = decode("s3-object-created") else { panic!("no upload") };
        let [object] = objects.as_slice() else { panic!("not one object") };
        assert_eq!(object.bucket, "vend-account-lists-111122223333");
        assert_eq!(object.key, "incoming/new accounts (März) + test 100%25.csv");
        assert_eq!(object.version.as_deref(), Some("IYV3p45BT0ac8hjHg1houSdS1a.Mro8e"));
    }

    #[test]
    fn s3_testing_whether_it_may_notify_is_no_upload() {
        assert_eq!(decode("s3-test-event"), Wake::Uploaded(Vec::new()));
    }

    #[test]
    fn a_change_names_the_entry_and_its_statuses() {
        let inserted = change("stream-insert");
        assert_eq!(inserted.name.as_str(), "My-Account-Name");
        assert_eq!((inserted.before, inserted.after), (None, Some(Status::Queued)));
        let modified = change("stream-modify");
        assert_eq!(
            (modified.before, modified.after),
            (Some(Status::Provisioning), Some(Status::Configuring))
        );
        assert_eq!(modified.sequence_number, "222000000000000000001");
    }

    #[test]
    fn a_record_that_cannot_be_read_does_not_hide_the_others() {
        let mut event = sample("stream-modify");
        let good = event["Records"][0].clone();
        event["Records"][0]["dynamodb"]["Keys"] = Value::Null;
        event["Records"].as_array_mut().unwrap().push(good);
        let Ok(Wake::Changed(changes)) = Wake::decode(&event) else { panic!("no change") };
        assert_eq!(changes.len(), 1);
    }

    #[test]
    fn an_account_that_was_made_is_named() {
        let event = lifecycle("create-managed-account-succeeded");
        assert!(event.created && event.succeeded);
        assert_eq!(event.account_name.as_deref(), Some("My-Account-Name"));
        assert_eq!(event.account_id.unwrap().as_str(), "123456789012");
        assert_eq!(event.id, "999cccaa-eaaa-0000-1111-123456789012");
    }

    #[test]
    fn a_failure_has_no_account_and_control_towers_words() {
        let event = lifecycle("create-managed-account-failed");
        assert!(event.created && !event.succeeded);
        assert_eq!(event.account_id, None);
        assert!(event.message.unwrap().contains("limit on the number of accounts"));
    }

    #[test]
    fn a_retry_reports_an_update_under_another_key() {
        let event = lifecycle("update-managed-account-succeeded");
        assert!(!event.created && event.succeeded);
        assert!(event.account_id.is_some());
        assert!(lifecycle("create-managed-account-outside").account_id.is_some());
    }

    #[test]
    fn a_lifecycle_event_without_its_leaves_is_still_one() {
        let mut event = sample("create-managed-account-failed");
        event["detail"]["serviceEventDetails"] =
            serde_json::json!({ "createManagedAccountStatus": {} });
        let Ok(Wake::ControlTower(read)) = Wake::decode(&event) else { panic!("not read") };
        assert_eq!((read.succeeded, read.account_name, read.message), (false, None, None));
    }

    #[test]
    fn a_schedule_is_a_tick() {
        assert_eq!(decode("scheduled"), Wake::Tick);
    }

    #[test]
    fn what_vend_does_not_listen_to_is_said() {
        let told = |event: Value| Wake::decode(&event).unwrap_err().to_string();
        assert!(told(serde_json::json!({})).ends_with("neither records nor a source"));
        assert!(told(serde_json::json!({ "source": "aws.ec2" })).contains("aws.ec2"));
        assert!(
            told(serde_json::json!({ "Records": [{ "eventSource": "aws:sqs" }] }))
                .contains("aws:sqs")
        );
        let mut guardrail = sample("create-managed-account-failed");
        guardrail["detail"]["eventName"] = "EnableGuardrail".into();
        assert!(told(guardrail).contains("EnableGuardrail"));
        assert!(told(serde_json::json!({ "source": "x".repeat(9_000) })).len() < 400);
    }
}
