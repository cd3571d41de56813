//! A template as a stack is made of it: what is understood of it, and what is refused.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use chrono::TimeDelta;
use common::{Scripted, open};
use local_cloud::delivery::{Expiration, Function, Wiring};
use local_cloud::template::{Placement, Stack, Template, TemplateError};
use serde_json::{Value, json};

/// A stack with one of everything that delivers.
const TEMPLATE: &str = r#"
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Lists: { Type: String, AllowedPattern: '^[a-z]+$' }
  Prefix: { Type: String, Default: '' }
  Tries: { Type: Number, Default: 4 }
  Mode: { Type: String, Default: quick, AllowedValues: [quick, slow] }
Conditions:
  HasPrefix: !Not [!Equals [!Ref Prefix, '']]
  IsSlow: !Equals [!Ref Mode, slow]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketName: !Ref Lists
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } }
      LifecycleConfiguration:
        Rules:
          - { Id: out, Status: Enabled, Prefix: out/, NoncurrentVersionExpiration: { NoncurrentDays: 2, NewerNoncurrentVersions: 5 } }
          - { Id: off, Status: Disabled, NoncurrentVersionExpiration: { NoncurrentDays: 3 } }
          - { Id: objects, Status: Enabled, ExpirationInDays: 90 }
          - { Id: all, Status: Enabled, NoncurrentVersionExpiration: { NoncurrentDays: 9 } }
  Silent: { Type: AWS::S3::Bucket }
  Table:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: !Sub '${AWS::StackName}-rows' }
  Lost: { Type: AWS::SQS::Queue, Properties: { QueueName: lost } }
  Dead: { Type: AWS::SQS::Queue }
  Worker:
    Type: AWS::Lambda::Function
    Properties: { FunctionName: !Join ['-', [!Ref AWS::StackName, worker]] }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Worker
      EventSourceArn: !GetAtt Table.StreamArn
      StartingPosition: TRIM_HORIZON
      BatchSize: 7
      MaximumBatchingWindowInSeconds: 2
      MaximumRetryAttempts: !Ref Tries
      MaximumRecordAgeInSeconds: 60
      BisectBatchOnFunctionError: true
      FunctionResponseTypes: [ReportBatchItemFailures]
      DestinationConfig: { OnFailure: { Destination: !GetAtt Lost.Arn } }
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] }
  Events:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Worker
      Qualifier: $LATEST
      MaximumRetryAttempts: 1
      DestinationConfig: { OnFailure: { Destination: !GetAtt Lost.Arn } }
  Uploads:
    Type: AWS::Events::Rule
    Properties:
      Name: uploads
      EventPattern:
        source: [aws.s3]
        detail: { bucket: { name: [!Ref Bucket] } }
      Targets:
        - Id: worker
          Arn: !GetAtt Worker.Arn
          RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 90 }
          DeadLetterConfig: { Arn: !GetAtt Dead.Arn }
  UploadsInvoke:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !GetAtt Worker.Arn
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: !GetAtt Uploads.Arn
  Tick:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(5 minutes)
      Targets: [{ Id: worker, Arn: !GetAtt Worker.Arn }]
  Slow:
    Type: AWS::SQS::Queue
    Condition: IsSlow
  Other:
    Type: Custom::Thing
    Properties:
      Prefixed: !If [HasPrefix, !Sub '${Prefix}-${Worker}', !Ref AWS::NoValue]
      Parts: !Split [',', 'a,b']
      Literal: !Sub ['${!Kept} ${More}', { More: !Ref Tries }]
"#;

fn stack_of(text: &str, parameters: &[(&str, &str)]) -> Result<Stack, TemplateError> {
    let placement = Placement {
        stack: "s".to_owned(),
        partition: "aws".to_owned(),
        region: "us-east-1".to_owned(),
        account: "111122223333".to_owned(),
    };
    let given = [&[("Lists", "lists")], parameters].concat();
    let given: BTreeMap<_, _> =
        given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Template::parse(text)?.stack(placement, &given)
}

fn wiring_of(text: &str) -> Result<Wiring, TemplateError> {
    let worker: Arc<dyn Function> = Scripted::new(&open(None), "worker", |_| Ok(Value::Null));
    stack_of(text, &[])?.wiring(&BTreeMap::from([("Worker".to_owned(), worker)]))
}

#[test]
fn a_mapping_is_read_with_all_that_bears_on_it() {
    let wiring = wiring_of(TEMPLATE).unwrap();
    let [mapping] = &wiring.streams[..] else { panic!() };
    assert_eq!((mapping.table.as_str(), mapping.function.as_str()), ("s-rows", "worker"));
    assert_eq!((mapping.batch_size, mapping.retries), (7, Some(4)));
    assert_eq!(mapping.window, TimeDelta::seconds(2));
    assert_eq!(mapping.maximum_age, Some(TimeDelta::seconds(60)));
    assert!(mapping.bisect && mapping.report_item_failures);
    assert_eq!(mapping.on_failure.as_deref(), Some("lost"));
    assert!(mapping.filters.pass(&json!({ "eventName": "INSERT" })));
    assert!(!mapping.filters.pass(&json!({ "eventName": "MODIFY" })));
    let asynchronous = &wiring.asynchronous["worker"];
    assert_eq!((asynchronous.retries, asynchronous.maximum_age), (1, TimeDelta::hours(6)));
    assert_eq!(asynchronous.on_failure.as_deref(), Some("lost"));
}

#[test]
fn rules_are_read_with_their_targets_and_whether_they_may_invoke_them() {
    let wiring = wiring_of(TEMPLATE).unwrap();
    assert_eq!(wiring.buckets, ["lists"]);
    let expires = |prefix: &str, days, newest_kept| Expiration {
        bucket: "lists".to_owned(),
        prefix: prefix.to_owned(),
        after: TimeDelta::days(days),
        newest_kept,
    };
    assert_eq!(wiring.expirations, [expires("out/", 2, 5), expires("", 9, 0)]);
    let [rule] = &wiring.rules[..] else { panic!() };
    let of =
        |bucket: &str| json!({ "source": "aws.s3", "detail": { "bucket": { "name": bucket } } });
    assert!(rule.pattern.matches(&of("lists")) && !rule.pattern.matches(&of("others")));
    let [target] = &rule.targets[..] else { panic!() };
    assert_eq!((target.retries, target.maximum_age), (3, TimeDelta::seconds(90)));
    assert_eq!(target.dead_letter.as_deref(), Some("s-Dead-1"));
    assert!(target.permitted);
    let [schedule] = &wiring.schedules[..] else { panic!() };
    assert_eq!((schedule.name.as_str(), schedule.every), ("s-Tick-1", TimeDelta::minutes(5)));
    let [target] = &schedule.targets[..] else { panic!() };
    assert_eq!((target.retries, target.dead_letter.clone()), (185, None));
    assert!(!target.permitted, "no permission names the rule");
}

#[test]
fn functions_and_conditions_are_resolved_for_the_parameters() {
    let other = |parameters: &[(&str, &str)]| {
        stack_of(TEMPLATE, parameters).unwrap().resources()["Other"].properties.clone()
    };
    assert_eq!(other(&[]), json!({ "Parts": ["a", "b"], "Literal": "${Kept} 4" }));
    assert_eq!(other(&[("Prefix", "p")])["Prefixed"], "p-s-worker");
    let there =
        |mode| stack_of(TEMPLATE, &[("Mode", mode)]).unwrap().resources().contains_key("Slow");
    assert!(there("slow") && !there("quick"));
    let stack = stack_of(TEMPLATE, &[]).unwrap();
    assert_eq!(stack.resources()["Bucket"].deletion_policy.as_deref(), Some("Retain"));
    let arn = stack.attribute("Worker", "Arn").unwrap();
    assert_eq!(arn, "arn:aws:lambda:us-east-1:111122223333:function:s-worker");
}

/// The whole of an error, causes included.
fn words(error: &TemplateError) -> String {
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    format!("{error}: {source}")
}

#[test]
fn what_is_not_modelled_is_refused_by_its_name() {
    for (there, instead, told) in [
        ("BatchSize: 7", "TumblingWindowInSeconds: 9", "Mapping has TumblingWindowInSeconds"),
        ("TRIM_HORIZON", "LATEST", "Mapping.StartingPosition has LATEST"),
        ("BatchSize: 7", "ParallelizationFactor: 2", "Mapping.ParallelizationFactor has 2"),
        ("BatchSize: 7", "Enabled: false", "Mapping.Enabled has false"),
        ("BatchSize: 7", "BatchSize: many", "Mapping.BatchSize must be a whole number"),
        ("MaximumRetryAttempts: !Ref Tries", "MaximumRetryAttempts: -1", "must be a whole number"),
        ("[ReportBatchItemFailures]", "[Other]", "Mapping.FunctionResponseTypes has"),
        ("\"eventName\":[", "\"eventName\":[{\"wildcard\":\"*\"},", "read filter 1"),
        ("!GetAtt Table.StreamArn", "!GetAtt Lost.Arn", "Mapping.EventSourceArn has"),
        ("OnFailure: { Destination", "OnSuccess: { Destination", "DestinationConfig has OnSuccess"),
        ("source: [aws.s3]", "source: [{ cidr: x }]", "Uploads.EventPattern"),
        ("Name: uploads", "State: DISABLED", "Uploads.State has DISABLED"),
        ("Name: uploads", "RoleArn: x", "Uploads has RoleArn"),
        ("- Id: worker\n", "- Input: x\n", "Uploads.Targets.0 has Input"),
        ("rate(5 minutes)", "cron(0 0 * * ? *)", "Tick.ScheduleExpression has cron"),
        ("Arn: !GetAtt Dead.Arn", "Arn: elsewhere", "DeadLetterConfig.Arn names elsewhere"),
        (
            "Principal: events.amazonaws.com",
            "Principal: x\n      EventSourceToken: x",
            "UploadsInvoke has",
        ),
        (
            "{ EventBridgeConfiguration:",
            "{ LambdaConfigurations: [], EventBridgeConfiguration:",
            "has LambdaConfigurations",
        ),
        ("Id: objects", "TagFilters: []", "Rules.2 has TagFilters"),
        ("NoncurrentDays: 2,", "", "NoncurrentVersionExpiration.NoncurrentDays must be given"),
        ("{ NoncurrentDays: 9 }", "{ NoncurrentDays: nine }", "NoncurrentDays must be a whole"),
        ("Type: Custom::Thing", "Type: AWS::Pipes::Pipe", "Other has AWS::Pipes::Pipe"),
    ] {
        assert!(TEMPLATE.contains(there), "{there}");
        let error = wiring_of(&TEMPLATE.replacen(there, instead, 1)).unwrap_err();
        assert!(words(&error).contains(told), "{instead}: {}", words(&error));
    }
}

#[test]
fn what_cannot_be_resolved_is_refused_by_its_place() {
    for (there, instead, told) in [
        ("!Split [',', 'a,b']", "!Select [0, [a]]", "Other.Parts has Fn::Select"),
        ("!Split [',', 'a,b']", "!Ref Nothing", "Other.Parts names Nothing"),
        ("!Split [',', 'a,b']", "!GetAtt Worker.Version", "Other.Parts has Version of a"),
        ("!Split [',', 'a,b']", "!Sub '${open'", "Other.Parts must be closed by }"),
        ("!Equals [!Ref Mode, slow]", "!Or [a, b]", "Conditions.IsSlow has Fn::Or"),
        ("Condition: IsSlow", "Condition: Nothing", "Slow names Nothing"),
        ("Default: quick", "Default: other", "Parameters.Mode must be one of its AllowedValues"),
    ] {
        assert!(TEMPLATE.contains(there), "{there}");
        let error = stack_of(&TEMPLATE.replacen(there, instead, 1), &[]).unwrap_err();
        assert!(error.to_string().contains(told), "{instead}: {error}");
    }
    let unknown = stack_of(TEMPLATE, &[("Typo", "x")]).unwrap_err();
    assert!(unknown.to_string().contains("names Typo"), "{unknown}");
    let missing =
        stack_of(&TEMPLATE.replace("{ Type: String, Default: '' }", "{ Type: String }"), &[]);
    assert!(matches!(missing.unwrap_err(), TemplateError::Parameter(name) if name == "Prefix"));
}
