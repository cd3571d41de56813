//! What CloudFormation's `Ref` and `Fn::GetAtt` give for the resources that there are
//! in templates here, as the reference of each resource type says.

use serde_json::Value;

use super::resolve::Resolver;
use super::{Placement, TemplateError};

/// What `Ref` gives for the resource `logical`.
pub(super) fn reference(
    resolver: &Resolver<'_>,
    logical: &str,
    place: &str,
) -> Result<String, TemplateError> {
    let kind = kind(resolver, logical, place)?;
    let name = name(resolver, logical, kind)?;
    Ok(match kind {
        "AWS::SNS::Topic" => arn(resolver.placement, "sns", &name),
        "AWS::SQS::Queue" => {
            let Placement { region, account, .. } = resolver.placement;
            format!("https://sqs.{region}.amazonaws.com/{account}/{name}")
        }
        "AWS::IAM::ManagedPolicy" => {
            let Placement { partition, account, .. } = resolver.placement;
            format!("arn:{partition}:iam::{account}:policy/{name}")
        }
        _ => name,
    })
}

/// What `Fn::GetAtt` gives.
pub(super) fn attribute(
    resolver: &Resolver<'_>,
    logical: &str,
    attribute: &str,
    place: &str,
) -> Result<String, TemplateError> {
    let kind = kind(resolver, logical, place)?;
    let name = name(resolver, logical, kind)?;
    let at = resolver.placement;
    let partition = &at.partition;
    Ok(match (kind, attribute) {
        ("AWS::CloudWatch::Alarm", "Arn") => arn(at, "cloudwatch", &format!("alarm:{name}")),
        ("AWS::DynamoDB::Table", "Arn") => arn(at, "dynamodb", &format!("table/{name}")),
        ("AWS::DynamoDB::Table", "StreamArn") => {
            arn(at, "dynamodb", &format!("table/{name}/stream/1"))
        }
        ("AWS::Events::Rule", "Arn") => arn(at, "events", &format!("rule/{name}")),
        ("AWS::IAM::Role", "Arn") => format!("arn:{partition}:iam::{}:role/{name}", at.account),
        ("AWS::Lambda::Function", "Arn") => arn(at, "lambda", &format!("function:{name}")),
        ("AWS::Logs::LogGroup", "Arn") => arn(at, "logs", &format!("log-group:{name}:*")),
        ("AWS::S3::Bucket", "Arn") => format!("arn:{partition}:s3:::{name}"),
        ("AWS::SNS::Topic", "TopicArn") => arn(at, "sns", &name),
        ("AWS::SQS::Queue", "Arn") => arn(at, "sqs", &name),
        ("AWS::SNS::Topic", "TopicName") | ("AWS::SQS::Queue", "QueueName") => name,
        _ => return Err(TemplateError::unsupported(place, format!("{attribute} of a {kind}"))),
    })
}

/// The table that a stream's ARN is of.
pub(super) fn table_of(stream: &str) -> Option<&str> {
    stream.split_once(":table/")?.1.split_once("/stream/").map(|(table, _)| table)
}

fn arn(at: &Placement, service: &str, rest: &str) -> String {
    format!("arn:{}:{service}:{}:{}:{rest}", at.partition, at.region, at.account)
}

fn kind<'a>(resolver: &Resolver<'a>, logical: &str, place: &str) -> Result<&'a str, TemplateError> {
    let resource = resolver.template.section("Resources").and_then(|all| all.get(logical));
    let kind = resource.and_then(|it| it.get("Type")).and_then(Value::as_str);
    kind.ok_or_else(|| TemplateError::unknown(place, logical))
}

/// The name that a resource has in AWS: its own, or one that CloudFormation makes. A
/// name can be made from parameters only, so that none refers to itself.
fn name(resolver: &Resolver<'_>, logical: &str, kind: &str) -> Result<String, TemplateError> {
    let resource = resolver.template.section("Resources").and_then(|all| all.get(logical));
    let property = name_property(kind);
    let given = resource.and_then(|it| it.get("Properties")?.get(property?));
    match given {
        Some(Value::Object(call)) if call.contains_key("Fn::GetAtt") => {
            Err(TemplateError::unsupported(logical, "a name with Fn::GetAtt"))
        }
        Some(given) => resolver.text(given, &format!("{logical}.{}", property.unwrap_or_default())),
        None => Ok(format!("{}-{logical}-1", resolver.placement.stack)),
    }
}

fn name_property(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "AWS::CloudWatch::Alarm" => "AlarmName",
        "AWS::CloudWatch::Dashboard" => "DashboardName",
        "AWS::DynamoDB::Table" => "TableName",
        "AWS::Events::Rule" => "Name",
        "AWS::IAM::Role" => "RoleName",
        "AWS::Lambda::Function" => "FunctionName",
        "AWS::Logs::LogGroup" => "LogGroupName",
        "AWS::S3::Bucket" => "BucketName",
        "AWS::SNS::Topic" => "TopicName",
        "AWS::SQS::Queue" => "QueueName",
        _ => return None,
    })
}
