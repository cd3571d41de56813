//! How AWS delivers events to functions, in virtual time: at least once, in a
//! fixed order, one invocation at a time.
//!
//! Nothing moves by itself: [`Delivery::step`] delivers one thing that is due, or
//! tells when something will be. [`Delivery::run_until`] does both until a
//! condition holds.

mod batch;
mod filter;
mod function;
mod mapping;
mod outcome;
mod pattern;
mod queue;
mod run;
mod saved;
mod schedule;
mod sources;
mod undelivered;
mod wiring;

use std::sync::Arc;

use serde_json::Value;

pub use filter::{FilterError, Filters};
pub use function::{Function, FunctionError, Refusal};
pub use outcome::{Delivered, DeliveryError, Stats, Step};
pub use pattern::{Pattern, PatternError};
pub use queue::Origin;
pub use run::{Ended, Pace};
pub use undelivered::{Reason, Undelivered};
pub use wiring::{Asynchronous, Expiration, Rule, Schedule, StreamMapping, Target, Wiring};

use crate::clock::Moment;
use crate::cloud::Cloud;
use mapping::Mapping;
use queue::{Pending, Queue, Stage};
use saved::Saved;

/// The delivery of one cloud's events.
#[derive(Debug)]
pub struct Delivery {
    cloud: Cloud,
    wiring: Wiring,
    queue: Queue,
    mappings: Vec<Mapping>,
    /// The mapping that is asked first, so that none starves another.
    turn: usize,
    /// How far it has come; its queue and mappings are only filled to be written.
    saved: Saved,
    /// Whether [`Delivery::saved`] differs from what is in the state folder.
    unsaved: bool,
    undelivered: Vec<Undelivered>,
    stats: Stats,
    trimmed_at: Moment,
    expired_at: Moment,
    /// Deliveries since time last moved.
    at_this_moment: (Moment, u64),
}

impl Delivery {
    /// The delivery of what happens in `cloud`, by `wiring`. It goes on where the
    /// cloud's state folder says an earlier one stopped.
    ///
    /// # Errors
    /// [`DeliveryError`], when the wiring names a function that is not there, or
    /// the state cannot be read.
    pub fn new(cloud: Cloud, wiring: Wiring) -> Result<Self, DeliveryError> {
        wiring.check()?;
        let (mut saved, undelivered) = match cloud.state() {
            Some(state) => (Saved::read(state)?, saved::read_undelivered(state)?),
            None => (Saved::default(), Vec::new()),
        };
        if cloud.state().is_some() {
            let destinations = undelivered.iter().filter_map(|it| it.destination.as_deref());
            cloud.parts().queues.restore(destinations);
        }
        let queue = Queue::restore(std::mem::take(&mut saved.queue));
        let mut mappings: Vec<_> = wiring.streams.iter().cloned().map(Mapping::new).collect();
        for mapping in &mut mappings {
            mapping.place = saved.mappings.remove(&mapping.key()).unwrap_or_default();
        }
        let now = cloud.now();
        Ok(Self {
            wiring,
            queue,
            mappings,
            turn: 0,
            saved,
            unsaved: false,
            undelivered,
            stats: Stats::default(),
            trimmed_at: now,
            expired_at: now,
            at_this_moment: (now, 0),
            cloud,
        })
    }

    /// The cloud.
    #[must_use]
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// What was delivered so far.
    #[must_use]
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// The contents of the on-failure destinations, oldest first, those of
    /// earlier runs included.
    #[must_use]
    pub fn undelivered(&self) -> &[Undelivered] {
        &self.undelivered
    }

    /// Moves time to `moment`; a moment in the past changes nothing.
    ///
    /// # Errors
    /// [`DeliveryError::Cloud`], when the state folder does not take the new time.
    pub fn advance_to(&self, moment: Moment) -> Result<(), DeliveryError> {
        Ok(self.cloud.advance_to(moment)?)
    }

    /// Delivers the first thing that is due at the present moment: events before
    /// stream batches, and each kind in order.
    ///
    /// Dropping the future stops the function; what it was given is delivered
    /// again by the next step.
    ///
    /// # Errors
    /// [`DeliveryError`], when an event source cannot be read or the state cannot
    /// be kept. A failing function is no error here.
    pub async fn step(&mut self) -> Result<Step, DeliveryError> {
        self.collect()?;
        let step = match self.deliver_event().await? {
            Some(delivered) => Step::Delivered(delivered),
            None => match self.deliver_batch().await? {
                Some(delivered) => Step::Delivered(delivered),
                None => Step::Idle { next: self.next() },
            },
        };
        self.save()?;
        Ok(step)
    }

    async fn deliver_event(&mut self) -> Result<Option<Delivered>, DeliveryError> {
        let now = self.cloud.now();
        self.hand_over(now)?;
        let Some((turn, pending)) = self.queue.due(now) else { return Ok(None) };
        let (name, origin) = (pending.function.clone(), pending.origin.clone());
        let (event, attempt) = (pending.event.clone(), pending.attempts + 1);
        let error = self.invoke(&name, event).await?.err();
        let rules = self.wiring.asynchronous.get(&name).cloned().unwrap_or_default();
        let given_up = self.queue.settle(turn, error.clone(), rules, now);
        self.give_up(given_up)?;
        self.finish(Delivered { function: name, origin, attempt, error }).map(Some)
    }

    /// Hands events from the bus to Lambda, until the first that is due is in Lambda's
    /// queue or none is due.
    fn hand_over(&mut self, now: Moment) -> Result<(), DeliveryError> {
        while let Some((turn, pending)) = self.queue.due(now) {
            if pending.stage == Stage::Lambda {
                break;
            }
            self.unsaved = true;
            let target = self.target(pending);
            let Some(refusal) = self.refusal(&target)? else {
                self.queue.taken(turn, now);
                break;
            };
            let given_up = self.queue.refused(turn, refusal, target, now);
            self.give_up(given_up)?;
        }
        Ok(())
    }

    fn target(&self, pending: &Pending) -> Target {
        let (Origin::Rule(name) | Origin::Schedule(name) | Origin::Stream(name)) = &pending.origin;
        self.wiring.target(name, &pending.function)
    }

    fn refusal(&self, target: &Target) -> Result<Option<Refusal>, DeliveryError> {
        if !target.permitted {
            return Ok(Some(Refusal::Forbidden));
        }
        Ok(self.function(&target.function)?.refusal())
    }

    async fn deliver_batch(&mut self) -> Result<Option<Delivered>, DeliveryError> {
        let now = self.cloud.now();
        let Some((index, event, attempt)) = self.due_batch(now)? else { return Ok(None) };
        let Some(mapping) = self.mappings.get(index) else { return Ok(None) };
        let (name, table) = (mapping.settings.function.clone(), mapping.settings.table.clone());
        let result = self.invoke(&name, event).await?;
        let error = result.as_ref().err().cloned();
        let given_up = self.mappings.get_mut(index).and_then(|it| it.settle(result, now));
        self.turn = index + 1;
        self.give_up(given_up)?;
        let origin = Origin::Stream(table);
        self.finish(Delivered { function: name, origin, attempt, error }).map(Some)
    }

    /// The next batch that is due: whose it is, its event, and which try it is.
    fn due_batch(&mut self, now: Moment) -> Result<Option<(usize, Value, u32)>, DeliveryError> {
        let count = self.mappings.len();
        let mut given_up = Vec::new();
        let mut found = None;
        for index in (0..count).map(|offset| (self.turn + offset) % count) {
            let Some(mapping) = self.mappings.get_mut(index) else { continue };
            let due = mapping.due(&self.cloud.parts().tables, now, &mut given_up);
            if let Some(batch) = due.map_err(DeliveryError::Stream)? {
                found = Some((index, batch.event(), batch.tries + 1));
                break;
            }
        }
        self.give_up(given_up)?;
        Ok(found)
    }

    async fn invoke(
        &self,
        name: &str,
        event: Value,
    ) -> Result<Result<Value, FunctionError>, DeliveryError> {
        Ok(function::invoke(self.function(name)?, event).await)
    }

    fn function(&self, name: &str) -> Result<&Arc<dyn Function>, DeliveryError> {
        let function = self.wiring.functions.iter().find(|it| it.name() == name);
        function.ok_or_else(|| DeliveryError::NoFunction { function: name.to_owned() })
    }

    fn give_up(
        &mut self,
        given_up: impl IntoIterator<Item = Undelivered>,
    ) -> Result<(), DeliveryError> {
        for one in given_up {
            if let Some(state) = self.cloud.state() {
                saved::add_undelivered(state, &one)?;
            }
            if let Some(queue) = &one.destination {
                self.cloud.parts().queues.add(queue);
            }
            self.stats.undelivered += 1;
            self.undelivered.push(one);
            self.unsaved = true;
        }
        Ok(())
    }

    /// Counts a delivery, and stops when they do not end.
    fn finish(&mut self, delivered: Delivered) -> Result<Delivered, DeliveryError> {
        self.stats.count(&delivered);
        self.unsaved = true;
        let now = self.cloud.now();
        let (moment, count) = self.at_this_moment;
        self.at_this_moment = (now, if moment == now { count + 1 } else { 1 });
        if self.at_this_moment.1 > outcome::MOST_AT_ONE_MOMENT {
            return Err(DeliveryError::Endless(now));
        }
        Ok(delivered)
    }

    /// When something is due next, while nothing is due now.
    fn next(&self) -> Option<Moment> {
        let retries = self.mappings.iter().filter_map(Mapping::next_at);
        let schedules = self.wiring.schedules.iter();
        retries
            .chain(schedules.filter_map(|it| self.saved.schedules.get(&it.name).copied()))
            .chain(self.queue.next())
            .chain(self.cloud.next_happening())
            .min()
    }

    fn save(&mut self) -> Result<(), DeliveryError> {
        if !std::mem::take(&mut self.unsaved) {
            return Ok(());
        }
        let Some(state) = self.cloud.state() else { return Ok(()) };
        self.saved.queue = self.queue.saved();
        let places = self.mappings.iter().map(|it| (it.key(), it.place.clone()));
        self.saved.mappings.extend(places);
        self.saved.write(state)
    }
}
