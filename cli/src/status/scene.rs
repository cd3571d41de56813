//! What is to be seen of a stack: read once, and then kept up to date with few reads.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result};
use vending::account::AccountName;
use vending::ledger::{Batch, BatchId, Entry, Launching, Status, Timestamp};
use vending::ports::Ledger;

use super::recent::recent;
use super::standing::is_refused;
use crate::stack::Stack;

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Every batch that is open.
    Everything,
    /// One batch.
    Batch(BatchId),
    /// One account.
    Account(AccountName),
}

/// After so many looks the entries of a batch are read again, where they and its counts
/// still disagree: an index may be a moment behind.
const LOOKS_BETWEEN: u32 = 5;

/// Batches that ended lately, of which one is reminded.
const ENDED: usize = 3;

/// What is seen at one moment.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    /// What is looked at.
    pub(super) subject: Subject,
    /// The moment, by AWS's answers.
    pub(super) now: Timestamp,
    /// The slots there are.
    pub(super) max_in_flight: usize,
    /// Launching as a whole.
    pub(super) launching: Launching,
    /// The entries that hold a slot, whatever batch they are of.
    pub(super) slots: Vec<Entry>,
    /// Every batch that is open.
    pub(super) open: Vec<Batch>,
    /// The batches that are looked at, by when they were received.
    pub(super) batches: Vec<Batch>,
    /// The entries of those batches, or the one account.
    pub(super) entries: BTreeMap<AccountName, Entry>,
    /// Batches that ended lately, the newest first; only where they were asked for.
    pub(super) ended: Vec<Batch>,
    read: HashMap<BatchId, Read>,
}

/// When the entries of a batch were last read in full.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Read {
    counts: [u64; 3],
    looks_ago: u32,
}

impl Scene {
    /// Nothing is seen yet.
    pub(super) fn new(subject: Subject, max_in_flight: usize, now: Timestamp) -> Self {
        Self {
            subject,
            now,
            max_in_flight,
            launching: Launching::default(),
            slots: Vec::new(),
            open: Vec::new(),
            batches: Vec::new(),
            entries: BTreeMap::new(),
            ended: Vec::new(),
            read: HashMap::new(),
        }
    }

    /// Looks for the first time.
    pub(super) async fn load(stack: &Stack, subject: Subject) -> Result<Self> {
        let mut scene = Self::new(subject, stack.max_in_flight()?, stack.clock().now());
        scene.refresh(stack).await?;
        Ok(scene)
    }

    /// Looks again. First the items of launching and the batches are read, then what moves;
    /// all entries of a batch only where its counts say that something else has changed.
    pub(super) async fn refresh(&mut self, stack: &Stack) -> Result<()> {
        self.look(stack.ledger()).await.context("read the ledger")?;
        self.now = stack.clock().now();
        Ok(())
    }

    /// Looks for batches that ended lately, too: they are not among what is open.
    pub(super) async fn look_back(&mut self, stack: &Stack) -> Result<()> {
        for id in recent(stack, ENDED).await {
            let batch = stack.ledger().batch(&id).await.context("read the ledger")?;
            self.ended.extend(batch.filter(|it| it.is_complete() || is_refused(it)));
        }
        Ok(())
    }

    async fn look(&mut self, ledger: &dyn Ledger) -> Result<()> {
        self.launching = ledger.launching().await?;
        self.open = ledger.open_batches().await?;
        self.batches = self.batches_now(ledger).await?;
        self.look_at_what_moves(ledger).await?;
        let behind = self.batches.iter().filter(|batch| self.is_behind(batch)).cloned();
        for batch in behind.collect::<Vec<_>>() {
            let entries = ledger.batch_entries(&batch.id).await?;
            self.entries.retain(|_, entry| entry.batch != batch.id);
            self.entries.extend(entries.into_iter().map(|it| (it.request.name.clone(), it)));
            self.read.insert(batch.id.clone(), Read { counts: counts(&batch), looks_ago: 0 });
        }
        self.read.values_mut().for_each(|read| read.looks_ago += 1);
        Ok(())
    }

    /// The batches that are looked at; what was open when it was first seen stays.
    async fn batches_now(&self, ledger: &dyn Ledger) -> Result<Vec<Batch>> {
        let mut batches = match &self.subject {
            Subject::Everything => self.open.clone(),
            Subject::Batch(id) => ledger.batch(id).await?.into_iter().collect(),
            Subject::Account(_) => Vec::new(),
        };
        for known in &self.batches {
            if batches.iter().all(|batch| batch.id != known.id) {
                batches.extend(ledger.batch(&known.id).await?);
            }
        }
        batches.sort_by(|a, b| (a.received_at, &a.id).cmp(&(b.received_at, &b.id)));
        Ok(batches)
    }

    async fn look_at_what_moves(&mut self, ledger: &dyn Ledger) -> Result<()> {
        let moving = self.entries.values().filter(|entry| is_moving(entry));
        let moving = moving.map(|entry| entry.request.name.clone());
        let mut names: BTreeSet<AccountName> = moving.collect();
        names.extend(self.launching.in_flight.iter().cloned());
        if let Subject::Account(name) = &self.subject {
            names.insert(name.clone());
        }
        let names: Vec<AccountName> = names.into_iter().collect();
        let seen = match names.is_empty() {
            true => Vec::new(),
            false => ledger.entries(&names).await?,
        };
        self.entries.retain(|name, _| !names.contains(name));
        self.slots = seen.iter().filter(|entry| entry.holds_slot()).cloned().collect();
        let looked_at = seen.into_iter().filter(|entry| self.is_looked_at(entry));
        let looked_at: Vec<Entry> = looked_at.collect();
        self.entries.extend(looked_at.into_iter().map(|it| (it.request.name.clone(), it)));
        Ok(())
    }

    fn is_looked_at(&self, entry: &Entry) -> bool {
        match &self.subject {
            Subject::Account(name) => entry.request.name == *name,
            Subject::Batch(_) | Subject::Everything => {
                self.batches.iter().any(|batch| batch.id == entry.batch)
            }
        }
    }

    /// Whether something has changed in a batch that was not seen among its entries.
    fn is_behind(&self, batch: &Batch) -> bool {
        let counts = counts(batch);
        if self.count(batch) == counts {
            return false;
        }
        let read = self.read.get(&batch.id);
        read.is_none_or(|read| read.counts != counts || read.looks_ago >= LOOKS_BETWEEN)
    }

    /// What is seen of a batch: rows that are under way, READY and FAILED.
    pub(super) fn count(&self, batch: &Batch) -> [u64; 3] {
        let mut counts = [0; 3];
        let [under_way, ready, failed] = &mut counts;
        for entry in self.entries.values().filter(|entry| entry.batch == batch.id) {
            match entry.status() {
                Status::Ready => *ready += 1,
                Status::Failed => *failed += 1,
                Status::Queued | Status::Provisioning | Status::Configuring => *under_way += 1,
            }
        }
        counts
    }

    /// The entries of a batch, by line.
    pub(super) fn of(&self, batch: &Batch) -> Vec<&Entry> {
        let entries = self.entries.values().filter(|entry| entry.batch == batch.id);
        let mut entries: Vec<&Entry> = entries.collect();
        entries.sort_by_key(|entry| entry.line);
        entries
    }
}

/// Whether the entry changes by itself, from what was seen of it last.
fn is_moving(entry: &Entry) -> bool {
    matches!(entry.status(), Status::Provisioning | Status::Configuring) || entry.holds_slot()
}

/// What a batch counts of its rows: under way, READY, FAILED.
pub(super) fn counts(batch: &Batch) -> [u64; 3] {
    [batch.remaining, batch.ready, batch.failed]
}
