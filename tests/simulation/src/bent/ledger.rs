//! The ledger, bent.

use std::collections::HashMap;

use async_trait::async_trait;
use vending::account::{AccountName, EmailAddress};
use vending::ledger::{
    Agenda, Batch, BatchId, Entry, Launching, Pause, Resumed, State, Streak, Timestamp,
};
use vending::ports::{Admission, Admitted, Claim, CouldNotAsk, Ledger, OpenWork, Saved};

use super::BentLedger;
use crate::sabotage::Sabotage;

type Asked<T> = Result<T, CouldNotAsk>;

#[async_trait]
impl Ledger for BentLedger {
    async fn entry(&self, name: &AccountName) -> Asked<Option<Entry>> {
        let entry = self.ledger.entry(name).await?;
        Ok(entry.map(|entry| self.misread(entry)))
    }

    async fn entries(&self, names: &[AccountName]) -> Asked<Vec<Entry>> {
        self.ledger.entries(names).await
    }

    async fn email_owners(&self, emails: &[EmailAddress]) -> Asked<HashMap<String, AccountName>> {
        if self.is(Sabotage::EmailUnclaimed) {
            return Ok(HashMap::new());
        }
        self.ledger.email_owners(emails).await
    }

    async fn admit(&self, admissions: &[Admission]) -> Asked<Vec<Admitted>> {
        let admitted = if self.is(Sabotage::UntoldDropped) {
            self.ledger.admit(&admissions.iter().map(dropped).collect::<Vec<_>>()).await?
        } else {
            self.ledger.admit(admissions).await?
        };
        if !self.is(Sabotage::EmailUnclaimed) {
            return Ok(admitted);
        }
        Ok(admitted.into_iter().map(swallow_email).collect())
    }

    async fn queued(&self, now: Timestamp, limit: usize) -> Asked<Vec<Entry>> {
        self.ledger.queued(now, limit).await
    }

    async fn open(&self, work: OpenWork) -> Asked<Vec<Entry>> {
        let unseen = match work {
            OpenWork::Configuring => self.is(Sabotage::ConfiguringUnseen),
            OpenWork::Unannounced => self.is(Sabotage::UnannouncedUnseen),
        };
        if unseen { Ok(Vec::new()) } else { self.ledger.open(work).await }
    }

    async fn claim(
        &self,
        before: &Entry,
        after: &Entry,
        max_in_flight: usize,
        now: Timestamp,
    ) -> Asked<Claim> {
        if self.is(Sabotage::ClaimWithoutWidth) {
            return self.ledger.claim(before, after, usize::MAX, now).await;
        }
        if self.is(Sabotage::ClaimWithoutVersion) {
            let before = self.of_this_version(before).await?;
            return self.ledger.claim(&before, after, max_in_flight, now).await;
        }
        self.ledger.claim(before, after, max_in_flight, now).await
    }

    async fn save(&self, before: &Entry, after: &Entry) -> Asked<Saved> {
        match self.sabotage {
            Some(sabotage) => self.save_badly(sabotage, before, after).await,
            None => self.ledger.save(before, after).await,
        }
    }

    async fn free_slot(&self, name: &AccountName) -> Asked<()> {
        self.ledger.free_slot(name).await
    }

    async fn launching(&self) -> Asked<Launching> {
        self.ledger.launching().await
    }

    async fn agenda(&self) -> Asked<Agenda> {
        Ok(self.unseen(self.ledger.agenda().await?))
    }

    async fn overview(&self) -> Asked<(Launching, Agenda)> {
        let (launching, agenda) = self.ledger.overview().await?;
        Ok((launching, self.unseen(agenda)))
    }

    async fn hold(&self, until: Timestamp) -> Asked<()> {
        self.ledger.hold(until).await
    }

    async fn set_pause(&self, pause: &Pause) -> Asked<()> {
        if self.is(Sabotage::PauseForgotten) {
            return Ok(());
        }
        self.ledger.set_pause(pause).await
    }

    async fn resume(&self, resumed: &Resumed) -> Asked<()> {
        self.ledger.resume(resumed).await
    }

    async fn ticked(&self, now: Timestamp) -> Asked<()> {
        self.ledger.ticked(now).await
    }

    async fn set_streak(&self, streak: Option<Streak>) -> Asked<()> {
        self.ledger.set_streak(streak).await
    }

    async fn batch(&self, id: &BatchId) -> Asked<Option<Batch>> {
        let batch = self.ledger.batch(id).await?;
        let forgotten = self.is(Sabotage::BatchForgotten);
        Ok(batch.map(|batch| if forgotten { Batch { announced: false, ..batch } } else { batch }))
    }

    async fn batch_entries(&self, id: &BatchId) -> Asked<Vec<Entry>> {
        self.ledger.batch_entries(id).await
    }

    async fn save_batch(&self, batch: &Batch) -> Asked<()> {
        self.ledger.save_batch(batch).await
    }

    async fn open_batches(&self) -> Asked<Vec<Batch>> {
        self.ledger.open_batches().await
    }
}

/// Without what is still to be told of earlier failures.
fn dropped(admission: &Admission) -> Admission {
    let after = Entry { untold: Vec::new(), ..admission.after.clone() };
    Admission { after, ..admission.clone() }
}

fn swallow_email(admitted: Admitted) -> Admitted {
    match admitted {
        Admitted::EmailTaken(_) => Admitted::Admitted,
        Admitted::Admitted | Admitted::Changed => admitted,
    }
}

impl BentLedger {
    /// `entry` as if it were the one that stands there.
    async fn of_this_version(&self, entry: &Entry) -> Asked<Entry> {
        let fresh = self.ledger.entry(&entry.request.name).await?;
        let version = fresh.map_or(entry.version, |fresh| fresh.version);
        Ok(Entry { version, ..entry.clone() })
    }

    /// The agenda without what is not to be seen.
    fn unseen(&self, mut agenda: Agenda) -> Agenda {
        if self.is(Sabotage::AgendaUnseen) {
            return Agenda::default();
        }
        if self.is(Sabotage::PortfolioFilesUnseen) {
            agenda.portfolio_batches.clear();
        }
        agenda
    }

    /// The entry, asking for other access than it does.
    fn misread(&self, mut entry: Entry) -> Entry {
        let access = &mut entry.request.access;
        match self.sabotage {
            Some(Sabotage::DefaultsAnyway) => access.replaces_defaults = false,
            Some(Sabotage::LastAssignmentDropped) => drop(access.assignments.pop()),
            _ => {}
        }
        entry
    }

    /// Saves it as asking for what the entry asks for that stands there.
    async fn save_as_asked(&self, before: &Entry, after: &Entry) -> Asked<Saved> {
        let (mut before, mut after) = (before.clone(), after.clone());
        if let Some(standing) = self.ledger.entry(&after.request.name).await? {
            before.request.access.clone_from(&standing.request.access);
            after.request.access = standing.request.access;
        }
        self.ledger.save(&before, &after).await
    }

    async fn save_badly(&self, sabotage: Sabotage, before: &Entry, after: &Entry) -> Asked<Saved> {
        match sabotage {
            Sabotage::SaveWithoutVersion => {
                let before = self.of_this_version(before).await?;
                self.ledger.save(&before, after).await
            }
            Sabotage::SaveConflictSwallowed => {
                self.ledger.save(before, after).await.map(|_| Saved::Saved)
            }
            Sabotage::AnswerNotSaved if is_answer(before, after) => Ok(Saved::Saved),
            Sabotage::AnnouncedForgotten if before.is_end_unannounced() && is_told(after) => {
                Ok(Saved::Saved)
            }
            Sabotage::UntoldDropped => {
                let after = Entry { untold: Vec::new(), ..after.clone() };
                self.ledger.save(before, &after).await
            }
            Sabotage::HistoryForgotten => {
                let after = Entry { history: Vec::new(), ..after.clone() };
                self.ledger.save(before, &after).await
            }
            Sabotage::DefaultsAnyway | Sabotage::LastAssignmentDropped => {
                self.save_as_asked(before, after).await
            }
            Sabotage::AnnouncedFromTheStart => self.ledger.save(before, &announced(after)).await,
            Sabotage::SlotKept | Sabotage::SlotFreedEarly | Sabotage::SlotFreedTwice => {
                let saved = self.ledger.save(before, after).await?;
                if saved == Saved::Saved {
                    self.mistreat_slots(sabotage, before, after).await?;
                }
                Ok(saved)
            }
            _ => self.ledger.save(before, after).await,
        }
    }

    async fn mistreat_slots(&self, sabotage: Sabotage, before: &Entry, after: &Entry) -> Asked<()> {
        let name = &after.request.name;
        let freed = before.holds_slot() && !after.holds_slot();
        match sabotage {
            Sabotage::SlotKept if freed => {
                // A claim that changes nothing but the slots.
                let long_after = after.queued_at + chrono::TimeDelta::days(1_000);
                self.ledger.claim(after, after, usize::MAX, long_after).await.map(drop)
            }
            Sabotage::SlotFreedEarly if is_answer(before, after) => {
                self.ledger.free_slot(name).await
            }
            Sabotage::SlotFreedTwice if freed => {
                match self.ledger.launching_now().in_flight.first() {
                    Some(other) => self.ledger.free_slot(other).await,
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}

fn is_answer(before: &Entry, after: &Entry) -> bool {
    let product = |entry: &Entry| entry.launch.as_ref().and_then(|launch| launch.product.clone());
    product(before).is_none() && product(after).is_some()
}

fn is_told(entry: &Entry) -> bool {
    entry.status().is_terminal() && !entry.is_end_unannounced()
}

fn announced(entry: &Entry) -> Entry {
    let mut entry = entry.clone();
    if let State::Ready { announced } | State::Failed { announced, .. } = &mut entry.state {
        *announced = true;
    }
    entry
}
