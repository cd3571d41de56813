//! Account Factory, as `ServiceCatalogAccountFactory` has it over the wire.

use async_trait::async_trait;
use vending::account::OrganizationalUnit;
use vending::ledger::{ProvisionedProductId, RecordId};
use vending::ports::{
    AccountFactory, CouldNotAsk, Discarded, LaunchRequest, ProductRef, ProductReport,
    ProductStatus, ProvisionError, Refusal,
};

use super::Shared;
use super::directory::account_id;
use crate::Zone;
use crate::model::service_catalog::{
    self as catalog, AccountParameters, CatalogRefusal, Named, PRODUCT_ID, ProvisionedProduct,
    Record,
};

const SERVICE_CATALOG: &str = "Service Catalog";

#[async_trait]
impl AccountFactory for Shared {
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, ProvisionError> {
        let zone = self.zone();
        catalog::launch_path(&zone).map_err(|refusal| refused(&refusal))?;
        let units = catalog::registered_units(&zone);
        Ok(units.iter().filter_map(|text| OrganizationalUnit::parse(text)).collect())
    }

    async fn provision(
        &self,
        launch: &LaunchRequest,
    ) -> Result<(ProvisionedProductId, RecordId), ProvisionError> {
        let mut zone = self.zone();
        let path = catalog::launch_path(&zone).map_err(|refusal| refused(&refusal))?;
        let request = request(&zone, launch, path)?;
        let record = catalog::provision(&mut zone, request).map_err(|refusal| refused(&refusal))?;
        Ok((ProvisionedProductId(record.product), RecordId(record.id)))
    }

    async fn find(&self, product: ProductRef<'_>) -> Result<Option<ProductReport>, CouldNotAsk> {
        let zone = self.zone();
        let wanted = match product {
            ProductRef::Id(id) => Named::Id(id.0.clone()),
            ProductRef::Name(name) => Named::Name(name.to_owned()),
        };
        match catalog::provisioned_product(&zone, &wanted) {
            Ok(product) => report(&zone, product).map(Some),
            Err(CatalogRefusal::ResourceNotFound(_)) => Ok(None),
            Err(refusal) => Err(could_not("describe a provisioned product", refusal)),
        }
    }

    async fn discard(&self, product: &ProvisionedProductId) -> Result<Discarded, CouldNotAsk> {
        const DISCARD: &str = "terminate a provisioned product";
        let mut zone = self.zone();
        let wanted = Named::Id(product.0.clone());
        let Ok(found) = catalog::provisioned_product(&zone, &wanted) else {
            return Ok(Discarded::Away);
        };
        if found.last_successful_provisioning_record.is_some() {
            return Ok(Discarded::Kept);
        }
        if found.status == catalog::ProductStatus::UnderChange {
            // The termination that was asked for before, or work that ends by itself.
            return Ok(Discarded::Away);
        }
        // By the last record: a termination that failed is asked for anew.
        let token = format!("vend-discard-{}-{}", found.id, found.last_record);
        match catalog::terminate(&mut zone, catalog::TerminateRequest { product: wanted, token }) {
            Ok(_) | Err(CatalogRefusal::ResourceNotFound(_)) => Ok(Discarded::Away),
            Err(refusal) => Err(could_not(DISCARD, refusal)),
        }
    }
}

fn request(
    zone: &Zone,
    launch: &LaunchRequest,
    path: &str,
) -> Result<catalog::LaunchRequest, CouldNotAsk> {
    let artifact = catalog::artifacts(&zone.service_catalog).find(|artifact| artifact.active);
    let artifact =
        artifact.ok_or_else(|| could_not("provision an account", "no active artifact"))?;
    let request = &launch.request;
    let parameters = AccountParameters {
        account_name: request.name.as_str().to_owned(),
        account_email: request.email.as_str().to_owned(),
        sso_user_first_name: request.sso_user.first_name.as_str().to_owned(),
        sso_user_last_name: request.sso_user.last_name.as_str().to_owned(),
        sso_user_email: request.sso_user.email.as_str().to_owned(),
        managed_organizational_unit: request.unit.to_string(),
    };
    Ok(catalog::LaunchRequest {
        product: Named::Id(PRODUCT_ID.to_owned()),
        artifact: Named::Id(artifact.id.to_owned()),
        path: Some(path.to_owned()),
        name: launch.product_name.clone(),
        token: launch.token.0.clone(),
        parameters: parameters.into_pairs(),
    })
}

/// A name in use comes as an invalid parameter, in CloudFormation's words.
fn refused(refusal: &CatalogRefusal) -> ProvisionError {
    let (code, message) = (refusal.code(), refusal.to_string());
    if code == "InvalidParametersException" && message.contains("already exists") {
        return ProvisionError::NameTaken;
    }
    ProvisionError::Refused(Refusal { code: code.to_owned(), message })
}

fn report(zone: &Zone, product: &ProvisionedProduct) -> Result<ProductReport, CouldNotAsk> {
    let settled = product.status != catalog::ProductStatus::UnderChange;
    let record = settled.then(|| catalog::record(zone, &product.last_provisioning_record));
    let record = record.transpose().map_err(|it| could_not("describe a record", it))?;
    let account = record.and_then(|record| output(record, "AccountId"));
    Ok(ProductReport {
        id: ProvisionedProductId(product.id.clone()),
        record: Some(RecordId(product.last_provisioning_record.clone())),
        status: status(product.status),
        message: product.message.clone().or_else(|| record.and_then(|it| it.error.clone())),
        succeeded_once: product.last_successful_provisioning_record.is_some(),
        token: Some(product.token.clone()),
        account: account.as_deref().map(account_id).transpose()?,
        account_email: record.and_then(|record| output(record, "AccountEmail")),
    })
}

fn output(record: &Record, key: &str) -> Option<String> {
    let output = record.outputs.iter().find(|output| output.key == key)?;
    Some(output.value.clone()).filter(|value| !value.is_empty())
}

fn status(status: catalog::ProductStatus) -> ProductStatus {
    match status {
        catalog::ProductStatus::UnderChange => ProductStatus::UnderChange,
        catalog::ProductStatus::Available => ProductStatus::Available,
        catalog::ProductStatus::Tainted => ProductStatus::Tainted,
        catalog::ProductStatus::Error => ProductStatus::Error,
    }
}

fn could_not(
    operation: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> CouldNotAsk {
    CouldNotAsk::new(SERVICE_CATALOG, operation, source)
}
