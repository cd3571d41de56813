//! The port of what accounts are given besides an entry, or without one.

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::CouldNotAsk;
use crate::account::AccountId;
use crate::ledger::{Operator, Step, Timestamp};

/// What an account is given besides an entry of its own, or without one: the defaults, where
/// it was made outside Vend, and what operators ask for it. What was given stays in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideAccount {
    /// The account.
    pub account: AccountId,
    /// Access and portfolios, and how far each has come.
    pub steps: Vec<Step>,
    /// Whether all steps are settled and, if one failed, that was told.
    pub closed: bool,
    /// Whether the stack's defaults are among them.
    pub defaults: DefaultAccess,
    /// Who asked for what is under way, or was last; nobody, where it is the defaults alone.
    pub asked: Option<Asked>,
    /// Counts the writes; every write names the version it replaces.
    pub version: u64,
}

/// Whether an account is given the stack's defaults by its record. They are given once:
/// what an admin takes away afterwards stays away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DefaultAccess {
    /// It is not: it is not known as made outside Vend (yet).
    NotGiven,
    /// It is, and what they are is still to be decided.
    Due,
    /// It is, and its steps have them.
    Decided,
}

/// Who asked for something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Who it was.
    pub by: Operator,
    /// When.
    pub at: Timestamp,
}

/// The accounts that handover gives something besides what an entry asks for.
#[async_trait]
pub trait OutsideAccounts: Send + Sync {
    /// The account of that id.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn outside(&self, id: &AccountId) -> Result<Option<OutsideAccount>, CouldNotAsk>;

    /// Writes it; `false` when its version is not the one before by now.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn save_outside(&self, account: &OutsideAccount) -> Result<bool, CouldNotAsk>;

    /// The accounts of those ids that there are, in no order.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn outsiders(
        &self,
        ids: &BTreeSet<AccountId>,
    ) -> Result<Vec<OutsideAccount>, CouldNotAsk>;
}
