//! The function `provision`: the ledger changed, Control Tower spoke, or a minute
//! passed, so what is in flight is settled and the free slots are filled.
//!
//! Decodes the event, calls [`vending::provision`], encodes the answer; it decides nothing.

mod config;

use std::sync::Arc;

use serde_json::{Value, json};
use vending::calm::Calm;
use vending::ports::Clock;
use vending::provision::{Provisioning, Trigger, provision};
use vending_aws::events::Wake;
use vending_aws::{
    Clients, DynamoDbLedger, FunctionError, OrganizationsDirectory, ServiceCatalogAccountFactory,
    SnsNotifier,
};

pub use config::Config;

/// The function with everything it needs, warm between events.
pub struct Function {
    config: Config,
    ledger: DynamoDbLedger,
    factory: ServiceCatalogAccountFactory,
    directory: OrganizationsDirectory,
    notifier: SnsNotifier,
    clock: Arc<dyn Clock>,
    calm: Calm,
}

impl Function {
    /// The function over `clients`, as `config` says.
    #[must_use]
    pub fn new(clients: &Clients, config: Config, clock: Arc<dyn Clock>) -> Self {
        Self {
            ledger: DynamoDbLedger::new(clients.dynamodb(), config.tables.clone()),
            factory: ServiceCatalogAccountFactory::new(
                clients.service_catalog(),
                Arc::clone(&clock),
            ),
            directory: OrganizationsDirectory::new(clients.organizations()),
            notifier: SnsNotifier::new(clients.sns(), &config.topic_arn)
                .linking(config.links.clone()),
            clock,
            calm: Calm::default(),
            config,
        }
    }

    /// Does all there is to do at this moment.
    ///
    /// # Errors
    /// [`FunctionError`] when the event cannot be read or a dependency does not
    /// answer; whatever wakes the function next carries on.
    pub async fn handle(&self, event: &Value) -> Result<Value, FunctionError> {
        self.answer(event).await.inspect_err(FunctionError::log)
    }

    async fn answer(&self, event: &Value) -> Result<Value, FunctionError> {
        let trigger = match Wake::decode(event)? {
            // Whatever changed: the ledger itself says what there is to do, so that no
            // record can be a bad one and the batch is done as a whole.
            Wake::Changed(_) => Trigger::Changed,
            Wake::ControlTower(event) => Trigger::ControlTower(event),
            Wake::Tick => Trigger::Tick,
            Wake::Uploaded(_) | Wake::Stack(_) => {
                return Err(FunctionError::unexpected("a change, a lifecycle event or a tick"));
            }
        };
        provision(&self.world(), &trigger).await?;
        Ok(json!({ "batchItemFailures": [] }))
    }

    fn world(&self) -> Provisioning<'_> {
        Provisioning {
            ledger: &self.ledger,
            factory: &self.factory,
            directory: &self.directory,
            notifier: &self.notifier,
            clock: &*self.clock,
            max_in_flight: self.config.max_in_flight,
            calm: Some(&self.calm),
        }
    }
}
