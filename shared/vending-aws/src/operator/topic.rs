//! Who is subscribed to the topic.

use async_trait::async_trait;
use aws_sdk_sns::Client;
use aws_sdk_sns::types::Subscription as Listed;
use vending::doctor::ports::{Subscription, Topic, Unseen};

use super::unseen::unseen;
use crate::Clients;

const LIST: &str = "sns:ListSubscriptionsByTopic";

/// Asks SNS.
#[derive(Debug, Clone)]
pub struct SnsTopic {
    client: Client,
    arn: String,
}

impl SnsTopic {
    /// The topic of that ARN.
    #[must_use]
    pub fn new(clients: &Clients, arn: impl Into<String>) -> Self {
        Self { client: clients.sns(), arn: arn.into() }
    }
}

#[async_trait]
impl Topic for SnsTopic {
    async fn subscriptions(&self) -> Result<Vec<Subscription>, Unseen> {
        let list = self.client.list_subscriptions_by_topic().topic_arn(&self.arn);
        let mut listed = list.into_paginator().items().send();
        let mut subscriptions = Vec::new();
        while let Some(one) = listed.next().await {
            subscriptions.extend(read(&one.map_err(unseen(LIST))?));
        }
        Ok(subscriptions)
    }
}

/// Before it is confirmed a subscription has `PendingConfirmation` in the place of an ARN;
/// one that was ended is listed for some days as `Deleted`.
fn read(listed: &Listed) -> Option<Subscription> {
    let arn = listed.subscription_arn().unwrap_or_default();
    let (protocol, endpoint) = (listed.protocol()?, listed.endpoint()?);
    (arn != "Deleted").then(|| Subscription::new(protocol, endpoint, arn.starts_with("arn:")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_means_confirmed_and_what_was_ended_is_not_there() {
        let listed = |arn: &str| {
            let one = Listed::builder().subscription_arn(arn).protocol("email");
            read(&one.endpoint("ops@example.com").build()).map(|it| it.is_confirmed())
        };
        assert_eq!(listed("arn:aws:sns:us-east-1:111122223333:vend-notices:1"), Some(true));
        assert_eq!(listed("PendingConfirmation"), Some(false));
        assert_eq!(listed("Deleted"), None);
    }
}
