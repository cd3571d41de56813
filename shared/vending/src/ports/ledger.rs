//! The port of the ledger: the accounts, and launching as a whole.

use std::collections::HashMap;

use async_trait::async_trait;

use super::CouldNotAsk;
use crate::account::{AccountName, EmailAddress};
use crate::ledger::{Agenda, Batch, BatchId, Entry, Launching, Pause, Resumed, Streak, Timestamp};

/// An entry that intake wants in the ledger: new, or in the place of `before`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// What stands there now, if anything.
    pub before: Option<Entry>,
    /// What is to stand there.
    pub after: Entry,
}

/// What became of an [`Admission`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admitted {
    /// It is in the ledger, and so is the claim on its e-mail.
    Admitted,
    /// Something else stands there by now; nothing was written for it.
    Changed,
    /// Another entry claims the e-mail; nothing was written for it.
    EmailTaken(AccountName),
}

/// What became of a write that named the version it replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is written.
    Saved,
    /// The entry has been changed by somebody else; nothing was written.
    Changed,
}

/// What became of a claim on a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// The slot is taken and the entry is PROVISIONING.
    Taken,
    /// No slot is free, or launching is held or paused; nothing was written.
    NoSlot,
    /// The entry has been changed by somebody else; nothing was written.
    Changed,
}

/// The kinds of entries that something is still to be done for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenWork {
    /// CONFIGURING.
    Configuring,
    /// An end of it, READY or FAILED, is not told. While it is QUEUED or CONFIGURING it may
    /// be left out: it comes to an end, and is not left out there.
    Unannounced,
}

/// The ledger: one entry per account request, a claim per e-mail, the slots, and the batches.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// The entry of that name, as it is at this moment.
    async fn entry(&self, name: &AccountName) -> Result<Option<Entry>, CouldNotAsk>;

    /// The entries of those names that exist, in no order.
    async fn entries(&self, names: &[AccountName]) -> Result<Vec<Entry>, CouldNotAsk>;

    /// Who claims those e-mails, by [`EmailAddress::key`]; an e-mail nobody claims is left out.
    async fn email_owners(
        &self,
        emails: &[EmailAddress],
    ) -> Result<HashMap<String, AccountName>, CouldNotAsk>;

    /// Puts entries, their e-mail claims and the counts of their batches into the
    /// ledger, each entry whole or not at all; one answer each, in order.
    async fn admit(&self, admissions: &[Admission]) -> Result<Vec<Admitted>, CouldNotAsk>;

    /// Up to `limit` QUEUED entries that may be launched at `now`, in queue order.
    /// May be a moment behind: a claim decides.
    async fn queued(&self, now: Timestamp, limit: usize) -> Result<Vec<Entry>, CouldNotAsk>;

    /// All entries with that kind of work open. May be a moment behind.
    async fn open(&self, work: OpenWork) -> Result<Vec<Entry>, CouldNotAsk>;

    /// Takes a slot, of `max_in_flight`, and writes `after` in the place of `before`, or does neither.
    async fn claim(
        &self,
        before: &Entry,
        after: &Entry,
        max_in_flight: usize,
        now: Timestamp,
    ) -> Result<Claim, CouldNotAsk>;

    /// Writes `after` in the place of `before`; with it, in one transaction, frees
    /// the slot and counts the batch where the change calls for it.
    async fn save(&self, before: &Entry, after: &Entry) -> Result<Saved, CouldNotAsk>;

    /// Frees the slot of a name whose entry is no longer in the ledger.
    async fn free_slot(&self, name: &AccountName) -> Result<(), CouldNotAsk>;

    /// The state of launching as a whole.
    async fn launching(&self) -> Result<Launching, CouldNotAsk>;

    /// What is open.
    async fn agenda(&self) -> Result<Agenda, CouldNotAsk>;

    /// The state of launching as a whole, and what is open, in one call.
    async fn overview(&self) -> Result<(Launching, Agenda), CouldNotAsk>;

    /// Holds launching until `until`, unless it is held for longer already.
    async fn hold(&self, until: Timestamp) -> Result<(), CouldNotAsk>;

    /// Pauses launching, or marks the pause as announced while it lasts.
    async fn set_pause(&self, pause: &Pause) -> Result<(), CouldNotAsk>;

    /// Ends the pause, and notes who did it.
    async fn resume(&self, resumed: &Resumed) -> Result<(), CouldNotAsk>;

    /// Notes that a tick of `provision` came to its end at `now`, unless a later one is noted.
    async fn ticked(&self, now: Timestamp) -> Result<(), CouldNotAsk>;

    /// Remembers the streak of shared failures; `None` forgets it.
    async fn set_streak(&self, streak: Option<Streak>) -> Result<(), CouldNotAsk>;

    /// The batch of that id.
    async fn batch(&self, id: &BatchId) -> Result<Option<Batch>, CouldNotAsk>;

    /// The entries that belong to a batch, by line. May be a moment behind.
    async fn batch_entries(&self, id: &BatchId) -> Result<Vec<Entry>, CouldNotAsk>;

    /// Writes the batch's own facts (not its counts of READY, FAILED and remaining
    /// rows, which only `admit` and `save` change), and keeps it among the open
    /// ones until it is closed. A flag that is set stays set. It is closed
    /// only if no row of it remains by then and as many are READY and FAILED as `batch` says,
    /// which is what people were told; and it is open again as soon as a row is admitted to it.
    async fn save_batch(&self, batch: &Batch) -> Result<(), CouldNotAsk>;

    /// The batches that are not closed.
    async fn open_batches(&self) -> Result<Vec<Batch>, CouldNotAsk>;
}
