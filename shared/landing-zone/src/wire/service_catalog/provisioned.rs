//! Looking at provisioned products.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{LONG_PAGE, PAGE, Refusal, invalid, named, page, shapes};
use crate::Zone;
use crate::model::service_catalog::{self, Access, CatalogRefusal, Query};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeProvisionedProduct {
    id: Option<String>,
    name: Option<String>,
}

pub(super) fn describe(zone: &Zone, request: DescribeProvisionedProduct) -> Result<Value, Refusal> {
    let wanted = named(request.id, request.name, "provisioned product")?;
    let product = service_catalog::provisioned_product(zone, &wanted)?;
    Ok(json!({
        "ProvisionedProductDetail": shapes::provisioned_product(zone, product),
        "CloudWatchDashboards": [],
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SearchProvisionedProducts {
    access_level_filter: Option<AccessLevelFilter>,
    #[serde(default)]
    filters: SearchFilters,
    page_size: Option<i64>,
    page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct AccessLevelFilter {
    key: AccessLevel,
    value: String,
}

#[derive(Deserialize, Clone, Copy)]
enum AccessLevel {
    Account,
    Role,
    User,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
struct SearchFilters {
    search_query: Vec<String>,
}

pub(super) fn search(zone: &Zone, request: &SearchProvisionedProducts) -> Result<Value, Refusal> {
    let access = access(request.access_level_filter.as_ref())?;
    let queries = request.filters.search_query.iter().map(|text| Query::parse(text));
    let queries = queries.collect::<Result<Vec<_>, CatalogRefusal>>()?;
    let found = service_catalog::search(zone, access, &queries);
    let total = found.len();
    let wanted = (&request.page_token, request.page_size);
    let shape = |product| shapes::found_product(zone, product);
    let (found, next) = page(found, wanted, LONG_PAGE, shape)?;
    Ok(json!({
        "ProvisionedProducts": found,
        "TotalResultsCount": total,
        "NextPageToken": next,
    }))
}

/// `self` is the only value that AWS supports.
fn access(filter: Option<&AccessLevelFilter>) -> Result<Access, Refusal> {
    match filter {
        Some(filter) if filter.value != "self" => {
            Err(invalid(format!("Invalid access level filter value: {}", filter.value)))
        }
        Some(AccessLevelFilter { key: AccessLevel::Role | AccessLevel::User, .. }) => {
            Ok(Access::Caller)
        }
        Some(AccessLevelFilter { key: AccessLevel::Account, .. }) | None => Ok(Access::Account),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GetProvisionedProductOutputs {
    provisioned_product_id: Option<String>,
    provisioned_product_name: Option<String>,
    #[serde(default)]
    output_keys: Vec<String>,
    page_size: Option<i64>,
    page_token: Option<String>,
}

pub(super) fn outputs(
    zone: &Zone,
    request: GetProvisionedProductOutputs,
) -> Result<Value, Refusal> {
    let (id, name) = (request.provisioned_product_id, request.provisioned_product_name);
    let outputs = service_catalog::outputs(zone, &named(id, name, "provisioned product")?)?;
    let keys = request.output_keys;
    let asked = |key: &str| keys.is_empty() || keys.iter().any(|asked| asked == key);
    let outputs = outputs.iter().filter(|output| asked(output.key));
    let wanted = (&request.page_token, request.page_size);
    let (outputs, next) = page(outputs, wanted, PAGE, shapes::output)?;
    Ok(json!({ "Outputs": outputs, "NextPageToken": next }))
}
