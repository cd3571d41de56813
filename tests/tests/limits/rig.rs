//! Accounts that were made just now, and the function `handover` as it is deployed: woken by
//! the stream, by every minute, and now and then by the same minute twice, each time in one
//! of several processes, and ended after a minute and a half.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_config::SdkConfig;
use chrono::{DateTime, TimeDelta, Utc};
use landing_zone::Description;
use landing_zone::description::{AccountDescription, PermissionSetDescription};
use landing_zone::ports::{Hook, Interposed, MemoryLedger, MemoryWorld};
use vending::account::{
    AccessRequest, AccountId, AccountName, AccountRequest, EmailAddress, OrganizationalUnit,
    PersonName, SsoUser,
};
use vending::announce::ReadyNotices;
use vending::handover::{self, Handover};
use vending::ledger::{
    Batch, BatchId, Entry, ObjectRef, Operator, Order, State, Status, Timestamp,
};
use vending::operate::{self, Chosen, Operating};
use vending::ports::{Admission, Clock, CouldNotAsk, Ledger};
use vending_aws::pace::OF_HANDOVER;
use vending_aws::{Clients, IdentityCenter, Linger, SsoAdminAssignments};

use crate::wire::Wire;
use benches::time::{Tasks, Time};

/// What `functions/handover` lets a tick stay for, and after which Lambda ends it.
const LINGERS: Duration = Duration::from_secs(57);
const TIMEOUT: TimeDelta = TimeDelta::seconds(90);

/// How long a call of DynamoDB takes.
const LEDGER_LATENCY: Duration = Duration::from_millis(6);

/// Entries of one batch of the stream, as the template has it.
const BATCH: usize = 10;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub accounts: usize,
    pub assignments: usize,
    /// How often each account says first that another change is in the way.
    pub conflicts: usize,
    pub seed: u64,
}

/// A place where functions run: what it keeps from one invocation to the next.
struct Process {
    assignments: SsoAdminAssignments,
    sdk: SdkConfig,
}

struct Latency(Time);

#[async_trait]
impl Hook for Latency {
    async fn before(&self, _: &'static str) -> Result<(), CouldNotAsk> {
        self.0.sleep(LEDGER_LATENCY).await;
        Ok(())
    }

    async fn after(&self, _: &'static str) -> Result<(), CouldNotAsk> {
        Ok(())
    }
}

/// All of it.
pub struct Rig {
    pub world: MemoryWorld,
    pub time: Time,
    pub wire: Wire,
    ledger: Interposed<MemoryLedger>,
    processes: Vec<Process>,
    /// Invocations that failed, with what they said.
    pub failed: RefCell<Vec<String>>,
}

fn set(number: usize) -> String {
    format!("Set-{number:02}")
}

/// The built-in landing zone, with so many accounts and permission sets more, which throttles.
pub fn described(asked: Asked) -> Description {
    let mut description = Description::builtin();
    description.identity_center.throttle = true;
    for number in 0..asked.accounts {
        description.accounts.push(AccountDescription {
            name: format!("team-{number}"),
            email: format!("team-{number}@example.com"),
            id: account(number),
            unit: Some("ou-aaaa-sandbox1".into()),
            state: Default::default(),
            managed: None,
        });
    }
    for number in 0..asked.assignments {
        description.identity_center.permission_sets.push(PermissionSetDescription {
            name: set(number),
            id: format!("{number:016}"),
            description: None,
            session_duration: "PT1H".into(),
            relay_state: None,
            managed_policies: Vec::new(),
            customer_managed_policies: Vec::new(),
            inline_policy: None,
            boundary: None,
        });
    }
    description
}

pub fn account(number: usize) -> String {
    format!("9{number:011}")
}

/// The list that asks for them.
fn batch(now: Timestamp) -> Batch {
    let (bucket, key) = ("lists".to_owned(), "list.csv".to_owned());
    Batch::new(&ObjectRef { bucket, key, version: None }, now)
}

fn entry(number: usize, assignments: usize, batch: &BatchId, now: Timestamp) -> Entry {
    let email = |text: &str| EmailAddress::new(text).unwrap();
    let person = |text| PersonName::new(text).unwrap();
    let assigned = (0..assignments).map(|number| {
        AccessRequest::read_assignment(&format!("group:Developers={}", set(number))).unwrap()
    });
    let request = AccountRequest {
        name: AccountName::new(format!("team-{number}")).unwrap(),
        email: email(&format!("team-{number}@example.com")),
        sso_user: SsoUser {
            email: email("jane.doe@example.com"),
            first_name: person("Jane"),
            last_name: person("Doe"),
        },
        unit: OrganizationalUnit { name: "Sandbox".into(), id: "ou-aaaa-sandbox1".into() },
        requester: None,
        access: AccessRequest { assignments: assigned.collect(), ..AccessRequest::default() },
    };
    let line = u64::try_from(number).unwrap() + 2;
    Entry {
        account: AccountId::new(account(number)).ok(),
        state: State::Configuring,
        configuring_at: Some(now),
        ..Entry::queued(request, batch.clone(), line, now)
    }
}

impl Rig {
    pub fn new(asked: Asked) -> Self {
        Self::described(asked, &described(asked))
    }

    pub fn described(asked: Asked, description: &Description) -> Self {
        let world = MemoryWorld {
            ready_notices: ReadyNotices::Digest,
            ..MemoryWorld::new(description, asked.seed)
        };
        let time = Time::starting(world.zone.now());
        let wire = Wire::new(&world.zone, &time, asked.conflicts);
        let ledger = Interposed::new(world.ledger.clone(), Arc::new(Latency(time.clone())));
        let processes = (0..3).map(|_| process(&wire)).collect();
        let rig = Self { world, time, wire, ledger, processes, failed: RefCell::default() };
        rig.admit(asked);
        rig
    }

    fn admit(&self, asked: Asked) {
        let tasks = Tasks::new(&self.time);
        tasks.spawn(None, async {
            let batch = batch(self.time.now());
            self.world.ledger.save_batch(&batch).await.unwrap();
            for number in 0..asked.accounts {
                let after = entry(number, asked.assignments, &batch.id, self.time.now());
                self.world.ledger.admit(&[Admission { before: None, after }]).await.unwrap();
            }
        });
        tasks.run_until(|| self.entries().len() == asked.accounts);
    }

    pub fn entries(&self) -> Vec<Entry> {
        self.world.ledger.all()
    }

    pub fn are_all(&self, status: Status) -> bool {
        self.entries().iter().all(|entry| entry.status() == status)
    }

    fn handover<'a>(&'a self, process: &'a Process, waiter: &'a Linger) -> Handover<'a> {
        Handover {
            ledger: &self.ledger,
            assignments: &process.assignments,
            turns: &self.ledger,
            outside: &self.ledger,
            clock: &self.time,
            waiter,
            ..self.world.handover()
        }
    }

    async fn tick(&self, process: usize) {
        let process = &self.processes[process];
        let linger = Linger::begin(&process.sdk, LINGERS);
        let outcome = handover::tick(&self.handover(process, &linger)).await;
        self.failed.borrow_mut().extend(outcome.err().map(|error| error.to_string()));
    }

    async fn attend(&self, process: usize, names: Vec<AccountName>) {
        let process = &self.processes[process];
        let linger = Linger::begin(&process.sdk, Duration::ZERO);
        let failed = handover::attend_all(&self.handover(process, &linger), &names).await;
        let failed = failed.iter().map(|failed| failed.error.to_string());
        self.failed.borrow_mut().extend(failed);
    }

    /// The stream: what became CONFIGURING, or is READY or FAILED and not told, in batches.
    async fn stream(&self) {
        loop {
            let changes = self.world.ledger.take_changes().into_iter();
            let changed = changes.filter(|(before, after)| {
                let before = before.as_ref().map(Entry::status);
                after.is_unannounced() || before != Some(after.status())
            });
            let names: Vec<_> = changed.map(|(_, after)| after.request.name).collect();
            for names in names.chunks(BATCH) {
                self.attend(2, names.to_vec()).await;
            }
            self.time.sleep(Duration::from_millis(500)).await;
        }
    }

    /// Runs until `done`, one invocation of each minute ended after so many seconds if it is
    /// the `dies`th; answers how many were ended before they had come to their end.
    pub fn run(&self, dies: Option<(usize, i64)>, done: impl Fn() -> bool) -> usize {
        let tasks = Tasks::new(&self.time);
        tasks.spawn(None, self.stream());
        let ticks = tasks.clone();
        tasks.spawn(None, async move {
            self.time.sleep(Duration::from_secs(20)).await;
            for minute in 0_usize.. {
                let now = self.time.now();
                let dies = dies.filter(|(which, _)| *which == minute);
                let ends = dies.map_or(TIMEOUT, |(_, seconds)| TimeDelta::seconds(seconds));
                ticks.spawn(Some(now + ends), self.tick(0));
                if minute % 2 == 1 {
                    ticks.spawn(Some(now + TIMEOUT), self.tick(1));
                }
                self.time.sleep(Duration::from_secs(60)).await;
            }
        });
        let started = self.time.now();
        tasks.run_until(|| {
            let lasts = self.time.now() - started;
            assert!(lasts < TimeDelta::hours(6), "it comes to no end: {:?}", self.failed);
            done()
        });
        tasks.killed()
    }

    /// An operator has it tried again.
    pub fn retry(&self, name: &AccountName) {
        let tasks = Tasks::new(&self.time);
        tasks.spawn(None, async {
            let world = Operating { ledger: &self.ledger, clock: &self.time };
            let chosen = Chosen::Names(vec![name.clone()]);
            let plan = operate::plan(&world, Order::Retry, &chosen).await.unwrap();
            operate::apply(&world, &plan, &Operator("operator".into())).await.unwrap();
        });
        tasks.run_until(|| !self.are_all_terminal());
    }

    /// Whether every entry is READY or FAILED.
    pub fn are_all_terminal(&self) -> bool {
        self.entries().iter().all(|entry| entry.status().is_terminal())
    }

    /// How long it took until the last one came to its end.
    pub fn took(&self, since: DateTime<Utc>) -> TimeDelta {
        let ends = self.entries().into_iter().filter_map(|entry| entry.finished_at);
        ends.max().unwrap() - since
    }
}

fn process(wire: &Wire) -> Process {
    let sdk = wire.config();
    let clients = Clients::new(sdk.clone()).pacing_identity_center(OF_HANDOVER);
    let owner = IdentityCenter::OwnedBy(AccountId::new("111122223333").unwrap());
    let assignments =
        SsoAdminAssignments::new(clients.sso_admin(), clients.identity_store(), owner);
    Process { assignments, sdk }
}
