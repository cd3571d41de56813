//! Every metric that an alarm or the dashboard looks at is one that somebody writes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{scan, stack};

/// The namespace of what the functions write.
const OURS: &str = "Vend";

/// The metrics of our namespace that the dashboard shows, also by a search.
fn shown(body: &Value) -> BTreeSet<String> {
    let widgets = body["widgets"].as_array().unwrap().iter();
    let metrics =
        widgets.flat_map(|it| it["properties"]["metrics"].as_array().into_iter().flatten());
    metrics.filter_map(|metric| named(metric).or_else(|| searched(metric))).collect()
}

fn named(metric: &Value) -> Option<String> {
    (metric[0] == OURS).then(|| metric[1].as_str().unwrap().to_owned())
}

fn searched(metric: &Value) -> Option<String> {
    let expression = metric[0]["expression"].as_str()?;
    assert!(expression.contains("{Vend,"), "{expression}");
    let (_, name) = expression.split_once("MetricName=\"")?;
    name.split_once('"').map(|(name, _)| name.to_owned())
}

#[test]
fn alarms_and_dashboard_look_at_metrics_that_are_written() {
    let stack = stack::stack(&[]);
    let alarms = stack.of_kind("AWS::CloudWatch::Alarm");
    let ours = alarms.filter(|(_, alarm)| alarm.properties["Namespace"] == OURS);
    let mut wanted: BTreeSet<String> =
        ours.map(|(_, it)| it.properties["MetricName"].as_str().unwrap().to_owned()).collect();
    let dashboard = &stack::resource(&stack, "Dashboard").properties["DashboardBody"];
    wanted.extend(shown(&serde_json::from_str(dashboard.as_str().unwrap()).unwrap()));
    assert!(wanted.len() >= 10, "{wanted:?}");
    let sources = scan::sources(&["shared/vending/src", "shared/vending-aws/src", "functions"]);
    let unwritten: Vec<_> =
        wanted.iter().filter(|name| !sources.contains(&format!("\"{name}\""))).collect();
    assert!(unwritten.is_empty(), "nobody writes {unwritten:?}");
}

#[test]
fn whatever_is_given_up_raises_an_alarm() {
    let stack = stack::stack(&[]);
    for (logical, _) in stack.of_kind("AWS::SQS::Queue") {
        let name = stack.attribute(logical, "QueueName").unwrap();
        let alarmed = stack.of_kind("AWS::CloudWatch::Alarm").any(|(_, alarm)| {
            alarm.properties["Dimensions"][0]["Value"] == name
                && alarm.properties["MetricName"] == "ApproximateNumberOfMessagesVisible"
        });
        assert!(alarmed, "{logical}");
    }
    for (logical, _) in stack::FUNCTIONS {
        let name = stack.reference(logical).unwrap();
        let alarmed = stack.of_kind("AWS::CloudWatch::Alarm").any(|(_, alarm)| {
            alarm.properties["Dimensions"][0]["Value"] == name
                && alarm.properties["MetricName"] == "Errors"
        });
        assert!(alarmed, "{logical}");
    }
}
