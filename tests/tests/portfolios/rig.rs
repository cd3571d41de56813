//! An account that is to have a portfolio, and what becomes of that.

use chrono::TimeDelta;
use landing_zone::Description;
use landing_zone::model::service_catalog::{self, ShareRequest, ShareTarget};
use landing_zone::ports::{MemoryWorld, is_usable};
use vending::account::AccountId;
use vending::handover::{self, PortfolioUses, portfolio_steps};
use vending::ledger::{Grant, Portfolio, PortfolioPrincipal, Progress, Step};
use vending::ports::{Clock, DefaultAccess, OutsideAccount, OutsideAccounts};

/// An account of the built-in landing zone, in a unit under a unit.
pub const ACCOUNT: &str = "555566667777";
/// The unit above the one that it is in.
pub const ABOVE: &str = "ou-aaaa-work0001";
/// A portfolio with two products.
pub const PORTFOLIO: &str = "port-network000001";

pub struct Rig {
    pub world: MemoryWorld,
}

impl Rig {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Description)) -> Self {
        let mut description = Description::builtin();
        change(&mut description);
        Self { world: MemoryWorld::new(&description, 7) }
    }

    pub fn account() -> AccountId {
        AccountId::new(ACCOUNT).unwrap()
    }

    /// Lets the account be given the portfolio, as a row or the stack asks for it.
    pub async fn ask(&self, text: &str, uses: &PortfolioUses) {
        let portfolio = Portfolio { id: PORTFOLIO.into(), name: "Network baseline".into() };
        let grants = portfolio_steps(text, portfolio, uses);
        self.give(grants.into_iter().map(Step::new).collect()).await;
    }

    pub async fn give(&self, steps: Vec<Step>) {
        let before = self.record().await;
        let version = before.map_or(1, |before| before.version + 1);
        let account = Self::account();
        let record = OutsideAccount {
            account,
            steps,
            closed: false,
            defaults: DefaultAccess::Decided,
            asked: None,
            version,
        };
        assert!(self.world.ledger.save_outside(&record).await.unwrap());
    }

    pub async fn record(&self) -> Option<OutsideAccount> {
        self.world.ledger.outside(&Self::account()).await.unwrap()
    }

    /// Lets so many minutes pass, each with its tick.
    pub async fn pass(&self, minutes: u32) {
        for _ in 0..minutes {
            self.world.zone.advance_to(self.world.zone.now() + TimeDelta::minutes(1));
            self.world.ledger.let_index_catch_up();
            handover::tick(&self.world.handover()).await.unwrap();
        }
    }

    /// Lets time pass until all is settled; answers each step and how it ended.
    pub async fn ended(&self) -> Vec<(String, String)> {
        for _ in 0..600 {
            self.pass(1).await;
            if self.record().await.is_some_and(|record| record.closed) {
                return self.told().await;
            }
        }
        panic!("no end: {:?}", self.told().await);
    }

    /// Each step and how it stands, in words.
    pub async fn told(&self) -> Vec<(String, String)> {
        let steps = self.record().await.unwrap().steps;
        let word = |step: &Step| match &step.progress {
            Progress::Pending { .. } => "pending".to_owned(),
            Progress::Requested { .. } => "requested".to_owned(),
            Progress::Done => "done".to_owned(),
            Progress::Failed { reason } => reason.clone(),
        };
        steps.iter().map(|step| (step.describe(), word(step))).collect()
    }

    /// Whether the account has what each step was to give.
    pub async fn is_usable(&self) -> bool {
        let steps = self.record().await.unwrap().steps;
        self.world.zone.with(|zone| {
            steps.iter().all(|step| match &step.grant {
                Grant::Usable(usage) => is_usable(zone, ACCOUNT, usage),
                Grant::Portfolio(_) | Grant::Assignment { .. } => true,
            })
        })
    }

    /// Shares the portfolio as somebody else does.
    pub fn share(&self, target: ShareTarget) {
        let request = ShareRequest {
            portfolio: PORTFOLIO.to_owned(),
            target,
            share_tag_options: false,
            share_principals: false,
        };
        self.world.zone.with(|zone| service_catalog::share(zone, request)).unwrap();
        self.world.zone.advance_to(self.world.zone.now() + TimeDelta::minutes(1));
    }

    /// How often the portfolio is shared with the account itself.
    pub fn own_shares(&self) -> usize {
        self.world.zone.with(|zone| {
            let kind = service_catalog::ShareType::OrganizationMemberAccount;
            service_catalog::shares(zone, PORTFOLIO, kind).unwrap().len()
        })
    }

    /// The notices so far: subjects and bodies.
    pub fn notices(&self) -> Vec<String> {
        self.world.zone.with(|zone| {
            let messages = zone.topics.messages().iter();
            messages
                .map(|it| format!("{}\n{}", it.subject.clone().unwrap_or_default(), it.body))
                .collect()
        })
    }
}

/// What the stack is configured with.
pub fn uses(principals: &[&str]) -> PortfolioUses {
    let principals = principals.iter().map(|text| PortfolioPrincipal::read(text).unwrap());
    PortfolioUses { in_accounts: true, principals: principals.collect(), ..Default::default() }
}
