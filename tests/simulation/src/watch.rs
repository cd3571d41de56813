//! Looks at what came of every call: who is to be woken by it, and whether it may be.

use std::collections::BTreeSet;

use landing_zone::model::service_catalog::{Launch, Named, provisioned_product};
use vending::failure::FailureKind;
use vending::ledger::Entry;
use vending::lifecycle::LifecycleEvent;

use crate::coverage::transition;
use crate::history::cause_of;
use crate::invariants;
use crate::invocation::Wake;
use crate::sim::{Delivery, Sim};
use crate::violation::{Checked, holds};

impl Sim {
    /// Takes up what came of the last call, and looks whether all is as it must be.
    ///
    /// # Errors
    /// When something does not hold.
    pub fn look(&mut self) -> Checked {
        self.history.paused |= self.world.ledger.launching_now().pause.is_some();
        self.hear()?;
        for (before, after) in self.world.ledger.take_changes() {
            self.coverage.changed(before.as_ref(), &after);
            let (status, event) = transition(before.as_ref(), &after);
            self.say(|| {
                let name = &after.request.name;
                format!("    {name}: {status} -> {}, {event}", after.status())
            });
            let name = after.request.name.clone();
            self.deliver_later(Wake::Changed(name.clone()));
            self.deliver_later(Wake::Attend(name));
            self.history.changed(before.as_ref(), &after)?;
            self.was_refused(&after)?;
        }
        for event in self.world.zone.take_lifecycle_events() {
            self.announce(event);
        }
        self.watch_launches()?;
        self.watch_products()?;
        self.access_is_as_asked()?;
        invariants::always(&self.world, &self.history.by_hand)
    }

    /// Has Control Tower tell of an account.
    pub(crate) fn announce(&mut self, event: LifecycleEvent) {
        self.deliver_later(Wake::ControlTower(event.clone()));
        self.deliver_later(Wake::Welcome(event));
    }

    pub(crate) fn deliver_later(&mut self, wake: Wake) {
        self.pending.push(Delivery { wake, tries: 0 });
    }

    fn hear(&mut self) -> Checked {
        let known = self.messages;
        let new = self.world.zone.with(|zone| zone.topics.messages()[known..].to_vec());
        self.messages += new.len();
        for message in &new {
            self.say(|| format!("    told: {}", message.subject.as_deref().unwrap_or_default()));
            self.history.told(message)?;
            self.is_in_the_file(message)?;
            self.told_of_portfolios(message)?;
        }
        Ok(())
    }

    /// Whoever is launched holds a slot.
    fn watch_launches(&mut self) -> Checked {
        let known = self.launches;
        let new = self.world.zone.with(|zone| zone.service_catalog.launches()[known..].to_vec());
        self.launches += new.len();
        for launch in new {
            let planned = self.history.planned.get(&launch.account_name).cloned();
            planned.unwrap_or_default().iter().for_each(|it| self.coverage.launched(*it));
            let slots = self.world.ledger.launching_now().in_flight;
            let has_slot = slots.iter().any(|name| name.as_str() == launch.account_name);
            holds(has_slot || self.is_heard_late(&launch), || {
                format!("{} is launched without a slot", launch.account_name)
            })?;
        }
        Ok(())
    }

    /// Whether a person had finished the account, and Vend heard of it only when the launch
    /// had its slot and was about to be asked for.
    fn is_heard_late(&self, launch: &Launch) -> bool {
        let entries = self.world.ledger.all();
        let entry = entries.iter().find(|it| it.request.name.as_str() == launch.account_name);
        let token = entry.and_then(|entry| entry.launch.as_ref()).map(|it| it.token.0.clone());
        let name = Named::Name(launch.product_name.clone());
        let of_launch = self.world.zone.with(|zone| {
            provisioned_product(zone, &name).ok().map(|product| product.token.clone())
        });
        self.history.by_hand.contains(&launch.account_name) && token.is_some() && token == of_launch
    }

    /// What is told as refused was not launched.
    fn was_refused(&self, entry: &Entry) -> Checked {
        let refused = cause_of(entry) == Some(FailureKind::NoLaunchPath);
        let Some(launch) = entry.launch.as_ref().filter(|_| refused) else { return Ok(()) };
        let launched = self.world.zone.with(|zone| {
            let products = zone.service_catalog.provisioned_products();
            products.iter().any(|product| product.token == launch.token.0)
        });
        holds(!launched, || format!("{} is told as refused, and was launched", entry.request.name))
    }

    /// A product that once succeeded is never terminated.
    fn watch_products(&mut self) -> Checked {
        let succeeded: BTreeSet<String> = self.world.zone.with(|zone| {
            let products = zone.service_catalog.provisioned_products().iter();
            let once = products.filter(|it| it.last_successful_provisioning_record.is_some());
            once.map(|it| it.id.clone()).collect()
        });
        let lost = self.succeeded.difference(&succeeded).next();
        holds(lost.is_none(), || format!("{lost:?} had succeeded, and is gone"))?;
        self.succeeded = succeeded;
        Ok(())
    }
}
