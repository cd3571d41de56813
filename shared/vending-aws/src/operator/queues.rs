//! How much is in the queues of what could not be delivered.

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use vending::doctor::ports::{QueueLength, Queues, Unseen};

use super::unseen::{lacks, unseen};
use crate::Clients;

const ATTRIBUTES: &str = "sqs:GetQueueAttributes";

/// What somebody is looking at in the console is not visible, and still there.
const COUNTED: [QueueAttributeName; 2] = [
    QueueAttributeName::ApproximateNumberOfMessages,
    QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
];

/// Asks SQS.
#[derive(Debug, Clone)]
pub struct SqsQueues {
    client: Client,
    urls: Vec<String>,
}

impl SqsQueues {
    /// The queues of those URLs.
    #[must_use]
    pub fn new(clients: &Clients, urls: Vec<String>) -> Self {
        Self { client: Client::new(clients.config()), urls }
    }

    async fn length(&self, url: &str) -> Result<QueueLength, Unseen> {
        let ask = self.client.get_queue_attributes().queue_url(url);
        let ask = ask.set_attribute_names(Some(COUNTED.to_vec()));
        let answer = ask.send().await.map_err(unseen(ATTRIBUTES))?;
        let mut messages = 0;
        for name in &COUNTED {
            let count = answer.attributes().and_then(|all| all.get(name)?.parse::<usize>().ok());
            messages += count.ok_or_else(|| lacks("number of messages", ATTRIBUTES))?;
        }
        let name = url.rsplit('/').next().unwrap_or(url).to_owned();
        Ok(QueueLength { name, messages })
    }
}

#[async_trait]
impl Queues for SqsQueues {
    async fn lengths(&self) -> Result<Vec<QueueLength>, Unseen> {
        let mut lengths = Vec::new();
        for url in &self.urls {
            lengths.push(self.length(url).await?);
        }
        Ok(lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    #[tokio::test]
    async fn messages_that_somebody_looks_at_count_too() {
        let answer = |visible: u32, hidden: u32| {
            let body = format!(
                r#"{{"Attributes":{{"ApproximateNumberOfMessages":"{visible}",
                "ApproximateNumberOfMessagesNotVisible":"{hidden}"}}}}"#
            );
            (200, body)
        };
        let clients = Clients::new(Canned::new(vec![answer(0, 0), answer(2, 1)]).config());
        let urls = ["https://sqs.example.com/1/a", "https://sqs.example.com/1/b"];
        let queues = SqsQueues::new(&clients, urls.map(str::to_owned).to_vec());
        let lengths = queues.lengths().await.unwrap();
        let told: Vec<_> = lengths.iter().map(|it| (it.name.as_str(), it.messages)).collect();
        assert_eq!(told, [("a", 0), ("b", 3)]);
    }
}
