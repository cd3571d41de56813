//! Who may invoke a function, publish to the topic, send to a queue, use the bucket. No
//! emulator enforces these policies, and on AWS a wrong one is silence.

use local_cloud::template::Stack;
use serde_json::Value;

use crate::stack::{TEXT, each, made_of, stack, texts};

/// Every statement of every policy: of resources and of roles.
fn statements(stack: &Stack) -> Vec<(String, Value)> {
    let mut statements = Vec::new();
    for (logical, resource) in stack.resources() {
        let properties = &resource.properties;
        let inline = each(&properties["Policies"]);
        let documents = inline.iter().map(|it| &it["PolicyDocument"]);
        let own = ["PolicyDocument", "AssumeRolePolicyDocument"].map(|name| &properties[name]);
        for document in documents.chain(own) {
            let found = each(&document["Statement"]);
            statements.extend(found.into_iter().map(|it| (logical.clone(), it)));
        }
    }
    statements
}

fn is_tls_only(statement: &Value) -> bool {
    statement["Effect"] == "Deny"
        && statement["Principal"] == "*"
        && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
}

#[test]
fn functions_are_invoked_by_the_rules_of_the_stack_and_by_nobody_else() {
    let stack = stack(&[]);
    let mut invokers: Vec<String> = Vec::new();
    for (logical, permission) in stack.of_kind("AWS::Lambda::Permission") {
        let given = &permission.properties;
        assert_eq!(given["Action"], "lambda:InvokeFunction", "{logical}");
        let text = |name: &str| given[name].as_str().unwrap_or_default();
        // A rule's ARN has the account in it, so no SourceAccount is needed beside it.
        let line = ["FunctionName", "Principal", "SourceArn"].map(text).join(" ");
        invokers.push(line);
    }
    invokers.sort();
    let rule = |function: &str, rule: &str| {
        let arn = stack.attribute(rule, "Arn").unwrap();
        format!("vend-{function} events.amazonaws.com {arn}")
    };
    let expected = [
        rule("handover", "LifecycleRule"),
        rule("handover", "MinuteRule"),
        rule("intake", "UploadRule"),
        rule("provision", "LifecycleRule"),
        rule("provision", "MinuteRule"),
    ];
    assert_eq!(invokers, expected);
}

/// The statements that the policy of a resource has besides the one for TLS.
fn allowed(stack: &Stack, kind: &str, member: &str, reference: &str) -> Vec<Value> {
    let policies = stack.of_kind(kind);
    let policies =
        policies.filter(|(_, it)| texts(&it.properties[member]).contains(&reference.to_owned()));
    let found: Vec<_> =
        policies.flat_map(|(_, it)| each(&it.properties["PolicyDocument"]["Statement"])).collect();
    let (tls, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_tls_only);
    assert_eq!(tls.len(), 1, "{reference} is not for TLS only");
    others
}

#[test]
fn alarms_of_the_account_alone_publish_to_the_topic() {
    let stack = stack(&[]);
    let topic = stack.reference("Topic").unwrap();
    let allowed = allowed(&stack, "AWS::SNS::TopicPolicy", "Topics", &topic);
    let [statement] = &allowed[..] else { panic!("{allowed:?}") };
    assert_eq!(statement["Effect"], "Allow");
    assert_eq!(statement["Principal"]["Service"], "cloudwatch.amazonaws.com");
    assert_eq!(texts(&statement["Action"]), ["sns:Publish"]);
    assert_eq!(texts(&statement["Resource"]), [topic.as_str()]);
    assert_eq!(statement["Condition"]["StringEquals"]["aws:SourceAccount"], "111122223333");
    let alarms = statement["Condition"]["ArnLike"]["aws:SourceArn"].as_str().unwrap();
    let prefix = alarms.strip_suffix('*').unwrap();
    for (logical, alarm) in stack.of_kind("AWS::CloudWatch::Alarm") {
        assert!(stack.attribute(logical, "Arn").unwrap().starts_with(prefix), "{logical}");
        for actions in ["AlarmActions", "OKActions"] {
            let told = texts(&alarm.properties[actions]);
            assert!(told.iter().all(|it| *it == topic), "{logical}");
        }
        assert_eq!(texts(&alarm.properties["AlarmActions"]).len(), 1, "{logical}");
    }
}

#[test]
fn rules_with_dead_letters_send_them_and_nobody_else_is_let_into_a_queue() {
    let stack = stack(&[]);
    for name in ["UndeliveredStream", "UndeliveredEvents"] {
        let queue = stack.reference(name).unwrap();
        // The functions' roles let them send.
        assert_eq!(allowed(&stack, "AWS::SQS::QueuePolicy", "Queues", &queue), [Value::Null; 0]);
    }
    let queue = stack.reference("UndeliveredRules").unwrap();
    let allowed = allowed(&stack, "AWS::SQS::QueuePolicy", "Queues", &queue);
    let [statement] = &allowed[..] else { panic!("{allowed:?}") };
    let arn = stack.attribute("UndeliveredRules", "Arn").unwrap();
    assert_eq!(statement["Principal"]["Service"], "events.amazonaws.com");
    assert_eq!(texts(&statement["Action"]), ["sqs:SendMessage"]);
    assert_eq!(texts(&statement["Resource"]), [arn.as_str()]);
    let mut sending = texts(&statement["Condition"]["ArnEquals"]["aws:SourceArn"]);
    sending.sort();
    let rules = stack.of_kind("AWS::Events::Rule").filter(|(_, rule)| {
        each(&rule.properties["Targets"]).iter().any(|it| it["DeadLetterConfig"]["Arn"] == arn)
    });
    let mut wanted: Vec<_> =
        rules.map(|(logical, _)| stack.attribute(logical, "Arn").unwrap()).collect();
    wanted.sort();
    assert_eq!(sending, wanted);
    assert_eq!(wanted.len(), 2, "the tick has no dead letters");
}

#[test]
fn nobody_is_let_into_the_bucket_but_by_a_role() {
    let stack = stack(&[]);
    let bucket = stack.reference("ListBucket").unwrap();
    assert_eq!(allowed(&stack, "AWS::S3::BucketPolicy", "Bucket", &bucket), [Value::Null; 0]);
    let properties = &stack.resources()["ListBucket"].properties;
    let blocked = properties["PublicAccessBlockConfiguration"].as_object().unwrap();
    assert_eq!(blocked.len(), 4);
    assert!(blocked.values().all(|it| *it == true), "{blocked:?}");
}

#[test]
fn nothing_is_allowed_to_everybody_and_no_action_is_a_wildcard() {
    let all = statements(&stack(&[]));
    let allowing: Vec<_> = all.iter().filter(|(_, it)| it["Effect"] == "Allow").collect();
    assert!(allowing.len() > 30, "{}", allowing.len());
    for (logical, statement) in allowing {
        assert_ne!(statement["Principal"], "*", "{logical}");
        assert!(statement["Principal"]["AWS"].is_null(), "{logical}");
        assert!(
            statement["NotAction"].is_null() && statement["NotResource"].is_null(),
            "{logical}"
        );
        for action in texts(&statement["Action"]) {
            assert!(!action.contains('*'), "{logical} allows {action}");
        }
    }
    let denying = all.iter().filter(|(_, it)| it["Effect"] == "Deny");
    assert!(denying.clone().all(|(_, it)| is_tls_only(it)));
    assert!(
        stack(&[])
            .of_kind("AWS::IAM::Role")
            .all(|(_, role)| { role.properties["ManagedPolicyArns"].is_null() })
    );
}

#[test]
fn every_partition_has_its_own_arns() {
    assert!(!TEXT.contains("arn:aws:"), "an ARN of one partition");
    let stack = made_of(TEXT, "aws-cn", &[]);
    for (logical, resource) in stack.resources() {
        let text = resource.properties.to_string();
        for (place, _) in text.match_indices("\"arn:") {
            assert!(text[place..].starts_with("\"arn:aws-cn:"), "{logical}: {}", &text[place..]);
        }
    }
}
