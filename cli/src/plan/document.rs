//! A plan in JSON.

use std::path::Path;

use serde_json::{Map, Value, json};
use vending::file::Column;

use super::outlook::{Launches, Outlook};
use super::row::{Kind, Row};
use crate::check::faults;
use crate::status::access_json;

/// The plan as a document.
pub(crate) fn document(file: &Path, outlook: &Outlook) -> Value {
    let counts: Map<String, Value> = Kind::ALL
        .into_iter()
        .map(|kind| {
            let count = outlook.rows.iter().filter(|row| row.kind == kind).count();
            (kind.word().to_owned(), count.into())
        })
        .collect();
    json!({
        "file": file.display().to_string(),
        "verdict": outlook.verdict().word(),
        "rows": outlook.rows.iter().map(row_document).collect::<Vec<_>>(),
        "counts": counts,
        "faults": faults::json(&outlook.prepared.faults),
        "defaults": access_json(&outlook.defaults),
        "time": outlook.launches.as_ref().map(launches_document),
    })
}

fn row_document(row: &Row) -> Value {
    json!({
        "line": row.line,
        "name": row.name,
        "plan": row.kind.word(),
        "about": row.about,
        "status": row.status,
        "access": row.access.as_ref().map(access_json),
        "changes": row.changes.iter().map(|column| Column::name(*column)).collect::<Vec<_>>(),
    })
}

fn launches_document(launches: &Launches) -> Value {
    let Launches { before, forecast, pause, room, .. } = launches;
    let after = &forecast.after;
    json!({
        "maxInFlight": before.max_in_flight,
        "waitingBefore": before.waiting,
        "inFlight": before.in_flight.len(),
        "heldForSeconds": before.held_for.num_seconds(),
        "paused": pause.is_some(),
        "accountsLeft": room,
        "seconds": {
            "shortest": after.shortest.num_seconds(),
            "usual": after.usual.num_seconds(),
            "longest": after.longest.num_seconds(),
        },
        "at": forecast.at,
        "launchesObserved": forecast.pace.observed,
    })
}
