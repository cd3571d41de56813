//! Permission sets as one JSON document.

use anyhow::Result;
use serde_json::{Value, json};
use vending::permission_sets::{Difference, FieldChange, Kind, Outcome};

use super::{Asked, words};
use crate::terminal;

/// Prints what would become of each set, and what became of it where it was applied.
///
/// # Errors
/// When it cannot be written as JSON.
pub(super) fn print(asked: &Asked<'_>, plan: &[Difference], outcomes: &[Outcome]) -> Result<()> {
    let sets = plan.iter().enumerate();
    let sets: Vec<Value> = sets.map(|(n, it)| set(it, outcomes.get(n))).collect();
    terminal::json(&json!({
        "order": asked.order,
        "file": asked.declared.file.display().to_string(),
        "applied": asked.apply && plan.iter().any(|it| it.kind() != Kind::Same),
        "changes": plan.iter().any(|it| it.kind() != Kind::Same),
        "permissionSets": sets,
    }))
}

fn set(difference: &Difference, outcome: Option<&Outcome>) -> Value {
    json!({
        "name": difference.declared.name.as_str(),
        "arn": difference.actual.as_ref().map(|it| &it.arn),
        "action": action(difference.kind()),
        "changes": difference.changes().iter().map(change).collect::<Vec<_>>(),
        "accounts": difference.accounts(),
        "outcome": outcome.map(|it| ended(difference, it)),
    })
}

fn action(kind: Kind) -> &'static str {
    match kind {
        Kind::Create => "create",
        Kind::Change => "change",
        Kind::Provision => "provision",
        Kind::Same => "none",
    }
}

fn change(change: &FieldChange) -> Value {
    json!({ "field": change.field.key(), "before": change.before, "after": change.after })
}

fn ended(difference: &Difference, outcome: &Outcome) -> Value {
    let (result, accounts) = match outcome {
        Outcome::Same => ("same", None),
        Outcome::Done { accounts } => ("done", Some(accounts)),
        Outcome::Refused(_) => ("refused", None),
        Outcome::NotProvisioned { accounts, .. } => ("not-provisioned", Some(accounts)),
        Outcome::GaveUp(_) => ("given-up", None),
        Outcome::Unknown(_) => ("unknown", None),
    };
    json!({ "result": result, "accounts": accounts, "text": words::outcome(difference, outcome) })
}
