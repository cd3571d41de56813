//! Everything the use cases ask for, in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use vending::announce::ReadyNotices;
use vending::handover::{Handover, PortfolioUses};
use vending::ingest::Intake;
use vending::ledger::ObjectRef;
use vending::ports::{AccessDefaults, Clock, NoTime, PrincipalText};
use vending::provision::Provisioning;

use super::{MemoryLedger, MemorySource, Shared};
use crate::{Description, Zone};

/// The bucket that lists are uploaded to.
const BUCKET: &str = "vend-lists";

/// A landing zone with a ledger and a bucket beside it, and how Vend is
/// configured there. Clones are the same world.
#[derive(Debug, Clone)]
pub struct MemoryWorld {
    /// The landing zone.
    pub zone: Shared,
    /// The ledger, the turns, and the accounts made outside Vend.
    pub ledger: MemoryLedger,
    /// The bucket.
    pub source: MemorySource,
    /// What every new account is given.
    pub defaults: AccessDefaults,
    /// What makes portfolios usable in the accounts.
    pub uses: PortfolioUses,
    /// Launches at a time, 1–10.
    pub max_in_flight: usize,
    /// Take the rows without a fault of a file that has some.
    pub accept_valid_rows: bool,
    /// Whether accounts made outside Vend are given the defaults, too.
    pub outside_accounts: bool,
    /// What is told of accounts that are READY.
    pub ready_notices: ReadyNotices,
    /// How many invocations of handover there were.
    pub invocations: Arc<AtomicU64>,
}

impl MemoryWorld {
    /// The world that `description` describes, from its first moment on, with all
    /// chance drawn from `seed`: one launch at a time, and nothing to give.
    #[must_use]
    pub fn new(description: &Description, seed: u64) -> Self {
        let zone = Zone::new(description, seed, description.organization.since);
        Self {
            zone: Shared::new(zone),
            ledger: MemoryLedger::default(),
            source: MemorySource::default(),
            defaults: AccessDefaults::default(),
            uses: PortfolioUses::default(),
            max_in_flight: 1,
            accept_valid_rows: false,
            outside_accounts: true,
            ready_notices: ReadyNotices::Each,
            invocations: Arc::default(),
        }
    }

    /// Gives every account these: principals with their permission sets, and portfolios.
    #[must_use]
    pub fn giving(
        mut self,
        assignments: Vec<(PrincipalText, String)>,
        portfolios: Vec<String>,
    ) -> Self {
        self.defaults = AccessDefaults { assignments, portfolios };
        self
    }

    /// Makes portfolios usable in the accounts in this way.
    #[must_use]
    pub fn using(mut self, uses: PortfolioUses) -> Self {
        self.uses = uses;
        self
    }

    /// Uploads an account list.
    pub fn upload(&self, key: &str, content: impl Into<Vec<u8>>) -> ObjectRef {
        self.source.put_at(self.zone.now(), BUCKET, key, content)
    }

    /// The world as intake needs it.
    #[must_use]
    pub fn intake(&self) -> Intake<'_> {
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
            clock: &self.zone,
            defaults: &self.defaults,
            results: &self.source,
            accept_valid_rows: self.accept_valid_rows,
        }
    }

    /// The world as provisioning needs it.
    #[must_use]
    pub fn provisioning(&self) -> Provisioning<'_> {
        Provisioning {
            ledger: &self.ledger,
            factory: &self.zone,
            directory: &self.zone,
            notifier: &self.zone,
            clock: &self.zone,
            max_in_flight: self.max_in_flight,
            calm: None,
        }
    }

    /// The world as handover needs it.
    #[must_use]
    pub fn handover(&self) -> Handover<'_> {
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
            clock: &self.zone,
            defaults: &self.defaults,
            uses: &self.uses,
            outside_accounts: self.outside_accounts,
            results: &self.source,
            recent: None,
            ready_notices: self.ready_notices,
            invocation: self.invocations.fetch_add(1, Ordering::Relaxed),
            calm: None,
            waiter: &NoTime,
        }
    }
}
