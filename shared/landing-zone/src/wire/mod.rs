//! The AWS wire protocols over the model: JSON 1.1 (Service Catalog, sso-admin,
//! identitystore, Organizations, Service Quotas), REST (Control Tower) and query
//! (SNS, STS, IAM).
//!
//! An operation, or a member of a request, that the model does not have is
//! answered with an error that says so, never with an invented success.

mod control_tower;
mod iam;
mod identity_store;
mod json;
mod organizations;
pub mod query;
mod service_catalog;
mod service_quotas;
mod sns;
mod sso_admin;
mod sts;

use crate::Zone;
use crate::model::members;

/// The code for an operation that the model does not have.
const UNKNOWN_OPERATION: &str = "UnknownOperationException";

/// A request as it came over the wire, past authentication.
#[derive(Debug, Clone)]
pub struct WireRequest {
    /// The signing name in the credential scope: `servicecatalog`, `sso`,
    /// `identitystore`, `organizations`, `controltower`, `servicequotas`, `sns`, `sts`, `iam`.
    pub service: String,
    /// The `x-amz-target` header of the JSON protocols; of REST, which has none, the path.
    pub target: Option<String>,
    /// The body, whole.
    pub body: Vec<u8>,
    /// The member account whose session signed it; `None` for the caller's own credentials.
    pub account: Option<String>,
}

/// The member account whose session has that access key, if it is one's.
#[must_use]
pub fn account_of(access_key: &str) -> Option<String> {
    members::account_of(access_key).map(ToOwned::to_owned)
}

/// What goes back over the wire.
#[derive(Debug, Clone)]
pub struct WireResponse {
    /// The HTTP status.
    pub status: u16,
    /// The `content-type` header.
    pub content_type: &'static str,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// The service's "no", before it takes the form of a protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The error code as the service's API model has it, or a general one.
    pub code: String,
    /// For a person.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
}

impl Refusal {
    /// A refusal with HTTP status 400, as nearly all are.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), status: 400 }
    }

    /// The refusal of an operation that the model does not have.
    pub fn unknown_operation(service: &str, operation: &str) -> Self {
        let message = format!("the landing zone does not have the operation {service}:{operation}");
        Self::new(UNKNOWN_OPERATION, message)
    }
}

impl Zone {
    /// Answers one request at the present moment.
    pub fn answer(&mut self, request: &WireRequest) -> WireResponse {
        let operation = operation(&request.service, request.target.as_deref(), &request.body);
        *self.calls.entry((request.service.clone(), operation.clone())).or_default() += 1;
        match request.service.as_str() {
            "sns" | "sts" | "iam" => query::answer(self, request, &operation),
            "controltower" => control_tower::answer(self, &operation, &request.body),
            _ => json::answer(self, request, &operation),
        }
    }
}

/// The operation's name: behind the dot of the target, what the path of REST stands for,
/// or the form field `Action`. Empty where it cannot be told.
#[must_use]
pub fn operation(service: &str, target: Option<&str>, body: &[u8]) -> String {
    match target {
        Some(path) if service == "controltower" => control_tower::operation(path).to_owned(),
        Some(target) => target.rsplit('.').next().unwrap_or_default().to_owned(),
        None => query::action(body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;

    fn zone() -> Zone {
        let description = Description::builtin();
        Zone::new(&description, 1, description.organization.since)
    }

    fn asked(zone: &mut Zone, service: &str, target: Option<&str>, body: &str) -> (u16, String) {
        let (service, target) = (service.to_owned(), target.map(ToOwned::to_owned));
        let body = body.as_bytes().to_vec();
        let response = zone.answer(&WireRequest { service, target, body, account: None });
        (response.status, String::from_utf8(response.body).expect("text"))
    }

    #[test]
    fn requests_are_counted_by_service_and_operation() {
        let mut zone = zone();
        for _ in 0..2 {
            asked(&mut zone, "organizations", Some("AWSOrganizationsV20161128.ListRoots"), "{}");
        }
        asked(&mut zone, "sts", None, "Action=GetCallerIdentity&Version=2011-06-15");
        let calls: Vec<_> =
            zone.calls().iter().map(|((_, operation), n)| (operation.as_str(), *n)).collect();
        assert_eq!(calls, [("ListRoots", 2), ("GetCallerIdentity", 1)]);
    }

    #[test]
    fn a_json_refusal_has_its_type_and_message() {
        let target = Some("AWSOrganizationsV20161128.DescribeAccount");
        let (status, body) =
            asked(&mut zone(), "organizations", target, r#"{"AccountId":"Not Available"}"#);
        assert_eq!(status, 400);
        let message = "You provided a value that does not match the required pattern.";
        assert_eq!(body, format!(r#"{{"Message":"{message}","__type":"InvalidInputException"}}"#));
    }

    #[test]
    fn the_caller_is_a_session_of_the_described_role() {
        let (status, body) =
            asked(&mut zone(), "sts", None, "Action=GetCallerIdentity&Version=2011-06-15");
        assert_eq!(status, 200);
        assert!(body.contains("<Account>111122223333</Account>"), "{body}");
        assert!(body.contains(":assumed-role/"), "{body}");
    }

    #[test]
    fn a_published_notice_is_answered_with_its_id() {
        let mut zone = zone();
        let topic = zone.topics.create("notices").expect("a topic");
        let form = format!(
            "Action=Publish&Version=2010-03-31&TopicArn={topic}&Subject=Done&Message=2%20ready"
        );
        let (status, body) = asked(&mut zone, "sns", None, &form);
        let [message] = zone.topics.messages() else { panic!("one message") };
        assert_eq!((status, message.body.as_str()), (200, "2 ready"));
        assert!(
            body.contains(&format!("<PublishResult><MessageId>{}</MessageId>", message.id)),
            "{body}"
        );
    }

    #[test]
    fn a_refused_notice_is_an_xml_error_and_not_in_the_mailbox() {
        let mut zone = zone();
        let topic = zone.topics.create("notices").expect("a topic");
        let form = format!("Action=Publish&TopicArn={topic}&Subject=two%0Alines&Message=x");
        let (status, body) = asked(&mut zone, "sns", None, &form);
        assert_eq!(status, 400);
        assert!(
            body.contains("<Code>InvalidParameter</Code><Message>Invalid parameter: Subject"),
            "{body}"
        );
        assert!(zone.topics.messages().is_empty());
        let form = format!("Action=Publish&TopicArn={topic}&MessageStructure=json&Message=x");
        let unread = "Message Structure - JSON message body failed to parse";
        assert!(asked(&mut zone, "sns", None, &form).1.contains(unread));
        let form = format!("Action=Publish&TopicArn={topic}&PhoneNumber=1&Message=x");
        let unknown = "does not have the member PhoneNumber";
        assert!(asked(&mut zone, "sns", None, &form).1.contains(unknown));
    }

    #[test]
    fn a_service_or_operation_that_is_not_there_is_named() {
        let (status, body) = asked(&mut zone(), "kms", Some("TrentService.Encrypt"), "{}");
        assert_eq!(status, 400);
        assert!(body.contains("does not have the operation kms:Encrypt"), "{body}");
        let (_, body) = asked(&mut zone(), "sns", None, "Action=DeleteTopic");
        assert!(body.contains("does not have the operation sns:DeleteTopic"), "{body}");
    }
}
