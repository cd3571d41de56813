//! A hook that lets other tasks run in between, before and after every call.

use std::sync::Mutex;

use async_trait::async_trait;
use landing_zone::ports::{Hook, MemoryWorld};
use vending::ports::CouldNotAsk;

use crate::invariants;

/// Yields now and then, by a sequence of its own; after every call it looks
/// whether all is as it must be.
pub struct Yielding {
    world: MemoryWorld,
    chance: Mutex<u64>,
}

impl Yielding {
    pub fn new(world: &MemoryWorld, seed: u64) -> Self {
        Self { world: world.clone(), chance: Mutex::new(seed | 1) }
    }

    /// The next number from 0 to 3 (xorshift64: Marsaglia, "Xorshift RNGs").
    fn draw(&self) -> u64 {
        let mut chance = self.chance.lock().unwrap();
        *chance ^= *chance << 13;
        *chance ^= *chance >> 7;
        *chance ^= *chance << 17;
        *chance % 4
    }

    async fn give_way(&self) {
        for _ in 0..self.draw() {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl Hook for Yielding {
    async fn before(&self, _: &'static str) -> Result<(), CouldNotAsk> {
        self.give_way().await;
        Ok(())
    }

    async fn after(&self, _: &'static str) -> Result<(), CouldNotAsk> {
        invariants::always(&self.world);
        self.give_way().await;
        Ok(())
    }
}
