//! Notices, published to an SNS topic.

use async_trait::async_trait;
use aws_sdk_sns::Client;
use aws_sdk_sns::error::BuildError;
use aws_sdk_sns::types::MessageAttributeValue;
use vending::notice::Notice;
use vending::ports::{CouldNotAsk, Notifier};

use crate::calls::could_not;

const SNS: &str = "SNS";
const PUBLISH: &str = "publish a notice";

/// The attribute that subscribers filter on: the kind of the notice.
pub const KIND_ATTRIBUTE: &str = "kind";

/// Publishes notices to one topic, and whoever subscribed is told.
#[derive(Debug, Clone)]
pub struct SnsNotifier {
    client: Client,
    topic_arn: String,
}

impl SnsNotifier {
    /// Publishes to the topic of that ARN.
    #[must_use]
    pub fn new(client: Client, topic_arn: impl Into<String>) -> Self {
        Self { client, topic_arn: topic_arn.into() }
    }
}

#[async_trait]
impl Notifier for SnsNotifier {
    async fn publish(&self, notice: &Notice) -> Result<(), CouldNotAsk> {
        let kind = kind(notice).map_err(could_not(SNS, PUBLISH))?;
        let publish = self.client.publish().topic_arn(&self.topic_arn);
        let publish = publish.subject(notice.subject.as_str()).message(&notice.body);
        let published = publish.message_attributes(KIND_ATTRIBUTE, kind).send().await;
        published.map(drop).map_err(could_not(SNS, PUBLISH))
    }
}

fn kind(notice: &Notice) -> Result<MessageAttributeValue, BuildError> {
    MessageAttributeValue::builder().data_type("String").string_value(notice.kind.as_str()).build()
}
