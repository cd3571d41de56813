//! The ledger's port.

use std::collections::HashMap;

use async_trait::async_trait;
use vending::account::{AccountName, EmailAddress};
use vending::ledger::{
    Agenda, Batch, BatchId, Entry, Launching, Pause, Resumed, State, Status, Streak, Timestamp,
};
use vending::ports::{Admission, Admitted, Claim, CouldNotAsk, Ledger, OpenWork, Saved};

use super::MemoryLedger;

#[async_trait]
impl Ledger for MemoryLedger {
    async fn entry(&self, name: &AccountName) -> Result<Option<Entry>, CouldNotAsk> {
        Ok(self.state().entries.get(name).cloned())
    }

    async fn entries(&self, names: &[AccountName]) -> Result<Vec<Entry>, CouldNotAsk> {
        let state = self.state();
        Ok(names.iter().filter_map(|name| state.entries.get(name)).cloned().collect())
    }

    async fn email_owners(
        &self,
        emails: &[EmailAddress],
    ) -> Result<HashMap<String, AccountName>, CouldNotAsk> {
        let state = self.state();
        let keys = emails.iter().map(EmailAddress::key);
        Ok(keys.filter_map(|key| Some((key.clone(), state.emails.get(&key)?.clone()))).collect())
    }

    async fn admit(&self, admissions: &[Admission]) -> Result<Vec<Admitted>, CouldNotAsk> {
        let mut state = self.state();
        Ok(admissions.iter().map(|admission| state.admit(admission)).collect())
    }

    async fn queued(&self, now: Timestamp, limit: usize) -> Result<Vec<Entry>, CouldNotAsk> {
        let mut due = self.state().indexed(|entry| is_due(entry, now));
        due.truncate(limit);
        Ok(due)
    }

    async fn open(&self, work: OpenWork) -> Result<Vec<Entry>, CouldNotAsk> {
        Ok(self.state().indexed(|entry| match work {
            OpenWork::Configuring => entry.status() == Status::Configuring,
            // As in an index with one place for each entry.
            OpenWork::Unannounced => {
                let elsewhere = matches!(entry.status(), Status::Queued | Status::Configuring);
                entry.is_unannounced() && !elsewhere
            }
        }))
    }

    async fn claim(
        &self,
        before: &Entry,
        after: &Entry,
        max_in_flight: usize,
        now: Timestamp,
    ) -> Result<Claim, CouldNotAsk> {
        Ok(self.state().claim(before, after, max_in_flight, now))
    }

    async fn save(&self, before: &Entry, after: &Entry) -> Result<Saved, CouldNotAsk> {
        Ok(self.state().save(before, after))
    }

    async fn free_slot(&self, name: &AccountName) -> Result<(), CouldNotAsk> {
        self.state().launching.in_flight.remove(name);
        Ok(())
    }

    async fn launching(&self) -> Result<Launching, CouldNotAsk> {
        Ok(self.launching_now())
    }

    async fn agenda(&self) -> Result<Agenda, CouldNotAsk> {
        Ok(self.state().agenda())
    }

    async fn overview(&self) -> Result<(Launching, Agenda), CouldNotAsk> {
        let state = self.state();
        Ok((state.launching.clone(), state.agenda()))
    }

    async fn hold(&self, until: Timestamp) -> Result<(), CouldNotAsk> {
        let held = &mut self.state().launching.hold_until;
        *held = Some(held.map_or(until, |longer| longer.max(until)));
        Ok(())
    }

    async fn set_pause(&self, pause: &Pause) -> Result<(), CouldNotAsk> {
        let state = &mut self.state().launching.pause;
        // Marked as announced only while it lasts: somebody may have resumed launching.
        if !pause.announced || state.as_ref().is_some_and(|now| now.since == pause.since) {
            *state = Some(pause.clone());
        }
        Ok(())
    }

    async fn resume(&self, resumed: &Resumed) -> Result<(), CouldNotAsk> {
        let launching = &mut self.state().launching;
        (launching.pause, launching.resumed) = (None, Some(resumed.clone()));
        Ok(())
    }

    async fn ticked(&self, now: Timestamp) -> Result<(), CouldNotAsk> {
        let ticked_at = &mut self.state().launching.ticked_at;
        *ticked_at = Some(ticked_at.map_or(now, |last| last.max(now)));
        Ok(())
    }

    async fn set_streak(&self, streak: Option<Streak>) -> Result<(), CouldNotAsk> {
        self.state().launching.streak = streak;
        Ok(())
    }

    async fn batch(&self, id: &BatchId) -> Result<Option<Batch>, CouldNotAsk> {
        let state = self.state();
        Ok(state.batches.get(id).map(|batch| state.counts.of(batch)))
    }

    async fn batch_entries(&self, id: &BatchId) -> Result<Vec<Entry>, CouldNotAsk> {
        let mut entries = self.state().indexed(|entry| entry.batch == *id);
        entries.sort_by_key(|entry| entry.line);
        Ok(entries)
    }

    async fn save_batch(&self, batch: &Batch) -> Result<(), CouldNotAsk> {
        let mut state = self.state();
        let now = state.counts.of(batch);
        let as_read = (now.remaining, now.ready, now.failed) == (0, batch.ready, batch.failed);
        let closed = batch.closed && as_read;
        let before = state.batches.get(&batch.id);
        let set = |flag: fn(&Batch) -> bool| before.is_some_and(flag);
        let saved = Batch {
            taken: batch.taken || set(|before| before.taken),
            announced: batch.announced || set(|before| before.announced),
            closed: closed || set(|before| before.closed),
            ..batch.clone()
        };
        state.batches.insert(batch.id.clone(), saved);
        Ok(())
    }

    async fn open_batches(&self) -> Result<Vec<Batch>, CouldNotAsk> {
        let state = self.state();
        let open = state.batches.values().filter(|batch| !batch.closed);
        Ok(open.map(|batch| state.counts.of(batch)).collect())
    }
}

fn is_due(entry: &Entry, now: Timestamp) -> bool {
    match &entry.state {
        State::Queued { not_before, .. } => not_before.is_none_or(|moment| moment <= now),
        State::Provisioning { .. }
        | State::Configuring
        | State::Ready { .. }
        | State::Failed { .. } => false,
    }
}
