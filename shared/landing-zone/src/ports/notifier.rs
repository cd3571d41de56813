//! Notices, into the mailbox of the landing zone's topic.

use async_trait::async_trait;
use vending::notice::{Links, Notice};
use vending::ports::{CouldNotAsk, Notifier};

use super::Shared;
use crate::model::topics::{self, Attribute, Publication};

#[async_trait]
impl Notifier for Shared {
    async fn publish(&self, notice: &Notice) -> Result<(), CouldNotAsk> {
        let message = notice.message(&Links::default());
        let text = |value| Attribute { data_type: "String".into(), value };
        let attributes = message.attributes.into_iter();
        let publication = Publication {
            topic: self.topic.clone(),
            subject: Some(notice.subject.as_str().to_owned()),
            body: message.forms,
            structure: Some("json".into()),
            attributes: attributes.map(|(name, value)| (name.to_owned(), text(value))).collect(),
        };
        topics::publish(&mut self.zone(), publication)
            .map(drop)
            .map_err(|refusal| CouldNotAsk::new("SNS", "publish a notice", refusal))
    }
}
