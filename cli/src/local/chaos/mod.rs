//! `--chaos`: the functions run through a cloud that fails them, and are killed,
//! woken twice, late or not at all. What comes of it must be what comes of a run in
//! peace. One seed decides everything.

mod counts;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use local_cloud::delivery::{Function, FunctionError, Refusal};
use local_cloud::{Cloud, Disturbance, Fault};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::Value;

use super::wiring::INTAKE;
use counts::Mishap;

pub(super) use counts::Counts;

/// The share of requests that meet each kind of fault, all in all a fifth of them.
const FAULT: f64 = 0.018;

/// The share of requests of which a function dies, before and after the effect: about
/// every tenth of the longer invocations.
const DEATH: f64 = 0.004;

/// The share of lifecycle events that are lost: "best effort" (CloudTrail's events on
/// EventBridge).
const LOST_EVENT: f64 = 0.25;

/// The share of scheduled events that are lost.
const LOST_TICK: f64 = 0.1;

/// The share of deliveries before which an earlier one is made again.
const REPEATED: f64 = 0.1;

/// Deliveries of each function that may be made again.
const KEPT: usize = 16;

/// Tries of an upload, of which the last is left alone: on AWS a person would find its
/// event in the dead-letter queue next, and send it again.
const UPLOAD_TRIES: u32 = 3;

/// A run in which everything goes wrong that may.
#[derive(Debug)]
pub(super) struct Chaos {
    cloud: Cloud,
    seed: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    chance: ChaCha8Rng,
    /// By function, the events that came and may come again.
    delivered: BTreeMap<String, Vec<Value>>,
    mishaps: BTreeMap<Mishap, u64>,
}

impl Chaos {
    /// The chaos of `seed`; it has not begun.
    pub(super) fn new(cloud: Cloud, seed: u64) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        chance.set_stream(1);
        let state = State { chance, delivered: BTreeMap::new(), mishaps: BTreeMap::new() };
        Self { cloud, seed, state: Mutex::new(state) }
    }

    /// Requests go wrong from now on.
    pub(super) fn begin(&self) {
        let rate = |fault: Fault| if fault.is_death() { DEATH } else { FAULT };
        let disturbance = Fault::ALL
            .into_iter()
            .fold(Disturbance::new(self.seed), |all, fault| all.with(fault, rate(fault)));
        self.cloud.disturb(Some(disturbance));
    }

    /// Requests go wrong no longer.
    pub(super) fn end(&self) {
        self.cloud.disturb(None);
    }

    /// The functions, disturbed.
    pub(super) fn wrap(
        self: &Arc<Self>,
        functions: Vec<Arc<dyn Function>>,
    ) -> Vec<Arc<dyn Function>> {
        let wrap =
            |inner| Arc::new(Disturbed { inner, chaos: Arc::clone(self) }) as Arc<dyn Function>;
        functions.into_iter().map(wrap).collect()
    }

    /// What went wrong, by service and kind.
    pub(super) fn counts(&self) -> Counts {
        let mishaps = self.state().mishaps.clone();
        Counts { seed: self.seed, faults: self.cloud.faults(), mishaps }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn count(&mut self, mishap: Mishap) {
        *self.mishaps.entry(mishap).or_default() += 1;
    }

    /// Whether the event never comes. Only those that may be lost on AWS are.
    fn loses(&mut self, event: &Value) -> bool {
        let (rate, mishap) = match event["source"].as_str() {
            Some("aws.controltower") => (LOST_EVENT, Mishap::LostEvent),
            Some("aws.events") => (LOST_TICK, Mishap::LostTick),
            _ => return false,
        };
        let lost = self.chance.random_bool(rate);
        if lost {
            self.count(mishap);
        }
        lost
    }

    /// An earlier event for `function` that comes once more.
    fn repeated(&mut self, function: &str) -> Option<Value> {
        let delivered = self.delivered.get(function).filter(|it| !it.is_empty())?;
        if !self.chance.random_bool(REPEATED) {
            return None;
        }
        let event = delivered.get(self.chance.random_range(0..delivered.len())).cloned();
        self.count(Mishap::Repeated);
        event
    }

    fn keep(&mut self, function: &str, event: Value) {
        let delivered = self.delivered.entry(function.to_owned()).or_default();
        if delivered.len() == KEPT {
            delivered.remove(0);
        }
        delivered.push(event);
    }
}

/// A function in chaos.
struct Disturbed {
    inner: Arc<dyn Function>,
    chaos: Arc<Chaos>,
}

#[async_trait]
impl Function for Disturbed {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn refusal(&self) -> Option<Refusal> {
        self.inner.refusal()
    }

    async fn invoke(&self, event: Value) -> Result<Value, FunctionError> {
        if self.chaos.state().loses(&event) {
            return Ok(Value::Null);
        }
        let repeated = self.chaos.state().repeated(self.name());
        if let Some(event) = repeated {
            // It was delivered before: how it fares now is nobody's concern.
            drop(self.run(event).await);
        }
        self.chaos.state().keep(self.inner.name(), event.clone());
        if self.name() == INTAKE { self.take_in(event).await } else { self.run(event).await }
    }
}

impl Disturbed {
    /// Runs `intake` until it succeeds, the last time undisturbed.
    async fn take_in(&self, event: Value) -> Result<Value, FunctionError> {
        for _ in 1..UPLOAD_TRIES {
            if let Ok(answer) = self.run(event.clone()).await {
                return Ok(answer);
            }
        }
        self.chaos.cloud.spare(true);
        let result = self.run(event).await;
        self.chaos.cloud.spare(false);
        result
    }

    /// Runs the function, until it dies of it.
    async fn run(&self, event: Value) -> Result<Value, FunctionError> {
        tokio::select! {
            biased;
            result = self.inner.invoke(event) => result,
            () = self.chaos.cloud.death() => {
                self.chaos.state().count(Mishap::Killed);
                Err(FunctionError {
                    error_type: "Runtime.ExitError".to_owned(),
                    message: "the function was killed".to_owned(),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn state() -> State {
        State {
            chance: ChaCha8Rng::seed_from_u64(1),
            delivered: BTreeMap::new(),
            mishaps: BTreeMap::new(),
        }
    }

    #[test]
    fn only_what_may_be_lost_on_aws_is_lost() {
        let mut state = state();
        let mut lost = |source: &str| {
            let event = json!({ "source": source });
            (0..200).filter(|_| state.loses(&event)).count()
        };
        assert!(lost("aws.controltower") > 20);
        assert!(lost("aws.events") > 5);
        assert_eq!(lost("aws.s3"), 0);
        assert!(!state.loses(&json!({ "Records": [] })));
    }

    #[test]
    fn what_came_comes_again_and_old_ones_are_forgotten() {
        let mut state = state();
        assert_eq!(state.repeated("intake"), None);
        (0..40).for_each(|n| state.keep("intake", json!(n)));
        let again: Vec<Value> = (0..400).filter_map(|_| state.repeated("intake")).collect();
        assert!(!again.is_empty());
        assert!(again.iter().all(|event| event.as_u64() >= Some(40 - KEPT as u64)), "{again:?}");
    }
}
