//! The world at one wake-up: the ports, and what brought it, which the history of every
//! entry that is changed names.

use std::ops::Deref;

use super::Provisioning;
use crate::Error;
use crate::advance::{Advance, advance, advance_exactly};
use crate::ledger::{Entry, Event, Source};

/// The world, and what woke provisioning up in it.
#[derive(Clone)]
pub(super) struct Woken<'a> {
    world: &'a Provisioning<'a>,
    /// What brought it.
    pub(super) source: Source,
}

impl<'a> Woken<'a> {
    /// The world, woken up by `source`.
    pub(super) fn new(world: &'a Provisioning<'a>, source: Source) -> Self {
        Self { world, source }
    }

    /// See [`advance`].
    pub(super) async fn advance(&self, entry: &Entry, event: Event) -> Result<Advance, Error> {
        advance(self.ledger, self.clock, &self.source, entry, event).await
    }

    /// See [`advance_exactly`].
    pub(super) async fn advance_exactly(
        &self,
        entry: &Entry,
        event: Event,
    ) -> Result<Advance, Error> {
        advance_exactly(self.ledger, self.clock, &self.source, entry, event).await
    }
}

/// The ports are at hand as those of the world.
impl<'a> Deref for Woken<'a> {
    type Target = Provisioning<'a>;

    fn deref(&self) -> &Self::Target {
        self.world
    }
}
