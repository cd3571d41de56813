//! One invocation of a function: what wakes it, and the use case it calls over
//! ports that stand still at every call.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use landing_zone::ports::{Hook, Interposed, MemoryWorld};
use vending::Error;
use vending::account::AccountName;
use vending::calm::Calm;
use vending::handover::{self, Handover};
use vending::ingest::{Ingested, Intake, ingest};
use vending::ledger::{ObjectRef, Operator, Order, Timestamp};
use vending::lifecycle::LifecycleEvent;
use vending::operate::{self, Chosen, Done, Operating};
use vending::ports::Waiter;
use vending::provision::{Provisioning, Trigger, provision};
use vending::results::RecentFiles;

use crate::bent::{BentLedger, BentSource, BentZone};
use crate::clock::Skewed;
use crate::gate::Gate;
use crate::sabotage::Sabotage;

/// What wakes a function up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// `intake`: a list was uploaded.
    Upload(ObjectRef),
    /// `provision`: an entry changed.
    Changed(AccountName),
    /// `handover`: an entry changed.
    Attend(AccountName),
    /// `provision`: Control Tower is done with an account.
    ControlTower(LifecycleEvent),
    /// `handover`: likewise.
    Welcome(LifecycleEvent),
    /// `provision`: a minute passed.
    ProvisionTick,
    /// `handover`: likewise.
    HandoverTick,
    /// An operator's order about entries of these names, given at a terminal.
    Order(Order, Vec<AccountName>),
    /// An operator reconciles what is in flight, likewise.
    Reconcile,
}

impl Wake {
    /// How often an event that fails is delivered in all; `None` where it is until it
    /// succeeds. Lambda delivers an asynchronous event twice more, and a stream's
    /// records until they succeed or are too old; the next tick makes up for a tick.
    #[must_use]
    pub fn most_tries(&self) -> Option<u32> {
        match self {
            Self::Upload(_) | Self::ControlTower(_) | Self::Welcome(_) => Some(3),
            Self::Changed(_) | Self::Attend(_) => None,
            Self::ProvisionTick | Self::HandoverTick | Self::Order(..) | Self::Reconcile => Some(1),
        }
    }

    /// How long a function runs at most before Lambda ends it. `provision` ends before
    /// anybody asks about a launch that it has just claimed, a minute after that, and
    /// `handover` before another may talk to Identity Center in its place.
    #[must_use]
    pub fn timeout(&self) -> TimeDelta {
        match self {
            Self::Changed(_) | Self::ControlTower(_) | Self::ProvisionTick => TimeDelta::minutes(1),
            Self::Attend(_) | Self::Welcome(_) | Self::HandoverTick => TimeDelta::seconds(90),
            Self::Upload(_) | Self::Order(..) | Self::Reconcile => TimeDelta::minutes(5),
        }
    }

    /// Whether it wakes a function that gives access.
    #[must_use]
    pub fn gives(&self) -> bool {
        match self {
            Self::Attend(_) | Self::Welcome(_) | Self::HandoverTick => true,
            Self::Upload(_)
            | Self::Changed(_)
            | Self::ControlTower(_)
            | Self::ProvisionTick
            | Self::Order(..)
            | Self::Reconcile => false,
        }
    }

    /// Whether it wakes a function that tells people how rows ended, and keeps their files.
    #[must_use]
    pub fn tells(&self) -> bool {
        match self {
            Self::Upload(_) | Self::Attend(_) | Self::HandoverTick => true,
            Self::Changed(_)
            | Self::ControlTower(_)
            | Self::Welcome(_)
            | Self::ProvisionTick
            | Self::Order(..)
            | Self::Reconcile => false,
        }
    }

    /// In a few words.
    #[must_use]
    pub fn describe(&self) -> String {
        let event = |event: &LifecycleEvent| {
            let name = event.account_name.as_deref().unwrap_or("?");
            let verb = if event.created { "created" } else { "updated" };
            let how = if event.succeeded { "succeeded" } else { "failed" };
            format!("{name} {verb}, {how}")
        };
        match self {
            Self::Upload(object) => {
                let version = object.version.as_deref().unwrap_or("-");
                format!("intake of {} {version}", object.key)
            }
            Self::Changed(name) => format!("provision, {name} changed"),
            Self::Attend(name) => format!("handover, {name} changed"),
            Self::ControlTower(it) => format!("provision, {}", event(it)),
            Self::Welcome(it) => format!("handover, {}", event(it)),
            Self::Reconcile => "an operator: reconcile".to_owned(),
            Self::ProvisionTick => "provision, tick".to_owned(),
            Self::HandoverTick => "handover, tick".to_owned(),
            Self::Order(order, names) => {
                let names: Vec<&str> = names.iter().map(AccountName::as_str).collect();
                format!("an operator: {order:?} {}", names.join(", "))
            }
        }
    }
}

/// What one that ended well has said of itself.
pub enum Said {
    /// Nothing: a function that is woken says how it went, and no more.
    Nothing,
    /// What became of an upload.
    Ingested(Ingested),
    /// What an operator is told of each name, in the order's order.
    Operated(Vec<Done>),
}

/// What an invocation comes to.
pub type Answer = Result<Said, Error>;

/// An invocation that is under way.
pub struct Running {
    /// Its number in the run.
    pub number: usize,
    /// What woke it.
    pub wake: Wake,
    /// How often that was delivered before.
    pub tries: u32,
    /// When it began.
    pub since: Timestamp,
    /// How many launches at a time it was told.
    pub max_in_flight: usize,
    /// Whether no other was under way since it began.
    pub alone: bool,
    /// Where it stands still.
    pub gate: Arc<Gate>,
    /// The rest of it.
    pub future: Pin<Box<dyn Future<Output = Answer>>>,
}

/// What a place where functions run remembers of each of them.
#[derive(Debug, Default)]
pub struct Memory {
    provision: Calm,
    handover: Calm,
    recent: RecentFiles,
}

/// The ports of one invocation.
struct Ports {
    world: MemoryWorld,
    memory: Arc<Memory>,
    zone: Interposed<BentZone>,
    ledger: Interposed<BentLedger>,
    source: Interposed<BentSource>,
    clock: Skewed,
    sabotage: Option<Sabotage>,
    number: usize,
    waiter: Staying,
}

/// Stays for one look more. Where it waits, time may pass and others may act.
struct Staying {
    gate: Arc<Gate>,
    stayed: AtomicBool,
}

#[async_trait]
impl Waiter for Staying {
    async fn wait(&self, _: TimeDelta) -> bool {
        !self.stayed.swap(true, Ordering::Relaxed)
            && self.gate.before("wait").await.is_ok()
            && self.gate.after("wait").await.is_ok()
    }
}

/// Starts an invocation; it stands still at its first call.
pub fn start(
    world: &MemoryWorld,
    clock: &Skewed,
    memory: &Arc<Memory>,
    sabotage: Option<Sabotage>,
    gate: Arc<Gate>,
    wake: Wake,
    number: usize,
) -> Pin<Box<dyn Future<Output = Answer>>> {
    let ports = Ports {
        world: world.clone(),
        memory: memory.clone(),
        zone: Interposed::new(BentZone::new(world, sabotage), gate.clone()),
        ledger: Interposed::new(BentLedger::new(world, sabotage), gate.clone()),
        source: Interposed::new(BentSource::new(world, sabotage), gate.clone()),
        number,
        waiter: Staying { gate, stayed: AtomicBool::default() },
        clock: clock.clone(),
        sabotage,
    };
    Box::pin(async move { ports.invoke(wake).await })
}

impl Ports {
    async fn invoke(&self, wake: Wake) -> Answer {
        match wake {
            Wake::Upload(object) => {
                return ingest(&self.intake(), &object).await.map(Said::Ingested);
            }
            Wake::Changed(_) => provision(&self.provisioning(), &Trigger::Changed).await?,
            Wake::ControlTower(event) if self.ignores(&event) => {}
            Wake::ControlTower(event) => {
                provision(&self.provisioning(), &Trigger::ControlTower(event)).await?;
            }
            Wake::ProvisionTick => provision(&self.provisioning(), &Trigger::Tick).await?,
            Wake::Attend(name) => handover::attend(&self.handover(), &name).await?,
            Wake::Welcome(event) => handover::welcome(&self.handover(), &event).await?,
            Wake::HandoverTick => handover::tick(&self.handover()).await?,
            Wake::Order(order, names) => {
                return self.operate(order, names).await.map(Said::Operated);
            }
            Wake::Reconcile => self.reconcile().await?,
        }
        Ok(Said::Nothing)
    }

    async fn operate(&self, order: Order, names: Vec<AccountName>) -> Result<Vec<Done>, Error> {
        let world = Operating { ledger: &self.ledger, clock: &self.clock };
        let plan = operate::plan(&world, order, &Chosen::Names(names)).await?;
        operate::apply(&world, &plan, &Operator("operator".to_owned())).await
    }

    async fn reconcile(&self) -> Result<(), Error> {
        let plan = operate::plan_reconcile(&self.provisioning()).await?;
        let by = Operator("operator".to_owned());
        operate::apply_reconcile(&self.provisioning(), &plan, &by).await.map(drop)
    }

    fn ignores(&self, event: &LifecycleEvent) -> bool {
        self.sabotage == Some(Sabotage::UpdatesIgnored) && !event.created
    }

    fn provisioning(&self) -> Provisioning<'_> {
        Provisioning {
            ledger: &self.ledger,
            factory: &self.zone,
            directory: &self.zone,
            notifier: &self.zone,
            clock: &self.clock,
            calm: Some(&self.memory.provision),
            ..self.world.provisioning()
        }
    }

    fn handover(&self) -> Handover<'_> {
        Handover {
            ledger: &self.ledger,
            directory: &self.zone,
            assignments: &self.zone,
            portfolios: &self.zone,
            members: &self.zone,
            orders: &self.ledger,
            unit_sharing: &self.zone,
            turns: &self.ledger,
            outside: &self.ledger,
            invocation: u64::try_from(self.number).unwrap_or(u64::MAX),
            waiter: &self.waiter,
            notifier: &self.zone,
            clock: &self.clock,
            results: &self.source,
            calm: Some(&self.memory.handover),
            recent: Some(&self.memory.recent),
            ..self.world.handover()
        }
    }

    fn intake(&self) -> Intake<'_> {
        Intake {
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
        }
    }
}
