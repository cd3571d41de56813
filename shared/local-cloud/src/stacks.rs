//! CloudFormation, as far as it tells of stacks: what they were made with, what they
//! hold. It makes none.

use std::sync::Mutex;

use chrono::SecondsFormat;
use landing_zone::wire::query::{self, Form, Xml};
use landing_zone::wire::{Refusal, WireResponse};

use crate::clock::Moment;
use crate::lock;
use crate::template::{Stack, TemplateError};

const NAMESPACE: &str = "http://cloudformation.amazonaws.com/doc/2010-05-15/";

/// Every answer has the same: nothing is looked up by it.
const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000001";

/// `DescribeStackResources` "returns … up to 100 resources" (API reference).
const MOST_RESOURCES: usize = 100;

/// The stacks that there are.
#[derive(Debug, Default)]
pub(crate) struct Stacks(Mutex<Vec<Stack>>);

/// A queue of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueueOf {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) arn: String,
}

impl Stacks {
    /// Adds a stack, in the place of one of that name.
    pub(crate) fn deploy(&self, stack: Stack) {
        let mut stacks = lock(&self.0);
        stacks.retain(|it| it.name() != stack.name());
        stacks.push(stack);
    }

    /// The queues of all stacks.
    pub(crate) fn queues(&self) -> Vec<QueueOf> {
        let stacks = lock(&self.0);
        let queues = stacks.iter().flat_map(|stack| {
            let of_kind = stack.of_kind("AWS::SQS::Queue");
            of_kind.filter_map(|(logical, _)| queue(stack, logical).ok()).collect::<Vec<_>>()
        });
        queues.collect()
    }

    /// Answers one request. Every stack is said to have been made at `since`.
    pub(crate) fn answer(&self, operation: &str, body: &[u8], since: Moment) -> WireResponse {
        let mut form = Form::read(body);
        form.take("Action");
        form.take("Version");
        let stacks = lock(&self.0);
        let result = match operation {
            "DescribeStacks" => describe(&stacks, form, since),
            "DescribeStackResources" => resources(&stacks, form, since),
            _ => Err(Refusal::unknown_operation("cloudformation", operation)),
        };
        query::respond(operation, NAMESPACE, result, REQUEST_ID)
    }
}

fn queue(stack: &Stack, logical: &str) -> Result<QueueOf, TemplateError> {
    Ok(QueueOf {
        name: stack.attribute(logical, "QueueName")?,
        url: stack.reference(logical)?,
        arn: stack.attribute(logical, "Arn")?,
    })
}

fn describe(stacks: &[Stack], mut form: Form, since: Moment) -> Result<Xml, Refusal> {
    let wanted = form.take("StackName");
    form.finish()?;
    let described = match wanted {
        Some(wanted) => vec![find(stacks, &wanted)?],
        None => stacks.iter().collect(),
    };
    let described: Result<Vec<_>, _> = described.into_iter().map(|it| shape(it, since)).collect();
    Ok(Xml::default().element("Stacks", &list(described?)))
}

/// By name or id.
fn find<'a>(stacks: &'a [Stack], wanted: &str) -> Result<&'a Stack, Refusal> {
    let found = stacks.iter().find(|stack| stack.name() == wanted || stack.id() == wanted);
    let message = || format!("Stack with id {wanted} does not exist");
    found.ok_or_else(|| Refusal::new("ValidationError", message()))
}

fn shape(stack: &Stack, since: Moment) -> Result<Xml, Refusal> {
    let parameters = stack
        .parameters()
        .map(|(key, value)| Xml::default().text("ParameterKey", key).text("ParameterValue", value));
    let outputs = stack.outputs().map_err(|error| unresolved(&error))?.into_iter().map(|output| {
        let pair = Xml::default().text("OutputKey", &output.key).text("OutputValue", &output.value);
        match &output.description {
            Some(description) => pair.text("Description", description),
            None => pair,
        }
    });
    let named = Xml::default().text("StackId", stack.id()).text("StackName", stack.name());
    let described = match stack.description() {
        Some(description) => named.text("Description", description),
        None => named,
    };
    Ok(described
        .element("Parameters", &list(parameters))
        .text("CreationTime", &moment(since))
        .text("StackStatus", "CREATE_COMPLETE")
        .text("DisableRollback", "false")
        .element("Outputs", &list(outputs)))
}

fn resources(stacks: &[Stack], mut form: Form, since: Moment) -> Result<Xml, Refusal> {
    let stack = find(stacks, &form.require("StackName")?)?;
    let wanted = form.take("LogicalResourceId");
    form.finish()?;
    if let Some(wanted) = wanted.as_ref().filter(|it| !stack.resources().contains_key(*it)) {
        let message = format!("Resource {wanted} does not exist for stack {}", stack.name());
        return Err(Refusal::new("ValidationError", message));
    }
    let all = stack.resources().iter();
    let all = all.filter(|(logical, _)| wanted.as_ref().is_none_or(|wanted| wanted == *logical));
    let shapes = all.take(MOST_RESOURCES).map(|(logical, resource)| {
        let physical = stack.physical_id(logical).map_err(|error| unresolved(&error))?;
        Ok(Xml::default()
            .text("StackName", stack.name())
            .text("StackId", stack.id())
            .text("LogicalResourceId", logical)
            .text("PhysicalResourceId", &physical)
            .text("ResourceType", &resource.kind)
            .text("Timestamp", &moment(since))
            .text("ResourceStatus", "CREATE_COMPLETE"))
    });
    let shapes: Result<Vec<_>, Refusal> = shapes.collect();
    Ok(Xml::default().element("StackResources", &list(shapes?)))
}

fn list(members: impl IntoIterator<Item = Xml>) -> Xml {
    members.into_iter().fold(Xml::default(), |list, member| list.element("member", &member))
}

fn moment(moment: Moment) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn unresolved(error: &TemplateError) -> Refusal {
    let message = error.to_string();
    Refusal { code: "InternalFailure".to_owned(), message, status: 500 }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::template::{Placement, Template};

    const TEMPLATE: &str = "
Description: Two & more
Parameters:
  Slots: { Type: Number, Default: 1 }
  Mail: { Type: String }
Mappings:
  Console: { aws: { Domain: console.example.com } }
Resources:
  Role: { Type: AWS::IAM::Role }
  Queue:
    Type: AWS::SQS::Queue
    Properties: { QueueName: !Sub '${AWS::StackName}-undelivered' }
Outputs:
  Url:
    Description: Where to look
    Value: !Sub
      - 'https://${Domain}/${Queue.QueueName}'
      - Domain: !FindInMap [Console, !Ref AWS::Partition, Domain]
";

    fn stacks() -> Stacks {
        let placement = Placement {
            stack: "vend".to_owned(),
            partition: "aws".to_owned(),
            region: "us-east-1".to_owned(),
            account: "111122223333".to_owned(),
        };
        let values = BTreeMap::from([("Mail".to_owned(), "a@example.com".to_owned())]);
        let template = Template::parse(TEMPLATE).unwrap();
        let mut stack = template.stack(placement, &values).unwrap();
        stack.choose_name("Role", "vend-Role-1A2B");
        let stacks = Stacks::default();
        stacks.deploy(stack.clone());
        stacks.deploy(stack);
        stacks
    }

    fn asked(body: &str) -> (u16, String) {
        let operation = landing_zone::wire::operation("cloudformation", None, body.as_bytes());
        let answer = stacks().answer(&operation, body.as_bytes(), Moment::UNIX_EPOCH);
        (answer.status, String::from_utf8(answer.body).unwrap())
    }

    #[test]
    fn a_stack_is_described_with_what_it_was_made_with() {
        let (status, told) = asked("Action=DescribeStacks&Version=2010-05-15&StackName=vend");
        assert_eq!(status, 200);
        for part in [
            "<StackName>vend</StackName><Description>Two &amp; more</Description>",
            "<ParameterKey>Mail</ParameterKey><ParameterValue>a@example.com</ParameterValue>",
            "<ParameterKey>Slots</ParameterKey><ParameterValue>1</ParameterValue>",
            "<CreationTime>1970-01-01T00:00:00.000Z</CreationTime><StackStatus>CREATE_COMPLETE<",
            "<OutputValue>https://console.example.com/vend-undelivered</OutputValue>",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        let id = "arn:aws:cloudformation:us-east-1:111122223333:stack/vend/1";
        let by_id = asked(&format!("Action=DescribeStacks&StackName={id}"));
        assert_eq!(by_id, (status, told.clone()), "by its id");
        assert_eq!(asked("Action=DescribeStacks").1, told, "a stack of a name is there once");
    }

    #[test]
    fn resources_have_the_names_that_were_chosen_for_them() {
        let (_, told) = asked("Action=DescribeStackResources&StackName=vend");
        for part in [
            "<LogicalResourceId>Role</LogicalResourceId><PhysicalResourceId>vend-Role-1A2B<",
            "<PhysicalResourceId>https://sqs.us-east-1.amazonaws.com/111122223333/vend-undelivered<",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        let (_, one) = asked("Action=DescribeStackResources&StackName=vend&LogicalResourceId=Role");
        assert!(one.contains("AWS::IAM::Role") && !one.contains("AWS::SQS::Queue"), "{one}");
    }

    #[test]
    fn what_is_not_there_is_said_in_aws_words() {
        let (status, told) = asked("Action=DescribeStacks&StackName=sell");
        assert_eq!(status, 400);
        let words = "<Code>ValidationError</Code><Message>Stack with id sell does not exist<";
        assert!(told.contains(words), "{told}");
        let (_, told) = asked("Action=DescribeStackResources&StackName=sell");
        assert!(told.contains(words), "{told}");
        let (_, told) = asked("Action=DescribeStackResources&StackName=vend&LogicalResourceId=X");
        assert!(told.contains("Resource X does not exist for stack vend"), "{told}");
        let (_, told) = asked("Action=DeleteStack&StackName=vend");
        assert!(told.contains("<Code>InvalidAction</Code>"), "{told}");
    }
}
