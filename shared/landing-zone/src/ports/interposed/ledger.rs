//! A hook around the calls of the ledger, the turns and the accounts made outside Vend.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use vending::account::{AccountId, AccountName, EmailAddress};
use vending::ledger::{
    Agenda, Batch, BatchId, Entry, Launching, Pause, Resumed, Streak, Timestamp,
};
use vending::ports::{
    Admission, Admitted, Claim, CouldNotAsk, Ledger, OpenWork, OutsideAccount, OutsideAccounts,
    Saved, Turn, Turns,
};

use super::Interposed;

type Asked<T> = Result<T, CouldNotAsk>;

#[async_trait]
impl<P: Ledger> Ledger for Interposed<P> {
    async fn entry(&self, name: &AccountName) -> Asked<Option<Entry>> {
        self.around("entry", self.port.entry(name)).await
    }

    async fn entries(&self, names: &[AccountName]) -> Asked<Vec<Entry>> {
        self.around("entries", self.port.entries(names)).await
    }

    async fn email_owners(&self, emails: &[EmailAddress]) -> Asked<HashMap<String, AccountName>> {
        self.around("email_owners", self.port.email_owners(emails)).await
    }

    async fn admit(&self, admissions: &[Admission]) -> Asked<Vec<Admitted>> {
        self.around("admit", self.port.admit(admissions)).await
    }

    async fn queued(&self, now: Timestamp, limit: usize) -> Asked<Vec<Entry>> {
        self.around("queued", self.port.queued(now, limit)).await
    }

    async fn open(&self, work: OpenWork) -> Asked<Vec<Entry>> {
        self.around("open", self.port.open(work)).await
    }

    async fn claim(
        &self,
        before: &Entry,
        after: &Entry,
        max_in_flight: usize,
        now: Timestamp,
    ) -> Asked<Claim> {
        self.around("claim", self.port.claim(before, after, max_in_flight, now)).await
    }

    async fn save(&self, before: &Entry, after: &Entry) -> Asked<Saved> {
        self.around("save", self.port.save(before, after)).await
    }

    async fn free_slot(&self, name: &AccountName) -> Asked<()> {
        self.around("free_slot", self.port.free_slot(name)).await
    }

    async fn launching(&self) -> Asked<Launching> {
        self.around("launching", self.port.launching()).await
    }

    async fn agenda(&self) -> Asked<Agenda> {
        self.around("agenda", self.port.agenda()).await
    }

    async fn overview(&self) -> Asked<(Launching, Agenda)> {
        self.around("overview", self.port.overview()).await
    }

    async fn hold(&self, until: Timestamp) -> Asked<()> {
        self.around("hold", self.port.hold(until)).await
    }

    async fn set_pause(&self, pause: &Pause) -> Asked<()> {
        self.around("set_pause", self.port.set_pause(pause)).await
    }

    async fn resume(&self, resumed: &Resumed) -> Asked<()> {
        self.around("resume", self.port.resume(resumed)).await
    }

    async fn ticked(&self, now: Timestamp) -> Asked<()> {
        self.around("ticked", self.port.ticked(now)).await
    }

    async fn set_streak(&self, streak: Option<Streak>) -> Asked<()> {
        self.around("set_streak", self.port.set_streak(streak)).await
    }

    async fn batch(&self, id: &BatchId) -> Asked<Option<Batch>> {
        self.around("batch", self.port.batch(id)).await
    }

    async fn batch_entries(&self, id: &BatchId) -> Asked<Vec<Entry>> {
        self.around("batch_entries", self.port.batch_entries(id)).await
    }

    async fn save_batch(&self, batch: &Batch) -> Asked<()> {
        self.around("save_batch", self.port.save_batch(batch)).await
    }

    async fn open_batches(&self) -> Asked<Vec<Batch>> {
        self.around("open_batches", self.port.open_batches()).await
    }
}

#[async_trait]
impl<P: Turns> Turns for Interposed<P> {
    async fn take(
        &self,
        resource: &str,
        holder: &str,
        places: usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Asked<Turn> {
        self.around("take", self.port.take(resource, holder, places, now, until)).await
    }

    async fn give_back(&self, resource: &str, holder: &str) -> Asked<()> {
        self.around("give_back", self.port.give_back(resource, holder)).await
    }
}

#[async_trait]
impl<P: OutsideAccounts> OutsideAccounts for Interposed<P> {
    async fn outside(&self, id: &AccountId) -> Asked<Option<OutsideAccount>> {
        self.around("outside", self.port.outside(id)).await
    }

    async fn save_outside(&self, account: &OutsideAccount) -> Asked<bool> {
        self.around("save_outside", self.port.save_outside(account)).await
    }

    async fn outsiders(&self, ids: &BTreeSet<AccountId>) -> Asked<Vec<OutsideAccount>> {
        self.around("outsiders", self.port.outsiders(ids)).await
    }
}
