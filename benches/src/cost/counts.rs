//! What is counted on: for a minute in which nothing happens, and for an account. A test holds
//! these numbers against runs.

use crate::calls::{ByOperation, LAMBDA};

/// Calls by what they are paid for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paid {
    /// Invocations of functions.
    pub invocations: f64,
    /// Reads of DynamoDB, each of one unit at least.
    pub reads: f64,
    /// Writes of one item.
    pub writes: f64,
    /// Transactions of two items or three.
    pub transactions: f64,
    /// Calls of Service Catalog, in the management account and in the account itself.
    pub service_catalog: f64,
    /// Notices.
    pub notices: f64,
    /// Reads of objects.
    pub gets: f64,
    /// Writes of objects.
    pub puts: f64,
}

/// In a minute in which nothing happens.
pub const IDLE_MINUTE: Paid = Paid {
    invocations: 2.0,
    reads: 0.8,
    writes: 0.2,
    transactions: 0.0,
    service_catalog: 0.0,
    notices: 0.0,
    gets: 0.0,
    puts: 0.0,
};

/// For an account of a list of 1,000, besides what its minutes cost: in short lists several end
/// in one invocation, which asks less.
pub const ACCOUNT: Paid = Paid {
    invocations: 4.0,
    reads: 18.8,
    writes: 16.0,
    transactions: 3.0,
    service_catalog: 11.0,
    notices: 1.0,
    gets: 0.0,
    puts: 1.0,
};

/// In a minute in which accounts are made, besides what the accounts cost.
pub const BUSY_MINUTE: Paid = Paid { reads: 4.6, ..IDLE_MINUTE };

impl Paid {
    /// What is paid for of the calls.
    #[must_use]
    pub fn of(all: &ByOperation) -> Self {
        let of = |services: &[&str], operations: &[&str]| -> f64 {
            let chosen = all.iter().filter(|((service, operation), _)| {
                services.contains(&service.as_str())
                    && (operations.is_empty() || operations.contains(&operation.as_str()))
            });
            chosen.map(|(_, number)| number).sum()
        };
        Self {
            invocations: of(&[LAMBDA], &[]),
            reads: of(&["dynamodb"], &["GetItem", "BatchGetItem", "Query"]),
            writes: of(&["dynamodb"], &["PutItem", "UpdateItem", "DeleteItem"]),
            transactions: of(&["dynamodb"], &["TransactWriteItems"]),
            service_catalog: of(&["servicecatalog"], &[]),
            notices: of(&["sns"], &[]),
            gets: of(&["s3"], &["GetObject"]),
            puts: of(&["s3"], &["PutObject"]),
        }
    }

    /// Whether each number is within `share` of the other's, or within `least` of it.
    #[must_use]
    pub fn is_near(&self, other: &Self, share: f64, least: f64) -> bool {
        let near = |one: f64, other: f64| (one - other).abs() <= (share * other).max(least);
        self.numbers().into_iter().zip(other.numbers()).all(|(one, other)| near(one, other))
    }

    fn numbers(self) -> [f64; 8] {
        let Self { invocations, reads, writes, transactions, service_catalog, .. } = self;
        let Self { notices, gets, puts, .. } = self;
        [invocations, reads, writes, transactions, service_catalog, notices, gets, puts]
    }
}
