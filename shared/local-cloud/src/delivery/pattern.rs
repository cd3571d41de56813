//! EventBridge event patterns: exact values, `prefix`, `suffix`,
//! `equals-ignore-case`, `anything-but`, `exists` and `numeric`. A pattern with
//! anything else is refused, so that none is thought to match when it cannot be
//! told.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use thiserror::Error;

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PatternError {
    /// Leaves of a pattern are arrays.
    #[error("read the event pattern: {path} must be an object or a non-empty array")]
    Shape {
        /// Where, with dots.
        path: String,
    },
    /// An operator that is not known here.
    #[error("read the event pattern: {path} uses {operator}, which is not supported here")]
    Operator {
        /// Where, with dots.
        path: String,
        /// The operator and its operand.
        operator: String,
    },
}

/// An event pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    root: BTreeMap<String, Node>,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    /// All members must match.
    All(BTreeMap<String, Node>),
    /// One test must hold.
    Any(Vec<Test>),
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Exactly(Value),
    Prefix(String),
    Suffix(String),
    IgnoringCase(String),
    AnythingBut(Vec<Value>),
    AnythingButPrefix(String),
    Exists(bool),
    Numeric(Vec<(Comparison, f64)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

impl Pattern {
    /// Reads a pattern in AWS's JSON.
    ///
    /// # Errors
    /// [`PatternError`], naming the place and the operator.
    pub fn parse(pattern: &Value) -> Result<Self, PatternError> {
        match pattern.as_object() {
            Some(members) if !members.is_empty() => Ok(Self { root: members_of(members, "")? }),
            _ => Err(PatternError::Shape { path: "the pattern".to_owned() }),
        }
    }

    /// Whether `event` matches.
    #[must_use]
    pub fn matches(&self, event: &Value) -> bool {
        all_match(&self.root, Some(event))
    }

    /// Whether a `numeric` test is in it.
    pub(super) fn is_numeric(&self) -> bool {
        self.root.values().any(Node::is_numeric)
    }
}

impl Node {
    fn is_numeric(&self) -> bool {
        match self {
            Self::All(members) => members.values().any(Self::is_numeric),
            Self::Any(tests) => tests.iter().any(|test| matches!(test, Test::Numeric(_))),
        }
    }

    fn matches(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            // An array of objects matches when one of them does.
            (Self::All(members), Some(Value::Array(values))) => {
                values.iter().any(|value| all_match(members, Some(value)))
            }
            (Self::All(members), value) => all_match(members, value),
            (Self::Any(tests), Some(Value::Array(values))) => tests.iter().any(|test| match test {
                Test::Exists(exists) => *exists,
                test => values.iter().any(|value| test.holds(Some(value))),
            }),
            (Self::Any(tests), value) => tests.iter().any(|test| test.holds(value)),
        }
    }
}

impl Test {
    fn holds(&self, value: Option<&Value>) -> bool {
        let Some(value) = value else { return *self == Self::Exists(false) };
        let text = value.as_str();
        match self {
            // Numbers too are compared as they are written: 300 is not 300.0
            // (EventBridge user guide).
            Self::Exactly(expected) => expected == value,
            Self::Prefix(prefix) => text.is_some_and(|it| it.starts_with(prefix)),
            Self::Suffix(suffix) => text.is_some_and(|it| it.ends_with(suffix)),
            Self::IgnoringCase(other) => {
                text.is_some_and(|it| it.to_lowercase() == other.to_lowercase())
            }
            Self::AnythingBut(values) => !values.contains(value),
            Self::AnythingButPrefix(prefix) => text.is_none_or(|it| !it.starts_with(prefix)),
            // It is about leaves only (EventBridge user guide).
            Self::Exists(exists) => *exists && !value.is_object(),
            Self::Numeric(limits) => value
                .as_f64()
                .is_some_and(|number| limits.iter().all(|(is, limit)| is.holds(number, *limit))),
        }
    }
}

impl Comparison {
    fn parse(sign: &str) -> Option<Self> {
        match sign {
            "<" => Some(Self::Less),
            "<=" => Some(Self::LessOrEqual),
            "=" => Some(Self::Equal),
            ">=" => Some(Self::GreaterOrEqual),
            ">" => Some(Self::Greater),
            _ => None,
        }
    }

    #[expect(clippy::float_cmp, reason = "equality is what the pattern asks for")]
    fn holds(self, number: f64, limit: f64) -> bool {
        match self {
            Self::Less => number < limit,
            Self::LessOrEqual => number <= limit,
            Self::Equal => number == limit,
            Self::GreaterOrEqual => number >= limit,
            Self::Greater => number > limit,
        }
    }
}

fn all_match(members: &BTreeMap<String, Node>, value: Option<&Value>) -> bool {
    members.iter().all(|(name, node)| node.matches(value.and_then(|it| it.get(name))))
}

fn members_of(
    members: &Map<String, Value>,
    path: &str,
) -> Result<BTreeMap<String, Node>, PatternError> {
    let read = members.iter().map(|(name, value)| {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        // `$or` and what may come after it.
        if name.starts_with('$') {
            return Err(PatternError::Operator { path, operator: name.clone() });
        }
        Ok((name.clone(), node(value, &path)?))
    });
    read.collect()
}

fn node(value: &Value, path: &str) -> Result<Node, PatternError> {
    match value {
        Value::Object(members) if !members.is_empty() => Ok(Node::All(members_of(members, path)?)),
        Value::Array(tests) if !tests.is_empty() => {
            Ok(Node::Any(tests.iter().map(|it| test(it, path)).collect::<Result<_, _>>()?))
        }
        _ => Err(PatternError::Shape { path: path.to_owned() }),
    }
}

fn test(value: &Value, path: &str) -> Result<Test, PatternError> {
    let refused = || PatternError::Operator { path: path.to_owned(), operator: value.to_string() };
    match value {
        Value::Object(members) => {
            let mut members = members.iter();
            match (members.next(), members.next()) {
                (Some((name, operand)), None) => operator(name, operand).ok_or_else(refused),
                _ => Err(refused()),
            }
        }
        Value::Array(_) => Err(refused()),
        exact => Ok(Test::Exactly(exact.clone())),
    }
}

fn operator(name: &str, operand: &Value) -> Option<Test> {
    let text = || operand.as_str().map(str::to_owned);
    match name {
        "prefix" => text().map(Test::Prefix),
        "suffix" => text().map(Test::Suffix),
        "equals-ignore-case" => text().map(Test::IgnoringCase),
        "exists" => operand.as_bool().map(Test::Exists),
        "anything-but" => anything_but(operand),
        "numeric" => numeric(operand.as_array()?),
        _ => None,
    }
}

fn anything_but(operand: &Value) -> Option<Test> {
    match operand {
        Value::Object(members) if members.len() == 1 => {
            Some(Test::AnythingButPrefix(members.get("prefix")?.as_str()?.to_owned()))
        }
        Value::Object(_) => None,
        Value::Array(values) if values.iter().any(|it| it.is_object() || it.is_array()) => None,
        Value::Array(values) => Some(Test::AnythingBut(values.clone())),
        single => Some(Test::AnythingBut(vec![single.clone()])),
    }
}

/// `[">", 0, "<=", 5]`.
fn numeric(operand: &[Value]) -> Option<Test> {
    if operand.is_empty() || !operand.len().is_multiple_of(2) {
        return None;
    }
    let limits = operand
        .chunks(2)
        .map(|pair| Some((Comparison::parse(pair.first()?.as_str()?)?, pair.last()?.as_f64()?)));
    limits.collect::<Option<_>>().map(Test::Numeric)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(pattern: &Value, event: &Value) -> bool {
        Pattern::parse(pattern).unwrap().matches(event)
    }

    #[test]
    fn patterns_match_as_eventbridge_says() {
        let event = json!({
            "source": "aws.controltower",
            "n": 300.0,
            "nothing": null,
            "empty": "",
            "list": ["a", "b"],
            "detail": { "eventName": "CreateManagedAccount", "items": [{ "k": 1 }, { "k": 2 }] }
        });
        for (expected, pattern) in [
            (true, json!({ "source": ["aws.controltower"] })),
            (true, json!({ "source": ["aws.s3", "aws.controltower"] })),
            (false, json!({ "source": ["aws.s3"] })),
            (false, json!({ "source": ["AWS.controltower"] })),
            (true, json!({ "source": [{ "equals-ignore-case": "AWS.controltower" }] })),
            (true, json!({ "source": [{ "prefix": "aws." }] })),
            (true, json!({ "source": [{ "suffix": "tower" }] })),
            (false, json!({ "source": [{ "prefix": "tower" }] })),
            (true, json!({ "source": [{ "anything-but": "aws.s3" }] })),
            (false, json!({ "source": [{ "anything-but": ["x", "aws.controltower"] }] })),
            (false, json!({ "source": [{ "anything-but": { "prefix": "aws." } }] })),
            (false, json!({ "absent": [{ "anything-but": "x" }] })),
            (true, json!({ "n": [300.0] })),
            (false, json!({ "n": [300] })),
            (true, json!({ "n": [{ "numeric": [">", 0, "<=", 300] }] })),
            (false, json!({ "n": [{ "numeric": ["<", 300] }] })),
            (false, json!({ "source": [{ "numeric": ["=", 1] }] })),
            (true, json!({ "nothing": [null] })),
            (false, json!({ "absent": [null] })),
            (true, json!({ "empty": [""] })),
            (true, json!({ "list": ["b", "z"] })),
            (false, json!({ "list": ["z"] })),
            (true, json!({ "source": [{ "exists": true }] })),
            (false, json!({ "source": [{ "exists": false }] })),
            (true, json!({ "absent": [{ "exists": false }] })),
            (true, json!({ "absent": { "deeper": [{ "exists": false }] } })),
            (false, json!({ "detail": [{ "exists": true }] })),
            (true, json!({ "list": [{ "exists": true }] })),
            (true, json!({ "detail": { "eventName": ["CreateManagedAccount"] } })),
            (true, json!({ "detail": { "items": { "k": [2] } } })),
            (false, json!({ "detail": { "items": { "k": [3] } } })),
            (false, json!({ "source": ["aws.controltower"], "absent": ["x"] })),
            (true, json!({ "absent": ["x", { "exists": false }] })),
        ] {
            assert_eq!(matches(&pattern, &event), expected, "{pattern}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused_with_its_place() {
        for pattern in [
            json!({ "a": [{ "wildcard": "*x" }] }),
            json!({ "a": [{ "cidr": "10.0.0.0/8" }] }),
            json!({ "a": [{ "numeric": ["~", 1] }] }),
            json!({ "a": [{ "numeric": [">"] }] }),
            json!({ "a": [{ "prefix": "x", "suffix": "y" }] }),
            json!({ "a": [{ "anything-but": { "suffix": "y" } }] }),
            json!({ "$or": [{ "a": [1] }] }),
        ] {
            let error = Pattern::parse(&pattern).unwrap_err();
            assert!(matches!(error, PatternError::Operator { .. }), "{pattern}");
        }
        for pattern in [json!({}), json!({ "a": "x" }), json!({ "a": [] }), json!([])] {
            let error = Pattern::parse(&pattern).unwrap_err();
            assert!(matches!(error, PatternError::Shape { .. }), "{pattern}");
        }
        let error = Pattern::parse(&json!({ "a": { "b": [{ "wildcard": "*" }] } })).unwrap_err();
        assert!(error.to_string().contains("a.b uses"), "{error}");
    }
}
