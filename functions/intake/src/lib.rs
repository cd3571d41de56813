//! The function `intake`: a file landed in the bucket, so it is checked and taken
//! into the ledger, or refused. It also makes the stack's custom resource.
//!
//! Decodes the event, calls [`vending::ingest`] or [`vending::launch_path`], encodes the
//! answer; it decides nothing.

mod answer;
mod config;
mod stack;

use std::sync::Arc;

use serde_json::Value;
use vending::ingest::{Intake, ingest};
use vending::ledger::ObjectRef;
use vending::ports::Clock;
use vending_aws::cloudformation::StackAnswers;
use vending_aws::events::Wake;
use vending_aws::{
    Clients, DynamoDbLedger, FunctionError, OrganizationsDirectory, S3BatchSource,
    ServiceCatalogAccountFactory, ServiceCatalogLaunchPath, ServiceCatalogPortfolios, SnsNotifier,
    SsoAdminAssignments,
};

pub use config::Config;

/// The function with everything it needs, warm between events.
pub struct Function {
    config: Config,
    source: S3BatchSource,
    ledger: DynamoDbLedger,
    factory: ServiceCatalogAccountFactory,
    directory: OrganizationsDirectory,
    assignments: SsoAdminAssignments,
    portfolios: ServiceCatalogPortfolios,
    notifier: SnsNotifier,
    launch_path: ServiceCatalogLaunchPath,
    stacks: StackAnswers,
    clock: Arc<dyn Clock>,
}

impl Function {
    /// The function over `clients`, as `config` says.
    #[must_use]
    pub fn new(clients: &Clients, config: Config, clock: Arc<dyn Clock>) -> Self {
        Self {
            source: S3BatchSource::new(clients.s3()),
            ledger: DynamoDbLedger::new(clients.dynamodb(), config.tables.clone()),
            factory: ServiceCatalogAccountFactory::new(
                clients.service_catalog(),
                Arc::clone(&clock),
            ),
            directory: OrganizationsDirectory::new(clients.organizations()),
            assignments: SsoAdminAssignments::new(
                clients.sso_admin(),
                clients.identity_store(),
                config.identity_center.clone(),
            ),
            portfolios: ServiceCatalogPortfolios::new(
                clients.service_catalog(),
                clients.organizations(),
            ),
            notifier: SnsNotifier::new(clients.sns(), &config.topic_arn)
                .linking(config.links.clone()),
            launch_path: ServiceCatalogLaunchPath::new(clients.service_catalog()),
            stacks: StackAnswers::new(clients.config()),
            clock,
            config,
        }
    }

    /// Takes every file in that the event tells of, and answers what became of each; or
    /// does what a stack asks for, and answers the stack.
    ///
    /// # Errors
    /// [`FunctionError`] when the event cannot be read or a dependency does not
    /// answer; Lambda delivers it again, and what was taken stays taken.
    pub async fn handle(&self, event: &Value) -> Result<Value, FunctionError> {
        self.answer(event).await.inspect_err(FunctionError::log)
    }

    async fn answer(&self, event: &Value) -> Result<Value, FunctionError> {
        match Wake::decode(event)? {
            Wake::Uploaded(objects) => self.take(&objects).await,
            Wake::Stack(request) => {
                Ok(stack::answer(&self.launch_path, &self.stacks, &request).await?)
            }
            Wake::Changed(_) | Wake::ControlTower(_) | Wake::Tick => {
                Err(FunctionError::unexpected("an upload or a request of CloudFormation's"))
            }
        }
    }

    async fn take(&self, objects: &[ObjectRef]) -> Result<Value, FunctionError> {
        let mut answers = Vec::new();
        for object in objects {
            answers.push(answer::of(&ingest(&self.world(), object).await?));
        }
        Ok(Value::Array(answers))
    }

    fn world(&self) -> Intake<'_> {
        Intake {
            source: &self.source,
            ledger: &self.ledger,
            factory: &self.factory,
            directory: &self.directory,
            assignments: &self.assignments,
            portfolios: &self.portfolios,
            orders: &self.ledger,
            tree: &self.directory,
            unit_sharing: &self.portfolios,
            notifier: &self.notifier,
            clock: &*self.clock,
            defaults: &self.config.defaults,
            results: &self.source,
            accept_valid_rows: self.config.accept_valid_rows,
        }
    }
}
