//! Account Factory for operators, who need not be able to launch it: they are not
//! associated with its portfolio as the function's role is, and see no launch path.

use async_trait::async_trait;
use vending::account::OrganizationalUnit;
use vending::doctor::ports::{Factory, Unseen};
use vending::ledger::{ProvisionedProductId, RecordId};
use vending::ports::{
    AccountFactory, CouldNotAsk, Discarded, LaunchRequest, ProductRef, ProductReport,
    ProvisionError, Refusal,
};

use super::ServiceCatalogFactory;
use crate::ServiceCatalogAccountFactory;

const SERVICE_CATALOG: &str = "Service Catalog";
const UNITS: &str = "list the organizational units of Account Factory";

/// Asks for the units as an administrator, and for all else as the function does.
pub struct OperatorsAccountFactory {
    as_function: ServiceCatalogAccountFactory,
    as_administrator: ServiceCatalogFactory,
}

impl OperatorsAccountFactory {
    /// Account Factory, asked both ways.
    #[must_use]
    pub fn new(
        as_function: ServiceCatalogAccountFactory,
        as_administrator: ServiceCatalogFactory,
    ) -> Self {
        Self { as_function, as_administrator }
    }
}

#[async_trait]
impl AccountFactory for OperatorsAccountFactory {
    /// The units that intake will find; whether the function's role can launch the product
    /// is not seen here, but by the doctor.
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, ProvisionError> {
        let product = self.as_administrator.product().await.map_err(unanswered)?;
        let product = product.ok_or_else(|| missing("there is no Account Factory"))?;
        let launchable = product.launchable();
        let [version] = launchable.as_slice() else {
            return Err(missing("Account Factory has not exactly one active version"));
        };
        let units = self.as_administrator.units(&product.id, &version.id).await;
        units.map_err(unanswered)
    }

    async fn provision(
        &self,
        launch: &LaunchRequest,
    ) -> Result<(ProvisionedProductId, RecordId), ProvisionError> {
        self.as_function.provision(launch).await
    }

    async fn find(&self, product: ProductRef<'_>) -> Result<Option<ProductReport>, CouldNotAsk> {
        self.as_function.find(product).await
    }

    async fn discard(&self, product: &ProvisionedProductId) -> Result<Discarded, CouldNotAsk> {
        self.as_function.discard(product).await
    }
}

fn unanswered(unseen: Unseen) -> ProvisionError {
    CouldNotAsk::new(SERVICE_CATALOG, UNITS, unseen).into()
}

fn missing(message: &str) -> ProvisionError {
    let code = "ResourceNotFoundException".to_owned();
    Refusal { code, message: message.to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::testing::Canned;
    use crate::{Clients, SystemClock};

    async fn units(answers: Vec<(u16, &str)>) -> Result<Vec<OrganizationalUnit>, ProvisionError> {
        let answers = answers.into_iter().map(|(status, body)| (status, body.to_owned()));
        let clients = Clients::new(Canned::new(answers.collect()).config());
        let clock = Arc::new(SystemClock);
        let as_function = ServiceCatalogAccountFactory::new(clients.service_catalog(), clock);
        let factory =
            OperatorsAccountFactory::new(as_function, ServiceCatalogFactory::new(&clients));
        factory.units().await
    }

    const PRODUCT: &str = r#"{"ProductViewDetail":{"ProductViewSummary":{"ProductId":"prod-1"}}}"#;

    fn versions(active: bool) -> String {
        format!(r#"{{"ProvisioningArtifactDetails":[{{"Id":"pa-1","Active":{active}}}]}}"#)
    }

    #[tokio::test]
    async fn units_are_told_to_whoever_has_no_launch_path() {
        let described = r#"{"ProvisioningArtifactParameters":[{"ParameterKey":"AccountName"},
            {"ParameterKey":"ManagedOrganizationalUnit",
            "ParameterConstraints":{"AllowedValues":["Sandbox (ou-aaaa-00000001)"]}}]}"#;
        let told = units(vec![(200, PRODUCT), (200, &versions(true)), (200, described)]).await;
        let told: Vec<String> = told.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(told, ["Sandbox (ou-aaaa-00000001)"]);
    }

    #[tokio::test]
    async fn what_is_missing_is_refused_and_silence_is_not() {
        let gone = r#"{"__type":"ResourceNotFoundException","Message":"no"}"#;
        let refused = |told| matches!(told, Err(ProvisionError::Refused(_)));
        assert!(refused(units(vec![(400, gone)]).await));
        assert!(refused(units(vec![(200, PRODUCT), (200, &versions(false))]).await));
        assert!(matches!(units(Vec::new()).await, Err(ProvisionError::CouldNotAsk(_))));
    }
}
