//! A notice as SNS takes it: one form for people, one for machines, and what
//! subscribers can filter on.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{About, Links, Notice};

/// Bytes of the forms together: a message has 256 KiB with its attributes (SNS quotas),
/// for which 4 KiB are left.
const MOST_BYTES: usize = 252 * 1024;

/// Who gets the machine form. E-mail and what else there is get the text.
const MACHINES: [&str; 5] = ["sqs", "http", "https", "lambda", "firehose"];

/// What stands where the text was cut.
const CUT: &str = "\n… (cut here: the rest is in the results file)\n";

/// A notice as it is published, with `MessageStructure` = `json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The forms, by protocol: a JSON object of texts.
    pub forms: String,
    /// What to filter on: names and texts.
    pub attributes: Vec<(&'static str, String)>,
}

/// The machine form.
#[derive(Serialize)]
struct Machine<'n> {
    kind: &'static str,
    subject: &'n str,
    #[serde(flatten)]
    about: &'n About,
}

impl Notice {
    /// The text for people, with where to look closer.
    #[must_use]
    pub fn text(&self, links: &Links) -> String {
        format!("{}{}", self.body, links.of(self))
    }

    /// The notice as it is published. A text that is too long is cut and says so: by what it
    /// takes in JSON, where quotes and line breaks take two bytes.
    #[must_use]
    pub fn message(&self, links: &Links) -> Message {
        let machine = self.machine();
        let mut forms = Map::new();
        for protocol in MACHINES {
            forms.insert(protocol.to_owned(), Value::String(machine.clone()));
        }
        // A text message is short, and its subject is not shown.
        forms.insert("sms".to_owned(), Value::String(self.subject.as_str().to_owned()));
        forms.insert("default".to_owned(), Value::String(String::new()));
        let room = MOST_BYTES.saturating_sub(Value::Object(forms.clone()).to_string().len());
        let text = fitted(self.text(links), room);
        forms.insert("default".to_owned(), Value::String(text));
        Message { forms: Value::Object(forms).to_string(), attributes: self.attributes() }
    }

    fn machine(&self) -> String {
        let subject = self.subject.as_str();
        let machine = Machine { kind: self.kind.as_str(), subject, about: &self.about };
        // Only a map with keys that are no texts could fail.
        serde_json::to_string(&machine).unwrap_or_default()
    }

    fn attributes(&self) -> Vec<(&'static str, String)> {
        let About { batch, status, stage, .. } = &self.about;
        let attributes = [
            ("kind", Some(self.kind.as_str().to_owned())),
            ("batch", batch.clone()),
            ("status", status.map(str::to_owned)),
            ("stage", stage.map(str::to_owned)),
        ];
        attributes.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// The text, or as many of its lines as have `room` in JSON.
fn fitted(mut text: String, room: usize) -> String {
    if escaped(&text) <= room {
        return text;
    }
    let mut left = room.saturating_sub(escaped(CUT));
    let mut kept = 0;
    for line in text.split_inclusive('\n') {
        let Some(rest) = left.checked_sub(escaped(line)) else { break };
        (left, kept) = (rest, kept + line.len());
    }
    text.truncate(kept);
    text.push_str(CUT);
    text
}

/// Bytes that the text takes in JSON, without its quotes.
fn escaped(text: &str) -> usize {
    Value::from(text).to_string().len() - 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::{account_ready, batch_complete, batch_refused};
    use crate::testing::{self, failed_notice as failed};

    fn forms(notice: &Notice) -> Map<String, Value> {
        let Value::Object(forms) =
            serde_json::from_str(&notice.message(&Links::default()).forms).unwrap()
        else {
            panic!("no object")
        };
        forms
    }

    #[test]
    fn people_get_the_text_and_machines_the_facts() {
        let notice = failed();
        let forms = forms(&notice);
        assert_eq!(forms["default"], notice.text(&Links::default()));
        for protocol in MACHINES {
            assert_eq!(forms[protocol], forms["sqs"]);
        }
        let facts: Value = serde_json::from_str(forms["sqs"].as_str().unwrap()).unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(&facts).unwrap());
    }

    #[test]
    fn subscribers_filter_on_kind_batch_status_and_stage() {
        let attributes = |notice: &Notice| {
            let all = notice.message(&Links::default()).attributes;
            all.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>()
        };
        let batch = testing::batch();
        let id = &batch.id;
        assert_eq!(
            attributes(&failed()),
            ["kind=account-failed", &format!("batch={id}"), "status=FAILED", "stage=provision"]
        );
        assert_eq!(
            attributes(&account_ready(&testing::ready("alpha"))),
            ["kind=account-ready", &format!("batch={id}"), "status=READY"]
        );
        let complete = batch_complete(&batch, &[], testing::at(0));
        assert_eq!(attributes(&complete), ["kind=batch-complete", &format!("batch={id}")]);
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_by_what_it_takes_in_json() {
        let line = format!("{}\n", "\"\\".repeat(50));
        let notice = Notice { body: line.repeat(2_000), ..batch_refused(&testing::batch(), &[]) };
        let message = notice.message(&Links::default());
        assert!(message.forms.len() <= MOST_BYTES, "{}", message.forms.len());
        assert!(message.forms.len() > MOST_BYTES - 1_000, "{}", message.forms.len());
        let forms = forms(&notice);
        let text = forms["default"].as_str().unwrap();
        assert!(text.starts_with(&line) && text.ends_with(&format!("{line}{CUT}")));
    }
}
