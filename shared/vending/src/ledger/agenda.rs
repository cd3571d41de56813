//! What is open, by its ids: all that a function has to know to see that there is nothing to do.

use std::collections::BTreeSet;

use super::BatchId;
use crate::account::AccountId;

/// All that is open. What is under way is in one of these lists, and comes on it in the very
/// write that opens it: where the agenda is empty, no entry is QUEUED, PROVISIONING or
/// CONFIGURING.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agenda {
    /// Batches that are not closed.
    pub batches: BTreeSet<BatchId>,
    /// Accounts that are given something besides what an entry asks for.
    pub outside: BTreeSet<AccountId>,
    /// Portfolio files that are not closed.
    pub portfolio_batches: BTreeSet<BatchId>,
}

impl Agenda {
    /// Whether nothing is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { batches, outside, portfolio_batches } = self;
        batches.is_empty() && outside.is_empty() && portfolio_batches.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_empty_when_nothing_of_any_kind_is_open() {
        let id = || BatchId("b-1".to_owned());
        assert!(Agenda::default().is_empty());
        assert!(!Agenda { batches: [id()].into(), ..Agenda::default() }.is_empty());
        assert!(!Agenda { portfolio_batches: [id()].into(), ..Agenda::default() }.is_empty());
        let outside = [AccountId::new("123456789012").unwrap()].into();
        assert!(!Agenda { outside, ..Agenda::default() }.is_empty());
    }
}
