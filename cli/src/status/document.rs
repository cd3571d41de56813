//! What is seen, as JSON: complete, with moments in RFC 3339 and durations in seconds.

use serde_json::{Value, json};
use vending::account::AccessRequest;
use vending::ledger::{Batch, Entry, Launching, Pause, State};

use super::rows::{since, stage};
use super::scene::Scene;
use super::standing::is_refused;

/// All that is seen.
pub(super) fn scene(scene: &Scene) -> Value {
    let accounts = scene.batches.iter().flat_map(|batch| scene.of(batch));
    let one = scene.entries.values().filter(|_| scene.batches.is_empty());
    let accounts: Vec<Value> = accounts.chain(one).map(account).collect();
    json!({
        "now": scene.now,
        "launching": launching(&scene.launching, scene.max_in_flight),
        "batches": scene.batches.iter().map(|it| batch(scene, it)).collect::<Vec<_>>(),
        "ended": scene.ended.iter().map(|it| batch(scene, it)).collect::<Vec<_>>(),
        "accounts": accounts,
    })
}

/// Launching as a whole.
pub(crate) fn launching(launching: &Launching, max_in_flight: usize) -> Value {
    json!({
        "inFlight": launching.in_flight,
        "maxInFlight": max_in_flight,
        "holdUntil": launching.hold_until,
        "pause": launching.pause.as_ref().map(pause),
        "resumed": launching.resumed,
        "tickedAt": launching.ticked_at,
    })
}

/// The access that is asked for.
pub(crate) fn access(access: &AccessRequest) -> Value {
    json!({
        "defaults": if access.replaces_defaults { "replace" } else { "add" },
        "assignments": access.assignment_texts(),
        "portfolios": access.portfolios,
    })
}

/// A pause.
fn pause(pause: &Pause) -> Value {
    json!({ "since": pause.since, "reason": pause.reason, "by": pause.by })
}

fn batch(scene: &Scene, batch: &Batch) -> Value {
    let forecast = scene.forecast(batch);
    json!({
        "id": batch.id,
        "bucket": batch.object.bucket,
        "key": batch.object.key,
        "version": batch.object.version,
        "resultsKey": batch.results_key(),
        "receivedAt": batch.received_at,
        "rows": batch.rows,
        "unchanged": batch.unchanged,
        "refused": batch.refused,
        "superseded": batch.superseded,
        "remaining": batch.remaining,
        "ready": batch.ready,
        "failed": batch.failed,
        "taken": batch.taken,
        "refusedWhole": is_refused(batch),
        "complete": batch.is_complete(),
        "endsInSeconds": forecast.as_ref().map(|it| it.after.usual.num_seconds()),
        "endsAt": forecast.as_ref().and_then(|it| it.at),
        "launchesObserved": forecast.as_ref().map(|it| it.pace.observed),
    })
}

/// One account, without the addresses and names of people.
pub(crate) fn account(entry: &Entry) -> Value {
    let (waiting_for, not_before) = match &entry.state {
        State::Queued { waiting_for, not_before } => (waiting_for.as_deref(), *not_before),
        State::Provisioning { .. }
        | State::Configuring
        | State::Ready { .. }
        | State::Failed { .. } => (None, None),
    };
    json!({
        "name": entry.request.name,
        "batch": entry.batch,
        "line": entry.line,
        "status": entry.status(),
        "stage": stage(entry),
        "since": since(entry),
        "attempt": entry.attempt,
        "accountId": entry.account,
        "organizationalUnit": entry.request.unit.to_string(),
        "waitingFor": waiting_for,
        "notBefore": not_before,
        "failure": failure(entry),
    })
}

/// Why the entry is FAILED.
fn failure(entry: &Entry) -> Option<Value> {
    let State::Failed { stage, failure, launch_open, .. } = &entry.state else { return None };
    Some(json!({
        "stage": stage,
        "kind": failure.kind,
        "cause": failure.kind.cause(),
        "said": failure.detail,
        "remedy": failure.kind.remedy_for(&entry.request.name),
        "message": failure.message(),
        "launchOpen": launch_open,
    }))
}
