//! How much went wrong in a run, for people and for programs.

use std::collections::BTreeMap;

use local_cloud::{Fault, FaultCounts};
use serde_json::{Value, json};

/// What goes wrong with deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mishap {
    /// The function was killed in the middle.
    Killed,
    /// An event of Control Tower did not come.
    LostEvent,
    /// A minute passed unnoticed.
    LostTick,
    /// An event came once more.
    Repeated,
}

/// How much went wrong.
#[derive(Debug, Clone)]
pub(in crate::local) struct Counts {
    pub(super) seed: u64,
    pub(super) faults: FaultCounts,
    pub(super) mishaps: BTreeMap<Mishap, u64>,
}

impl Counts {
    /// By kind: first those of requests, then those of deliveries.
    fn by_kind(&self) -> Vec<(&'static str, u64)> {
        let of_fault = |fault: Fault| {
            let met = self.faults.iter().filter(|((_, _, kind), _)| *kind == fault);
            (fault.name(), met.map(|(_, count)| count).sum())
        };
        let of_mishap = |mishap| {
            let name = match mishap {
                Mishap::Killed => "functions-killed",
                Mishap::LostEvent => "lifecycle-events-lost",
                Mishap::LostTick => "ticks-lost",
                Mishap::Repeated => "events-repeated",
            };
            (name, self.mishaps.get(&mishap).copied().unwrap_or_default())
        };
        let mishaps = [Mishap::Killed, Mishap::LostEvent, Mishap::LostTick, Mishap::Repeated];
        let requests = Fault::ALL.into_iter().filter(|fault| !fault.is_death()).map(of_fault);
        requests.chain(mishaps.into_iter().map(of_mishap)).collect()
    }

    /// Prints them in a few lines.
    pub(in crate::local) fn print(&self) {
        let kinds = self.by_kind();
        let all: u64 = kinds.iter().map(|(_, count)| count).sum();
        println!(
            "\nchaos {}: {all} things went wrong, and the landing zone agrees with the ledger",
            self.seed
        );
        for (kind, count) in kinds {
            println!("  {count:>5} {kind}");
        }
    }

    /// The same as JSON, with the faults of each operation.
    pub(in crate::local) fn json(&self) -> Value {
        let of_operation = |((service, operation, fault), count): (
            &(String, String, Fault),
            &u64,
        )| {
            json!({ "service": service, "operation": operation, "fault": fault.name(), "count": count })
        };
        json!({
            "seed": self.seed,
            "kinds": self.by_kind().into_iter().collect::<BTreeMap<_, _>>(),
            "faults": self.faults.iter().map(of_operation).collect::<Vec<_>>(),
        })
    }
}
