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
}

impl Counter {
    /// Counts one call.
    pub(crate) fn count(&self, service: &str, operation: &str) {
        let mut calls = lock(&self.calls);
        *calls.entry((service.to_owned(), operation.to_owned())).or_default() += 1;
    }

    /// The counts so far.
    pub(crate) fn snapshot(&self) -> Calls {
        lock(&self.calls).clone()
    }
}
