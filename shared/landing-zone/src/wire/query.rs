//! The query protocol: a form in, XML out.

use std::collections::BTreeMap;
use std::fmt::Write;

use quick_xml::escape::escape;

use super::{Refusal, UNKNOWN_OPERATION, WireRequest, WireResponse, iam, sns, sts};
use crate::Zone;

const CONTENT_TYPE: &str = "text/xml";

/// What the form held. Each field is taken once; what nobody took is something
/// the landing zone does not have.
#[derive(Debug)]
pub struct Form(BTreeMap<String, String>);

/// XML under construction.
#[derive(Debug, Default)]
pub struct Xml(String);

/// The name of the operation in a request, empty where there is none.
pub(super) fn action(body: &[u8]) -> String {
    Form::read(body).take("Action").unwrap_or_default()
}

/// Answers one request.
pub(super) fn answer(zone: &mut Zone, request: &WireRequest, operation: &str) -> WireResponse {
    let account = request.account.as_deref();
    let mut form = Form::read(&request.body);
    form.take("Action");
    form.take("Version");
    let result = match request.service.as_str() {
        "sns" => sns::answer(zone, operation, form),
        "iam" => iam::answer(zone, account, operation, form),
        _ => sts::answer(zone, account, operation, form),
    };
    let namespace = match request.service.as_str() {
        "sns" => "http://sns.amazonaws.com/doc/2010-03-31/",
        "iam" => "https://iam.amazonaws.com/doc/2010-05-08/",
        _ => "https://sts.amazonaws.com/doc/2011-06-15/",
    };
    let request_id = request_id(zone);
    respond(operation, namespace, result, &request_id)
}

/// The answer of `operation`, a result or a refusal, as the protocol has it.
#[must_use]
pub fn respond(
    operation: &str,
    namespace: &str,
    result: Result<Xml, Refusal>,
    request_id: &str,
) -> WireResponse {
    match result.map_err(in_query_words) {
        Ok(result) => success(operation, namespace, &result, request_id),
        Err(refusal) => failure(namespace, &refusal, request_id),
    }
}

impl Form {
    /// Reads the form that a request's body is.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// Takes a field out of the form.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes a field that must be there.
    ///
    /// # Errors
    /// `ValidationError`, when it is not.
    pub fn require(&mut self, name: &str) -> Result<String, Refusal> {
        let message = || format!("1 validation error detected: '{name}' must not be null");
        self.take(name).ok_or_else(|| Refusal::new("ValidationError", message()))
    }

    /// Refuses what is left.
    ///
    /// # Errors
    /// `InvalidParameter`, which names it.
    pub fn finish(self) -> Result<(), Refusal> {
        let left: Vec<String> = self.0.into_keys().collect();
        if left.is_empty() {
            return Ok(());
        }
        let message = format!("the landing zone does not have the member {}", left.join(", "));
        Err(Refusal::new("InvalidParameter", message))
    }
}

impl Xml {
    /// Adds an element with a text.
    #[must_use]
    pub fn text(mut self, name: &str, text: &str) -> Self {
        self.open(name);
        // XML has no control characters, not even escaped ones.
        let text: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
        self.0.push_str(&escape(text.as_str()));
        self.close(name);
        self
    }

    /// Adds an element with other elements in it.
    #[must_use]
    pub fn element(mut self, name: &str, inner: &Self) -> Self {
        self.open(name);
        self.0.push_str(&inner.0);
        self.close(name);
        self
    }

    fn open(&mut self, tag: &str) {
        self.0.extend(["<", tag, ">"]);
    }

    fn close(&mut self, name: &str) {
        self.0.extend(["</", name, ">"]);
    }

    fn document(name: &str, namespace: &str, inner: &Self) -> Vec<u8> {
        let mut document = Self::default();
        document.open(&format!("{name} xmlns=\"{namespace}\""));
        document.0.push_str(&inner.0);
        document.close(name);
        document.0.into_bytes()
    }
}

fn success(operation: &str, namespace: &str, result: &Xml, request_id: &str) -> WireResponse {
    let metadata = Xml::default().text("RequestId", request_id);
    let inner = Xml::default()
        .element(&format!("{operation}Result"), result)
        .element("ResponseMetadata", &metadata);
    let body = Xml::document(&format!("{operation}Response"), namespace, &inner);
    WireResponse { status: 200, content_type: CONTENT_TYPE, body }
}

fn failure(namespace: &str, refusal: &Refusal, request_id: &str) -> WireResponse {
    let kind = if refusal.status < 500 { "Sender" } else { "Receiver" };
    let error = Xml::default()
        .text("Type", kind)
        .text("Code", &refusal.code)
        .text("Message", &refusal.message);
    let inner = Xml::default().element("Error", &error).text("RequestId", request_id);
    let body = Xml::document("ErrorResponse", namespace, &inner);
    WireResponse { status: refusal.status, content_type: CONTENT_TYPE, body }
}

/// The query protocol has its own code for an operation that is not there.
fn in_query_words(refusal: Refusal) -> Refusal {
    match refusal.code.as_str() {
        UNKNOWN_OPERATION => Refusal { code: "InvalidAction".to_owned(), ..refusal },
        _ => refusal,
    }
}

/// Counted rather than drawn: a read draws nothing from the zone's chance.
fn request_id(zone: &Zone) -> String {
    let answered: u64 = zone.calls.values().sum();
    let mut id = String::from("00000000-0000-4000-8000-");
    // Writing to a string cannot fail.
    let _ = write!(id, "{answered:012x}");
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_takes_from_a_form_is_named() {
        let mut form = Form::read(b"TopicArn=a%3Ab&PhoneNumber=%2B49+1");
        assert_eq!(form.take("TopicArn").as_deref(), Some("a:b"));
        let refusal = form.finish().expect_err("something is left");
        assert!(refusal.message.ends_with("does not have the member PhoneNumber"));
    }

    #[test]
    fn text_is_escaped_and_free_of_control_characters() {
        let xml = Xml::default().text("Message", "<a & b>\u{7}\n");
        assert_eq!(xml.0, "<Message>&lt;a &amp; b&gt;\n</Message>");
    }
}
