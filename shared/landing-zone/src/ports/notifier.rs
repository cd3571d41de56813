//! Notices, into the mailbox of the landing zone's topic.

use std::collections::BTreeMap;

use async_trait::async_trait;
use vending::notice::Notice;
use vending::ports::{CouldNotAsk, Notifier};

use super::Shared;
use crate::model::topics::{self, Attribute, Publication};

#[async_trait]
impl Notifier for Shared {
    async fn publish(&self, notice: &Notice) -> Result<(), CouldNotAsk> {
        let kind = Attribute { data_type: "String".into(), value: notice.kind.as_str().into() };
        let publication = Publication {
            topic: self.topic.clone(),
            subject: Some(notice.subject.as_str().to_owned()),
            body: notice.body.clone(),
            attributes: BTreeMap::from([("kind".to_owned(), kind)]),
        };
        topics::publish(&mut self.zone(), publication)
            .map(drop)
            .map_err(|refusal| CouldNotAsk::new("SNS", "publish a notice", refusal))
    }
}
