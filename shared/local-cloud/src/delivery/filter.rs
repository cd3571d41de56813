//! The filter criteria of a stream mapping, in AWS's JSON.

use serde_json::Value;
use thiserror::Error;

use super::pattern::{Pattern, PatternError};

/// "The maximum number of characters" in a pattern (API reference, Filter).
const MOST_CHARACTERS: usize = 4096;

/// Filters of one mapping, unless a quota is raised (developer guide).
const MOST_FILTERS: usize = 5;

/// Why filter criteria cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FilterError {
    /// Not `{"Filters": [{"Pattern": "…"}]}`, or with too many or too long ones.
    #[error("read the filter criteria: {0}")]
    Shape(String),
    /// A pattern cannot be used.
    #[error("read filter {number}")]
    Pattern {
        /// Which filter, counted from 1.
        number: usize,
        /// What is wrong with it.
        source: PatternError,
    },
}

/// Filters of which one must match; none at all let everything through.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    patterns: Vec<Pattern>,
}

impl Filters {
    /// Reads `{"Filters": [{"Pattern": "{…}"}]}`, the patterns being JSON in
    /// strings that match stream records in DynamoDB's JSON.
    ///
    /// # Errors
    /// [`FilterError`]. `numeric` is refused: numbers are strings in a record,
    /// and "DynamoDB filtering doesn't support the use of numeric operators"
    /// (developer guide).
    pub fn parse(criteria: &Value) -> Result<Self, FilterError> {
        let shape = |reason: &str| FilterError::Shape(reason.to_owned());
        let filters = criteria.get("Filters").and_then(Value::as_array);
        let filters = filters.ok_or_else(|| shape("it has no list of Filters"))?;
        if filters.len() > MOST_FILTERS {
            return Err(shape("it has more than 5 filters"));
        }
        let patterns = filters.iter().zip(1..).map(|(filter, number)| pattern(filter, number));
        Ok(Self { patterns: patterns.collect::<Result<_, _>>()? })
    }

    /// Whether a stream record passes.
    #[must_use]
    pub fn pass(&self, record: &Value) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|pattern| pattern.matches(record))
    }
}

fn pattern(filter: &Value, number: usize) -> Result<Pattern, FilterError> {
    let shape = |reason: String| FilterError::Shape(format!("filter {number} {reason}"));
    let text = filter.get("Pattern").and_then(Value::as_str);
    let text = text.ok_or_else(|| shape("has no Pattern in a string".to_owned()))?;
    if text.chars().count() > MOST_CHARACTERS {
        return Err(shape(format!("is longer than {MOST_CHARACTERS} characters")));
    }
    let json: Value =
        serde_json::from_str(text).map_err(|error| shape(format!("is not JSON: {error}")))?;
    let pattern =
        Pattern::parse(&json).map_err(|source| FilterError::Pattern { number, source })?;
    if pattern.is_numeric() {
        return Err(shape("uses numeric, which DynamoDB filtering does not support".to_owned()));
    }
    Ok(pattern)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn criteria(patterns: &[&str]) -> Value {
        let filters: Vec<_> = patterns.iter().map(|it| json!({ "Pattern": it })).collect();
        json!({ "Filters": filters })
    }

    #[test]
    fn one_matching_filter_is_enough_and_none_let_all_through() {
        let filters = Filters::parse(&criteria(&[
            r#"{"eventName":["INSERT"],"dynamodb":{"NewImage":{"Status":{"S":["QUEUED"]}}}}"#,
            r#"{"eventName":["REMOVE"]}"#,
        ]))
        .unwrap();
        let record = |name: &str, status: &str| json!({ "eventName": name, "dynamodb": { "NewImage": { "Status": { "S": status } } } });
        assert!(filters.pass(&record("INSERT", "QUEUED")));
        assert!(filters.pass(&record("REMOVE", "READY")));
        assert!(!filters.pass(&record("INSERT", "READY")));
        assert!(Filters::default().pass(&record("MODIFY", "READY")));
    }

    #[test]
    fn bad_criteria_are_refused() {
        let too_long = format!(r#"{{"a":["{}"]}}"#, "x".repeat(MOST_CHARACTERS));
        for bad in [
            json!([]),
            json!({ "Filters": [{}] }),
            criteria(&["not json"]),
            criteria(&[r#"{"a":[{"numeric":["=",1]}]}"#]),
            criteria(&[&too_long]),
            criteria(&[r#"{"a":[1]}"#; 6]),
        ] {
            assert!(matches!(Filters::parse(&bad), Err(FilterError::Shape(_))), "{bad}");
        }
        let unknown = Filters::parse(&criteria(&[r#"{"a":[{"wildcard":"*"}]}"#]));
        assert!(matches!(unknown, Err(FilterError::Pattern { number: 1, .. })));
    }
}
