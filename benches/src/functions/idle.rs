//! What a tick asks of AWS when there is nothing to do.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta};
use serde_json::Value;
use vending::ledger::Timestamp;
use vending::ports::Clock;
use vending_aws::Environment;

use super::world::{World, sample};

/// 2026-01-21 12:00:00 UTC: a minute in which ticks also look for what was lost.
const NOON: i64 = 1_768_996_800;

/// The minute it is.
#[derive(Debug, Clone)]
struct Minute(Arc<Mutex<Timestamp>>);

impl Minute {
    fn noon() -> Self {
        Self(Arc::new(Mutex::new(DateTime::from_timestamp(NOON, 0).unwrap_or_default())))
    }

    fn pass(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += TimeDelta::minutes(1);
    }
}

impl Clock for Minute {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A function with ticks: its name stands in the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ticking {
    /// Launches accounts.
    Provision,
    /// Gives access.
    Handover,
}

/// The function that ticks, in this process.
enum Function {
    Provision(Box<provision::Function>),
    Handover(Box<handover::Function>),
}

impl Function {
    fn build(ticking: Ticking, world: &World, clock: &Minute) -> anyhow::Result<Self> {
        let variables = world.variables().into_iter();
        let environment = Environment::of(variables.map(|(name, value)| (name.to_owned(), value)));
        let clock = Arc::new(clock.clone());
        Ok(match ticking {
            Ticking::Provision => {
                let config = provision::Config::from(environment)?;
                let function = provision::Function::new(world.clients(), config, clock);
                Self::Provision(Box::new(function))
            }
            Ticking::Handover => {
                let config = handover::Config::from(environment)?;
                let function = handover::Function::new(world.clients(), config, clock);
                Self::Handover(Box::new(function))
            }
        })
    }

    async fn tick(&self, event: &Value) -> anyhow::Result<()> {
        match self {
            Self::Provision(function) => function.handle(event).await?,
            Self::Handover(function) => function.handle(event).await?,
        };
        Ok(())
    }
}

/// The calls of each of so many ticks of an idle function, one a minute from a full hour on.
///
/// # Errors
/// When the simulated AWS cannot be opened, or a tick fails.
pub async fn calls_of_ticks(ticking: Ticking, ticks: usize) -> anyhow::Result<Vec<u64>> {
    let world = World::open().await?;
    let minute = Minute::noon();
    let function = Function::build(ticking, &world, &minute)?;
    let event = sample("scheduled")?;
    let mut calls = Vec::with_capacity(ticks);
    for _ in 0..ticks {
        let before = world.calls();
        function.tick(&event).await?;
        calls.push(world.calls() - before);
        minute.pass();
    }
    Ok(calls)
}
