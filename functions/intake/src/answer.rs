//! What became of a file, as the function's answer. Lambda keeps no answer of an
//! asynchronous invocation, so it may quote rows; a log may not.

use serde_json::{Value, json};
use vending::file::Fault;
use vending::ingest::Ingested;

/// The answer for one file.
pub(crate) fn of(ingested: &Ingested) -> Value {
    match ingested {
        Ingested::NotAList => json!({ "outcome": "ignored" }),
        Ingested::Already(batch) => json!({ "outcome": "already", "batch": batch }),
        Ingested::Refused { batch, faults } => {
            let faults: Vec<Value> = faults.iter().map(of_fault).collect();
            json!({ "outcome": "refused", "batch": batch, "faults": faults })
        }
        Ingested::Taken { batch, faults } => json!({
            "outcome": "taken",
            "batch": batch.id,
            "rows": batch.rows,
            "queued": batch.queued(),
            "unchanged": batch.unchanged,
            "refused": batch.refused,
            "faults": faults.iter().map(of_fault).collect::<Vec<Value>>(),
        }),
    }
}

fn of_fault(fault: &Fault) -> Value {
    json!({
        "line": fault.line,
        "column": fault.column.map(vending::file::Column::name),
        "value": fault.value,
        "problem": fault.problem,
        "accepted": fault.accepted,
        "text": fault.to_string(),
    })
}
