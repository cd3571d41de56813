//! The three functions as they are deployed, over ports that take their time.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use landing_zone::ports::{Interposed, MemoryLedger, MemorySource, MemoryWorld, Shared};
use vending::account::AccountName;
use vending::calm::Calm;
use vending::handover::{self, Handover};
use vending::ingest::{Intake, ingest};
use vending::ledger::{ObjectRef, Timestamp};
use vending::lifecycle::LifecycleEvent;
use vending::ports::{Clock, Waiter};
use vending::provision::{Provisioning, Trigger, provision};
use vending::results::RecentFiles;

use super::latency::Latency;
use crate::time::Time;

/// What `functions/handover` lets a tick stay for.
const LINGERS: TimeDelta = TimeDelta::seconds(57);

/// The clock of the functions.
#[derive(Clone)]
struct Now(Time);

impl Clock for Now {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// Waits until so long after the beginning of an invocation, as `vending_aws::Linger` does.
struct Staying {
    time: Time,
    until: DateTime<Utc>,
}

#[async_trait]
impl Waiter for Staying {
    async fn wait(&self, time: TimeDelta) -> bool {
        if self.time.now() + time > self.until {
            return false;
        }
        self.time.sleep(time.to_std().unwrap_or_default()).await;
        true
    }
}

/// The functions.
pub(super) struct Functions {
    world: MemoryWorld,
    zone: Interposed<Shared>,
    ledger: Interposed<MemoryLedger>,
    source: Interposed<MemorySource>,
    clock: Now,
    /// What the one process of each function remembers.
    provision_calm: Calm,
    handover_calm: Calm,
    handover_recent: RecentFiles,
}

impl Functions {
    pub(super) fn new(world: &MemoryWorld, time: &Time, latency: Latency) -> Self {
        let latency = Arc::new(latency);
        Self {
            world: world.clone(),
            zone: Interposed::new(world.zone.clone(), latency.clone()),
            ledger: Interposed::new(world.ledger.clone(), latency.clone()),
            source: Interposed::new(world.source.clone(), latency),
            clock: Now(time.clone()),
            provision_calm: Calm::default(),
            handover_calm: Calm::default(),
            handover_recent: RecentFiles::default(),
        }
    }

    /// `intake`: a list was uploaded.
    pub(super) async fn intake(&self, object: &ObjectRef) -> anyhow::Result<()> {
        let world = Intake {
            source: &self.source,
            ledger: &self.ledger,
            factory: &self.zone,
            directory: &self.zone,
            assignments: &self.zone,
            portfolios: &self.zone,
            orders: &self.ledger,
            tree: &self.zone,
            unit_sharing: &self.zone,
            notifier: &self.zone,
            clock: &self.clock,
            results: &self.source,
            ..self.world.intake()
        };
        ingest(&world, object).await.context("take in the list").map(drop)
    }

    /// `provision`, whatever woke it.
    pub(super) async fn provision(&self, trigger: &Trigger) -> anyhow::Result<()> {
        let world = Provisioning {
            ledger: &self.ledger,
            factory: &self.zone,
            directory: &self.zone,
            notifier: &self.zone,
            clock: &self.clock,
            calm: Some(&self.provision_calm),
            ..self.world.provisioning()
        };
        provision(&world, trigger).await.context("provision")
    }

    /// `handover`: entries changed.
    pub(super) async fn attend(&self, names: &[AccountName]) -> anyhow::Result<()> {
        let failed = handover::attend_all(&self.handover(&self.staying(LINGERS)), names).await;
        ensure!(failed.is_empty(), "failed to attend to entries: {failed:?}");
        Ok(())
    }

    /// `handover`: Control Tower is done with an account.
    pub(super) async fn welcome(&self, event: &LifecycleEvent) -> anyhow::Result<()> {
        let staying = self.staying(LINGERS);
        handover::welcome(&self.handover(&staying), event).await.context("welcome an account")
    }

    /// `handover`: a minute passed.
    pub(super) async fn handover_tick(&self) -> anyhow::Result<()> {
        let staying = self.staying(LINGERS);
        handover::tick(&self.handover(&staying)).await.context("carry on with handing over")
    }

    fn staying(&self, lasts: TimeDelta) -> Staying {
        Staying { time: self.clock.0.clone(), until: self.clock.0.now() + lasts }
    }

    fn handover<'a>(&'a self, waiter: &'a Staying) -> Handover<'a> {
        Handover {
            ledger: &self.ledger,
            directory: &self.zone,
            assignments: &self.zone,
            portfolios: &self.zone,
            members: &self.zone,
            turns: &self.ledger,
            outside: &self.ledger,
            orders: &self.ledger,
            unit_sharing: &self.zone,
            notifier: &self.zone,
            clock: &self.clock,
            results: &self.source,
            waiter,
            calm: Some(&self.handover_calm),
            recent: Some(&self.handover_recent),
            ..self.world.handover()
        }
    }
}

/// A function of the stack, as Lambda runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Function {
    Intake,
    Provision,
    Handover,
}

impl Function {
    /// After so long Lambda ends it: `infra/template.yaml`.
    pub(super) const fn timeout(self) -> TimeDelta {
        match self {
            Self::Intake => TimeDelta::seconds(900),
            Self::Provision => TimeDelta::seconds(60),
            Self::Handover => TimeDelta::seconds(90),
        }
    }
}

/// What an invocation takes before the function's own code runs.
pub(super) const WARM: Duration = Duration::from_millis(10);
/// The same where a process is started for it.
pub(super) const COLD: Duration = Duration::from_millis(150);
/// For so long Lambda keeps a process that has nothing to do: AWS names no number, and
/// minutes are what is seen.
pub(super) const KEPT_FOR: TimeDelta = TimeDelta::minutes(6);
