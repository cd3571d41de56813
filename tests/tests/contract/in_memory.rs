//! The landing zone's own ports, and the ledger in memory.

use async_trait::async_trait;
use chrono::TimeDelta;
use landing_zone::model::service_catalog::{self, Outcome, ShareRequest, ShareTarget};
use landing_zone::ports::MemoryWorld;
use landing_zone::{Description, Zone};
use vending::account::AccountName;
use vending::ledger::{ObjectRef, Timestamp};
use vending::ports::{
    AccountFactory, Assignments, BatchSource, Clock, Directory, LaunchPath, Ledger, MemberCatalog,
    Notifier, OrganizationTree, OutsideAccounts, PortfolioOrders, PortfolioSharing, ResultsFiles,
    Turns, UnitSharing,
};

use crate::world::{BUCKET, World};

/// A world in memory.
pub struct InMemory(MemoryWorld);

impl InMemory {
    pub fn new(description: &Description) -> Self {
        Self(MemoryWorld::new(description, 7))
    }
}

#[async_trait]
impl World for InMemory {
    fn ledger(&self) -> &dyn Ledger {
        &self.0.ledger
    }

    fn turns(&self) -> &dyn Turns {
        &self.0.ledger
    }

    fn orders(&self) -> &dyn PortfolioOrders {
        &self.0.ledger
    }

    fn tree(&self) -> &dyn OrganizationTree {
        &self.0.zone
    }

    fn unit_sharing(&self) -> &dyn UnitSharing {
        &self.0.zone
    }

    fn outside(&self) -> &dyn OutsideAccounts {
        &self.0.ledger
    }

    fn factory(&self) -> &dyn AccountFactory {
        &self.0.zone
    }

    fn directory(&self) -> &dyn Directory {
        &self.0.zone
    }

    fn assignments(&self) -> &dyn Assignments {
        &self.0.zone
    }

    fn portfolios(&self) -> &dyn PortfolioSharing {
        &self.0.zone
    }

    fn members(&self) -> &dyn MemberCatalog {
        &self.0.zone
    }

    fn launch_path(&self) -> &dyn LaunchPath {
        &self.0.zone
    }

    fn notifier(&self) -> &dyn Notifier {
        &self.0.zone
    }

    fn source(&self) -> &dyn BatchSource {
        &self.0.source
    }

    fn results(&self) -> &dyn ResultsFiles {
        &self.0.source
    }

    fn now(&self) -> Timestamp {
        self.0.zone.now()
    }

    fn pass(&self, time: TimeDelta) {
        self.0.zone.advance_to(self.now() + time);
    }

    fn plan(&self, account: &str, outcome: Outcome) {
        self.0.zone.with(|zone| zone.service_catalog.plan(account, outcome));
    }

    fn look(&self, see: &mut dyn FnMut(&Zone)) {
        self.0.zone.with(|zone| see(zone));
    }

    async fn share_as_others(&self, portfolio: &str, target: ShareTarget) {
        let request = ShareRequest {
            portfolio: portfolio.to_owned(),
            target,
            share_tag_options: false,
            share_principals: false,
        };
        self.0.zone.with(|zone| service_catalog::share(zone, request)).expect("shared");
    }

    async fn upload(&self, key: &str, content: Vec<u8>) -> ObjectRef {
        self.0.source.put(BUCKET, key, content)
    }

    async fn download(&self, key: &str) -> Option<Vec<u8>> {
        self.0.source.get(BUCKET, key)
    }

    async fn delete_entry(&self, name: &AccountName) {
        self.0.ledger.delete_by_hand(name);
    }
}
