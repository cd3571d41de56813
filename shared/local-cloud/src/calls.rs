//! How often each operation was called, for run summaries and for tests that
//! bound the number of remote calls.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::lock;

/// Calls by (signing name, operation), such as `("dynamodb", "PutItem")`.
pub type Calls = BTreeMap<(String, String), u64>;

/// The running count.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    calls: Mutex<Calls>,
    reads: Mutex<Calls>,
}

impl Counter {
    /// Counts one call.
    pub(crate) fn count(&self, service: &str, operation: &str) {
        add(&self.calls, service, operation, 1);
    }

    /// Adds what one call made its service look at.
    pub(crate) fn read(&self, service: &str, operation: &str, items: u64) {
        if items > 0 {
            add(&self.reads, service, operation, items);
        }
    }

    /// The counts so far.
    pub(crate) fn snapshot(&self) -> Calls {
        lock(&self.calls).clone()
    }

    /// The items so far.
    pub(crate) fn reads(&self) -> Calls {
        lock(&self.reads).clone()
    }
}

fn add(counts: &Mutex<Calls>, service: &str, operation: &str, more: u64) {
    *lock(counts).entry((service.to_owned(), operation.to_owned())).or_default() += more;
}
