//! How often each AWS operation was called.

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use local_cloud::Calls;
use local_cloud::delivery::Stats;
use serde_json::{Value, json};

/// The calls of the three functions, and their invocations.
pub(super) struct CallStats {
    calls: Calls,
    stats: Stats,
    accounts: usize,
    peak: usize,
}

impl CallStats {
    /// Calls and invocations for `accounts` accounts, of which at most `peak` were in
    /// flight at a time.
    pub(super) fn new(calls: Calls, stats: &Stats, accounts: usize, peak: usize) -> Self {
        Self { calls, stats: stats.clone(), accounts, peak }
    }

    fn each(&self, count: u64) -> f64 {
        count as f64 / self.accounts.max(1) as f64
    }

    fn total(&self) -> u64 {
        self.calls.values().sum()
    }

    /// Prints them as a table.
    pub(super) fn print(&self) {
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(["service", "operation", "calls", "per account"]);
        for ((service, operation), count) in &self.calls {
            let each = format!("{:.2}", self.each(*count));
            table.add_row([service, operation, &count.to_string(), &each]);
        }
        for (function, count) in &self.stats.invocations {
            let each = format!("{:.2}", self.each(*count));
            table.add_row(["lambda", &format!("Invoke {function}"), &count.to_string(), &each]);
        }
        let each = format!("{:.2}", self.each(self.total()));
        table.add_row(["all", "AWS calls", &self.total().to_string(), &each]);
        println!("\n{table}\nat most {} in flight at a time, as Control Tower saw it", self.peak);
    }

    /// The same as JSON.
    pub(super) fn json(&self) -> Value {
        let calls: Vec<Value> = self
            .calls
            .iter()
            .map(|((service, operation), count)| {
                json!({ "service": service, "operation": operation, "calls": count, "perAccount": self.each(*count) })
            })
            .collect();
        json!({
            "calls": calls,
            "callsInAll": self.total(),
            "callsPerAccount": self.each(self.total()),
            "invocations": self.stats.invocations,
            "mostInFlight": self.peak,
        })
    }
}
