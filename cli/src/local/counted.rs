//! A local run whose calls of AWS are counted by what woke the function that made them: for
//! whoever wants to know what an account costs, and a minute.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, Sleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use chrono::TimeDelta;
use local_cloud::delivery::{Delivery, Ended, Function, FunctionError, Pace, Refusal};
use local_cloud::{Calls, Cloud};
use serde_json::Value;
use vending::ledger::Batch;
use vending::ports::Ledger;
use vending_aws::DynamoDbLedger;

use super::functions::Lingers;
use super::stage::Stage;
use super::{LONGEST, upload};
use crate::LocalArguments;

/// What wakes a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waker {
    /// A file was uploaded.
    Upload,
    /// Entries of the ledger changed.
    Ledger,
    /// Control Tower was done with an account.
    ControlTower,
    /// A minute passed.
    Minute,
}

impl Waker {
    fn of(event: &Value) -> Self {
        match event["source"].as_str() {
            Some("aws.s3") => Self::Upload,
            Some("aws.controltower") => Self::ControlTower,
            Some("aws.events") => Self::Minute,
            Some(_) | None => Self::Ledger,
        }
    }
}

/// What a function was woken for, and what it called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// How often it was woken.
    pub invocations: u64,
    /// The calls of AWS that it made, those that were answered with an error included.
    pub calls: Calls,
}

/// By the name of the function and by what woke it.
pub type Counts = BTreeMap<(String, Waker), Count>;

/// How long a deployed tick of `handover` stays with what is under way (`functions/handover`).
const LINGERS: Duration = Duration::from_secs(57);

/// Waiting in the cloud's own time: while a function waits, nothing else is delivered.
#[derive(Debug, Clone)]
struct CloudTime(Cloud);

impl AsyncSleep for CloudTime {
    fn sleep(&self, duration: Duration) -> Sleep {
        let cloud = self.0.clone();
        Sleep::new(async move {
            let passed = TimeDelta::from_std(duration).unwrap_or_default();
            // A folder that does not take the time fails the next event, too.
            drop(cloud.advance_to(cloud.now() + passed));
        })
    }
}

impl TimeSource for CloudTime {
    fn now(&self) -> SystemTime {
        self.0.now().into()
    }
}

fn lingers(cloud: &Cloud) -> Option<Lingers> {
    let time = CloudTime(cloud.clone());
    let config = SdkConfig::builder()
        .sleep_impl(SharedAsyncSleep::new(time.clone()))
        .time_source(SharedTimeSource::new(time));
    Some((LINGERS, config.build()))
}

/// A local run, from list to list, in which a tick stays with what is under way as it does
/// where Vend is deployed.
pub struct CountedRun {
    stage: Stage,
    delivery: Delivery,
    counts: Arc<Mutex<Counts>>,
}

impl CountedRun {
    /// Opens the cloud with the three functions in it.
    ///
    /// # Errors
    /// When the state folder or the description of the landing zone cannot be used.
    pub async fn open(arguments: &LocalArguments) -> Result<Self> {
        let stage = Stage::open_lingering(arguments, lingers).await?;
        let counts = Arc::default();
        let wrap = |inner| -> Arc<dyn Function> {
            let (cloud, counts) = (stage.cloud.clone(), Arc::clone(&counts));
            Arc::new(Counted { inner, cloud, counts })
        };
        let delivery = stage.delivery_through(wrap)?;
        Ok(Self { stage, delivery, counts })
    }

    /// The ledger, whose calls through this are not counted.
    #[must_use]
    pub fn ledger(&self) -> &DynamoDbLedger {
        &self.stage.ledger
    }

    /// Uploads the list, and lets time pass until all of it is told; answers the batch.
    ///
    /// # Errors
    /// When the file cannot be read, the run cannot go on, or the list comes to no end.
    pub async fn take(&mut self, file: &Path) -> Result<Batch> {
        let id = upload::upload(&self.stage, file).await?;
        let (ledger, deadline) = (self.stage.ledger.clone(), self.delivery.cloud().now() + LONGEST);
        let is_closed = async |delivery: &Delivery| {
            let batch = ledger.batch(&id).await.ok().flatten();
            batch.is_some_and(|batch| batch.closed) || delivery.cloud().now() > deadline
        };
        let ended = self.delivery.run_until(is_closed, Pace::Unpaced).await;
        let ended = ended.context("deliver the events")?;
        let batch = self.stage.ledger.batch(&id).await.context("read the batch")?;
        let batch = batch.filter(|batch| batch.closed && ended == Ended::Done);
        batch.context("come to the end of the list")
    }

    /// Lets so much time pass.
    ///
    /// # Errors
    /// When the run cannot go on.
    pub async fn pass(&mut self, time: TimeDelta) -> Result<()> {
        let until = self.delivery.cloud().now() + time;
        let is_over = async |delivery: &Delivery| delivery.cloud().now() >= until;
        let ended = self.delivery.run_until(is_over, Pace::Unpaced).await;
        ended.map(drop).context("deliver the events")
    }

    /// What has been counted so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        lock(&self.counts).clone()
    }
}

fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A function whose calls are counted. Only one runs at a time: what is called while it runs,
/// it calls.
struct Counted {
    inner: Arc<dyn Function>,
    cloud: Cloud,
    counts: Arc<Mutex<Counts>>,
}

#[async_trait]
impl Function for Counted {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn refusal(&self) -> Option<Refusal> {
        self.inner.refusal()
    }

    async fn invoke(&self, event: Value) -> Result<Value, FunctionError> {
        let (waker, before) = (Waker::of(&event), self.cloud.calls());
        let answer = self.inner.invoke(event).await;
        let mut counts = lock(&self.counts);
        let count = counts.entry((self.name().to_owned(), waker)).or_default();
        count.invocations += 1;
        for (operation, calls) in self.cloud.calls() {
            let made = calls - before.get(&operation).copied().unwrap_or_default();
            if made > 0 {
                *count.calls.entry(operation).or_default() += made;
            }
        }
        answer
    }
}
