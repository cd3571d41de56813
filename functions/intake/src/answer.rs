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
            json!({
                "outcome": "refused",
                "batch": batch,
                "faults": of_faults(faults),
                "faultsInAll": faults.len(),
            })
        }
        Ingested::Portfolios(batch) => json!({
            "outcome": "taken",
            "batch": batch.id,
            "rows": batch.rows,
            "orders": batch.orders,
        }),
        Ingested::Taken { batch, faults } => json!({
            "outcome": "taken",
            "batch": batch.id,
            "rows": batch.rows,
            "queued": batch.queued(),
            "unchanged": batch.unchanged,
            "refused": batch.refused,
            "faults": of_faults(faults),
            "faultsInAll": faults.len(),
        }),
    }
}

/// Faults that are answered: Lambda takes 6 MB of an answer. The results file has all.
const FAULTS_ANSWERED: usize = 1_000;

fn of_faults(faults: &[Fault]) -> Vec<Value> {
    faults.iter().take(FAULTS_ANSWERED).map(of_fault).collect()
}

fn of_fault(fault: &Fault) -> Value {
    json!({
        "line": fault.line,
        "column": fault.column.map(vending::file::Column::name),
        "place": Some(&fault.place).filter(|place| !place.is_empty()),
        "value": fault.value,
        "problem": fault.problem,
        "accepted": fault.accepted,
        "text": fault.to_string(),
    })
}
