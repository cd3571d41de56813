//! A record that a function always fails on: it ends where the template says, after the
//! template's tries, and the other rows go on.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::TimeDelta;
use local_cloud::delivery::{FunctionError, Pace, Reason, Undelivered};
use local_cloud::{Cloud, Delivery};
use serde_json::{Value, json};

use crate::scripted::{Three, fail};
use crate::{deployed, stack};

/// The row that nobody can handle, among others.
const POISON: &str = "row-5";

/// The mapping of a function, and the rest of its life in a test.
struct Poisoned {
    cloud: Cloud,
    three: Three,
    function: &'static str,
    mapping: &'static str,
    undelivered: Vec<Undelivered>,
}

type Answer = fn(&Value) -> Result<Value, FunctionError>;

impl Poisoned {
    /// Twelve rows that `function` is woken for, of which it cannot handle one.
    async fn run(function: &'static str, mapping: &'static str, answer: Answer) -> Self {
        let (cloud, stack) = (deployed::cloud(), stack::stack(&[]));
        deployed::furnish(&cloud, &stack).await;
        let three = Three::with(&cloud, function, answer);
        let wiring = stack::wiring(&stack, three.functions());
        let mut delivery = Delivery::new(cloud.clone(), wiring).unwrap();
        for n in 0..12 {
            put(&cloud, &format!("row-{n}")).await;
        }
        let until = deployed::start() + TimeDelta::minutes(30);
        let done = async |it: &Delivery| it.cloud().now() >= until;
        delivery.run_until(done, Pace::Unpaced).await.unwrap();
        let undelivered = delivery.undelivered().to_vec();
        Self { cloud, three, function, mapping, undelivered }
    }

    /// The names of the rows in each batch that the function got.
    fn batches(&self) -> Vec<Vec<String>> {
        let batches = self.three.get(self.function).got();
        batches.iter().filter(|it| it.get("Records").is_some()).map(names).collect()
    }

    /// How often the template says that a record is tried.
    fn tries(&self) -> u64 {
        stack::number(&stack::stack(&[]), self.mapping, "MaximumRetryAttempts") + 1
    }

    /// The one message in the queue: where in the stream the records are that were given
    /// up, from the poison on.
    fn check_message(&self, records: usize) {
        let [lost] = &self.undelivered[..] else { panic!("{:?}", self.undelivered) };
        assert_eq!(lost.destination, stack::queue(&stack::stack(&[]), "UndeliveredStream"));
        assert_eq!(
            (lost.reason, u64::from(lost.attempts)),
            (Reason::RetriesExhausted, self.tries())
        );
        let context = &lost.event["requestContext"];
        assert_eq!(context["condition"], "RetryAttemptsExhausted");
        assert_eq!(context["approximateInvokeCount"], self.tries());
        let info = &lost.event["DDBStreamBatchInfo"];
        assert_eq!(info["batchSize"], records);
        assert_eq!(info["startSequenceNumber"], self.sequence_number(POISON));
        let table = stack::stack(&[]).reference("AccountsTable").unwrap();
        assert!(info["streamArn"].as_str().unwrap().contains(&format!("table/{table}/stream/")));
        assert!(lost.event.get("Records").is_none(), "what it tells has no row in it");
    }

    fn sequence_number(&self, name: &str) -> Value {
        let batches = self.three.get(self.function).got();
        let mut records = batches.iter().flat_map(|it| it["Records"].as_array().unwrap());
        let record = records.find(|it| it["dynamodb"]["Keys"]["AccountName"]["S"] == name);
        record.unwrap()["dynamodb"]["SequenceNumber"].clone()
    }
}

async fn put(cloud: &Cloud, name: &str) {
    let table = stack::stack(&[]).reference("AccountsTable").unwrap();
    let put = deployed::clients(cloud).dynamodb().put_item().table_name(table);
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = put.item("AccountName", text(name)).item("Status", text("QUEUED"));
    // It wakes both functions, so that one run serves for either.
    put.item("Announced", AttributeValue::Bool(false)).send().await.unwrap();
}

fn names(event: &Value) -> Vec<String> {
    let records = event["Records"].as_array().unwrap().iter();
    let name = |it: &Value| it["dynamodb"]["Keys"]["AccountName"]["S"].as_str().unwrap().to_owned();
    records.map(name).collect()
}

/// Fails as a whole where the poison is in it; ticks succeed.
fn fails(event: &Value) -> Result<Value, FunctionError> {
    let poisoned = event.get("Records").is_some() && names(event).contains(&POISON.to_owned());
    if poisoned { fail() } else { Ok(Value::Null) }
}

/// Handles the others, and reports the poison.
fn reports(event: &Value) -> Result<Value, FunctionError> {
    let records = event["Records"].as_array().into_iter().flatten();
    let failed = records.filter(|it| it["dynamodb"]["Keys"]["AccountName"]["S"] == POISON);
    let failed: Vec<_> =
        failed.map(|it| json!({ "itemIdentifier": it["dynamodb"]["SequenceNumber"] })).collect();
    Ok(json!({ "batchItemFailures": failed }))
}

#[tokio::test]
async fn a_record_that_a_function_fails_on_is_singled_out_and_given_up() {
    for (function, mapping) in [("provision", "ProvisionStream"), ("handover", "HandoverStream")] {
        let run = Poisoned::run(function, mapping, fails).await;
        run.check_message(1);
        let batches = run.batches();
        let alone = batches.iter().filter(|it| **it == [POISON]).count();
        assert_eq!(alone as u64, run.tries(), "{function}: {batches:?}");
        let done: Vec<_> = batches.iter().filter(|it| !it.contains(&POISON.to_owned())).collect();
        let mut done: Vec<_> = done.into_iter().flatten().cloned().collect();
        done.sort();
        let mut others: Vec<_> = (0..12).map(|n| format!("row-{n}")).collect();
        others.retain(|it| it != POISON);
        others.sort();
        assert_eq!(done, others, "{function}: every other row is done, and once");
    }
}

#[tokio::test]
async fn a_record_that_a_function_reports_is_given_up_and_the_others_go_on() {
    for (function, mapping) in [("provision", "ProvisionStream"), ("handover", "HandoverStream")] {
        let run = Poisoned::run(function, mapping, reports).await;
        let batches = run.batches();
        let tried = batches.iter().filter(|it| it.contains(&POISON.to_owned())).count();
        assert_eq!(tried as u64, run.tries(), "{function}: {batches:?}");
        let rest = batches.iter().find(|it| it[0] == POISON).unwrap().len();
        run.check_message(rest);
        let seen = |name: &str| batches.iter().filter(|it| it.iter().any(|it| it == name)).count();
        assert_eq!(seen("row-4"), 1, "what comes before it is not tried again");
        // The function has handled these each time: they are in the batch, not in the report.
        assert!(seen("row-6") >= 1 && seen("row-11") >= 1, "{batches:?}");
        assert_eq!(run.cloud.now(), deployed::start() + TimeDelta::minutes(30));
    }
}
