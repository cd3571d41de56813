//! Control Tower's Account Factory: launching it, asking after a launch, and clearing
//! away what a failed one left.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::error::SdkError;
use aws_sdk_servicecatalog::operation::provision_product::ProvisionProductError;
use aws_sdk_servicecatalog::types::{
    ProvisioningArtifactParameter, ProvisioningParameter, RecordDetail,
};
use chrono::TimeDelta;
use tokio::sync::Mutex;
use vending::account::{AccountRequest, OrganizationalUnit};
use vending::ledger::{ProvisionedProductId, RecordId, Timestamp};
use vending::ports::{
    AccountFactory, Clock, CouldNotAsk, Discarded, LaunchRequest, ProductRef, ProductReport,
    ProductStatus, ProvisionError,
};

use super::launchable::{self, Launchable};
use super::refusals::{is_not_found, not_taken, unanswered};
use super::{SERVICE_CATALOG, report};
use crate::calls::{could_not, present};

const PROVISION: &str = "provision an account";
const UNITS: &str = "list the organizational units of Account Factory";
const DISCARD: &str = "terminate a provisioned product";

/// The parameter whose allowed values are the registered organizational units.
const UNIT_PARAMETER: &str = "ManagedOrganizationalUnit";

/// How long the ids of product, version and path are trusted. A warm function lives
/// for hours, and updating the landing zone, which makes a new version active,
/// takes longer than this: a launch with the old one would be refused, and retried.
const TRUSTED_FOR: TimeDelta = TimeDelta::minutes(15);

/// Asks Service Catalog, in the management account and Control Tower's home Region.
///
/// The input of `ProvisionProduct` is never logged: the SDK's `Debug` prints its
/// parameters, which are the names and addresses of people.
pub struct ServiceCatalogAccountFactory {
    client: Client,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<(Launchable, Timestamp)>>,
}

impl ServiceCatalogAccountFactory {
    /// A factory over that client; `clock` tells when to look up anew what it launches.
    #[must_use]
    pub fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self { client, clock, known: Mutex::new(None) }
    }

    async fn launchable(&self) -> Result<Launchable, ProvisionError> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some((launchable, since)) = &*known
            && now - *since < TRUSTED_FOR
        {
            return Ok(launchable.clone());
        }
        let launchable = launchable::find(&self.client).await?;
        *known = Some((launchable.clone(), now));
        Ok(launchable)
    }

    /// Looks up again what `stale` was; `None` when it is still the same.
    async fn renewed(&self, stale: &Launchable) -> Result<Option<Launchable>, ProvisionError> {
        *self.known.lock().await = None;
        let launchable = self.launchable().await?;
        Ok((launchable != *stale).then_some(launchable))
    }

    async fn launch(
        &self,
        target: &Launchable,
        launch: &LaunchRequest,
    ) -> Result<RecordDetail, SdkError<ProvisionProductError>> {
        let call = self
            .client
            .provision_product()
            .product_id(&target.product)
            .provisioning_artifact_id(&target.artifact)
            .path_id(&target.path)
            .provisioned_product_name(&launch.product_name)
            .provision_token(&launch.token.0)
            .set_provisioning_parameters(Some(parameters(&launch.request)));
        let taken = call.send().await?;
        Ok(taken.record_detail.unwrap_or_else(|| RecordDetail::builder().build()))
    }
}

impl fmt::Debug for ServiceCatalogAccountFactory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceCatalogAccountFactory").finish_non_exhaustive()
    }
}

#[async_trait]
impl AccountFactory for ServiceCatalogAccountFactory {
    /// Asked anew each time: a unit may have been registered a minute ago.
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, ProvisionError> {
        let target = self.launchable().await?;
        let described = self
            .client
            .describe_provisioning_parameters()
            .product_id(&target.product)
            .provisioning_artifact_id(&target.artifact)
            .path_id(&target.path)
            .send()
            .await;
        let described = described.map_err(unanswered(UNITS))?;
        Ok(allowed_units(described.provisioning_artifact_parameters())?)
    }

    async fn provision(
        &self,
        launch: &LaunchRequest,
    ) -> Result<(ProvisionedProductId, RecordId), ProvisionError> {
        let target = self.launchable().await?;
        let mut taken = self.launch(&target, launch).await;
        if let Err(error) = &taken
            && is_not_found(error)
            && let Some(target) = self.renewed(&target).await?
        {
            taken = self.launch(&target, launch).await;
        }
        Ok(ids(&taken.map_err(|error| not_taken(error, PROVISION))?)?)
    }

    async fn find(&self, product: ProductRef<'_>) -> Result<Option<ProductReport>, CouldNotAsk> {
        report::find(&self.client, product).await
    }

    async fn discard(&self, product: &ProvisionedProductId) -> Result<Discarded, CouldNotAsk> {
        let Some((report, last_record)) = report::outline(&self.client, product).await? else {
            return Ok(Discarded::Away);
        };
        if report.succeeded_once {
            // Terminating it would take a living account out of Control Tower's care.
            return Ok(Discarded::Kept);
        }
        if report.status == ProductStatus::UnderChange {
            // The termination that was asked for before, or work that ends by itself.
            return Ok(Discarded::Away);
        }
        let terminate =
            self.client.terminate_provisioned_product().provisioned_product_id(&product.0);
        // Derived, so that asking twice terminates once; by the last record, so that a
        // termination that failed is asked for anew.
        let token = format!("end-{}-{}", product.0, last_record.unwrap_or_default());
        let terminated = terminate.terminate_token(token).send().await;
        match terminated {
            Err(error) if !is_not_found(&error) => Err(could_not(SERVICE_CATALOG, DISCARD)(error)),
            Ok(_) | Err(_) => Ok(Discarded::Away),
        }
    }
}

/// The six parameters of Account Factory's template, all required.
fn parameters(request: &AccountRequest) -> Vec<ProvisioningParameter> {
    let unit = request.unit.to_string();
    let values = [
        ("AccountName", request.name.as_str()),
        ("AccountEmail", request.email.as_str()),
        ("SSOUserEmail", request.sso_user.email.as_str()),
        ("SSOUserFirstName", request.sso_user.first_name.as_str()),
        ("SSOUserLastName", request.sso_user.last_name.as_str()),
        (UNIT_PARAMETER, unit.as_str()),
    ];
    values
        .map(|(key, value)| ProvisioningParameter::builder().key(key).value(value).build())
        .to_vec()
}

fn allowed_units(
    parameters: &[ProvisioningArtifactParameter],
) -> Result<Vec<OrganizationalUnit>, CouldNotAsk> {
    let unit = parameters.iter().find(|it| it.parameter_key() == Some(UNIT_PARAMETER));
    let constraints = unit.and_then(|unit| unit.parameter_constraints());
    let allowed = present(constraints, "allowed values of its units", SERVICE_CATALOG, UNITS)?;
    Ok(allowed
        .allowed_values()
        .iter()
        .filter_map(|value| OrganizationalUnit::parse(value))
        .collect())
}

fn ids(record: &RecordDetail) -> Result<(ProvisionedProductId, RecordId), CouldNotAsk> {
    let product = present(
        record.provisioned_product_id(),
        "provisioned product",
        SERVICE_CATALOG,
        PROVISION,
    )?;
    let record = present(record.record_id(), "record", SERVICE_CATALOG, PROVISION)?;
    Ok((ProvisionedProductId(product.to_owned()), RecordId(record.to_owned())))
}

#[cfg(test)]
mod tests {
    use vending::account::{AccessRequest, AccountName, EmailAddress, PersonName, SsoUser};
    use vending::ledger::ProvisionToken;

    use super::*;
    use crate::SystemClock;
    use crate::testing::Canned;

    fn launch() -> LaunchRequest {
        let email = EmailAddress::new("alpha@example.com").unwrap();
        let name = PersonName::new("Jane").unwrap();
        let unit = OrganizationalUnit { name: "Sandbox".into(), id: "ou-abcd-12345678".into() };
        let sso_user = SsoUser { email: email.clone(), first_name: name.clone(), last_name: name };
        let name = AccountName::new("alpha").unwrap();
        let access = AccessRequest::default();
        let request = AccountRequest { name, email, sso_user, unit, requester: None, access };
        let token = ProvisionToken("vend-1".into());
        LaunchRequest { product_name: "vend-alpha".into(), token, request }
    }

    /// The answers to looking up what is launched, of that version.
    fn lookup(artifact: &str) -> Vec<(u16, String)> {
        let product = r#"{"ProductViewDetail":{"ProductViewSummary":{"ProductId":"prod-1"}}}"#;
        let artifacts =
            format!(r#"{{"ProvisioningArtifactDetails":[{{"Id":"{artifact}","Active":true}}]}}"#);
        let paths = r#"{"LaunchPathSummaries":[{"Id":"lpv2-1","Name":"Accounts"}]}"#;
        [product.to_owned(), artifacts, paths.to_owned()].map(|body| (200, body)).to_vec()
    }

    fn refused(code: &str, message: &str) -> (u16, String) {
        (400, format!(r#"{{"__type":"{code}","message":"{message}"}}"#))
    }

    async fn provision(answers: Vec<(u16, String)>) -> (Result<String, ProvisionError>, usize) {
        let canned = Canned::new(answers);
        let client = Client::new(&canned.config());
        let factory = ServiceCatalogAccountFactory::new(client, Arc::new(SystemClock));
        let taken = factory.provision(&launch()).await;
        (taken.map(|(product, _)| product.0), canned.calls())
    }

    #[tokio::test]
    async fn a_launch_whose_version_is_gone_is_sent_with_the_new_one() {
        let mut answers = lookup("pa-old");
        answers.push(refused("ResourceNotFoundException", "pa-old"));
        answers.extend(lookup("pa-new"));
        let taken = r#"{"RecordDetail":{"RecordId":"rec-1","ProvisionedProductId":"pp-1"}}"#;
        answers.push((200, taken.to_owned()));
        let (taken, calls) = provision(answers).await;
        assert_eq!((taken.unwrap().as_str(), calls), ("pp-1", 8));
    }

    #[tokio::test]
    async fn what_is_gone_for_good_is_a_refusal() {
        let mut answers = lookup("pa-1");
        answers.push(refused("ResourceNotFoundException", "No launch paths found"));
        answers.extend(lookup("pa-1"));
        let (taken, calls) = provision(answers).await;
        assert!(matches!(taken, Err(ProvisionError::Refused(_))), "{taken:?}");
        assert_eq!(calls, 7);
    }

    #[tokio::test]
    async fn a_name_in_use_is_told_from_other_refusals_and_from_not_knowing() {
        let of = async |answer| {
            let mut answers = lookup("pa-1");
            answers.push(answer);
            provision(answers).await.0.unwrap_err()
        };
        let stack = "A stack named vend-alpha already exists.";
        let taken = of(refused("InvalidParametersException", stack)).await;
        assert!(matches!(taken, ProvisionError::NameTaken), "{taken:?}");
        let busy = of(refused("ResourceInUseException", "Try again later.")).await;
        assert!(matches!(busy, ProvisionError::Refused(_)), "{busy:?}");
        let unknown = of((503, String::new())).await;
        assert!(matches!(unknown, ProvisionError::CouldNotAsk(_)), "{unknown:?}");
    }
}
