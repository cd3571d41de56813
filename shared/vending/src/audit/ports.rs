//! What an audit asks of the world: the accounts, what IAM Identity Center has, and what the
//! ledger granted, each as whole as it can be asked for.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::names::Names;
use crate::account::{AccountId, PrincipalKind, PrincipalText};
use crate::ledger::{Entry, Principal};
use crate::ports::{CouldNotAsk, OutsideAccount, Unresolved};

/// An account of the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: AccountId,
    /// Its name; empty while it is being made.
    pub name: String,
    /// Whether it is in use: neither suspended nor being closed.
    pub active: bool,
    /// Whether it is the organization's management account.
    pub is_management: bool,
}

/// Somebody who can hold an assignment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holder {
    /// User or group.
    pub kind: PrincipalKind,
    /// The id in the identity store.
    pub id: String,
}

impl From<&Principal> for Holder {
    fn from(principal: &Principal) -> Self {
        Self { kind: principal.kind, id: principal.id.clone() }
    }
}

/// One account assignment, by ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assigned {
    /// The account.
    pub account: AccountId,
    /// The permission set's ARN.
    pub permission_set: String,
    /// Who holds it.
    pub holder: Holder,
}

/// The organization's accounts.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// All of them, also those that are closed.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn accounts(&self) -> Result<Vec<Member>, CouldNotAsk>;
}

/// IAM Identity Center, as whoever may only look sees it.
#[async_trait]
pub trait AccessListing: Send + Sync {
    /// Every assignment in those accounts.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn in_accounts(&self, accounts: &[AccountId]) -> Result<Vec<Assigned>, CouldNotAsk>;

    /// Every assignment of `holder`, in all accounts, perhaps with those of a user's groups;
    /// `None` where only the management account may ask for it.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn of(&self, holder: &Holder) -> Result<Option<Vec<Assigned>>, CouldNotAsk>;

    /// What those are called; who and what is gone is left out.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn names(
        &self,
        holders: &BTreeSet<Holder>,
        permission_sets: &BTreeSet<String>,
    ) -> Result<Names, CouldNotAsk>;

    /// The ids of the groups that a user is in.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn groups_of(&self, user: &str) -> Result<Vec<String>, CouldNotAsk>;

    /// The ids of the users in a group.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn users_in(&self, group: &str) -> Result<Vec<String>, CouldNotAsk>;

    /// The principal that is meant.
    ///
    /// # Errors
    /// See [`Unresolved`].
    async fn principal(&self, meant: &PrincipalText) -> Result<Holder, Unresolved>;

    /// The ARN of the permission set that is meant by a name or an ARN.
    ///
    /// # Errors
    /// See [`Unresolved`].
    async fn permission_set(&self, meant: &str) -> Result<String, Unresolved>;
}

/// What the ledger granted.
#[async_trait]
pub trait Records: Send + Sync {
    /// Every entry, in no order.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn all_entries(&self) -> Result<Vec<Entry>, CouldNotAsk>;

    /// Every record of an account besides the entries, in no order.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn all_outside(&self) -> Result<Vec<OutsideAccount>, CouldNotAsk>;
}
