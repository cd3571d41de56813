//! Notices, published to an SNS topic: a text for people, facts for machines.

use async_trait::async_trait;
use aws_sdk_sns::Client;
use aws_sdk_sns::error::BuildError;
use aws_sdk_sns::types::MessageAttributeValue;
use vending::notice::{Links, Notice};
use vending::ports::{CouldNotAsk, Notifier};

use crate::calls::could_not;

const SNS: &str = "SNS";
const PUBLISH: &str = "publish a notice";

/// The message holds a form for each protocol, in JSON (API reference, `Publish`).
const FORMS: &str = "json";

/// The attribute that subscribers filter on first: the kind of the notice.
pub const KIND_ATTRIBUTE: &str = "kind";

/// Publishes notices to one topic, and whoever subscribed is told.
#[derive(Debug, Clone)]
pub struct SnsNotifier {
    client: Client,
    topic_arn: String,
    links: Links,
}

impl SnsNotifier {
    /// Publishes to the topic of that ARN; what is told points to no console.
    #[must_use]
    pub fn new(client: Client, topic_arn: impl Into<String>) -> Self {
        Self { client, topic_arn: topic_arn.into(), links: Links::default() }
    }

    /// The same, with what notices point to.
    #[must_use]
    pub fn linking(self, links: Links) -> Self {
        Self { links, ..self }
    }
}

#[async_trait]
impl Notifier for SnsNotifier {
    async fn publish(&self, notice: &Notice) -> Result<(), CouldNotAsk> {
        let message = notice.message(&self.links);
        let mut publish = self.client.publish().topic_arn(&self.topic_arn);
        publish = publish.subject(notice.subject.as_str());
        publish = publish.message(message.forms).message_structure(FORMS);
        for (name, value) in &message.attributes {
            let value = attribute(value).map_err(could_not(SNS, PUBLISH))?;
            publish = publish.message_attributes(*name, value);
        }
        publish.send().await.map(drop).map_err(could_not(SNS, PUBLISH))
    }
}

fn attribute(value: &str) -> Result<MessageAttributeValue, BuildError> {
    MessageAttributeValue::builder().data_type("String").string_value(value).build()
}
