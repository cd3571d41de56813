//! What the ledger granted: the steps of its entries, and of the records of accounts that
//! have none.

use std::collections::{BTreeMap, BTreeSet};

use super::ports::{Assigned, Holder, Records};
use crate::account::{AccountId, EmailAddress};
use crate::ledger::{Entry, Grant, Progress, Step};
use crate::ports::{CouldNotAsk, OutsideAccount};

/// What the ledger granted, and to which accounts that Vend vended.
#[derive(Debug, Default)]
pub(super) struct Granted {
    /// What was given to its end: it must be there.
    done: BTreeSet<Assigned>,
    /// What was asked for besides: it may be there, and then Vend gave it.
    asked: BTreeSet<Assigned>,
    /// The accounts that Vend vended, and the address of each one's own user.
    vended: BTreeMap<AccountId, EmailAddress>,
    /// The words that grants were asked for with.
    words: BTreeMap<String, String>,
}

impl Granted {
    /// Reads it whole.
    pub(super) async fn read(records: &dyn Records) -> Result<Self, CouldNotAsk> {
        let mut granted = Self::default();
        for entry in records.all_entries().await? {
            granted.add_entry(&entry);
        }
        for outside in records.all_outside().await? {
            granted.add_outside(&outside);
        }
        Ok(granted)
    }

    /// What was given to its end.
    pub(super) fn done(&self) -> impl Iterator<Item = &Assigned> {
        self.done.iter()
    }

    /// Whether Vend was asked for it.
    pub(super) fn has(&self, assigned: &Assigned) -> bool {
        self.done.contains(assigned) || self.asked.contains(assigned)
    }

    /// The address of the account's own user, if Vend vended the account.
    pub(super) fn owner(&self, account: &AccountId) -> Option<&EmailAddress> {
        self.vended.get(account)
    }

    /// What a principal or permission set that is gone was asked for as.
    pub(super) fn words(&self, id: &str) -> Option<&str> {
        self.words.get(id).map(String::as_str)
    }

    pub(super) fn add_entry(&mut self, entry: &Entry) {
        let Some(account) = &entry.account else { return };
        self.vended.insert(account.clone(), entry.request.sso_user.email.clone());
        self.add_steps(account, &entry.steps);
    }

    pub(super) fn add_outside(&mut self, outside: &OutsideAccount) {
        self.add_steps(&outside.account, &outside.steps);
    }

    fn add_steps(&mut self, account: &AccountId, steps: &[Step]) {
        for step in steps {
            let Grant::Assignment { permission_set, permission_set_name, principal } = &step.grant
            else {
                continue;
            };
            self.words.insert(permission_set.clone(), permission_set_name.clone());
            self.words.insert(principal.id.clone(), principal.name.clone());
            let (account, permission_set) = (account.clone(), permission_set.clone());
            let assigned = Assigned { account, permission_set, holder: Holder::from(principal) };
            let done = step.progress == Progress::Done;
            if done {
                self.done.insert(assigned)
            } else {
                self.asked.insert(assigned)
            };
        }
    }
}
