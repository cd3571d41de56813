//! Faults over the wire: which requests go wrong, and how, drawn from a seed.
//! What an answer looks like that goes wrong is in [`answers`]; the router acts.

mod answers;
mod kind;
mod short;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use tokio::sync::Notify;

use crate::lock;

pub use kind::Fault;

pub(crate) use answers::{failed, throttled, unavailable};
pub(crate) use short::cut_short;

/// How many faults there were, by signing name, operation, and kind.
pub type FaultCounts = BTreeMap<(String, String, Fault), u64>;

/// One in so many of the faults that last goes on for the next calls of its operation.
const ONE_IN_SPELL: u32 = 8;

/// Calls that a spell lasts after the first: more than the attempts of one call,
/// so that it fails for good.
const SPELL: u32 = 6;

/// What is to go wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Disturbance {
    seed: u64,
    rates: BTreeMap<Fault, f64>,
}

impl Disturbance {
    /// Nothing goes wrong; `seed` decides what does once there are rates.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, rates: BTreeMap::new() }
    }

    /// The same, where also the share `rate` of all requests, 0 to 1, meets `fault`.
    #[must_use]
    pub fn with(mut self, fault: Fault, rate: f64) -> Self {
        self.rates.insert(fault, rate);
        self
    }

    /// The fault at `place`, which is even between 0 and 1.
    fn at(&self, place: f64) -> Option<Fault> {
        let mut up_to = 0.0;
        let mut rates = self.rates.iter();
        rates.find_map(|(fault, rate)| {
            up_to += rate;
            (place < up_to).then_some(*fault)
        })
    }
}

/// The faults of one cloud; there are none until it is disturbed.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    state: Mutex<State>,
    /// Whether requests are left alone for the moment.
    spared: AtomicBool,
    /// Told when the caller of a request is to die.
    death: Notify,
}

#[derive(Debug, Default)]
struct State {
    disturbance: Option<Disturbance>,
    operations: BTreeMap<(String, String), Operation>,
    counts: FaultCounts,
}

/// One operation of one service.
#[derive(Debug)]
struct Operation {
    /// Its own, so that what it meets does not depend on calls of others beside it.
    chance: ChaCha8Rng,
    /// The fault that goes on, and for how many more calls.
    spell: Option<(Fault, u32)>,
}

impl Faults {
    /// Begins with `disturbance`, or ends all of it.
    pub(crate) fn set(&self, disturbance: Option<Disturbance>) {
        let mut state = lock(&self.state);
        state.operations.clear();
        state.disturbance = disturbance;
    }

    /// Leaves requests alone, or no longer.
    pub(crate) fn spare(&self, spared: bool) {
        self.spared.store(spared, Ordering::SeqCst);
    }

    /// The fault that this request meets, if any. It is counted.
    pub(crate) fn draw(&self, service: &str, operation: &str) -> Option<Fault> {
        if self.spared.load(Ordering::SeqCst) {
            return None;
        }
        let mut state = lock(&self.state);
        let State { disturbance, operations, counts } = &mut *state;
        let disturbance = disturbance.as_ref()?;
        let key = (service.to_owned(), operation.to_owned());
        let begin = || Operation::new(disturbance.seed, service, operation);
        let fault = operations.entry(key).or_insert_with(begin).next(disturbance)?;
        *counts.entry((service.to_owned(), operation.to_owned(), fault)).or_default() += 1;
        Some(fault)
    }

    /// How many there were so far.
    pub(crate) fn counts(&self) -> FaultCounts {
        lock(&self.state).counts.clone()
    }

    /// Lets the caller die.
    pub(crate) fn kill(&self) {
        self.death.notify_one();
    }

    /// Waits until a caller is to die.
    pub(crate) async fn death(&self) {
        self.death.notified().await;
    }
}

impl Operation {
    fn new(seed: u64, service: &str, operation: &str) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        chance.set_stream(digest(&[service, operation]));
        Self { chance, spell: None }
    }

    fn next(&mut self, disturbance: &Disturbance) -> Option<Fault> {
        if let Some((fault, left)) = self.spell {
            self.spell = (left > 1).then_some((fault, left - 1));
            return Some(fault);
        }
        let fault = disturbance.at(self.chance.random::<f64>())?;
        if fault.may_last() && self.chance.random_ratio(1, ONE_IN_SPELL) {
            self.spell = Some((fault, SPELL));
        }
        Some(fault)
    }
}

/// FNV-1a, which is the same in every build.
fn digest(words: &[&str]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(seed: u64, operation: &str) -> Vec<Option<Fault>> {
        let faults = Faults::default();
        faults.set(Some(
            Fault::ALL.iter().fold(Disturbance::new(seed), |it, fault| it.with(*fault, 0.02)),
        ));
        (0..400).map(|_| faults.draw("dynamodb", operation)).collect()
    }

    #[test]
    fn a_seed_decides_for_each_operation_apart() {
        assert_eq!(drawn(7, "PutItem"), drawn(7, "PutItem"));
        assert_ne!(drawn(7, "PutItem"), drawn(8, "PutItem"));
        assert_ne!(drawn(7, "PutItem"), drawn(7, "GetItem"));
    }

    #[test]
    fn every_fault_comes_and_is_counted() {
        let faults = Faults::default();
        let disturbance =
            Fault::ALL.iter().fold(Disturbance::new(1), |it, fault| it.with(*fault, 0.05));
        faults.set(Some(disturbance));
        let met = (0..2_000).filter(|_| faults.draw("sns", "Publish").is_some()).count();
        let counts = faults.counts();
        assert_eq!(counts.values().sum::<u64>(), met as u64);
        for fault in Fault::ALL {
            assert!(counts.contains_key(&("sns".into(), "Publish".into(), fault)), "{fault}");
        }
    }

    #[test]
    fn one_that_lasts_meets_every_attempt_of_a_call() {
        let all: Vec<_> = drawn(3, "Query");
        let longest = |fault: Fault| {
            all.chunk_by(|a, b| a == b).filter(|run| run[0] == Some(fault)).map(<[_]>::len).max()
        };
        let most = Fault::ALL.into_iter().filter(|it| it.may_last()).filter_map(longest).max();
        assert!(most >= Some(SPELL as usize + 1), "{most:?}");
        assert!(longest(Fault::Twice) < Some(4));
    }

    #[test]
    fn nothing_is_met_while_undisturbed_or_spared() {
        let faults = Faults::default();
        assert_eq!(faults.draw("s3", "GetObject"), None);
        faults.set(Some(Disturbance::new(1).with(Fault::CutBefore, 1.0)));
        assert_eq!(faults.draw("s3", "GetObject"), Some(Fault::CutBefore));
        faults.spare(true);
        assert_eq!(faults.draw("s3", "GetObject"), None);
        faults.spare(false);
        faults.set(None);
        assert_eq!(faults.draw("s3", "GetObject"), None);
    }
}
