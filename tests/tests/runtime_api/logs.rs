//! What a log may hold: JSON, line by line, and nobody's e-mail address or name.

use serde_json::Value;

use crate::samples;

/// Checks everything that a function has written, which answered `failures` events
/// with an error: each has one line, and nothing else is one.
pub fn check(output: &str, failures: usize) {
    let lines: Vec<Value> = output.lines().map(line).collect();
    let errors = lines.iter().filter(|line| line["level"] == "ERROR").count();
    assert_eq!(errors, failures, "the lines about failures: {output}");
}

fn line(text: &str) -> Value {
    check_discretion(text);
    let line: Value = serde_json::from_str(text).unwrap_or_default();
    assert!(line["message"].is_string() && line["level"].is_string(), "not a line of JSON: {text}");
    line
}

/// Checks that `text` tells of nobody.
fn check_discretion(text: &str) {
    assert!(!text.contains('@'), "an e-mail address: {text}");
    let people = samples::people();
    let named = text.split(|it: char| !it.is_alphanumeric()).find(|it| people.contains(*it));
    assert_eq!(named, None, "the name of a person: {text}");
}
