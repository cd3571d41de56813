//! SNS: topics, their subscriptions, and everything that was published, as a
//! mailbox to look into.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Moment, Zone, ids};
use crate::Description;

/// A message's greatest size with its attributes: 256 KiB (SNS quotas).
const MESSAGE_BYTES: usize = 262_144;

/// "Less than 100 characters" (SNS API, Publish, Subject).
const SUBJECT_CHARACTERS: usize = 99;

/// Something that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The topic's ARN.
    pub topic: String,
    /// The subject, if there is one.
    pub subject: Option<String>,
    /// The text, as e-mail subscribers get it.
    pub body: String,
    /// What subscribers by these protocols get instead.
    pub forms: BTreeMap<String, String>,
    /// The attributes, by name.
    pub attributes: BTreeMap<String, Attribute>,
    /// The message id, a UUID.
    pub id: String,
    /// When it was published.
    pub at: Moment,
}

/// A message attribute with a text value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// `String`, `Number` or `String.Array`.
    pub data_type: String,
    /// The value.
    pub value: String,
}

/// What is to be published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publication {
    /// The topic's ARN.
    pub topic: String,
    /// The subject, if there is to be one.
    pub subject: Option<String>,
    /// The text, or a form of it for each protocol.
    pub body: String,
    /// `json` where there is a form for each protocol.
    pub structure: Option<String>,
    /// The attributes, by name.
    pub attributes: BTreeMap<String, Attribute>,
}

/// Somebody who gets what is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its ARN once it is confirmed. A person confirms an e-mail address by a
    /// link, at once or, where the description says so, never.
    pub arn: Option<String>,
    /// `email`, `sqs` and so on.
    pub protocol: String,
    /// The address.
    pub endpoint: String,
}

/// Why SNS refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TopicRefusal {
    /// There is no such topic.
    #[error("topic does not exist")]
    UnknownTopic,
    /// What was given does not follow SNS's rules; says which and why.
    #[error("invalid parameter: {0}")]
    Invalid(&'static str),
}

/// The topics of the management account in its home Region.
#[derive(Debug)]
pub struct Topics {
    /// `arn:aws:sns:region:account`.
    prefix: String,
    /// Subscriptions by topic ARN.
    topics: BTreeMap<String, Vec<Subscription>>,
    /// Whether people follow the link that confirms a subscription.
    confirm: bool,
    messages: Vec<Message>,
}

impl Topics {
    /// No topics yet.
    #[must_use]
    pub fn new(description: &Description) -> Self {
        let organization = &description.organization;
        Self {
            prefix: format!(
                "arn:{}:sns:{}:{}",
                organization.partition, organization.home_region, organization.management_account
            ),
            topics: BTreeMap::new(),
            confirm: description.subscribers.confirm,
            messages: Vec::new(),
        }
    }

    /// Everything that was published, oldest first.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The ARNs of all topics.
    pub fn arns(&self) -> impl Iterator<Item = &str> {
        self.topics.keys().map(String::as_str)
    }

    /// Makes a topic and answers its ARN; one that exists is left as it is.
    ///
    /// # Errors
    ///
    /// When the name is not of 1 to 256 letters, digits, `-` or `_`.
    pub fn create(&mut self, name: &str) -> Result<String, TopicRefusal> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !(1..=256).contains(&name.len()) || !name.chars().all(fits) {
            return Err(TopicRefusal::Invalid("Topic Name"));
        }
        let arn = format!("{}:{name}", self.prefix);
        self.topics.entry(arn.clone()).or_default();
        Ok(arn)
    }

    /// Who gets what is published to a topic.
    ///
    /// # Errors
    ///
    /// When there is no such topic.
    pub fn subscriptions(&self, topic: &str) -> Result<&[Subscription], TopicRefusal> {
        self.topics.get(topic).map(Vec::as_slice).ok_or(TopicRefusal::UnknownTopic)
    }

    /// Counted rather than drawn: who is subscribed changes nothing for the run.
    fn new_arn(&self, topic: &str) -> String {
        let all: usize = self.topics.values().map(Vec::len).sum();
        format!("{topic}:00000000-0000-4000-8000-{all:012x}")
    }

    fn subscribed(&self, topic: &str, protocol: &str, endpoint: &str) -> Option<&Subscription> {
        let mut known = self.topics.get(topic).into_iter().flatten();
        known.find(|known| known.protocol == protocol && known.endpoint == endpoint)
    }
}

/// Publishes a message and answers its id.
///
/// # Errors
///
/// When there is no such topic, or subject, text or attributes break SNS's rules.
pub fn publish(zone: &mut Zone, publication: Publication) -> Result<String, TopicRefusal> {
    zone.topics.subscriptions(&publication.topic)?;
    check_subject(publication.subject.as_deref())?;
    check_body(&publication)?;
    let Publication { topic, subject, body, structure, attributes } = publication;
    let (body, forms) = forms(body, structure.as_deref())?;
    let id = ids::new_uuid(&mut zone.chance);
    let message = Message { topic, subject, body, forms, attributes, id: id.clone(), at: zone.now };
    zone.topics.messages.push(message);
    Ok(id)
}

/// Subscribes an address to a topic, again or for the first time; answers what is said of
/// it at this moment, before a person has followed the link.
///
/// # Errors
///
/// When there is no such topic, or the protocol is none of SNS's.
pub fn subscribe(
    zone: &mut Zone,
    topic: &str,
    protocol: &str,
    endpoint: &str,
) -> Result<Subscription, TopicRefusal> {
    zone.topics.subscriptions(topic)?;
    let at_once = confirms_itself(protocol)?;
    if let Some(known) = zone.topics.subscribed(topic, protocol, endpoint) {
        return Ok(known.clone());
    }
    let confirmed = at_once || (zone.topics.confirm && protocol.starts_with("email"));
    let arn = confirmed.then(|| zone.topics.new_arn(topic));
    let subscription =
        Subscription { arn, protocol: protocol.to_owned(), endpoint: endpoint.to_owned() };
    zone.topics.topics.entry(topic.to_owned()).or_default().push(subscription.clone());
    let arn = subscription.arn.clone().filter(|_| at_once);
    Ok(Subscription { arn, ..subscription })
}

/// Whether a subscription by that protocol is confirmed without a person.
fn confirms_itself(protocol: &str) -> Result<bool, TopicRefusal> {
    match protocol {
        "email" | "email-json" | "http" | "https" => Ok(false),
        "sqs" | "lambda" | "sms" | "firehose" | "application" => Ok(true),
        _ => Err(TopicRefusal::Invalid("Protocol")),
    }
}

fn check_subject(subject: Option<&str>) -> Result<(), TopicRefusal> {
    let Some(subject) = subject else {
        return Ok(());
    };
    let begins_well = subject.chars().next().is_some_and(|first| !first.is_whitespace());
    let length = subject.chars().count();
    if !begins_well || length > SUBJECT_CHARACTERS || subject.contains(char::is_control) {
        return Err(TopicRefusal::Invalid("Subject"));
    }
    Ok(())
}

/// The text for e-mail, and the forms by protocol. A form that is no text is passed over
/// (SNS API, Publish, MessageStructure; its words as users met them).
fn forms(
    body: String,
    structure: Option<&str>,
) -> Result<(String, BTreeMap<String, String>), TopicRefusal> {
    match structure {
        None => return Ok((body, BTreeMap::new())),
        Some("json") => {}
        Some(_) => return Err(TopicRefusal::Invalid("MessageStructure")),
    }
    let Ok(Value::Object(forms)) = serde_json::from_str(&body) else {
        let unread = "Message Structure - JSON message body failed to parse";
        return Err(TopicRefusal::Invalid(unread));
    };
    let text = |(protocol, form): (String, Value)| Some((protocol, form.as_str()?.to_owned()));
    let forms: BTreeMap<String, String> = forms.into_iter().filter_map(text).collect();
    let usual = forms.get("default").ok_or(TopicRefusal::Invalid(
        "Message Structure - No default entry in JSON message body",
    ))?;
    Ok((forms.get("email").unwrap_or(usual).clone(), forms))
}

fn check_body(publication: &Publication) -> Result<(), TopicRefusal> {
    if publication.body.is_empty() {
        return Err(TopicRefusal::Invalid("Empty message"));
    }
    let attributes = publication.attributes.iter();
    let attributes: usize =
        attributes.map(|(name, it)| name.len() + it.data_type.len() + it.value.len()).sum();
    if publication.body.len() + attributes > MESSAGE_BYTES {
        return Err(TopicRefusal::Invalid("Message too long"));
    }
    check_attributes(&publication.attributes)
}

fn check_attributes(attributes: &BTreeMap<String, Attribute>) -> Result<(), TopicRefusal> {
    let known = |data_type: &str| matches!(data_type, "String" | "Number" | "String.Array");
    let fits = |(name, it): (&String, &Attribute)| {
        !name.is_empty() && known(&it.data_type) && !it.value.is_empty()
    };
    if attributes.iter().all(fits) {
        Ok(())
    } else {
        Err(TopicRefusal::Invalid("MessageAttributes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> (Zone, String) {
        let description = Description::builtin();
        let mut zone = Zone::new(&description, 1, description.organization.since);
        let topic = zone.topics.create("notices").expect("a topic");
        (zone, topic)
    }

    fn published(subject: Option<&str>, body: &str) -> Result<String, TopicRefusal> {
        let (mut zone, topic) = zone();
        let subject = subject.map(ToOwned::to_owned);
        publish(
            &mut zone,
            Publication { topic, subject, body: body.to_owned(), ..Default::default() },
        )
    }

    #[test]
    fn what_is_published_is_in_the_mailbox() {
        let (mut zone, topic) = zone();
        assert_eq!(topic, "arn:aws:sns:us-east-1:111122223333:notices");
        let publication = Publication {
            topic: topic.clone(),
            subject: Some("Batch finished".to_owned()),
            body: "3 accounts are ready.\nNone failed.".to_owned(),
            ..Default::default()
        };
        let id = publish(&mut zone, publication).expect("published");
        let [message] = zone.topics.messages() else { panic!("one message") };
        assert_eq!((&message.id, &message.topic, message.at), (&id, &topic, zone.now()));
        assert_eq!(message.subject.as_deref(), Some("Batch finished"));
    }

    #[test]
    fn a_subject_is_one_line_of_fewer_than_a_hundred_characters() {
        let refused = Err(TopicRefusal::Invalid("Subject"));
        assert!(published(Some(&"ü".repeat(99)), "text").is_ok());
        assert_eq!(published(Some(&"x".repeat(100)), "text"), refused);
        assert_eq!(published(Some("two\nlines"), "text"), refused);
        assert_eq!(published(Some("a\u{7}bell"), "text"), refused);
        assert_eq!(published(Some(""), "text"), refused);
        assert_eq!(published(Some(" indented"), "text"), refused);
    }

    #[test]
    fn a_message_has_1_byte_to_256_kib() {
        assert!(published(None, &"x".repeat(MESSAGE_BYTES)).is_ok());
        let too_long = published(None, &"x".repeat(MESSAGE_BYTES + 1));
        assert_eq!(too_long, Err(TopicRefusal::Invalid("Message too long")));
        assert_eq!(published(None, ""), Err(TopicRefusal::Invalid("Empty message")));
    }

    #[test]
    fn each_protocol_gets_its_form_and_e_mail_the_default() {
        let (mut zone, topic) = zone();
        let mut publish = |body: &str, structure: &str| {
            let structure = Some(structure.to_owned());
            let (topic, body) = (topic.clone(), body.to_owned());
            super::publish(&mut zone, Publication { topic, body, structure, ..Default::default() })
        };
        let refused = |what| Err(TopicRefusal::Invalid(what));
        let unread = "Message Structure - JSON message body failed to parse";
        assert_eq!(publish("no json", "json"), refused(unread));
        assert_eq!(publish("[\"default\"]", "json"), refused(unread));
        let lacking = "Message Structure - No default entry in JSON message body";
        assert_eq!(publish(r#"{"sqs":"{}"}"#, "json"), refused(lacking));
        assert_eq!(publish(r#"{"default":1}"#, "json"), refused(lacking));
        assert_eq!(publish("text", "xml"), refused("MessageStructure"));
        publish(r#"{"default":"text","sqs":"{}","lambda":7}"#, "json").unwrap();
        publish(r#"{"default":"text","email":"mail"}"#, "json").unwrap();
        let [first, second] = zone.topics.messages() else { panic!("two messages") };
        assert_eq!((&*first.body, &*first.forms["sqs"], first.forms.len()), ("text", "{}", 2));
        assert_eq!(second.body, "mail");
    }

    #[test]
    fn a_topic_must_exist_and_is_made_once() {
        let (mut zone, topic) = zone();
        assert_eq!(zone.topics.create("notices").as_ref(), Ok(&topic));
        assert_eq!(zone.topics.arns().count(), 1);
        assert!(zone.topics.create("no spaces").is_err());
        let nowhere = Publication { topic: format!("{topic}-else"), ..Default::default() };
        assert_eq!(publish(&mut zone, nowhere), Err(TopicRefusal::UnknownTopic));
    }

    #[test]
    fn an_e_mail_subscription_waits_for_a_person() {
        let (mut zone, topic) = zone();
        let subscribed =
            subscribe(&mut zone, &topic, "email", "ops@example.com").expect("subscribed");
        assert_eq!(subscribed.arn, None);
        let confirmed = |zone: &Zone| zone.topics.topics[&topic][0].arn.is_some();
        assert!(confirmed(&zone), "the link was followed");
        let again = subscribe(&mut zone, &topic, "email", "ops@example.com").expect("subscribed");
        assert!(again.arn.is_some());
        zone.topics.topics.clear();
        zone.topics.confirm = false;
        zone.topics.create("notices").expect("a topic");
        subscribe(&mut zone, &topic, "email", "ops@example.com").expect("subscribed");
        assert!(!confirmed(&zone), "nobody follows the link");
        let queue = "arn:aws:sqs:us-east-1:111122223333:notices";
        let first = subscribe(&mut zone, &topic, "sqs", queue).expect("subscribed");
        assert!(first.arn.as_ref().is_some_and(|arn| arn.starts_with(&topic)));
        assert_eq!(subscribe(&mut zone, &topic, "sqs", queue), Ok(first));
        assert_eq!(zone.topics.subscriptions(&topic).map(<[_]>::len), Ok(2));
        assert!(subscribe(&mut zone, &topic, "mail", "ops@example.com").is_err());
    }
}
