//! A run: a list is uploaded, and all of it comes to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use landing_zone::Description;
use landing_zone::description::OtherOperation;
use landing_zone::ports::MemoryWorld;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vending::account::AccountId;
use vending::ledger::{Entry, PrincipalKind, Status};
use vending::lifecycle::LifecycleEvent;
use vending::ports::PrincipalText;

use super::bell::until;
use super::busy::others;
use super::deliveries::Deliveries;
use super::functions::Functions;
use super::ideal::{Room, Taken};
use super::latency::Latency;
use super::world::{Lasted, Outside};
use crate::time::{Tasks, Time};

/// How long Account Factory takes where each account takes as long: half an hour is usual.
const MINUTES: u32 = 30;

/// For so long others go on: longer than any run beside them.
const HOURS: u32 = 100;

/// An account of the built-in landing zone, for the events of what others do.
const SOMEBODY_ELSES: (&str, &str) = ("webshop-production", "555566667777");

/// What is to run.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Rows of the list.
    pub accounts: usize,
    /// `MaxInFlight`.
    pub width: usize,
    /// How long Account Factory takes, in minutes: the shortest and the longest.
    pub minutes: (u32, u32),
    /// Launches whose lifecycle event is lost.
    pub lost: usize,
    /// Account operations at a time that Control Tower allows.
    pub quota: usize,
    /// What others do in Control Tower meanwhile.
    pub others: Vec<OtherOperation>,
    /// Whether the ends of what others do are told by events, too.
    pub others_are_told: bool,
    /// Whether the ledger's indexes are half a second behind.
    pub index_lags: bool,
    /// All chance comes from it.
    pub seed: u64,
}

impl Scenario {
    /// So many accounts, so many at a time, and nothing goes wrong.
    #[must_use]
    pub fn undisturbed(accounts: usize, width: usize) -> Self {
        Self {
            accounts,
            width,
            minutes: (MINUTES, MINUTES),
            lost: 0,
            quota: 10,
            others: Vec::new(),
            others_are_told: true,
            index_lags: false,
            seed: 1,
        }
    }

    /// How many events are lost where one in twenty is: at least one.
    #[must_use]
    pub fn one_in_twenty(&self) -> usize {
        (self.accounts / 20).max(1)
    }

    /// The same beside so many people, where Control Tower takes no more operations at a time
    /// than Vend may have; whether the ends of theirs are told.
    #[must_use]
    pub fn beside(self, people: usize, told: bool, seed: u64) -> Self {
        let (quota, others) = (self.width, others(seed, people, HOURS));
        Self { quota, others, others_are_told: told, seed, ..self }
    }

    /// The least time that the accounts take, if each takes what it `lasted`.
    fn ideal(&self, lasted: &[Lasted]) -> TimeDelta {
        let fixed = TimeDelta::minutes(self.minutes.0.into());
        let durations: Vec<TimeDelta> = match self.minutes {
            (shortest, longest) if shortest == longest => vec![fixed; self.accounts],
            _ => lasted.iter().map(|it| it.duration()).collect(),
        };
        let others: Vec<Taken> = self.others.iter().map(taken).collect();
        let room = Room { width: self.width, quota: self.quota, others: &others };
        room.makespan(&durations)
    }

    fn description(&self) -> Description {
        let mut description = Description::builtin();
        let factory = &mut description.account_factory;
        (factory.shortest_minutes, factory.longest_minutes) = self.minutes;
        factory.concurrent_operations = self.quota;
        factory.other_operations.clone_from(&self.others);
        description
    }

    /// The accounts whose events are lost.
    fn lost(&self, chance: &mut ChaCha8Rng) -> BTreeSet<String> {
        let mut numbers: Vec<usize> = (0..self.accounts).collect();
        numbers.shuffle(chance);
        numbers.into_iter().take(self.lost).map(name).collect()
    }

    /// Runs it.
    ///
    /// # Errors
    /// When something goes wrong in it, or it comes to no end.
    pub fn run(&self) -> anyhow::Result<Run> {
        let mut chance = ChaCha8Rng::seed_from_u64(self.seed);
        let world = world(&self.description(), self);
        let time = Time::starting(world.zone.with(|zone| zone.now()));
        let outside = Outside::new(&time, &world.zone, &world.ledger);
        let latency = Latency::new(outside.clone(), self.accounts);
        let functions = Functions::new(&world, &time, latency);
        let deliveries = Deliveries::new(functions, outside, self.lost(&mut chance));
        let began = time.now();
        // The upload comes at any moment of the minute.
        let first_tick = Duration::from_millis(chance.random_range(0..60_000));
        self.play(&world, &deliveries, first_tick)?;
        self.measured(&world, &deliveries, began)
    }

    fn play(
        &self,
        world: &MemoryWorld,
        deliveries: &Deliveries,
        first_tick: Duration,
    ) -> anyhow::Result<()> {
        let time = &deliveries.outside.time;
        let tasks = Tasks::new(time);
        let object = world.upload("list.csv", list(self.accounts));
        tasks.spawn(None, deliveries.upload(object));
        tasks.spawn(None, deliveries.stream_to_provision());
        tasks.spawn(None, deliveries.stream_to_handover());
        tasks.spawn(None, deliveries.landing_zone(tasks.clone()));
        tasks.spawn(None, deliveries.minutes(tasks.clone(), first_tick));
        if self.others_are_told {
            tasks.spawn(None, self.tell_of_others(deliveries, tasks.clone()));
        }
        if self.index_lags {
            tasks.spawn(None, lag(world, time));
        }
        let latest = time.now() + self.ideal_at_worst() * 3 + TimeDelta::hours(6);
        tasks.run_until(|| {
            let over = deliveries.outside.ready() >= self.accounts;
            over || time.now() > latest || deliveries.wrong.borrow().is_some()
        });
        if let Some(error) = deliveries.wrong.borrow_mut().take() {
            return Err(error);
        }
        ensure!(deliveries.outside.ready() >= self.accounts, "it comes to no end");
        Ok(())
    }

    fn ideal_at_worst(&self) -> TimeDelta {
        let others: Vec<Taken> = self.others.iter().map(taken).collect();
        let room = Room { width: self.width, quota: self.quota, others: &others };
        room.makespan(&vec![TimeDelta::minutes(self.minutes.1.into()); self.accounts])
    }

    /// The operations of others end, and Control Tower tells so.
    async fn tell_of_others<'w>(&self, deliveries: &'w Deliveries, tasks: Tasks<'w>) {
        let time = &deliveries.outside.time;
        let began = time.now();
        let mut others: Vec<Taken> = self.others.iter().map(taken).collect();
        others.sort_by_key(|it| it.until);
        for other in others.iter().filter(|it| it.operations > 0) {
            // A lifecycle event takes some seconds to the bus, as those of our accounts do.
            let at = began + other.until + TimeDelta::seconds(2);
            time.sleep(until(time, at)).await;
            for _ in 0..other.operations {
                deliveries.deliver(&tasks, somebody_elses());
            }
        }
    }

    fn measured(
        &self,
        world: &MemoryWorld,
        deliveries: &Deliveries,
        began: DateTime<Utc>,
    ) -> anyhow::Result<Run> {
        let entries = world.ledger.all();
        let ready = entries.iter().all(|entry| entry.status() == Status::Ready);
        ensure!(ready && entries.len() == self.accounts, "not every account is READY");
        let last = |at: fn(&Entry) -> Option<DateTime<Utc>>| entries.iter().filter_map(at).max();
        let made = last(|entry| entry.configuring_at).context("no account was made")?;
        let ready = last(|entry| entry.finished_at).context("no account is READY")?;
        let mut lasted = deliveries.outside.launches();
        lasted.sort_by_key(|it| it.from);
        let launched = world.zone.with(|zone| {
            zone.service_catalog.launches().iter().map(|launch| launch.at).collect::<Vec<_>>()
        });
        Ok(Run {
            ideal: self.ideal(&lasted),
            made: made - began,
            ready: ready - began,
            launched: launched.into_iter().map(|at| at - began).collect(),
            ended: lasted.into_iter().map(|it| it.until - began).collect(),
            calls: deliveries.outside.calls(),
        })
    }
}

/// What came of a run; all times are from the upload on.
#[derive(Debug, Clone)]
pub struct Run {
    /// The least that it takes.
    pub ideal: TimeDelta,
    /// When the last account was known to be made.
    pub made: TimeDelta,
    /// When the last row was READY.
    pub ready: TimeDelta,
    /// When each launch was taken, those that were turned down later among them.
    pub launched: Vec<TimeDelta>,
    /// When each ended whose event was not lost, in the order of launching.
    pub ended: Vec<TimeDelta>,
    /// How often each port was called, by the call.
    pub calls: BTreeMap<&'static str, u64>,
}

impl Run {
    /// How much longer it took until the last account was made than it had to.
    #[must_use]
    pub fn ratio_made(&self) -> f64 {
        ratio(self.made, self.ideal)
    }

    /// How much longer it took until the last row was READY than making the accounts had to.
    #[must_use]
    pub fn ratio_ready(&self) -> f64 {
        ratio(self.ready, self.ideal)
    }

    /// How often Service Catalog was asked about each launch.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    pub fn asked_after(&self) -> f64 {
        let calls = self.calls.get("find").copied().unwrap_or_default();
        calls as f64 / self.launched.len() as f64
    }
}

#[expect(clippy::cast_precision_loss, reason = "weeks in milliseconds fit exactly")]
fn ratio(took: TimeDelta, least: TimeDelta) -> f64 {
    took.num_milliseconds() as f64 / least.num_milliseconds() as f64
}

fn taken(other: &OtherOperation) -> Taken {
    let from = TimeDelta::minutes(other.from_minute.into());
    let until = from + TimeDelta::minutes(other.for_minutes.into());
    // Beside an operation that counts as none nothing else can be.
    let operations =
        if other.account_operations == 0 { usize::MAX / 2 } else { other.account_operations };
    Taken { from, until, operations }
}

fn world(description: &Description, scenario: &Scenario) -> MemoryWorld {
    let group = PrincipalText { kind: PrincipalKind::Group, text: "Developers".into() };
    let assignments = vec![(group, "AWSReadOnlyAccess".to_owned())];
    let world = MemoryWorld::new(description, scenario.seed);
    MemoryWorld { max_in_flight: scenario.width, ..world }
        .giving(assignments, vec!["Network baseline".to_owned()])
}

/// The indexes show what was there half a second before.
async fn lag(world: &MemoryWorld, time: &Time) {
    loop {
        world.ledger.let_index_catch_up();
        world.ledger.let_index_lag();
        time.sleep(Duration::from_millis(500)).await;
    }
}

/// An update, so that nothing is given to an account that is not Vend's.
fn somebody_elses() -> LifecycleEvent {
    let (name, id) = SOMEBODY_ELSES;
    LifecycleEvent {
        id: "0c1d7f8e-8a42-4a6b-9f3b-1f6a0c7de001".to_owned(),
        created: false,
        succeeded: true,
        account_name: Some(name.to_owned()),
        account_id: AccountId::new(id).ok(),
        message: None,
    }
}

fn name(number: usize) -> String {
    format!("account-{number}")
}

fn list(accounts: usize) -> String {
    let head = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit\n";
    let row = |number| {
        let name = name(number);
        format!("{name},jane.doe@example.com,{name}@example.com,Jane,Doe,Test-OU-1\n")
    };
    let rows: String = (0..accounts).map(row).collect();
    format!("{head}{rows}")
}
