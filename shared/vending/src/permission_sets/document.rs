//! A permission set's own policy: a document of IAM's policy language, checked as far as
//! its form goes.

use serde_json::{Map, Value};

use crate::file::nearest;

/// The longest inline policy, in bytes (IAM Identity Center quotas).
pub const INLINE_POLICY_BYTES: usize = 32_768;

/// The versions of the policy language (IAM user guide, "IAM JSON policy elements: Version").
const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];

const OF_DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];

/// What a statement of a policy of identities may have; it has no principal.
const OF_STATEMENT: [&str; 7] =
    ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// A policy document. Two are the same when they say the same, however they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlinePolicy(Value);

/// What is wrong with a document, and where: a lower-case fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct DocumentFlaw {
    /// The way to it, such as `Statement[0].Effect`.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

impl InlinePolicy {
    /// The policy that `text` writes in JSON.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<DocumentFlaw>> {
        let read = serde_json::from_str(text);
        let value =
            read.map_err(|error| vec![flaw("the policy", format!("is no JSON: {error}"))])?;
        Self::new(value)
    }

    /// The policy that `value` is.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn new(value: Value) -> Result<Self, Vec<DocumentFlaw>> {
        let mut flaws = flaws(&value);
        let text = value.to_string();
        if text.len() > INLINE_POLICY_BYTES {
            let size = text.len();
            let problem = format!("has {size} bytes, of {INLINE_POLICY_BYTES} at the most");
            flaws.push(flaw("the policy", problem));
        }
        // sso-admin's `PermissionSetPolicyDocument`.
        if let Some(c) = text.chars().find(|c| *c > '\u{ff}') {
            flaws.push(flaw("the policy", format!("has {c:?}, and Identity Center takes Latin-1")));
        }
        if flaws.is_empty() { Ok(Self(value)) } else { Err(flaws) }
    }

    /// What AWS holds, whatever it is: nobody is to be told about a policy that is there.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn held(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self)
    }

    /// As JSON without spaces.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.to_string()
    }
}

fn flaw(place: &str, problem: impl Into<String>) -> DocumentFlaw {
    DocumentFlaw { place: place.to_owned(), problem: problem.into() }
}

fn flaws(policy: &Value) -> Vec<DocumentFlaw> {
    let Some(document) = policy.as_object() else {
        return vec![flaw("the policy", "is not a JSON object")];
    };
    let mut flaws = unknown("the policy", document, &OF_DOCUMENT);
    match document.get("Version") {
        Some(Value::String(version)) if VERSIONS.contains(&version.as_str()) => {}
        Some(_) => flaws.push(flaw("Version", format!("is none of {}", VERSIONS.join(", ")))),
        None => flaws.push(flaw("the policy", "lacks Version; the current one is 2012-10-17")),
    }
    match document.get("Statement") {
        Some(Value::Array(all)) if !all.is_empty() => {
            let each = all.iter().enumerate();
            flaws.extend(each.flat_map(|(n, it)| statement(&format!("Statement[{n}]"), it)));
        }
        Some(one @ Value::Object(_)) => flaws.extend(statement("Statement", one)),
        Some(_) => flaws.push(flaw("Statement", "is neither a statement nor a list of some")),
        None => flaws.push(flaw("the policy", "lacks Statement")),
    }
    flaws
}

fn statement(place: &str, statement: &Value) -> Vec<DocumentFlaw> {
    let Some(members) = statement.as_object() else {
        return vec![flaw(place, "is not a JSON object")];
    };
    let mut flaws = unknown(place, members, &OF_STATEMENT);
    let effect = members.get("Effect").and_then(Value::as_str);
    if !matches!(effect, Some("Allow" | "Deny")) {
        flaws.push(flaw(place, "lacks an Effect of Allow or Deny"));
    }
    flaws.extend(one_of(place, members, ["Action", "NotAction"]));
    flaws.extend(one_of(place, members, ["Resource", "NotResource"]));
    if members.get("Condition").is_some_and(|it| !it.is_object()) {
        flaws.push(flaw(place, "has a Condition that is not a JSON object"));
    }
    flaws
}

/// Exactly one of two members is there, and holds texts.
fn one_of(place: &str, members: &Map<String, Value>, keys: [&str; 2]) -> Option<DocumentFlaw> {
    let [one, other] = keys;
    let problem = match keys.map(|key| members.get(key)) {
        [Some(value), None] | [None, Some(value)] if is_texts(value) => return None,
        [Some(_), None] => format!("has an unusable {one}: neither a text nor a list of some"),
        [None, Some(_)] => format!("has an unusable {other}: neither a text nor a list of some"),
        [None, None] => format!("lacks {one} or {other}"),
        [Some(_), Some(_)] => format!("has both {one} and {other}"),
    };
    Some(flaw(place, problem))
}

fn is_texts(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(all) => !all.is_empty() && all.iter().all(Value::is_string),
        _ => false,
    }
}

fn unknown(place: &str, members: &Map<String, Value>, known: &[&str]) -> Vec<DocumentFlaw> {
    let unknown = members.keys().filter(|key| !known.contains(&key.as_str()));
    let told = unknown.map(|key| {
        let near = nearest(key, known.iter().copied());
        let meant = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        flaw(place, format!("has {key:?}, which it cannot have{meant}"))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(policy: Value) -> Vec<String> {
        let flaws = InlinePolicy::new(policy).err().unwrap_or_default();
        flaws.iter().map(ToString::to_string).collect()
    }

    fn good() -> Value {
        json!({ "Version": "2012-10-17", "Statement": [
            { "Sid": "Look", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" },
            { "Effect": "Deny", "NotAction": ["iam:*"], "NotResource": ["*"], "Condition": {} },
        ] })
    }

    #[test]
    fn a_good_document_is_taken_and_compared_by_what_it_says() {
        let policy = InlinePolicy::new(good()).unwrap();
        let spaced = serde_json::to_string_pretty(&good()).unwrap();
        assert_eq!(InlinePolicy::parse(&spaced), Ok(policy.clone()));
        assert_eq!(InlinePolicy::held(&spaced).unwrap(), policy);
        assert!(!policy.text().contains(' '), "{}", policy.text());
        let single = json!({ "Version": "2008-10-17", "Statement": good()["Statement"][0] });
        assert_eq!(told(single), [""; 0]);
    }

    #[test]
    fn every_flaw_is_told_with_its_place() {
        let policy = json!({ "version": "2012-10-17", "Version": "2013-01-01", "Statement": [
            { "Effect": "allow", "Action": [], "Resources": "*" },
            { "Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": 1, "Condition": 1 },
            { "Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*" },
            1,
        ] });
        assert_eq!(
            told(policy),
            [
                "the policy: has \"version\", which it cannot have; did you mean Version?",
                "Version: is none of 2012-10-17, 2008-10-17",
                "Statement[0]: has \"Resources\", which it cannot have; did you mean Resource?",
                "Statement[0]: lacks an Effect of Allow or Deny",
                "Statement[0]: has an unusable Action: neither a text nor a list of some",
                "Statement[0]: lacks Resource or NotResource",
                "Statement[1]: has both Action and NotAction",
                "Statement[1]: has an unusable Resource: neither a text nor a list of some",
                "Statement[1]: has a Condition that is not a JSON object",
                "Statement[2]: has \"Principal\", which it cannot have",
                "Statement[3]: is not a JSON object",
            ]
        );
    }

    #[test]
    fn what_is_no_document_is_told_in_a_word() {
        assert_eq!(told(json!([])), ["the policy: is not a JSON object"]);
        assert_eq!(told(json!({})).len(), 2);
        assert_eq!(told(json!({ "Version": "2012-10-17", "Statement": [] })).len(), 1);
        assert!(InlinePolicy::parse("nonsense").unwrap_err()[0].problem.starts_with("is no JSON"));
    }

    #[test]
    fn size_and_characters_are_those_that_identity_center_takes() {
        let with = |sid: String| {
            let mut policy = good();
            policy["Statement"][0]["Sid"] = sid.into();
            told(policy)
        };
        let room = INLINE_POLICY_BYTES - good().to_string().len() + "Look".len();
        assert_eq!(with("x".repeat(room)), [""; 0]);
        assert_eq!(with("x".repeat(room + 1)).len(), 1);
        assert_eq!(with("ü".to_owned()), [""; 0]);
        assert_eq!(with("–".to_owned()).len(), 1);
    }
}
