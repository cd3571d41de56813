//! The model: what the management account holds, and what is going to happen
//! in it. Nothing here knows a wire format or a port.
//!
//! Time stands still until [`Zone::advance_to`] moves it; everything that AWS
//! does by itself is a [`Happening`] on the agenda. All chance is drawn from
//! one seeded generator, and only by commands and happenings, never by a read,
//! so that a run is repeated by its seed and the same commands at the same times.

mod agenda;
pub mod identity_center;
pub mod ids;
pub mod members;
pub mod organization;
pub mod service_catalog;
pub mod topics;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

pub use agenda::{Agenda, Happening};
use identity_center::IdentityCenter;
use members::Members;
use organization::Organization;
use service_catalog::ServiceCatalog;
use topics::Topics;

use crate::Description;
use crate::description::ControlTowerDescription;

/// A moment of virtual time.
pub type Moment = DateTime<Utc>;

/// The management account of one organization in its Control Tower home Region.
#[derive(Debug)]
pub struct Zone {
    /// The present moment.
    pub(crate) now: Moment,
    /// What AWS will do by itself, by time.
    pub(crate) agenda: Agenda,
    /// The only source of chance.
    pub(crate) chance: ChaCha8Rng,
    /// Accounts and organizational units.
    pub organization: Organization,
    /// Control Tower's landing zone.
    pub control_tower: ControlTowerDescription,
    /// The account that the caller's credentials are of.
    caller: String,
    /// Account Factory, provisioned products, portfolios and their shares.
    pub service_catalog: ServiceCatalog,
    /// The member accounts as they are inside.
    pub members: Members,
    /// Permission sets, assignments, users and groups.
    pub identity_center: IdentityCenter,
    /// SNS topics and what was published to them.
    pub topics: Topics,
    /// EventBridge events that have been emitted and not yet taken, as AWS's JSON.
    events: Vec<serde_json::Value>,
    /// How often each (service, operation) was asked for over the wire.
    pub(crate) calls: BTreeMap<(String, String), u64>,
}

impl Zone {
    /// The landing zone that `description` describes, at the moment `start`.
    #[must_use]
    pub fn new(description: &Description, seed: u64, start: Moment) -> Self {
        Self {
            now: start,
            agenda: Agenda::default(),
            chance: ChaCha8Rng::seed_from_u64(seed),
            organization: Organization::new(description),
            control_tower: description.control_tower.clone(),
            caller: caller(description).to_owned(),
            service_catalog: ServiceCatalog::new(description, start),
            members: Members::new(description),
            identity_center: IdentityCenter::new(description),
            topics: Topics::new(description),
            events: Vec::new(),
            calls: BTreeMap::new(),
        }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.now
    }

    /// The account that the caller's credentials are of.
    #[must_use]
    pub fn caller_account(&self) -> &str {
        &self.caller
    }

    /// When the next thing happens by itself, if anything is to.
    #[must_use]
    pub fn next_happening(&self) -> Option<Moment> {
        self.agenda.next()
    }

    /// Moves time to `moment`, letting everything due until then happen, in order.
    /// A moment in the past changes nothing.
    pub fn advance_to(&mut self, moment: Moment) {
        while let Some((at, happening)) = self.agenda.take_due(moment) {
            self.now = self.now.max(at);
            match happening {
                Happening::ServiceCatalog(it) => service_catalog::happen(self, it),
                Happening::IdentityCenter(it) => identity_center::happen(self, it),
                Happening::Event(event) => self.events.push(*event),
            }
        }
        self.now = self.now.max(moment);
    }

    /// The events emitted since the last call, oldest first.
    pub fn take_events(&mut self) -> Vec<serde_json::Value> {
        std::mem::take(&mut self.events)
    }

    /// How often each (service, operation) was asked for over the wire.
    #[must_use]
    pub fn calls(&self) -> &BTreeMap<(String, String), u64> {
        &self.calls
    }
}

/// The described caller's account, or else the management account.
fn caller(description: &Description) -> &str {
    let described = description.caller.account.as_deref();
    described.unwrap_or(&description.organization.management_account)
}
