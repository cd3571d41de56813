//! The ports of a world, with one [`Sabotage`] between them and the use cases.
//! Without one they answer as the world does.

mod catalog;
mod center;
mod ledger;
mod members;
mod orders;
mod source;
mod tree;
mod turns;

use landing_zone::ports::{MemoryLedger, MemoryWorld, Shared};

use crate::sabotage::Sabotage;
pub use source::BentSource;

/// The landing zone, as Vend sees it.
#[derive(Debug, Clone)]
pub struct BentZone {
    zone: Shared,
    sabotage: Option<Sabotage>,
}

/// The ledger, as Vend sees it.
#[derive(Debug, Clone)]
pub struct BentLedger {
    ledger: MemoryLedger,
    sabotage: Option<Sabotage>,
}

impl BentZone {
    /// The landing zone of `world`.
    #[must_use]
    pub fn new(world: &MemoryWorld, sabotage: Option<Sabotage>) -> Self {
        Self { zone: world.zone.clone(), sabotage }
    }

    fn is(&self, sabotage: Sabotage) -> bool {
        self.sabotage == Some(sabotage)
    }
}

impl BentLedger {
    /// The ledger of `world`.
    #[must_use]
    pub fn new(world: &MemoryWorld, sabotage: Option<Sabotage>) -> Self {
        Self { ledger: world.ledger.clone(), sabotage }
    }

    fn is(&self, sabotage: Sabotage) -> bool {
        self.sabotage == Some(sabotage)
    }
}
