//! The answer to a stack, as CloudFormation reads it.

use std::fmt::Display;

use serde::Serialize;

use crate::events::StackRequest;

/// Bytes of a reason at most: an answer may have 4096 in all (CloudFormation user guide,
/// "Custom resource response objects"), and the ids, and what JSON escapes, need room.
const LONGEST_REASON: usize = 1_000;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    physical_resource_id: String,
    stack_id: &'a str,
    request_id: &'a str,
    logical_resource_id: &'a str,
}

/// The answer to `request`: that it is done, or why it is not.
pub(super) fn write(
    request: &StackRequest,
    done: Result<(), impl Display>,
) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&Answer {
        status: if done.is_ok() { "SUCCESS" } else { "FAILED" },
        physical_resource_id: request.answered_id(done.is_ok()),
        reason: done.err().map(|reason| cut(&reason.to_string())),
        stack_id: &request.stack_id,
        request_id: &request.request_id,
        logical_resource_id: &request.logical_id,
    })
}

/// The text in one line, and not too long.
fn cut(text: &str) -> String {
    let text: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    if text.len() <= LONGEST_REASON {
        return text;
    }
    let end = text.floor_char_boundary(LONGEST_REASON - '…'.len_utf8());
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::creation;

    fn answer(done: Result<(), &str>) -> Value {
        serde_json::from_slice(&write(&creation(), done).unwrap()).unwrap()
    }

    #[test]
    fn an_answer_names_the_request_it_is_to() {
        let expected = json!({
            "Status": "SUCCESS",
            "PhysicalResourceId": "factory-access/arn:aws:iam::111122223333:role/vend-provision",
            "StackId": creation().stack_id,
            "RequestId": creation().request_id,
            "LogicalResourceId": "FactoryAccess",
        });
        assert_eq!(answer(Ok(())), expected);
    }

    #[test]
    fn a_failure_has_its_reason() {
        let answer = answer(Err("no\nway"));
        assert_eq!((&answer["Status"], &answer["Reason"]), (&json!("FAILED"), &json!("no way")));
    }

    #[test]
    fn an_answer_is_never_too_long_for_cloudformation() {
        for text in ["x".repeat(5_000), "ä\"\u{1}".repeat(2_000)] {
            let answer = write(&creation(), Err(&text)).unwrap();
            assert!(answer.len() <= 4_096, "{}", answer.len());
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            assert!(answer["Reason"].as_str().unwrap().ends_with('…'));
        }
    }
}
