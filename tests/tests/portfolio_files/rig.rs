//! A world that portfolio files are dropped into, and how time is made to pass there.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use landing_zone::Description;
use landing_zone::model::members;
use landing_zone::model::service_catalog::{Outcome, ShareType, shares};
use landing_zone::ports::{Hook, Interposed, MemoryWorld};
use vending::Error;
use vending::handover::{self, Handover, PortfolioUses};
use vending::ingest::{Ingested, Intake, ingest};
use vending::ledger::{
    BatchId, ObjectRef, PortfolioBatch, PortfolioOrder, PortfolioPrincipal, Status,
};
use vending::ports::{Clock, CouldNotAsk, PortfolioOrders, UnitSharing};

/// The account of the sample, in the unit Production below Workloads.
pub const WEBSHOP: &str = "555566667777";
pub const NETWORK: &str = "port-network000001";
pub const WORKLOADS: &str = "ou-aaaa-work0001";

pub struct Rig {
    pub world: MemoryWorld,
}

/// Lets the first call of that name fail, before or after it was made.
struct FailsOnce {
    call: Mutex<Option<&'static str>>,
    made: bool,
}

impl FailsOnce {
    fn fail(&self, call: &'static str, made: bool) -> Result<(), CouldNotAsk> {
        if made != self.made {
            return Ok(());
        }
        match self.call.lock().unwrap().take_if(|it| *it == call) {
            Some(_) => Err(CouldNotAsk::new("the test", call, "as told")),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Hook for FailsOnce {
    async fn before(&self, call: &'static str) -> Result<(), CouldNotAsk> {
        self.fail(call, false)
    }

    async fn after(&self, call: &'static str) -> Result<(), CouldNotAsk> {
        self.fail(call, true)
    }
}

fn failing(call: &'static str, made: bool) -> Arc<FailsOnce> {
    Arc::new(FailsOnce { call: Mutex::new(Some(call)), made })
}

fn uses() -> PortfolioUses {
    PortfolioUses {
        in_accounts: true,
        principals: vec![PortfolioPrincipal::Role("deploy".into())],
        ..PortfolioUses::default()
    }
}

impl Rig {
    pub fn new() -> Self {
        Self::using(uses())
    }

    pub fn using(uses: PortfolioUses) -> Self {
        Self { world: MemoryWorld::new(&Description::builtin(), 7).using(uses) }
    }

    /// A landing zone in which Service Catalog has no trusted access to the organization.
    pub fn without_trusted_access() -> Self {
        let mut description = Description::builtin();
        description.organization.trusted_services.clear();
        Self { world: MemoryWorld::new(&description, 7).using(uses()) }
    }

    /// Lets sharing with the account of that name fail.
    pub fn fails_for(&self, name: &str) {
        self.world.zone.with(|zone| zone.service_catalog.plan(name, Outcome::ShareFails));
    }

    pub async fn ingest(&self, object: &ObjectRef) -> Ingested {
        ingest(&self.world.intake(), object).await.unwrap()
    }

    async fn drop(&self, key: &str, content: &str) -> Ingested {
        let object = self.world.upload(key, content);
        self.ingest(&object).await
    }

    /// Drops a file that is taken; answers its batch.
    pub async fn taken(&self, key: &str, content: &str) -> BatchId {
        match self.drop(key, content).await {
            Ingested::Portfolios(batch) => batch.id,
            other => panic!("not taken: {other:?}"),
        }
    }

    /// The faults of a file that is refused.
    pub async fn faults(&self, key: &str, content: &str) -> Vec<String> {
        match self.drop(key, content).await {
            Ingested::Refused { faults, .. } => faults.iter().map(ToString::to_string).collect(),
            other => panic!("not refused: {other:?}"),
        }
    }

    /// A delivery in which a call fails the first time.
    pub async fn ingest_failing(
        &self,
        object: &ObjectRef,
        call: &'static str,
        made: bool,
    ) -> Result<Ingested, Error> {
        let hook = failing(call, made);
        let source = Interposed::new(self.world.source.clone(), hook.clone());
        let zone = Interposed::new(self.world.zone.clone(), hook.clone());
        let ledger = Interposed::new(self.world.ledger.clone(), hook);
        let world = Intake {
            source: &source,
            results: &source,
            notifier: &zone,
            orders: &ledger,
            tree: &zone,
            unit_sharing: &zone,
            ..self.world.intake()
        };
        ingest(&world, object).await
    }

    /// A tick of handover in which a call fails the first time.
    pub async fn tick_failing(&self, call: &'static str, made: bool) -> Result<(), Error> {
        let hook = failing(call, made);
        let zone = Interposed::new(self.world.zone.clone(), hook.clone());
        let source = Interposed::new(self.world.source.clone(), hook.clone());
        let ledger = Interposed::new(self.world.ledger.clone(), hook);
        let world = Handover {
            ledger: &ledger,
            notifier: &zone,
            results: &source,
            orders: &ledger,
            turns: &ledger,
            unit_sharing: &zone,
            members: &zone,
            ..self.world.handover()
        };
        handover::tick(&world).await
    }

    pub fn pass(&self, minutes: i64) {
        self.world.zone.advance_to(self.world.zone.now() + TimeDelta::minutes(minutes));
    }

    pub async fn minutes(&self, minutes: usize) {
        for _ in 0..minutes {
            self.pass(1);
            handover::tick(&self.world.handover()).await.unwrap();
        }
    }

    /// The same, where Service Catalog shares with units in its own way.
    pub async fn minutes_with(&self, unit_sharing: &dyn UnitSharing, minutes: usize) {
        for _ in 0..minutes {
            self.pass(1);
            handover::tick(&Handover { unit_sharing, ..self.world.handover() }).await.unwrap();
        }
    }

    /// Lets time pass until all that the file asks for has ended and was told.
    pub async fn end(&self, batch: &BatchId) {
        for _ in 0..300 {
            if self.batch(batch).await.closed {
                return;
            }
            self.minutes(1).await;
        }
        panic!("{batch} does not end: {:#?}", self.orders(batch).await);
    }

    pub async fn batch(&self, id: &BatchId) -> PortfolioBatch {
        self.world.ledger.portfolio_batch(id).await.unwrap().unwrap()
    }

    pub async fn orders(&self, id: &BatchId) -> Vec<PortfolioOrder> {
        self.world.ledger.orders(&self.batch(id).await).await.unwrap()
    }

    pub async fn statuses(&self, id: &BatchId) -> Vec<Status> {
        self.orders(id).await.iter().map(PortfolioOrder::status).collect()
    }

    /// The results file.
    pub fn results(&self, id: &BatchId) -> String {
        let content = self.world.source.get("vend-lists", &format!("results/{id}.csv")).unwrap();
        String::from_utf8(content).unwrap()
    }

    /// The subjects of all notices, oldest first.
    pub fn subjects(&self) -> Vec<String> {
        self.world.zone.with(|zone| {
            let messages = zone.topics.messages().iter();
            messages.filter_map(|it| it.subject.clone()).collect()
        })
    }

    /// The units that the portfolio is shared with.
    pub fn shared_with(&self, portfolio: &str) -> Vec<String> {
        self.world.zone.with(|zone| {
            let shares = shares(zone, portfolio, ShareType::OrganizationalUnit).unwrap();
            shares.iter().map(|share| share.target.id().to_owned()).collect()
        })
    }

    /// Who may use the portfolio in the account; nobody where the account does not see it.
    pub fn principals(&self, account: &str, portfolio: &str) -> Vec<String> {
        self.world.zone.with(|zone| match members::principals(zone, account, portfolio) {
            Ok(associations) => associations.map(|it| it.principal.clone()).collect(),
            Err(_) => Vec::new(),
        })
    }
}
