//! An event that a function always fails on, or that Lambda does not even take: each
//! ends in the queue that the template has for it, after the template's tries.

use chrono::TimeDelta;
use local_cloud::delivery::{Pace, Reason, Refusal, Undelivered};
use local_cloud::template::Stack;
use local_cloud::{Cloud, Delivery};
use serde_json::Value;

use crate::scripted::{Three, fail};
use crate::stack::{self, TEXT, each, number, queue, resource};
use crate::{deployed, scenarios};

/// An upload and a launch, delivered for two days; what was given up of them.
async fn deliver(cloud: &Cloud, stack: &Stack, three: &Three) -> Vec<Undelivered> {
    deployed::furnish(cloud, stack).await;
    let clients = deployed::clients(cloud);
    let bucket = stack.reference("ListBucket").unwrap();
    clients.s3().put_object().bucket(bucket).key("a.csv").send().await.unwrap();
    scenarios::launch(&clients, "outside").await;
    let wiring = stack::wiring(stack, three.functions());
    let mut delivery = Delivery::new(cloud.clone(), wiring).unwrap();
    let until = deployed::start() + TimeDelta::days(2);
    let done = async |it: &Delivery| it.cloud().now() >= until;
    delivery.run_until(done, Pace::Unpaced).await.unwrap();
    let lost = delivery.undelivered().iter();
    // Ticks come again by themselves; they are not what is looked at here.
    lost.filter(|it| it.event["detail-type"] != "Scheduled Event").cloned().collect()
}

/// The events that a function is woken by, and by which rule.
const WOKEN: [(&str, &str, &str); 3] = [
    ("intake", "UploadRule", "Object Created"),
    ("provision", "LifecycleRule", "AWS Service Event via CloudTrail"),
    ("handover", "LifecycleRule", "AWS Service Event via CloudTrail"),
];

#[tokio::test]
async fn an_event_that_a_function_fails_on_ends_with_the_functions_own() {
    for (function, _, kind) in WOKEN {
        let (cloud, stack) = (deployed::cloud(), stack::stack(&[]));
        let three = Three::with(&cloud, function, move |event| {
            if event["detail-type"] == kind { fail() } else { Ok(Value::Null) }
        });
        let lost = deliver(&cloud, &stack, &three).await;
        let [lost] = &lost[..] else { panic!("{function}: {lost:?}") };
        let (logical, _) = stack::FUNCTIONS.iter().find(|it| it.1 == function).unwrap();
        let config = logical.replace("Function", "Events");
        let tries = number(&stack, &config, "MaximumRetryAttempts") + 1;
        assert_eq!((lost.reason, u64::from(lost.attempts)), (Reason::RetriesExhausted, tries));
        assert_eq!(lost.destination, queue(&stack, "UndeliveredEvents"));
        assert_eq!((lost.function.as_str(), &lost.event["detail-type"]), (function, &kind.into()));
        for (other, _, _) in WOKEN.iter().filter(|it| it.0 != function && it.2 == kind) {
            let got = three.get(other).got();
            let got = got.iter().filter(|it| it["detail-type"] == kind).count();
            assert_eq!(got, 1, "{other} is woken all the same");
        }
    }
}

#[tokio::test]
async fn a_function_that_fails_is_tried_after_one_and_two_minutes_more() {
    let (cloud, stack) = (deployed::cloud(), stack::stack(&[]));
    let three = Three::with(&cloud, "intake", |_| fail());
    deliver(&cloud, &stack, &three).await;
    assert_eq!(three.get("intake").seconds(), [0, 60, 180]);
}

#[tokio::test]
async fn an_event_that_lambda_does_not_take_ends_with_the_rules() {
    for (function, rule, kind) in WOKEN {
        let (cloud, stack) = (deployed::cloud(), stack::stack(&[]));
        let three = Three::refusing(&cloud, function, Refusal::Throttled);
        let lost = deliver(&cloud, &stack, &three).await;
        let [lost] = &lost[..] else { panic!("{function}: {lost:?}") };
        let targets = each(&resource(&stack, rule).properties["Targets"]);
        let target = targets.iter().find(|it| it["Id"] == function).unwrap();
        let retries = target["RetryPolicy"]["MaximumRetryAttempts"].as_u64().unwrap();
        assert_eq!(u64::from(lost.attempts), retries + 1, "{function}");
        let age = target["RetryPolicy"]["MaximumEventAgeInSeconds"].as_i64().unwrap();
        assert!(lost.at <= deployed::start() + TimeDelta::minutes(40) + TimeDelta::seconds(age));
        assert_eq!(lost.destination, queue(&stack, "UndeliveredRules"));
        assert_eq!(lost.event["detail-type"], kind);
        assert_eq!(three.get(function).got(), [Value::Null; 0], "it never came there");
    }
}

#[tokio::test]
async fn an_event_whose_rule_may_not_invoke_ends_with_the_rules_at_once() {
    for (function, rule, kind) in WOKEN {
        let permission = format!("SourceArn: !GetAtt {rule}.Arn");
        assert!(TEXT.contains(&permission));
        let forbidding = TEXT.replace(&permission, "SourceArn: !GetAtt MinuteRule.Arn");
        let stack = stack::made_of(&forbidding, "aws", &[]);
        let cloud = deployed::cloud();
        let three = Three::with(&cloud, "", |_| Ok(Value::Null));
        let lost = deliver(&cloud, &stack, &three).await;
        let lost = lost.iter().find(|it| it.function == function).unwrap();
        assert_eq!((lost.reason, lost.attempts), (Reason::Forbidden, 1));
        assert_eq!(lost.destination, queue(&stack, "UndeliveredRules"));
        assert_eq!(lost.event["detail-type"], kind);
    }
}
