//! The function `handover`: an account exists, so it is given its access and
//! portfolios, and people are told.
//!
//! Decodes the event, calls [`vending::handover`], encodes the answer; it decides nothing.

mod config;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use vending::account::AccountName;
use vending::announce::Untellable;
use vending::handover::{self, Handover};
use vending::ports::Clock;
use vending_aws::events::{Change, Wake};
use vending_aws::{
    Clients, DynamoDbLedger, FunctionError, OrganizationsDirectory, S3BatchSource,
    ServiceCatalogPortfolios, SnsNotifier, SsoAdminAssignments,
};

pub use config::Config;

/// The function with everything it needs, warm between events.
pub struct Function {
    config: Config,
    ledger: DynamoDbLedger,
    directory: OrganizationsDirectory,
    assignments: SsoAdminAssignments,
    portfolios: ServiceCatalogPortfolios,
    notifier: SnsNotifier,
    results: S3BatchSource,
    clock: Arc<dyn Clock>,
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
            ),
            portfolios: ServiceCatalogPortfolios::new(clients.service_catalog()),
            notifier: SnsNotifier::new(clients.sns(), &config.topic_arn)
                .linking(config.links.clone()),
            results: S3BatchSource::new(clients.s3()),
            clock,
            config,
        }
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
        let world = self.world();
        let mut failed = Vec::new();
        match Wake::decode(event)? {
            Wake::Changed(changes) => failed = self.attend(&changes).await,
            Wake::ControlTower(event) => handover::welcome(&world, &event).await?,
            Wake::Tick => handover::tick(&world).await?,
            Wake::Uploaded(_) | Wake::Stack(_) => {
                return Err(FunctionError::unexpected("a change, a lifecycle event or a tick"));
            }
        }
        let failed: Vec<Value> = failed.iter().map(|it| json!({ "itemIdentifier": it })).collect();
        Ok(json!({ "batchItemFailures": failed }))
    }

    /// Attends to every entry that changed, once; answers the sequence numbers of
    /// those that failed.
    async fn attend(&self, changes: &[Change]) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let first: Vec<&Change> = changes.iter().filter(|it| seen.insert(&it.name)).collect();
        let names: Vec<AccountName> = first.iter().map(|change| change.name.clone()).collect();
        let mut failed = BTreeSet::new();
        for Untellable { names, error } in handover::attend_all(&self.world(), &names).await {
            FunctionError::from(error).log();
            failed.extend(names);
        }
        let failed = first.into_iter().filter(|change| failed.contains(&change.name));
        failed.map(|change| change.sequence_number.clone()).collect()
    }

    fn world(&self) -> Handover<'_> {
        Handover {
            ledger: &self.ledger,
            directory: &self.directory,
            assignments: &self.assignments,
            portfolios: &self.portfolios,
            turns: &self.ledger,
            outside: &self.ledger,
            notifier: &self.notifier,
            clock: &*self.clock,
            defaults: &self.config.defaults,
            outside_accounts: self.config.outside_accounts,
            results: &self.results,
            ready_notices: self.config.ready_notices,
        }
    }
}
