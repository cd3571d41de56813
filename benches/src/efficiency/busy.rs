//! What others do in Control Tower meanwhile.

use landing_zone::description::OtherOperation;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// So many people, each of whom makes one account after the other with pauses in between, at
/// random: an account takes 20 to 40 minutes, and a pause 10 minutes to an hour.
#[must_use]
pub fn others(seed: u64, people: usize, hours: u32) -> Vec<OtherOperation> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut all = Vec::new();
    for _ in 0..people {
        let mut from_minute = chance.random_range(0..40);
        while from_minute < hours * 60 {
            let for_minutes = chance.random_range(20..40);
            all.push(OtherOperation { from_minute, for_minutes, account_operations: 1 });
            from_minute += for_minutes + chance.random_range(10..60);
        }
    }
    all
}
