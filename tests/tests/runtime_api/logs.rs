//! What a log may hold: JSON, line by line, and nobody's e-mail address or name.

use chrono::Utc;
use serde_json::Value;

use crate::samples;
use crate::stack::SIGNATURE;
use crate::world::STACK;

/// Checks everything that a function has written, which answered `failures` events
/// with an error: each has one line, and nothing else is one. Answers the metrics.
pub fn check(output: &str, failures: usize) -> Vec<Value> {
    let (metrics, lines): (Vec<Value>, _) =
        output.lines().map(line).partition(|line| line["_aws"].is_object());
    metrics.iter().for_each(check_metrics);
    let errors = lines.iter().filter(|line| line["level"] == "ERROR").count();
    assert_eq!(errors, failures, "the lines about failures: {output}");
    metrics
}

/// Checks that CloudWatch can read a line of metrics (CloudWatch user guide,
/// "Specification: Embedded metric format").
fn check_metrics(line: &Value) {
    let at = line["_aws"]["Timestamp"].as_i64().unwrap();
    assert!((Utc::now().timestamp_millis() - at).abs() < 600_000, "milliseconds: {line}");
    assert_eq!(line["Stack"], STACK);
    for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
        assert_eq!(directive["Namespace"], "Vend");
        let of = |name: &str| directive[name].as_array().unwrap();
        for dimension in of("Dimensions").iter().flat_map(|set| set.as_array().unwrap()) {
            let value = line[dimension.as_str().unwrap()].as_str();
            assert!(value.is_some_and(|value| !value.is_empty()), "{dimension}: {line}");
        }
        assert!((1..=100).contains(&of("Metrics").len()), "{line}");
        for metric in of("Metrics") {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{metric}: {line}");
        }
    }
}

fn line(text: &str) -> Value {
    check_discretion(text);
    let line: Value = serde_json::from_str(text).unwrap_or_default();
    let is_logged = line["message"].is_string() && line["level"].is_string();
    assert!(is_logged || line["_aws"].is_object(), "not a line of JSON: {text}");
    line
}

/// Checks that `text` tells of nobody.
fn check_discretion(text: &str) {
    assert!(!text.contains('@'), "an e-mail address: {text}");
    assert!(!text.contains(SIGNATURE), "a URL that is a secret: {text}");
    let people = samples::people();
    let named = text.split(|it: char| !it.is_alphanumeric()).find(|it| people.contains(*it));
    assert_eq!(named, None, "the name of a person: {text}");
}
