//! The function `handover`: an account exists, so it is given its access and
//! portfolios, and people are told.
//!
//! Decodes the event, calls [`vending::handover`], encodes the answer; it decides nothing.

mod config;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use serde_json::{Value, json};
use uuid::Uuid;
use vending::account::AccountName;
use vending::announce::Untellable;
use vending::calm::Calm;
use vending::handover::{self, Handover};
use vending::ports::Clock;
use vending::results::RecentFiles;
use vending_aws::events::{Change, Wake};
use vending_aws::{
    AssumedMembers, Clients, DynamoDbLedger, FunctionError, Linger, OrganizationsDirectory,
    S3BatchSource, ServiceCatalogPortfolios, SnsNotifier, SsoAdminAssignments,
};

pub use config::Config;

/// The function with everything it needs, warm between events.
pub struct Function {
    config: Config,
    ledger: DynamoDbLedger,
    directory: OrganizationsDirectory,
    assignments: SsoAdminAssignments,
    portfolios: ServiceCatalogPortfolios,
    members: AssumedMembers,
    notifier: SnsNotifier,
    results: S3BatchSource,
    clock: Arc<dyn Clock>,
    sdk: SdkConfig,
    lingers: Duration,
    calm: Calm,
    recent: RecentFiles,
}

/// Names of permission sets that are learnt in one invocation, at most: so many calls take
/// half a minute, and what is ended in the middle would begin anew each time.
const MOST_LEARNT: usize = 200;

/// One event being handled.
struct Invocation {
    number: u64,
    waiter: Linger,
    /// What is shared already is learned anew.
    portfolios: ServiceCatalogPortfolios,
}

impl Function {
    /// The function over `clients`, as `config` says.
    #[must_use]
    pub fn new(clients: &Clients, config: Config, clock: Arc<dyn Clock>) -> Self {
        Self {
            ledger: DynamoDbLedger::new(clients.dynamodb(), config.tables.clone()),
            directory: OrganizationsDirectory::new(clients.organizations()),
            assignments: SsoAdminAssignments::new(
                clients.sso_admin(),
                clients.identity_store(),
                config.identity_center.clone(),
            )
            .learning_at_most(MOST_LEARNT),
            portfolios: ServiceCatalogPortfolios::new(
                clients.service_catalog(),
                clients.organizations(),
            ),
            members: AssumedMembers::new(clients, config.member_role.clone()),
            notifier: SnsNotifier::new(clients.sns(), &config.topic_arn)
                .linking(config.links.clone()),
            results: S3BatchSource::new(clients.s3()),
            clock,
            config,
            sdk: clients.config().clone(),
            lingers: Duration::ZERO,
            calm: Calm::default(),
            recent: RecentFiles::default(),
        }
    }

    /// The same, where a tick stays for `time` with what is under way.
    #[must_use]
    pub fn lingering(self, time: Duration) -> Self {
        Self { lingers: time, ..self }
    }

    /// The same, where a tick waits by the clock that `sdk` has.
    #[must_use]
    pub fn waiting_by(self, sdk: SdkConfig) -> Self {
        Self { sdk, ..self }
    }

    /// Does all there is to do about what the event tells of.
    ///
    /// # Errors
    /// [`FunctionError`] when the event cannot be read, or a dependency does not
    /// answer to something other than a change; a change that fails is reported as
    /// a failed item of its batch.
    pub async fn handle(&self, event: &Value) -> Result<Value, FunctionError> {
        self.answer(event).await.inspect_err(FunctionError::log)
    }

    async fn answer(&self, event: &Value) -> Result<Value, FunctionError> {
        let invocation = self.invocation();
        let world = self.world(&invocation);
        let mut failed = Vec::new();
        match Wake::decode(event)? {
            Wake::Changed(changes) => failed = attend(&world, &changes).await,
            Wake::ControlTower(event) => handover::welcome(&world, &event).await?,
            Wake::Tick => handover::tick(&world).await?,
            Wake::Uploaded(_) | Wake::Stack(_) => {
                return Err(FunctionError::unexpected("a change, a lifecycle event or a tick"));
            }
        }
        let failed: Vec<Value> = failed.iter().map(|it| json!({ "itemIdentifier": it })).collect();
        Ok(json!({ "batchItemFailures": failed }))
    }

    /// The number is random: any two invocations that run at the same time have two.
    fn invocation(&self) -> Invocation {
        let (high, low) = Uuid::new_v4().as_u64_pair();
        Invocation {
            number: high ^ low,
            waiter: Linger::begin(&self.sdk, self.lingers),
            portfolios: self.portfolios.fresh(),
        }
    }

    fn world<'a>(&'a self, invocation: &'a Invocation) -> Handover<'a> {
        Handover {
            ledger: &self.ledger,
            directory: &self.directory,
            assignments: &self.assignments,
            portfolios: &invocation.portfolios,
            members: &self.members,
            turns: &self.ledger,
            outside: &self.ledger,
            orders: &self.ledger,
            unit_sharing: &self.portfolios,
            notifier: &self.notifier,
            clock: &*self.clock,
            defaults: &self.config.defaults,
            uses: &self.config.uses,
            outside_accounts: self.config.outside_accounts,
            results: &self.results,
            recent: Some(&self.recent),
            ready_notices: self.config.ready_notices,
            invocation: invocation.number,
            calm: Some(&self.calm),
            waiter: &invocation.waiter,
        }
    }
}

/// Attends to every entry that changed, once; answers the sequence numbers of
/// those that failed.
async fn attend(world: &Handover<'_>, changes: &[Change]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let first: Vec<&Change> = changes.iter().filter(|it| seen.insert(&it.name)).collect();
    let names: Vec<AccountName> = first.iter().map(|change| change.name.clone()).collect();
    let mut failed = BTreeSet::new();
    for Untellable { names, error } in handover::attend_all(world, &names).await {
        FunctionError::from(error).log();
        failed.extend(names);
    }
    let failed = first.into_iter().filter(|change| failed.contains(&change.name));
    failed.map(|change| change.sequence_number.clone()).collect()
}
