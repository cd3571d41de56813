//! What wakes the functions: uploads, the stream, lifecycle events and minutes, delivered as
//! `infra/template.yaml` has it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use vending::ledger::ObjectRef;
use vending::lifecycle::LifecycleEvent;
use vending::provision::Trigger;

use super::bell::{Bell, until};
use super::functions::{COLD, Function, Functions, KEPT_FOR, WARM};
use super::world::Outside;
use crate::time::{Tasks, Time};

/// From S3 over EventBridge to a function: half a second is usual.
const UPLOAD_DELIVERED: Duration = Duration::from_millis(500);
/// From the bus to a function.
const EVENT_DELIVERED: Duration = Duration::from_millis(300);
/// Lambda asks a shard of a DynamoDB stream four times a second.
const POLL_EVERY_MS: i64 = 250;
/// `MaximumBatchingWindowInSeconds` of `provision`; `handover` has none.
const WINDOW_OF_PROVISION: Duration = Duration::from_secs(1);
/// `BatchSize` of `provision`.
const BATCH_OF_PROVISION: usize = 1_000;
/// `BatchSize` of `handover`.
const BATCH_OF_HANDOVER: usize = 10;
/// `rate(1 minute)`.
const MINUTE: Duration = Duration::from_secs(60);

/// Everything that is delivered, and what came of it. No function has a limit of its own to
/// how many of it run at the same time; of each mapping of the stream one batch at a time is
/// under way.
pub(super) struct Deliveries {
    pub(super) functions: Functions,
    pub(super) outside: Outside,
    /// Processes that have nothing to do, and since when.
    idle: RefCell<BTreeMap<Function, Vec<DateTime<Utc>>>>,
    pub(super) invocations: RefCell<BTreeMap<Function, u64>>,
    /// The accounts whose lifecycle events never arrive.
    lost: BTreeSet<String>,
    /// What went wrong, which nothing should.
    pub(super) wrong: RefCell<Option<anyhow::Error>>,
}

impl Deliveries {
    pub(super) fn new(functions: Functions, outside: Outside, lost: BTreeSet<String>) -> Self {
        let (idle, invocations) = Default::default();
        Self { functions, outside, idle, invocations, lost, wrong: RefCell::default() }
    }

    fn time(&self) -> &Time {
        &self.outside.time
    }

    /// Runs a function once; what fails is noted.
    async fn invoke(&self, function: Function, run: impl Future<Output = anyhow::Result<()>>) {
        let overhead = if self.takes_warm(function) { WARM } else { COLD };
        *self.invocations.borrow_mut().entry(function).or_default() += 1;
        self.time().sleep(overhead).await;
        let began = self.time().now();
        let mut outcome = run.await;
        let lasted = self.time().now() - began;
        if lasted > function.timeout() {
            outcome = Err(anyhow::anyhow!("{function:?} ran for {lasted}"));
        }
        self.idle.borrow_mut().entry(function).or_default().push(self.time().now());
        if let Err(error) = outcome {
            self.wrong.borrow_mut().get_or_insert(error);
        }
    }

    fn takes_warm(&self, function: Function) -> bool {
        let mut idle = self.idle.borrow_mut();
        let since = idle.entry(function).or_default().pop();
        since.is_some_and(|since| self.time().now() - since < KEPT_FOR)
    }

    /// A list was uploaded.
    pub(super) async fn upload(&self, object: ObjectRef) {
        self.time().sleep(UPLOAD_DELIVERED).await;
        self.invoke(Function::Intake, self.functions.intake(&object)).await;
    }

    async fn provision(&self, trigger: Trigger) {
        self.invoke(Function::Provision, self.functions.provision(&trigger)).await;
    }

    /// The stream to `provision`.
    pub(super) async fn stream_to_provision(&self) {
        loop {
            self.polled(&self.outside.queued).await;
            loop {
                self.time().sleep(WINDOW_OF_PROVISION).await;
                if self.outside.take_queued(BATCH_OF_PROVISION).is_empty() {
                    break;
                }
                self.provision(Trigger::Changed).await;
            }
        }
    }

    /// The stream to `handover`.
    pub(super) async fn stream_to_handover(&self) {
        loop {
            self.polled(&self.outside.attended).await;
            loop {
                let names = self.outside.take_attended(BATCH_OF_HANDOVER);
                if names.is_empty() {
                    break;
                }
                self.invoke(Function::Handover, self.functions.attend(&names)).await;
            }
        }
    }

    /// Waits until there is a record, and until Lambda asks for one.
    async fn polled(&self, records: &Bell) {
        records.rung().await;
        let now = self.time().now();
        let late = now.timestamp_millis().rem_euclid(POLL_EVERY_MS);
        let next = now + TimeDelta::milliseconds(POLL_EVERY_MS - late);
        self.time().sleep(until(self.time(), next)).await;
    }

    /// The landing zone goes on by itself, and tells of accounts.
    pub(super) async fn landing_zone<'w>(&'w self, tasks: Tasks<'w>) {
        loop {
            for event in self.outside.happen() {
                if event.account_name.as_ref().is_none_or(|name| !self.lost.contains(name)) {
                    self.deliver(&tasks, event);
                }
            }
            self.outside.zone_moves.rung_or(self.time(), self.outside.planned()).await;
        }
    }

    /// An event reached the bus.
    pub(super) fn deliver<'w>(&'w self, tasks: &Tasks<'w>, event: LifecycleEvent) {
        let told = event.clone();
        tasks.spawn(None, async move {
            self.time().sleep(EVENT_DELIVERED).await;
            self.provision(Trigger::ControlTower(told)).await;
        });
        tasks.spawn(None, async move {
            self.time().sleep(EVENT_DELIVERED).await;
            self.invoke(Function::Handover, self.functions.welcome(&event)).await;
        });
    }

    /// Minutes pass, the first of them after `first`.
    pub(super) async fn minutes<'w>(&'w self, tasks: Tasks<'w>, first: Duration) {
        self.time().sleep(first).await;
        loop {
            tasks.spawn(None, self.provision(Trigger::Tick));
            tasks.spawn(None, self.invoke(Function::Handover, self.functions.handover_tick()));
            self.time().sleep(MINUTE).await;
        }
    }
}
