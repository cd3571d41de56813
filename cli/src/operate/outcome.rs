//! What an order for entries comes to, for people and as JSON.

use serde_json::{Value, json};
use vending::ledger::{Order, Status};
use vending::operate::{Done, Intent};

use super::NOT_APPLIED;
use super::table::{Said, Tone, table};
use crate::Exit;
use crate::status::words::count;

/// What is done with one name, or would be.
pub(super) struct Row {
    /// The name, as it was given.
    pub(super) name: String,
    /// The status of its entry before, where it has one.
    pub(super) status: Option<Status>,
    /// The attempt that its entry was at.
    pub(super) attempt: u32,
    /// What is to be done, or why nothing is.
    pub(super) intent: Result<Intent, String>,
    /// What became of it, where the plan was applied.
    pub(super) done: Option<Done>,
}

/// What the order does.
pub(super) struct Outcome {
    /// The order.
    pub(super) order: Order,
    /// Whether it was carried out.
    pub(super) applied: bool,
    /// The batch that it is about, where no names were given.
    pub(super) batch: Option<String>,
    /// Name by name.
    pub(super) rows: Vec<Row>,
    /// Entries of the batch that the order is not about.
    pub(super) others: usize,
    /// Whether launching is paused.
    pub(super) paused: bool,
}

impl Row {
    fn words(&self, applied: bool) -> String {
        match (&self.intent, self.done) {
            (Err(why), _) => why.clone(),
            (Ok(_), Some(Done::Changed)) => {
                "it has changed meanwhile, and nothing was done: look again".to_owned()
            }
            (Ok(_), Some(Done::Not(why))) => why.to_string(),
            (Ok(intent), Some(Done::Done(_)) | None) => self.intended(*intent, applied),
        }
    }

    fn intended(&self, intent: Intent, applied: bool) -> String {
        match (intent, applied) {
            (Intent::LaunchAgain, _) => format!("queued again, for attempt {}", self.attempt + 1),
            (Intent::AccessAgain, false) => {
                "keep its account, and try the access again that failed".to_owned()
            }
            (Intent::AccessAgain, true) => {
                "its account stays; the access that failed is tried again".to_owned()
            }
            (Intent::Cancel, _) => "taken off the queue: FAILED as cancelled".to_owned(),
        }
    }

    fn tone(&self) -> Tone {
        match (&self.intent, self.done) {
            (Ok(_), None | Some(Done::Done(_))) => Tone::Plain,
            (Err(_), _) | (Ok(_), Some(Done::Changed | Done::Not(_))) => Tone::Refused,
        }
    }

    fn said(&self, applied: bool) -> Said {
        let Self { name, status, .. } = self;
        Said { name: name.clone(), status: *status, words: self.words(applied), tone: self.tone() }
    }

    fn json(&self) -> Value {
        let intent = self.intent.as_ref().ok().map(|intent| match intent {
            Intent::LaunchAgain => "launch again",
            Intent::AccessAgain => "access again",
            Intent::Cancel => "cancel",
        });
        let done = self.done.map(|done| match done {
            Done::Done(_) => "done",
            Done::Not(_) => "not done",
            Done::Changed => "changed meanwhile",
        });
        json!({
            "name": self.name,
            "status": self.status,
            "intent": intent,
            "whyNot": self.intent.as_ref().err(),
            "outcome": done,
        })
    }
}

impl Outcome {
    /// How the command ends.
    pub(super) fn exit(&self) -> Exit {
        let refused = self.rows.iter().any(|row| row.tone() == Tone::Refused);
        if refused { Exit::SomeFailed } else { Exit::AllReady }
    }

    /// As JSON.
    pub(super) fn json(&self) -> Value {
        json!({
            "order": self.order,
            "applied": self.applied,
            "rows": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
            "others": self.others,
            "paused": self.paused,
            "exitCode": self.exit().code(),
        })
    }

    /// In lines of `width` characters.
    pub(super) fn text(&self, width: usize) -> String {
        let wanted = match self.order {
            Order::Retry => "FAILED",
            Order::Cancel => "QUEUED",
        };
        let heading = if self.applied { "what was done" } else { "what would be done" };
        let rows: Vec<Said> = self.rows.iter().map(|row| row.said(self.applied)).collect();
        let mut parts = Vec::new();
        match rows.as_slice() {
            [] => parts.push(format!("no account of the batch is {wanted}: nothing is to be done")),
            rows => parts.push(table(rows, heading, width)),
        }
        if self.others > 0 && !rows.is_empty() {
            let verb = if self.others == 1 { "is" } else { "are" };
            parts.push(format!(
                "{} of the batch {verb} not {wanted}",
                count(self.others, "account")
            ));
        }
        parts.extend(self.end());
        parts.join("\n\n")
    }

    /// What came of it all, and what is next.
    fn end(&self) -> Option<String> {
        let able = self.rows.iter().filter(|row| row.intent.is_ok()).count();
        if able == 0 {
            return (!self.rows.is_empty()).then(|| "nothing is to be done".to_owned());
        }
        if !self.applied {
            return Some(NOT_APPLIED.to_owned());
        }
        let done = self.rows.iter().filter(|row| matches!(row.done, Some(Done::Done(_)))).count();
        let mut lines = vec![format!("{done} of {} done", count(self.rows.len(), "account"))];
        if self.order == Order::Retry && done > 0 {
            lines.extend(self.paused.then(|| {
                "launching is paused: nothing is launched until vend resume --apply".to_owned()
            }));
            let name =
                || self.rows.iter().find(|row| row.intent.is_ok()).map(|row| row.name.as_str());
            lines.extend(
                self.batch
                    .as_deref()
                    .or_else(name)
                    .map(|it| format!("to follow: vend status {it} --watch")),
            );
        }
        Some(lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(done: Option<Done>) -> Row {
        let intent = Ok(Intent::AccessAgain);
        Row { name: "alpha".into(), status: Some(Status::Failed), attempt: 1, intent, done }
    }

    fn outcome(rows: Vec<Row>, applied: bool) -> Outcome {
        Outcome { order: Order::Retry, applied, batch: None, rows, others: 0, paused: true }
    }

    #[test]
    fn what_has_changed_meanwhile_is_told_and_is_no_success() {
        let outcome = outcome(vec![row(Some(Done::Changed))], true);
        let text = anstream::adapter::strip_str(&outcome.text(80)).to_string();
        assert!(text.contains("it has changed meanwhile, and nothing was done"), "{text}");
        assert!(text.ends_with("0 of 1 account done"), "{text}");
        assert_eq!(outcome.exit(), Exit::SomeFailed);
    }

    #[test]
    fn whoever_retries_while_launching_is_paused_is_told_so() {
        let done = vec![row(Some(Done::Done(Intent::AccessAgain)))];
        let text = outcome(done, true).text(80);
        assert!(text.contains("nothing is launched until vend resume --apply"), "{text}");
        assert!(text.ends_with("to follow: vend status alpha --watch"), "{text}");
    }
}
