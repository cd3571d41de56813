//! What AWS will do by itself, ordered by time and, within a moment, by the
//! order in which it was put down.

use std::collections::BTreeMap;

use super::{Moment, identity_center, service_catalog};

/// Something that happens without anybody calling.
#[derive(Debug, Clone)]
pub enum Happening {
    /// In Service Catalog or the Control Tower behind it.
    ServiceCatalog(service_catalog::Happening),
    /// In IAM Identity Center.
    IdentityCenter(identity_center::Happening),
    /// An event reaches the default event bus.
    Event(Box<serde_json::Value>),
}

/// Happenings by time.
#[derive(Debug, Default)]
pub struct Agenda {
    entries: BTreeMap<(Moment, u64), Happening>,
    sequence: u64,
}

impl Agenda {
    /// Puts `happening` down for the moment `at`.
    pub fn put(&mut self, at: Moment, happening: Happening) {
        self.sequence += 1;
        self.entries.insert((at, self.sequence), happening);
    }

    /// When the first happening is due.
    #[must_use]
    pub fn next(&self) -> Option<Moment> {
        self.entries.keys().next().map(|(at, _)| *at)
    }

    /// Takes the first happening that is due at `moment` or before.
    pub fn take_due(&mut self, moment: Moment) -> Option<(Moment, Happening)> {
        let first = self.entries.first_entry()?;
        if first.key().0 > moment {
            return None;
        }
        let ((at, _), happening) = first.remove_entry();
        Some((at, happening))
    }
}
