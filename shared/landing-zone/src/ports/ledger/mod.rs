//! The ledger in memory, by the same rules as the one in DynamoDB: every write
//! names the version it replaces, and what belongs together changes together.
//!
//! Its index reads can be made to lag behind, as DynamoDB's do; reads by name
//! never do.

mod admit;
mod counts;
mod orders;
mod outside;
mod port;
mod state;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vending::account::AccountName;
use vending::ledger::{Entry, Launching, Timestamp};

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

    /// Who has a turn at `resource`, and until when.
    #[must_use]
    pub fn holders(&self, resource: &str) -> BTreeMap<String, Timestamp> {
        self.state().turns.get(resource).cloned().unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use vending::account::{
        AccessRequest, AccountRequest, EmailAddress, OrganizationalUnit, PersonName, SsoUser,
    };
    use vending::ledger::{BatchId, Status};
    use vending::ports::{Admission, Admitted, Ledger};

    use super::*;

    fn entry(name: &str) -> Entry {
        let email = |text: String| EmailAddress::new(text).unwrap();
        let person = |text| PersonName::new(text).unwrap();
        let request = AccountRequest {
            name: AccountName::new(name).unwrap(),
            email: email(format!("{name}@example.com")),
            sso_user: SsoUser {
                email: email("jane.doe@example.com".into()),
                first_name: person("Jane"),
                last_name: person("Doe"),
            },
            unit: OrganizationalUnit { name: "Sandbox".into(), id: "ou-aaaa-sandbox1".into() },
            requester: None,
            access: AccessRequest::default(),
        };
        Entry::queued(request, BatchId("a".into()), 2, Timestamp::UNIX_EPOCH)
    }

    async fn admitted(ledger: &MemoryLedger, name: &str) -> Entry {
        let after = entry(name);
        let admission = Admission { before: None, after: after.clone() };
        assert_eq!(ledger.admit(&[admission]).await.unwrap(), [Admitted::Admitted]);
        after
    }

    async fn queued(ledger: &MemoryLedger) -> usize {
        ledger.queued(Timestamp::UNIX_EPOCH, 10).await.unwrap().len()
    }

    #[tokio::test]
    async fn an_index_that_lags_shows_what_was_and_a_read_by_name_what_is() {
        let ledger = MemoryLedger::default();
        let first = admitted(&ledger, "alpha").await;
        ledger.let_index_lag();
        let second = admitted(&ledger, "beta").await;
        assert_eq!(queued(&ledger).await, 1);
        assert_eq!(ledger.entry(&second.request.name).await.unwrap(), Some(second));
        ledger.delete_by_hand(&first.request.name);
        assert_eq!(queued(&ledger).await, 1);
        ledger.let_index_catch_up();
        assert_eq!(queued(&ledger).await, 1);
        assert_eq!(ledger.all().len(), 1);
    }

    #[tokio::test]
    async fn every_write_is_on_the_stream_once_with_both_images() {
        let ledger = MemoryLedger::default();
        let before = admitted(&ledger, "alpha").await;
        let after = Entry { version: 1, attempt: 2, ..before.clone() };
        ledger.save(&before, &after).await.unwrap();
        ledger.save(&before, &after).await.unwrap();
        assert_eq!(ledger.take_changes(), [(None, before.clone()), (Some(before), after)]);
        assert!(ledger.take_changes().is_empty());
        assert_eq!(ledger.all()[0].status(), Status::Queued);
    }
}
