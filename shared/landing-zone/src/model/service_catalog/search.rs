//! `SearchProvisionedProducts`, whose index lags behind.

use chrono::Duration;

use super::{
    ARTIFACTS, CatalogRefusal, Happening, PRODUCT_ID, PRODUCT_NAME, PRODUCT_TYPE,
    ProvisionedProduct, principals,
};
use crate::Zone;

/// How long the index takes; samples of AWS's look up to five times, five seconds apart.
const LAG: Duration = Duration::seconds(4);

/// The fields a query can name, from the API's model.
const FIELDS: [&str; 18] = [
    "arn",
    "createdTime",
    "id",
    "idempotencyToken",
    "lastProvisioningRecordId",
    "lastRecordId",
    "lastSuccessfulProvisioningRecordId",
    "name",
    "physicalId",
    "productId",
    "productName",
    "provisioningArtifactId",
    "provisioningArtifactName",
    "status",
    "tags",
    "type",
    "userArn",
    "userArnSession",
];

/// Whose provisioned products are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// The whole account's.
    #[default]
    Account,
    /// The caller's own.
    Caller,
}

/// One condition: a field has a value, or begins with it if it ends in `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    field: &'static str,
    value: String,
}

impl Query {
    /// Reads `field:value`; a value alone is looked for among the names.
    ///
    /// # Errors
    ///
    /// When the field is none that can be searched by.
    pub fn parse(text: &str) -> Result<Self, CatalogRefusal> {
        let (field, value) = text.split_once(':').unwrap_or(("name", text));
        let known = FIELDS.into_iter().find(|known| *known == field);
        let message = || format!("Invalid search query: {field} is not a field");
        let field = known.ok_or_else(|| CatalogRefusal::InvalidParameters(message()))?;
        Ok(Self { field, value: value.trim_matches('"').to_owned() })
    }

    fn fits(&self, value: &str) -> bool {
        match self.value.strip_suffix('*') {
            Some(beginning) => value.starts_with(beginning),
            None => value == self.value,
        }
    }
}

/// The provisioned products that meet every query, in the order in which they
/// were asked for, as the index knows them.
#[must_use]
pub fn search<'a>(
    zone: &'a Zone,
    access: Access,
    queries: &[Query],
) -> Vec<&'a ProvisionedProduct> {
    let caller = principals::caller(zone);
    let seen =
        |product: &&ProvisionedProduct| access == Access::Account || product.user_arn == caller;
    let meets = |product: &&ProvisionedProduct| {
        let meets =
            |query: &Query| field(zone, product, query.field).is_some_and(|it| query.fits(&it));
        queries.iter().all(meets)
    };
    zone.service_catalog.index.all().iter().filter(seen).filter(meets).collect()
}

fn field(zone: &Zone, product: &ProvisionedProduct, field: &str) -> Option<String> {
    let last_successful = &product.last_successful_provisioning_record;
    match field {
        "arn" => Some(product.arn(zone)),
        "createdTime" => Some(product.created.to_rfc3339()),
        "id" => Some(product.id.clone()),
        "idempotencyToken" => Some(product.token.clone()),
        "lastProvisioningRecordId" => Some(product.last_provisioning_record.clone()),
        "lastRecordId" => Some(product.last_record.clone()),
        "lastSuccessfulProvisioningRecordId" => last_successful.clone(),
        "name" => Some(product.name.clone()),
        "physicalId" => product.physical_id.clone(),
        "productId" => Some(PRODUCT_ID.to_owned()),
        "productName" => Some(PRODUCT_NAME.to_owned()),
        "provisioningArtifactId" => Some(product.artifact.clone()),
        "provisioningArtifactName" => Some(product.artifact_name().to_owned()),
        "status" => Some(product.status.as_str().to_owned()),
        "type" => Some(PRODUCT_TYPE.to_owned()),
        "userArn" => Some(product.user_arn.clone()),
        "userArnSession" => Some(product.user_arn_session.clone()),
        _ => None,
    }
}

impl ProvisionedProduct {
    /// Its ARN; Service Catalog keeps provisioned products under `servicecatalog`.
    #[must_use]
    pub fn arn(&self, zone: &Zone) -> String {
        let partition = zone.organization.partition();
        let region = zone.organization.home_region();
        let account = zone.organization.management_account();
        let (name, id) = (&self.name, &self.id);
        format!("arn:{partition}:servicecatalog:{region}:{account}:stack/{name}/{id}")
    }

    /// The name of its provisioning artifact.
    #[must_use]
    pub fn artifact_name(&self) -> &'static str {
        let named = ARTIFACTS.iter().find(|artifact| artifact.id == self.artifact);
        named.map_or("", |artifact| artifact.name)
    }
}

/// Lets the index learn of the product's present state in a while.
pub(super) fn notice(zone: &mut Zone, id: &str) {
    let happening = match zone.service_catalog.products.get(id) {
        Some(product) => Happening::Indexed(Box::new(product.clone())),
        None => Happening::Unindexed(id.to_owned()),
    };
    zone.later(LAG, happening);
}

pub(super) fn indexed(zone: &mut Zone, product: ProvisionedProduct) {
    zone.service_catalog.index.put(product);
}

pub(super) fn unindexed(zone: &mut Zone, id: &str) {
    zone.service_catalog.index.remove(id);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{launch, launched, pass, zone, zone_where_dev_is};
    use super::super::{Outcome, ProductStatus};
    use super::*;

    fn found(zone: &Zone, queries: &[&str]) -> Vec<String> {
        let parse = |text: &&str| Query::parse(text).expect("a query");
        let queries: Vec<_> = queries.iter().map(parse).collect();
        search(zone, Access::Account, &queries).iter().map(|product| product.name.clone()).collect()
    }

    #[test]
    fn the_index_lags_a_few_seconds() {
        let mut zone = zone();
        launch(&mut zone, "dev", 1).expect("accepted");
        pass(&mut zone, Duration::seconds(3));
        assert!(found(&zone, &[]).is_empty());
        pass(&mut zone, Duration::seconds(1));
        assert_eq!(found(&zone, &[]), ["dev-1"]);
    }

    #[test]
    fn products_are_found_by_token_account_status_and_type() {
        let mut zone = zone();
        launch(&mut zone, "prod", 1).expect("accepted");
        let fate = launched(&mut zone, 1, 36);
        pass(&mut zone, Duration::minutes(2));
        launch(&mut zone, "dev", 2).expect("accepted");
        pass(&mut zone, Duration::seconds(10));
        let physical = format!("physicalId:{}", fate.product.physical_id.unwrap_or_default());
        assert_eq!(found(&zone, &["type:CONTROL_TOWER_ACCOUNT"]), ["prod-1", "dev-1", "dev-2"]);
        assert_eq!(found(&zone, &["idempotencyToken:dev-1-token"]), ["dev-1"]);
        assert_eq!(found(&zone, &["name:dev-*", "status:UNDER_CHANGE"]), ["dev-2"]);
        assert_eq!(found(&zone, &["dev-2"]), ["dev-2"]);
        assert_eq!(found(&zone, &[&physical]), ["dev-1"]);
        assert!(Query::parse("colour:red").is_err());
    }

    #[test]
    fn somebody_elses_product_is_the_accounts_and_not_the_callers() {
        let mut zone = zone_where_dev_is(Outcome::NameTaken);
        launch(&mut zone, "dev", 1).expect_err("taken");
        pass(&mut zone, Duration::seconds(5));
        assert_eq!(search(&zone, Access::Account, &[]).len(), 1);
        assert_eq!(search(&zone, Access::Account, &[])[0].status, ProductStatus::Available);
        assert!(search(&zone, Access::Caller, &[]).is_empty());
    }
}
