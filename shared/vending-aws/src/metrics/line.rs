//! A line of the embedded metric format (CloudWatch user guide, "Specification: Embedded
//! metric format"): metrics, the values they have, and what they are about.

use serde_json::{Map, Value, json};

/// The namespace of all of Vend's metrics.
pub const NAMESPACE: &str = "Vend";

/// The dimension that every metric has: whose it is.
const STACK: &str = "Stack";

/// Metrics that are about the same thing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measure {
    /// What they are about besides the stack: a dimension, and its value.
    pub about: Option<(&'static str, String)>,
    /// The metrics.
    pub metrics: Vec<Metric>,
}

/// One metric.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Metric {
    /// Its name, which no other metric of the line has.
    pub name: &'static str,
    /// CloudWatch's unit: `Count`, `Seconds` or `None`.
    pub unit: &'static str,
    /// A number.
    pub value: Value,
}

/// The line: metrics of `stack`, measured `at` so many milliseconds after 1970.
pub(super) fn of(at: i64, stack: &str, measures: &[Measure]) -> Value {
    let mut line = Map::new();
    let directives: Vec<Value> = measures.iter().map(directive).collect();
    line.insert("_aws".to_owned(), json!({ "Timestamp": at, "CloudWatchMetrics": directives }));
    line.insert(STACK.to_owned(), stack.into());
    for Measure { about, metrics } in measures {
        line.extend(about.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())));
        line.extend(metrics.iter().map(|it| (it.name.to_owned(), it.value.clone())));
    }
    Value::Object(line)
}

fn directive(measure: &Measure) -> Value {
    let dimensions: Vec<&str> =
        [STACK].into_iter().chain(measure.about.iter().map(|(name, _)| *name)).collect();
    let metrics: Vec<Value> =
        measure.metrics.iter().map(|it| json!({ "Name": it.name, "Unit": it.unit })).collect();
    json!({ "Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": metrics })
}

/// Checks that CloudWatch can read the line, as its specification says.
#[cfg(test)]
pub(super) fn check(line: &Value) {
    let at = line["_aws"]["Timestamp"].as_i64().unwrap();
    assert!((chrono::Utc::now().timestamp_millis() - at).abs() < 60_000, "{line}");
    let directives = line["_aws"]["CloudWatchMetrics"].as_array().unwrap();
    assert!(!directives.is_empty(), "{line}");
    for directive in directives {
        assert_eq!(directive["Namespace"], NAMESPACE, "{line}");
        for dimension in directive["Dimensions"][0].as_array().unwrap() {
            let value = &line[dimension.as_str().unwrap()];
            assert!(value.as_str().is_some_and(|it| !it.is_empty()), "{dimension}: {line}");
        }
        let metrics = directive["Metrics"].as_array().unwrap();
        assert!((1..=100).contains(&metrics.len()), "{line}");
        for metric in metrics {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{metric}: {line}");
            assert!(["Count", "Seconds", "None"].contains(&metric["Unit"].as_str().unwrap()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_directive_for_each_dimension_and_all_values_beside_them() {
        let metric = |name, value: i64| Metric { name, unit: "Count", value: value.into() };
        let about = Some(("Service", "S3".to_owned()));
        let measures = [
            Measure { about, metrics: vec![metric("Calls", 3), metric("Errors", 0)] },
            Measure { about: None, metrics: vec![metric("Used", 1)] },
        ];
        let expected = json!({
            "_aws": {
                "Timestamp": 7,
                "CloudWatchMetrics": [
                    {
                        "Namespace": "Vend",
                        "Dimensions": [["Stack", "Service"]],
                        "Metrics": [
                            { "Name": "Calls", "Unit": "Count" },
                            { "Name": "Errors", "Unit": "Count" },
                        ],
                    },
                    {
                        "Namespace": "Vend",
                        "Dimensions": [["Stack"]],
                        "Metrics": [{ "Name": "Used", "Unit": "Count" }],
                    },
                ],
            },
            "Stack": "vend",
            "Service": "S3",
            "Calls": 3,
            "Errors": 0,
            "Used": 1,
        });
        assert_eq!(of(7, "vend", &measures), expected);
    }
}
