//! What the ledger holds, and the writes that change several things of it at once.

use std::collections::{BTreeMap, HashMap};

use vending::account::{AccountId, AccountName};
use vending::ledger::{
    Agenda, Batch, BatchId, Entry, Launching, PortfolioBatch, PortfolioOrder, Timestamp, Took,
};
use vending::ports::{Claim, OutsideAccount, Saved};

use super::Change;
use super::counts::AllCounts;

/// Entries by name.
pub(super) type Entries = BTreeMap<AccountName, Entry>;

/// All that is in the tables.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) entries: Entries,
    /// What an index that lags behind sees.
    pub(super) index: Option<Entries>,
    /// Who claims an e-mail, by its key.
    pub(super) emails: HashMap<String, AccountName>,
    pub(super) launching: Launching,
    /// A batch's own facts; its counts are apart.
    pub(super) batches: BTreeMap<BatchId, Batch>,
    pub(super) counts: AllCounts,
    /// Who has a turn and until when, by resource.
    pub(super) turns: BTreeMap<String, BTreeMap<String, Timestamp>>,
    pub(super) outside: BTreeMap<AccountId, OutsideAccount>,
    pub(super) portfolio_batches: BTreeMap<BatchId, PortfolioBatch>,
    /// What portfolio files ask for, by batch and number.
    pub(super) orders: BTreeMap<(BatchId, u64), PortfolioOrder>,
    pub(super) changes: Vec<Change>,
}

impl State {
    /// The ids of what is not closed.
    pub(super) fn agenda(&self) -> Agenda {
        let batches = self.batches.values().filter(|it| !it.closed);
        let outside = self.outside.values().filter(|it| !it.closed);
        let portfolio_batches = self.portfolio_batches.values().filter(|it| !it.closed);
        Agenda {
            batches: batches.map(|it| it.id.clone()).collect(),
            outside: outside.map(|it| it.account.clone()).collect(),
            portfolio_batches: portfolio_batches.map(|it| it.id.clone()).collect(),
        }
    }

    /// The entries as an index shows them, in queue order.
    pub(super) fn indexed(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        let entries = self.index.as_ref().unwrap_or(&self.entries).values();
        let mut found: Vec<Entry> = entries.filter(|entry| wanted(entry)).cloned().collect();
        found.sort_by_cached_key(Entry::position);
        found
    }

    /// Whether what stands there is what `before` says, or nothing if it says nothing.
    pub(super) fn stands(&self, name: &AccountName, before: Option<&Entry>) -> bool {
        let version = |entry: &Entry| entry.version;
        self.entries.get(name).map(version) == before.map(version)
    }

    /// Writes the entry, counts its batches, and puts the write on the stream.
    pub(super) fn write(&mut self, before: Option<&Entry>, after: &Entry) {
        let remained = self.counts.remaining(&after.batch);
        self.counts.count(before, after);
        if self.counts.remaining(&after.batch) > remained
            && let Some(batch) = self.batches.get_mut(&after.batch)
        {
            // There is something to wait for again.
            batch.closed = false;
        }
        self.entries.insert(after.request.name.clone(), after.clone());
        self.changes.push((before.cloned(), after.clone()));
    }

    pub(super) fn save(&mut self, before: &Entry, after: &Entry) -> Saved {
        let name = &before.request.name;
        if !self.stands(name, Some(before)) {
            return Saved::Changed;
        }
        if before.holds_slot() && !after.holds_slot() {
            self.launching.in_flight.remove(name);
            if let Some(Took { place, time }) = after.took() {
                self.launching.took[place] = Some(time);
            }
        }
        self.write(Some(before), after);
        Saved::Saved
    }

    pub(super) fn claim(
        &mut self,
        before: &Entry,
        after: &Entry,
        max_in_flight: usize,
        now: Timestamp,
    ) -> Claim {
        let name = &before.request.name;
        if !self.has_slot_for(name, max_in_flight, now) {
            return Claim::NoSlot;
        }
        if !self.stands(name, Some(before)) {
            return Claim::Changed;
        }
        self.launching.in_flight.insert(name.clone());
        self.write(Some(before), after);
        Claim::Taken
    }

    /// Launching is on, and a slot is free or the name has one.
    fn has_slot_for(&self, name: &AccountName, max_in_flight: usize, now: Timestamp) -> bool {
        let Launching { in_flight, hold_until, pause, .. } = &self.launching;
        let held = pause.is_some() || hold_until.is_some_and(|until| until > now);
        !held && (in_flight.len() < max_in_flight || in_flight.contains(name))
    }
}
