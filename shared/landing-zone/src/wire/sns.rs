//! SNS: topics, subscriptions, publishing.

use std::collections::BTreeMap;

use super::Refusal;
use super::query::{Form, Xml};
use crate::Zone;
use crate::model::topics::{self, Attribute, Publication, Subscription, TopicRefusal};

/// Topics and subscriptions come in pages of 100 (SNS API, ListTopics).
const PAGE: usize = 100;

/// Answers one operation with what goes into its result element.
pub(super) fn answer(zone: &mut Zone, operation: &str, form: Form) -> Result<Xml, Refusal> {
    match operation {
        "Publish" => publish(zone, form),
        "CreateTopic" => create_topic(zone, form),
        "ListTopics" => list_topics(zone, form),
        "Subscribe" => subscribe(zone, form),
        "ListSubscriptionsByTopic" => list_subscriptions(zone, form),
        "GetTopicAttributes" => get_topic_attributes(zone, form),
        _ => Err(Refusal::unknown_operation("sns", operation)),
    }
}

fn publish(zone: &mut Zone, mut form: Form) -> Result<Xml, Refusal> {
    let publication = Publication {
        topic: form.require("TopicArn")?,
        subject: form.take("Subject"),
        body: form.require("Message")?,
        structure: form.take("MessageStructure"),
        attributes: attributes(&mut form)?,
    };
    form.finish()?;
    let id = topics::publish(zone, publication).map_err(|it| refusal(&it))?;
    Ok(Xml::default().text("MessageId", &id))
}

fn create_topic(zone: &mut Zone, mut form: Form) -> Result<Xml, Refusal> {
    let name = form.require("Name")?;
    form.finish()?;
    let arn = zone.topics.create(&name).map_err(|it| refusal(&it))?;
    Ok(Xml::default().text("TopicArn", &arn))
}

fn list_topics(zone: &Zone, mut form: Form) -> Result<Xml, Refusal> {
    let token = form.take("NextToken");
    form.finish()?;
    let member = |arn: &str| Xml::default().text("TopicArn", arn);
    paged("Topics", zone.topics.arns().map(member), token)
}

fn subscribe(zone: &mut Zone, mut form: Form) -> Result<Xml, Refusal> {
    let topic = form.require("TopicArn")?;
    let protocol = form.require("Protocol")?;
    let endpoint = form.take("Endpoint").unwrap_or_default();
    let whole_arn = form.take("ReturnSubscriptionArn").as_deref() == Some("true");
    form.finish()?;
    if whole_arn {
        let message = "the landing zone does not have ReturnSubscriptionArn";
        return Err(Refusal::new("InvalidParameter", message));
    }
    let subscription =
        topics::subscribe(zone, &topic, &protocol, &endpoint).map_err(|it| refusal(&it))?;
    let arn = subscription.arn.as_deref().unwrap_or("pending confirmation");
    Ok(Xml::default().text("SubscriptionArn", arn))
}

fn list_subscriptions(zone: &Zone, mut form: Form) -> Result<Xml, Refusal> {
    let topic = form.require("TopicArn")?;
    let token = form.take("NextToken");
    form.finish()?;
    let owner = zone.organization.management_account();
    let subscriptions = zone.topics.subscriptions(&topic).map_err(|it| refusal(&it))?.iter();
    paged("Subscriptions", subscriptions.map(|it| subscription(it, &topic, owner)), token)
}

fn get_topic_attributes(zone: &Zone, mut form: Form) -> Result<Xml, Refusal> {
    let topic = form.require("TopicArn")?;
    form.finish()?;
    let subscriptions = zone.topics.subscriptions(&topic).map_err(|it| refusal(&it))?;
    let pending = subscriptions.iter().filter(|subscription| subscription.arn.is_none()).count();
    let confirmed = subscriptions.len() - pending;
    let entries = [
        ("Owner", zone.organization.management_account().to_owned()),
        ("SubscriptionsConfirmed", confirmed.to_string()),
        ("SubscriptionsDeleted", "0".to_owned()),
        ("SubscriptionsPending", pending.to_string()),
        ("TopicArn", topic),
    ];
    let entries = entries.iter().fold(Xml::default(), |xml, (key, value)| {
        xml.element("entry", &Xml::default().text("key", key).text("value", value))
    });
    Ok(Xml::default().element("Attributes", &entries))
}

fn subscription(subscription: &Subscription, topic: &str, owner: &str) -> Xml {
    Xml::default()
        .text("SubscriptionArn", subscription.arn.as_deref().unwrap_or("PendingConfirmation"))
        .text("Owner", owner)
        .text("Protocol", &subscription.protocol)
        .text("Endpoint", &subscription.endpoint)
        .text("TopicArn", topic)
}

/// `MessageAttributes.entry.1.Name` and so on, as far as they are numbered.
fn attributes(form: &mut Form) -> Result<BTreeMap<String, Attribute>, Refusal> {
    let mut attributes = BTreeMap::new();
    for n in 1.. {
        let entry = format!("MessageAttributes.entry.{n}");
        let Some(name) = form.take(&format!("{entry}.Name")) else {
            break;
        };
        let data_type = form.require(&format!("{entry}.Value.DataType"))?;
        let value = form.require(&format!("{entry}.Value.StringValue"))?;
        attributes.insert(name, Attribute { data_type, value });
    }
    Ok(attributes)
}

fn paged(
    key: &str,
    members: impl Iterator<Item = Xml>,
    token: Option<String>,
) -> Result<Xml, Refusal> {
    let start = token.map_or(Ok(0), |token| token.parse::<usize>());
    let start =
        start.map_err(|_| Refusal::new("InvalidParameter", "Invalid parameter: NextToken"))?;
    let mut members = members.skip(start);
    let page = members.by_ref().take(PAGE);
    let list = page.fold(Xml::default(), |xml, member| xml.element("member", &member));
    let answer = Xml::default().element(key, &list);
    let more = members.next().is_some();
    Ok(if more { answer.text("NextToken", &(start + PAGE).to_string()) } else { answer })
}

fn refusal(refusal: &TopicRefusal) -> Refusal {
    match refusal {
        TopicRefusal::UnknownTopic => Refusal {
            code: "NotFound".to_owned(),
            message: "Topic does not exist".to_owned(),
            status: 404,
        },
        TopicRefusal::Invalid(what) => {
            Refusal::new("InvalidParameter", format!("Invalid parameter: {what}"))
        }
    }
}
