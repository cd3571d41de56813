//! The real functions over the local cloud, in this process: lists are dropped, time passes
//! until all of it has ended, and what that took of AWS is told.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use local_cloud::delivery::Pace;
use local_cloud::{Calls, Delivery};
use tempfile::TempDir;
use vend::local::stage::{Stage, since};
use vend::local::wiring::BUCKET;
use vend::{Arguments, Command};
use vending::ledger::{BatchId, ObjectRef};
use vending::ports::{Ledger, OpenWork};

/// When every run begins.
pub const START: &str = "2026-01-21T12:00:00Z";

/// The functions, the cloud around them, and the folder of both.
pub struct Rig {
    /// What it stands on.
    pub stage: Stage,
    delivery: Delivery,
    _folder: TempDir,
}

/// What something took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Took {
    /// Calls of AWS, by service and operation.
    pub calls: Calls,
    /// Items that those made AWS look at, by service and operation.
    pub reads: Calls,
    /// Invocations, by function.
    pub invocations: BTreeMap<String, u64>,
}

impl Took {
    /// What came to it since `before`.
    #[must_use]
    pub fn since(self, before: &Self) -> Self {
        let mut invocations = self.invocations;
        for (function, count) in &mut invocations {
            *count -= before.invocations.get(function).copied().unwrap_or_default();
        }
        let (calls, reads) = (since(self.calls, &before.calls), since(self.reads, &before.reads));
        Self { calls, reads, invocations }
    }

    /// How often that operation was called.
    #[must_use]
    pub fn calls_of(&self, service: &str, operation: &str) -> u64 {
        self.calls.get(&(service.to_owned(), operation.to_owned())).copied().unwrap_or_default()
    }
}

impl Rig {
    /// Over the built-in landing zone, configured by the `arguments` of `vend local`.
    ///
    /// # Errors
    /// When the cloud cannot be opened.
    pub async fn open(arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir().context("make a folder")?;
        let state = folder.path().join("state");
        let stage = stage(&state, arguments).await?;
        let delivery = stage.delivery()?;
        Ok(Self { stage, delivery, _folder: folder })
    }

    /// Drops a list into the bucket; answers its batch.
    ///
    /// # Errors
    /// When the bucket does not take it.
    pub async fn drop_list(&self, key: &str, list: String) -> Result<BatchId> {
        drop_list(&self.stage, key, list).await
    }

    /// What all of it took so far.
    #[must_use]
    pub fn took(&self) -> Took {
        let cloud = &self.stage.cloud;
        let invocations = self.delivery.stats().invocations.clone();
        Took { calls: self.stage.calls(), reads: cloud.reads(), invocations }
    }

    /// Lets time pass until `done`; answers what that took.
    ///
    /// # Errors
    /// When events cannot be delivered, or one is given up.
    pub async fn run_until(&mut self, done: impl AsyncFn(&Stage) -> bool) -> Result<Took> {
        let before = self.took();
        let stage = &self.stage;
        let run = self.delivery.run_until(async |_| done(stage).await, Pace::Unpaced);
        run.await.context("deliver the events")?;
        ensure!(self.delivery.undelivered().is_empty(), "deliver every event");
        Ok(self.took().since(&before))
    }

    /// Lets time pass until those batches are taken, and it was told; answers what that took.
    ///
    /// # Errors
    /// As [`run_until`](Self::run_until).
    pub async fn take(&mut self, batches: &[BatchId]) -> Result<Took> {
        self.run_until(async |stage| {
            for id in batches {
                let batch = stage.ledger.batch(id).await;
                if !batch.is_ok_and(|it| it.is_some_and(|it| it.announced)) {
                    return false;
                }
            }
            true
        })
        .await
    }

    /// Lets time pass until nothing is open any more; answers what that took.
    ///
    /// # Errors
    /// As [`run_until`](Self::run_until).
    pub async fn finish(&mut self) -> Result<Took> {
        self.run_until(is_over).await
    }
}

/// What a run in the folder `state` stands on.
///
/// # Errors
/// When the cloud cannot be opened.
pub async fn stage(state: &Path, arguments: &[&str]) -> Result<Stage> {
    let state = state.to_str().context("name the folder of the state")?;
    let line = ["vend", "local", "--serve", "--start", START, "--state", state];
    let parsed = Arguments::try_parse_from(line.iter().chain(arguments));
    match parsed.context("understand the arguments")?.command {
        Command::Local(arguments) => Stage::open(&arguments).await,
        other => anyhow::bail!("run {other:?}: it is another command"),
    }
}

/// Drops a list into the bucket of `stage`; answers its batch.
///
/// # Errors
/// When the bucket does not take it.
pub async fn drop_list(stage: &Stage, key: &str, list: String) -> Result<BatchId> {
    let put = stage.clients.s3().put_object().bucket(BUCKET).key(key);
    let put = put.body(list.into_bytes().into()).send().await.context("upload the list")?;
    let version = put.version_id;
    Ok(BatchId::of(&ObjectRef { bucket: BUCKET.into(), key: key.into(), version }))
}

/// Whether every list that was taken has ended and everybody was told. What cannot be read is
/// found by whoever looks at the end.
async fn is_over(stage: &Stage) -> bool {
    let looked = async || -> Result<bool> {
        let ledger = &stage.ledger;
        Ok(ledger.open_batches().await?.is_empty()
            && ledger.launching().await?.in_flight.is_empty()
            && ledger.open(OpenWork::Unannounced).await?.is_empty()
            && ledger.open(OpenWork::Configuring).await?.is_empty())
    };
    looked().await.unwrap_or(true)
}
