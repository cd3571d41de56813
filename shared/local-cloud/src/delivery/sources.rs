//! What there is to deliver: events of the landing zone, created objects, and
//! schedules, each looked at from where it was left.

use chrono::TimeDelta;
use serde_json::Value;

use super::queue::{Origin, Pending, Stage};
use super::schedule::scheduled_event;
use super::{Delivery, DeliveryError};
use crate::buckets::object_created;
use crate::clock::Moment;

/// How often streams are trimmed; DynamoDB does it "at any moment" after a day.
const TRIM_EVERY: TimeDelta = TimeDelta::hours(1);

/// How often replaced versions of objects are removed: S3 "runs lifecycle rules once every day".
const EXPIRE_EVERY: TimeDelta = TimeDelta::days(1);

impl Delivery {
    /// Puts into the queue everything that came up until the present moment.
    pub(super) fn collect(&mut self) -> Result<(), DeliveryError> {
        let now = self.cloud.now();
        self.collect_events(now);
        self.collect_objects(now);
        self.collect_ticks(now);
        self.expire(now)?;
        self.trim(now)
    }

    fn collect_events(&mut self, now: Moment) {
        let landing = &self.cloud.parts().landing;
        landing.advance_to(now);
        for (number, event) in landing.take_events() {
            // A replay emits again what an earlier run has delivered.
            if number >= self.saved.events {
                self.saved.events = number + 1;
                self.unsaved = true;
                self.put_event(&event, now);
            }
        }
    }

    fn put_event(&mut self, event: &Value, now: Moment) {
        for rule in self.wiring.rules.iter().filter(|rule| rule.pattern.matches(event)) {
            for target in &rule.targets {
                let origin = Origin::Rule(rule.name.clone());
                self.queue.put(now, pending(&target.function, origin, event.clone(), now));
            }
        }
    }

    fn collect_objects(&mut self, now: Moment) {
        let (versions, count) = self.cloud.parts().buckets.versions_since(self.saved.versions);
        self.unsaved |= !versions.is_empty();
        self.saved.versions = count;
        for version in versions.iter().filter(|version| version.is_created()) {
            if self.wiring.buckets.contains(&version.bucket) {
                let event = object_created(version, self.cloud.region(), self.cloud.account());
                self.put_event(&event, now);
            }
        }
    }

    fn collect_ticks(&mut self, now: Moment) {
        for schedule in &self.wiring.schedules {
            let first = self.cloud.start() + schedule.every;
            let due = self.saved.schedules.entry(schedule.name.clone()).or_insert(first);
            while *due <= now {
                self.saved.ticks += 1;
                let event = scheduled_event(&self.cloud, &schedule.name, *due, self.saved.ticks);
                for target in &schedule.targets {
                    let origin = Origin::Schedule(schedule.name.clone());
                    self.queue.put(now, pending(&target.function, origin, event.clone(), now));
                }
                *due += schedule.every;
                self.unsaved = true;
            }
        }
    }

    fn expire(&mut self, now: Moment) -> Result<(), DeliveryError> {
        if now - self.expired_at < EXPIRE_EVERY {
            return Ok(());
        }
        self.expired_at = now;
        let expired = self.cloud.parts().buckets.expire(&self.wiring.expirations, now);
        expired.map_err(|source| DeliveryError::Versions { source })
    }

    fn trim(&mut self, now: Moment) -> Result<(), DeliveryError> {
        if now - self.trimmed_at < TRIM_EVERY {
            return Ok(());
        }
        self.trimmed_at = now;
        self.cloud.parts().tables.trim_streams().map_err(DeliveryError::Stream)
    }
}

fn pending(function: &str, origin: Origin, event: Value, since: Moment) -> Pending {
    Pending { function: function.to_owned(), origin, event, stage: Stage::Bus, attempts: 0, since }
}
