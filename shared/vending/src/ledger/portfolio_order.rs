//! What a portfolio file asks for, and how far each of it has come: a share with an
//! organizational unit, and the use of it in an account.

use serde::{Deserialize, Serialize};

use super::{Batch, BatchId, ObjectRef, Portfolio, Progress, Status, Step, Timestamp};
use crate::account::{AccountId, OrganizationalUnit};
use crate::failure::Failure;

/// A portfolio file that was taken, or refused. Written over the version before only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortfolioBatch {
    /// Its id, as an account list has one.
    pub id: BatchId,
    /// The object it came as.
    pub object: ObjectRef,
    /// When intake first saw it.
    pub received_at: Timestamp,
    /// Rows of its results file: one for each account, and for each share without any.
    pub rows: u64,
    /// Orders of it in the ledger, numbered from 0; none where it was refused.
    pub orders: u64,
    /// Whether it was told that the file was taken, or refused.
    pub announced: bool,
    /// Whether it was told that all of it has ended (or nothing of it was taken).
    pub closed: bool,
    /// Counts the writes, from 1.
    pub version: u64,
}

impl PortfolioBatch {
    /// The batch of a file, never written yet.
    #[must_use]
    pub fn new(object: &ObjectRef, received_at: Timestamp) -> Self {
        let (id, object) = (BatchId::of(object), object.clone());
        let (rows, orders, announced, closed) = (0, 0, false, false);
        Self { id, object, received_at, rows, orders, announced, closed, version: 0 }
    }

    /// Whether the file was refused, and that was told.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.announced && self.orders == 0
    }

    /// The batch as far as its results file goes.
    #[must_use]
    pub fn as_batch(&self) -> Batch {
        Batch { rows: self.rows, ..Batch::new(&self.object, self.received_at) }
    }
}

/// A row of the file: its place among the rows of the results, and the line it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowPlace {
    /// From 0, in the order of the file.
    pub row: u64,
    /// From 1.
    pub line: u64,
}

/// One thing that a portfolio file asks for. Written over the version before only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortfolioOrder {
    /// Its batch.
    pub batch: BatchId,
    /// Its number in the batch, from 0: shares come before the accounts that wait for them.
    pub number: u64,
    /// The row that it answers; `None` for a share that no row asks for by itself.
    pub place: Option<RowPlace>,
    /// The portfolio.
    pub portfolio: Portfolio,
    /// The unit that it is shared with.
    pub unit: OrganizationalUnit,
    /// What is to be brought about.
    pub aim: Aim,
    /// How it stands.
    pub state: OrderState,
    /// Whether its failure was told; without one there is nothing to tell of it alone.
    pub told: bool,
    /// Counts the writes, from 1.
    pub version: u64,
}

/// What an order is to bring about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aim {
    /// The portfolio is shared with the unit.
    Share {
        /// How far that has come.
        progress: Progress,
        /// Accounts of the unit that the share did not reach, as Service Catalog told.
        #[serde(default)]
        unreached: Vec<Unreached>,
    },
    /// The configured principals of an account may use it there.
    Use {
        /// The account.
        account: AccountId,
        /// The number of the order that shares the portfolio with the unit.
        share: u64,
        /// What is done in the account; nothing as long as it is not decided.
        #[serde(default)]
        steps: Vec<Step>,
    },
}

/// An account that a share with its unit did not reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreached {
    /// The account.
    pub account: AccountId,
    /// Service Catalog's words.
    pub reason: String,
}

/// How an order stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderState {
    /// Handover is at work on it.
    Configuring,
    /// It is brought about.
    Ready,
    /// It needs a person.
    Failed {
        /// Why.
        failure: Failure,
    },
}

impl PortfolioOrder {
    /// Its status, as an account's.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.state {
            OrderState::Configuring => Status::Configuring,
            OrderState::Ready => Status::Ready,
            OrderState::Failed { .. } => Status::Failed,
        }
    }

    /// The account, where it is about one.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        match &self.aim {
            Aim::Share { .. } => None,
            Aim::Use { account, .. } => Some(account),
        }
    }

    /// What it failed for and what to do, as the results file has it; empty otherwise.
    #[must_use]
    pub fn error(&self) -> String {
        match &self.state {
            OrderState::Configuring | OrderState::Ready => String::new(),
            OrderState::Failed { failure } => format!(
                "{}. What to do: {}, then upload the file again; what is there stays",
                failure.said(),
                failure.kind.mend()
            ),
        }
    }

    /// Whether it failed and nobody was told.
    #[must_use]
    pub fn is_untold(&self) -> bool {
        !self.told && self.status() == Status::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, object};

    #[test]
    fn a_file_that_was_told_and_asks_for_nothing_was_refused() {
        let batch = |announced, orders| {
            let batch = PortfolioBatch::new(&object(), at(0));
            PortfolioBatch { announced, orders, rows: 3, ..batch }
        };
        let refused = [(true, 0), (true, 1), (false, 0)].map(|(it, n)| batch(it, n).is_refused());
        assert_eq!(refused, [true, false, false]);
        assert_eq!(batch(true, 1).as_batch().rows, 3);
    }
}
