//! SQS, as far as it tells of the queues that hold what could not be delivered: JSON 1.0.

use std::collections::BTreeMap;
use std::sync::Mutex;

use landing_zone::wire::Refusal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::lock;
use crate::stacks::QueueOf;

/// The messages in each queue, by its name.
#[derive(Debug, Default)]
pub(crate) struct Queues(Mutex<BTreeMap<String, u64>>);

/// What SQS answers.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// `x-amzn-query-error`: the code that the error had in the query protocol, by which
    /// SDKs still know some.
    pub(crate) query_error: Option<&'static str>,
    pub(crate) body: Value,
}

impl Queues {
    /// A message comes into a queue.
    pub(crate) fn add(&self, queue: &str) {
        *lock(&self.0).entry(queue.to_owned()).or_default() += 1;
    }

    /// The queues hold these messages, each given by its queue, and no others.
    pub(crate) fn restore<'a>(&self, messages: impl Iterator<Item = &'a str>) {
        lock(&self.0).clear();
        messages.for_each(|queue| self.add(queue));
    }

    /// Answers one request about `queues`.
    pub(crate) fn answer(&self, queues: &[QueueOf], operation: &str, body: &[u8]) -> Answer {
        let answer = match operation {
            "GetQueueUrl" => read(body).and_then(|it| url(queues, &it)),
            "GetQueueAttributes" => read(body).and_then(|it| self.attributes(queues, &it)),
            _ => Err(Refusal::unknown_operation("sqs", operation)),
        };
        match answer {
            Ok(answer) => Answer { status: 200, query_error: None, body: answer },
            Err(refusal) => refused(&refusal),
        }
    }

    fn attributes(&self, queues: &[QueueOf], wanted: &GetAttributes) -> Result<Value, Refusal> {
        let queue = queues.iter().find(|queue| queue.url == wanted.queue_url);
        let queue = queue.ok_or_else(no_queue)?;
        let messages = lock(&self.0).get(&queue.name).copied().unwrap_or_default();
        // Nobody receives from these queues, and nothing is sent with a delay.
        let known = [
            ("ApproximateNumberOfMessages", messages.to_string()),
            ("ApproximateNumberOfMessagesDelayed", "0".to_owned()),
            ("ApproximateNumberOfMessagesNotVisible", "0".to_owned()),
            ("QueueArn", queue.arn.clone()),
        ];
        let mut attributes = Map::new();
        for name in &wanted.attribute_names {
            let mut found = known.iter().filter(|(known, _)| name == "All" || name == known);
            let first = found.next().ok_or_else(|| no_attribute(name))?;
            for (name, value) in std::iter::once(first).chain(found) {
                attributes.insert((*name).to_owned(), Value::from(value.as_str()));
            }
        }
        Ok(json!({ "Attributes": attributes }))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetUrl {
    queue_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetAttributes {
    queue_url: String,
    #[serde(default)]
    attribute_names: Vec<String>,
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let wrong = |error: serde_json::Error| {
        Refusal::new("com.amazon.coral.service#SerializationException", error.to_string())
    };
    serde_json::from_slice(body).map_err(wrong)
}

fn url(queues: &[QueueOf], wanted: &GetUrl) -> Result<Value, Refusal> {
    let queue = queues.iter().find(|queue| queue.name == wanted.queue_name);
    Ok(json!({ "QueueUrl": queue.ok_or_else(no_queue)?.url }))
}

fn no_queue() -> Refusal {
    Refusal::new("com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.")
}

fn no_attribute(name: &str) -> Refusal {
    Refusal::new("com.amazonaws.sqs#InvalidAttributeName", format!("Unknown Attribute {name}."))
}

fn refused(refusal: &Refusal) -> Answer {
    let no_queue = refusal.code.ends_with("#QueueDoesNotExist");
    Answer {
        status: refusal.status,
        query_error: no_queue.then_some("AWS.SimpleQueueService.NonExistentQueue;Sender"),
        body: json!({ "__type": refusal.code, "message": refusal.message }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(queues: &Queues, operation: &str, body: &Value) -> (u16, Value) {
        let queue = QueueOf {
            name: "lost".to_owned(),
            url: "https://sqs.us-east-1.amazonaws.com/111122223333/lost".to_owned(),
            arn: "arn:aws:sqs:us-east-1:111122223333:lost".to_owned(),
        };
        let answer = queues.answer(&[queue], operation, body.to_string().as_bytes());
        (answer.status, answer.body)
    }

    #[test]
    fn a_queue_tells_how_many_messages_it_holds() {
        let queues = Queues::default();
        let (_, found) = asked(&queues, "GetQueueUrl", &json!({ "QueueName": "lost" }));
        let url = found["QueueUrl"].clone();
        let count = |queues: &Queues| {
            let body =
                json!({ "QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"] });
            asked(queues, "GetQueueAttributes", &body).1["Attributes"].clone()
        };
        assert_eq!(count(&queues), json!({ "ApproximateNumberOfMessages": "0" }));
        queues.add("lost");
        queues.add("other");
        assert_eq!(count(&queues), json!({ "ApproximateNumberOfMessages": "1" }));
        queues.restore(["lost", "lost", "lost"].into_iter());
        assert_eq!(count(&queues), json!({ "ApproximateNumberOfMessages": "3" }));
        let all = json!({ "QueueUrl": url, "AttributeNames": ["All"] });
        let (_, all) = asked(&queues, "GetQueueAttributes", &all);
        assert_eq!(all["Attributes"].as_object().map(Map::len), Some(4));
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let queues = Queues::default();
        let (status, refused) = asked(&queues, "GetQueueUrl", &json!({ "QueueName": "none" }));
        assert_eq!(
            (status, &refused["__type"]),
            (400, &json!("com.amazonaws.sqs#QueueDoesNotExist"))
        );
        let wanted = json!({ "QueueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/lost",
            "AttributeNames": ["Weight"] });
        let (_, refused) = asked(&queues, "GetQueueAttributes", &wanted);
        assert_eq!(refused["message"], "Unknown Attribute Weight.");
        let (_, refused) = asked(&queues, "ReceiveMessage", &json!({}));
        assert_eq!(refused["__type"], "UnknownOperationException");
    }
}
