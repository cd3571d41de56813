//! The ledger in memory, by the same rules as the one in DynamoDB: every write
//! names the version it replaces, and what belongs together changes together.
//!
//! Its index reads can be made to lag behind, as DynamoDB's do; reads by name
//! never do.

mod admit;
mod counts;
mod outside;
mod port;
mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vending::account::AccountName;
use vending::ledger::{Entry, Launching};

use state::State;

/// One write of an entry: what stood there, if anything, and what stands there now.
pub type Change = (Option<Entry>, Entry);

/// A ledger in memory, with the turns and the accounts made outside Vend.
/// Clones are the same ledger.
#[derive(Debug, Clone, Default)]
pub struct MemoryLedger {
    state: Arc<Mutex<State>>,
}

impl MemoryLedger {
    /// The writes of entries since the last call, oldest first: the table's stream.
    #[must_use]
    pub fn take_changes(&self) -> Vec<Change> {
        std::mem::take(&mut self.state().changes)
    }

    /// Lets every read of an index see the entries as they are now, whatever is
    /// written, until the index [catches up](Self::let_index_catch_up).
    pub fn let_index_lag(&self) {
        let mut state = self.state();
        state.index = Some(state.entries.clone());
    }

    /// Lets reads of an index see the entries as they are, again.
    pub fn let_index_catch_up(&self) {
        self.state().index = None;
    }

    /// Every entry, by name.
    #[must_use]
    pub fn all(&self) -> Vec<Entry> {
        self.state().entries.values().cloned().collect()
    }

    /// Launching as a whole, as it is at this moment.
    #[must_use]
    pub fn launching_now(&self) -> Launching {
        self.state().launching.clone()
    }

    /// Deletes an entry as a person does in the table: its claims and its slot stay.
    pub fn delete_by_hand(&self, name: &AccountName) {
        self.state().entries.remove(name);
    }

    /// A panic of somebody else's leaves the ledger as it was between two calls.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
