//! The story as JSON.

use serde_json::{Value, json};
use vending::ledger::{Entry, Happening, Progress, Source, Step};

use super::Around;
use super::head::meaning;
use super::next::sentences;
use crate::status::{access_json, account_json, launching_json};

/// All that is known of an account.
pub(super) fn story(entry: &Entry, around: &Around) -> Value {
    let product = entry.launch.as_ref().and_then(|launch| launch.product.as_ref());
    let user = &entry.request.sso_user;
    json!({
        "now": around.now,
        "account": account_json(entry),
        "meaning": meaning(entry.status()),
        "email": entry.request.email,
        "user": {
            "email": user.email,
            "firstName": user.first_name,
            "lastName": user.last_name,
        },
        "requester": entry.request.requester,
        "access": access_json(&entry.request.access),
        "product": product.map(|(id, _)| id),
        "productName": entry.product_name(),
        "record": product.map(|(_, record)| record),
        "launchedAt": entry.launch.as_ref().map(|launch| launch.started_at),
        "steps": entry.steps.iter().map(step).collect::<Vec<_>>(),
        "history": entry.history.iter().map(happening).collect::<Vec<_>>(),
        "launching": launching_json(&around.launching, around.max_in_flight),
        "beforeItInTheQueue": around.before,
        "endsAt": around.forecast.as_ref().and_then(|it| it.at),
        "next": sentences(entry, around),
    })
}

fn step(step: &Step) -> Value {
    let (progress, since, reason) = match &step.progress {
        Progress::Pending { .. } => ("pending", None, None),
        Progress::Requested { since, .. } => ("requested", Some(*since), None),
        Progress::Done => ("done", None, None),
        Progress::Failed { reason } => ("failed", None, Some(reason)),
    };
    json!({ "grant": step.grant.describe(), "progress": progress, "since": since, "reason": reason })
}

fn happening(it: &Happening) -> Value {
    let by = match &it.source {
        Source::Operator(by) => Some(by),
        Source::Upload | Source::Queue | Source::Lifecycle | Source::Minute => None,
    };
    json!({
        "at": it.at,
        "firstAt": it.first_at,
        "times": it.times,
        "event": it.event,
        "source": it.source.as_str(),
        "by": by,
        "status": it.status,
        "attempt": it.attempt,
        "detail": it.detail,
    })
}
