//! Several invocations at the same time, interleaved between any two calls of a port.

use std::sync::Arc;

use chrono::TimeDelta;
use landing_zone::ports::{Interposed, MemoryLedger, MemorySource, MemoryWorld, Shared};
use tokio::task::JoinSet;
use vending::handover::{self, Handover};
use vending::ingest::{Ingested, Intake, ingest};
use vending::ledger::ObjectRef;
use vending::lifecycle::LifecycleEvent;
use vending::provision::{Provisioning, Trigger, provision};

use crate::run::{NAMES, Row, Run, Setting, list};
use crate::yielding::Yielding;

/// The ports of a world with something stepping in at every call.
#[derive(Clone)]
struct Busy {
    world: MemoryWorld,
    zone: Interposed<Shared>,
    ledger: Interposed<MemoryLedger>,
    source: Interposed<MemorySource>,
}

/// One invocation of a function.
#[derive(Debug, Clone)]
enum Invocation {
    Provision(Trigger),
    Handover,
    Intake(ObjectRef),
    Welcome(LifecycleEvent),
}

impl Busy {
    fn new(world: &MemoryWorld, seed: u64) -> Self {
        let hook = Arc::new(Yielding::new(world, seed));
        Self {
            world: world.clone(),
            zone: Interposed::new(world.zone.clone(), hook.clone()),
            ledger: Interposed::new(world.ledger.clone(), hook.clone()),
            source: Interposed::new(world.source.clone(), hook),
        }
    }

    fn provisioning(&self) -> Provisioning<'_> {
        Provisioning {
            ledger: &self.ledger,
            factory: &self.zone,
            directory: &self.zone,
            notifier: &self.zone,
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
            turns: &self.ledger,
            outside: &self.ledger,
            notifier: &self.zone,
            results: &self.source,
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
            notifier: &self.zone,
            results: &self.source,
            ..self.world.intake()
        }
    }

    /// Answers the id of the batch, where one was taken.
    async fn invoke(self, invocation: Invocation) -> Option<String> {
        match invocation {
            Invocation::Provision(trigger) => {
                provision(&self.provisioning(), &trigger).await.unwrap();
            }
            Invocation::Handover => handover::tick(&self.handover()).await.unwrap(),
            Invocation::Welcome(event) => {
                handover::welcome(&self.handover(), &event).await.unwrap();
            }
            Invocation::Intake(object) => {
                if let Ingested::Taken { batch, .. } =
                    ingest(&self.intake(), &object).await.unwrap()
                {
                    return Some(batch.id.to_string());
                }
            }
        }
        None
    }
}

/// Rounds of invocations at the same time, and then the end.
pub fn play(setting: &Setting, seed: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut run = Run::new(setting);
        let busy = Busy::new(&run.world, seed);
        for round in 0..40 {
            let invocations = invocations(&mut run, round);
            together(&mut run, &busy, invocations).await;
            run.look();
            run.pass(TimeDelta::seconds([10, 60, 300, 900][round % 4]));
            run.look();
        }
        run.finish().await;
    });
}

async fn together(run: &mut Run, busy: &Busy, invocations: Vec<Invocation>) {
    let mut tasks = JoinSet::new();
    for invocation in invocations {
        tasks.spawn(busy.clone().invoke(invocation));
    }
    while let Some(taken) = tasks.join_next().await {
        run.taken.extend(taken.unwrap());
    }
}

/// Two of each function, and a third `provision`; two for each event.
fn invocations(run: &mut Run, round: usize) -> Vec<Invocation> {
    let mut invocations = vec![
        Invocation::Provision(Trigger::Tick),
        Invocation::Handover,
        Invocation::Provision(Trigger::Tick),
        Invocation::Handover,
        Invocation::Provision(Trigger::Changed),
    ];
    invocations.extend(uploads(run, round).into_iter().map(Invocation::Intake));
    for event in run.events.drain(..) {
        invocations.push(Invocation::Welcome(event.clone()));
        invocations.push(Invocation::Provision(Trigger::ControlTower(event.clone())));
        invocations.push(Invocation::Provision(Trigger::ControlTower(event)));
    }
    invocations
}

/// Now and then two lists that share rows; each is delivered once more a round
/// later, and the first ones also at the same time.
fn uploads(run: &mut Run, round: usize) -> Vec<ObjectRef> {
    match round % 10 {
        0 => {
            let new = lists(round / 10).map(|rows| {
                let key = format!("in/list-{}-{}.csv", round, rows[0].0);
                run.world.upload(&key, list(&rows))
            });
            run.uploads.extend(new.clone());
            if round == 0 { [new.clone(), new].concat() } else { new.to_vec() }
        }
        1 => run.uploads.iter().rev().take(2).cloned().collect(),
        _ => Vec::new(),
    }
}

fn lists(turn: usize) -> [Vec<Row>; 2] {
    let own = |number: usize| ((number + turn) % NAMES, (number + turn) % NAMES);
    [(0..4).map(own).collect(), (2..6).map(own).collect()]
}
