//! What must be so when an invocation has ended well.

use landing_zone::model::service_catalog::{Named, ProductStatus, provisioned_product};
use vending::account::AccountName;
use vending::file::Fault;
use vending::ingest::Ingested;
use vending::ledger::{
    Batch, BatchId, Entry, Happening, Launch, ObjectRef, Order, Source, Status, Timestamp,
};
use vending::lifecycle::LifecycleEvent;
use vending::operate::Done;

use crate::invocation::{Running, Said, Wake};
use crate::schedule::MOST_OFF;
use crate::sim::Sim;
use crate::violation::{Checked, holds};
use crate::world::name;

impl Sim {
    pub(crate) fn check_end(&mut self, running: &Running, said: Said) -> Checked {
        match (&running.wake, said) {
            (Wake::Upload(object), Said::Ingested(Ingested::Taken { batch, faults })) => {
                self.taken.insert(batch.id.to_string());
                if batch.superseded > 0 {
                    self.coverage.happened("row superseded by a later list");
                }
                self.refused_rows_are_not_there(&batch, &faults)?;
                self.rows_are_there(object, &faults)
            }
            (Wake::Upload(_), Said::Ingested(Ingested::Refused { batch, .. })) => {
                self.nothing_of(&batch)?;
                self.nothing_ordered_by(&batch)?;
                self.history.refused.insert(batch);
                Ok(())
            }
            (Wake::Order(order, names), Said::Operated(done)) => {
                let told = names.iter().zip(&done);
                let mut done = told.filter(|(_, done)| matches!(done, Done::Done(_)));
                done.try_for_each(|(name, _)| self.was_done(*order, name, running.since))
            }
            (Wake::ControlTower(event), _) if running.alone => self.acted_on(event, running.since),
            _ => Ok(()),
        }
    }

    /// What an operator was told is done stands in the entry's history since.
    fn was_done(&self, order: Order, name: &AccountName, since: Timestamp) -> Checked {
        let event = match order {
            Order::Retry => "retried",
            Order::Cancel => "cancelled",
        };
        let is_it = |it: &Happening| {
            it.event == event
                && matches!(it.source, Source::Operator(_))
                && it.at + MOST_OFF >= since
        };
        let entries = self.world.ledger.all();
        let entry = entries.iter().find(|entry| entry.request.name == *name);
        holds(entry.is_some_and(|entry| entry.history.iter().any(is_it)), || {
            let status = entry.map(Entry::status);
            format!("an operator was told that {name} is {event}, and it is not: {status:?}")
        })
    }

    /// Every row that was not refused is in the ledger.
    fn rows_are_there(&self, object: &ObjectRef, faults: &[Fault]) -> Checked {
        let upload = self.uploads.iter().find(|upload| upload.object == *object);
        let rows = upload.map(|upload| upload.rows.as_slice()).unwrap_or_default();
        let entries = self.world.ledger.all();
        let has = |name: &str| entries.iter().any(|entry| entry.request.name.as_str() == name);
        // The header is line 1.
        let refused = |index: usize| faults.iter().any(|it| it.line == Some(index as u64 + 2));
        let mut accepted = rows.iter().enumerate().filter(|(index, _)| !refused(*index));
        let lost = accepted.find(|(_, (number, _, _))| !has(&name(*number)));
        holds(lost.is_none(), || format!("row {lost:?} of {} was taken, and is lost", object.key))
    }

    /// No row that is told as refused is in the ledger by its list.
    fn refused_rows_are_not_there(&self, batch: &Batch, faults: &[Fault]) -> Checked {
        let refused = |entry: &&Entry| faults.iter().any(|it| it.line == Some(entry.line));
        let entries = self.world.ledger.all();
        let there = entries.iter().filter(|entry| entry.batch == batch.id).find(refused);
        holds(there.is_none(), || {
            let name = there.map(|entry| &entry.request.name);
            format!("{name:?} was told refused, and batch {} has it", batch.id)
        })
    }

    /// A file that is refused has put nothing into the ledger.
    fn nothing_of(&self, batch: &BatchId) -> Checked {
        let entries = self.world.ledger.all();
        let found: Vec<&AccountName> = entries
            .iter()
            .filter(|entry| entry.batch == *batch)
            .map(|entry| &entry.request.name)
            .collect();
        holds(found.is_empty(), || format!("batch {batch} was told refused, and has {found:?}"))
    }

    /// A portfolio file that is refused is one of those, and has left no order.
    fn nothing_ordered_by(&mut self, batch: &BatchId) -> Checked {
        let Some(file) = self.portfolios.files.iter().find(|file| file.id() == *batch) else {
            return Ok(());
        };
        let orders = self.orders_of(file);
        holds(!file.is_sound() && orders.is_empty(), || {
            format!("portfolio file {batch} was refused, and has {orders:?}")
        })?;
        self.coverage.happened("portfolio file refused");
        Ok(())
    }

    /// An account that Control Tower has finished is not waited for any longer.
    fn acted_on(&self, event: &LifecycleEvent, since: Timestamp) -> Checked {
        let Some(id) = event.account_id.as_ref().filter(|_| event.succeeded) else { return Ok(()) };
        let account = self.world.zone.with(|zone| zone.organization.account(id.as_str()).cloned());
        let entries = self.world.ledger.all();
        let entry = entries.iter().find(|entry| {
            account.as_ref().is_some_and(|account| {
                account.name == entry.request.name.as_str()
                    && account.email.to_lowercase() == entry.request.email.key()
            })
        });
        let excused =
            |entry: &&Entry| self.is_let_go(entry) || self.is_enrolled_again(entry, since);
        let waits = entry.filter(|entry| !excused(entry)).filter(|entry| {
            entry.account.is_none()
                || matches!(entry.status(), Status::Queued | Status::Provisioning)
                || entry.holds_slot()
        });
        holds(waits.is_none(), || format!("an event was heard and not acted on: {waits:?}"))
    }

    /// Whether a person had finished the account in Control Tower itself while its row was
    /// QUEUED and its product gone, and the invocation that heard of it had its turn to
    /// launch, too: that launch enrolls the account again.
    fn is_enrolled_again(&self, entry: &Entry, since: Timestamp) -> bool {
        let begun = |launch: &Launch| launch.started_at + MOST_OFF >= since;
        entry.status() == Status::Provisioning
            && entry.launch.as_ref().is_some_and(begun)
            && self.history.by_hand.contains(entry.request.name.as_str())
    }

    /// Whether the product of its last launch is gone or on its way out, and the account
    /// with it: it is launched again.
    fn is_let_go(&self, entry: &Entry) -> bool {
        let product = entry.launch.as_ref().and_then(|launch| launch.product.as_ref());
        let Some((product, _)) = product.filter(|_| entry.status() == Status::Queued) else {
            return false;
        };
        let named = Named::Id(product.0.clone());
        self.world.zone.with(|zone| {
            provisioned_product(zone, &named)
                .map_or(true, |product| product.status == ProductStatus::UnderChange)
        })
    }
}
