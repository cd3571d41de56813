//! The product and what can be launched of it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{LONG_PAGE, PAGE, Refusal, named, page, shapes};
use crate::Zone;
use crate::model::service_catalog::{
    FACTORY_PORTFOLIO_ID, FACTORY_PORTFOLIO_NAME, Named, PATH_ID, PRODUCT_NAME, PRODUCT_OWNER,
    artifacts, find_artifact, find_product, launch_path, parameters,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeProductAsAdmin {
    id: Option<String>,
    name: Option<String>,
}

pub(super) fn describe_product_as_admin(
    zone: &Zone,
    request: DescribeProductAsAdmin,
) -> Result<Value, Refusal> {
    find_product(&zone.service_catalog, &named(request.id, request.name, "product")?)?;
    Ok(json!({
        "ProductViewDetail": shapes::product_detail(zone),
        "ProvisioningArtifactSummaries":
            artifacts(&zone.service_catalog)
                .map(|it| shapes::artifact_summary(&it))
                .collect::<Vec<_>>(),
        "Tags": [],
        "TagOptions": [],
        "Budgets": [],
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SearchProducts {
    #[serde(default)]
    filters: ProductFilters,
    page_size: Option<i64>,
    page_token: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
struct ProductFilters {
    full_text_search: Vec<String>,
    owner: Vec<String>,
}

impl ProductFilters {
    fn meet(&self) -> bool {
        let within = |text: &String| PRODUCT_NAME.to_lowercase().contains(&text.to_lowercase());
        let owned = self.owner.is_empty() || self.owner.iter().any(|owner| owner == PRODUCT_OWNER);
        self.full_text_search.iter().all(within) && owned
    }
}

/// An end user's call: it shows what the caller may launch.
pub(super) fn search_products(zone: &Zone, request: &SearchProducts) -> Result<Value, Refusal> {
    let found = (launch_path(zone).is_ok() && request.filters.meet()).then(shapes::product_summary);
    let wanted = (&request.page_token, request.page_size);
    let (found, next) = page(found, wanted, LONG_PAGE, |summary| summary)?;
    Ok(json!({
        "ProductViewSummaries": found,
        "ProductViewAggregations": {},
        "NextPageToken": next,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SearchProductsAsAdmin {
    #[serde(default)]
    filters: ProductFilters,
    portfolio_id: Option<String>,
    page_size: Option<i64>,
    page_token: Option<String>,
}

/// An administrator's call: it shows what there is, whoever may launch it.
pub(super) fn search_products_as_admin(
    zone: &Zone,
    request: &SearchProductsAsAdmin,
) -> Result<Value, Refusal> {
    if let Some(portfolio) = &request.portfolio_id {
        zone.service_catalog.find_portfolio(portfolio)?;
    }
    let within = request.portfolio_id.as_deref().is_none_or(|id| id == FACTORY_PORTFOLIO_ID);
    let found = (within && request.filters.meet()).then(|| shapes::product_detail(zone));
    let wanted = (&request.page_token, request.page_size);
    let (found, next) = page(found, wanted, LONG_PAGE, |detail| detail)?;
    Ok(json!({ "ProductViewDetails": found, "NextPageToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListProvisioningArtifacts {
    product_id: String,
}

pub(super) fn list_provisioning_artifacts(
    zone: &Zone,
    request: &ListProvisioningArtifacts,
) -> Result<Value, Refusal> {
    find_product(&zone.service_catalog, &Named::Id(request.product_id.clone()))?;
    let artifacts = artifacts(&zone.service_catalog).map(|it| shapes::artifact(&it));
    let artifacts: Vec<_> = artifacts.collect();
    Ok(json!({ "ProvisioningArtifactDetails": artifacts }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeProvisioningArtifact {
    provisioning_artifact_id: Option<String>,
    provisioning_artifact_name: Option<String>,
    product_id: Option<String>,
    product_name: Option<String>,
    #[serde(default)]
    include_provisioning_artifact_parameters: bool,
}

pub(super) fn describe_provisioning_artifact(
    zone: &Zone,
    request: DescribeProvisioningArtifact,
) -> Result<Value, Refusal> {
    find_product(
        &zone.service_catalog,
        &named(request.product_id, request.product_name, "product")?,
    )?;
    let artifact =
        named(request.provisioning_artifact_id, request.provisioning_artifact_name, "artifact")?;
    let artifact = find_artifact(&zone.service_catalog, &artifact)?;
    let included = request.include_provisioning_artifact_parameters;
    Ok(json!({
        "ProvisioningArtifactDetail": shapes::artifact(&artifact),
        "Info": { "TemplateUrl": format!("https://example.com/{}.template", artifact.id) },
        "Status": "AVAILABLE",
        "ProvisioningArtifactParameters": included.then(|| parameter_shapes(zone)),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeProvisioningParameters {
    product_id: Option<String>,
    product_name: Option<String>,
    provisioning_artifact_id: Option<String>,
    provisioning_artifact_name: Option<String>,
    path_id: Option<String>,
    path_name: Option<String>,
}

pub(super) fn describe_provisioning_parameters(
    zone: &Zone,
    request: DescribeProvisioningParameters,
) -> Result<Value, Refusal> {
    find_product(
        &zone.service_catalog,
        &named(request.product_id, request.product_name, "product")?,
    )?;
    let artifact =
        named(request.provisioning_artifact_id, request.provisioning_artifact_name, "artifact")?;
    find_artifact(&zone.service_catalog, &artifact)?;
    launch_path(zone)?;
    path(request.path_id, request.path_name)?;
    Ok(json!({
        "ProvisioningArtifactParameters": parameter_shapes(zone),
        "ConstraintSummaries": [],
        "UsageInstructions": [],
        "TagOptions": [],
    }))
}

/// The id of the launch path that was asked for, if one was.
pub(super) fn path(id: Option<String>, name: Option<String>) -> Result<Option<String>, Refusal> {
    if id.is_none() && name.is_none() {
        return Ok(None);
    }
    match named(id, name, "launch path")? {
        Named::Id(id) if id != PATH_ID => Err(unknown_path(&id)),
        Named::Name(name) if name != FACTORY_PORTFOLIO_NAME => Err(unknown_path(&name)),
        _ => Ok(Some(PATH_ID.to_owned())),
    }
}

fn unknown_path(wanted: &str) -> Refusal {
    Refusal::new("ResourceNotFoundException", format!("Launch path {wanted} not found"))
}

fn parameter_shapes(zone: &Zone) -> Vec<Value> {
    parameters(zone).iter().map(shapes::parameter).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListLaunchPaths {
    product_id: String,
    page_size: Option<i64>,
    page_token: Option<String>,
}

pub(super) fn list_launch_paths(zone: &Zone, request: &ListLaunchPaths) -> Result<Value, Refusal> {
    find_product(&zone.service_catalog, &Named::Id(request.product_id.clone()))?;
    let path = launch_path(zone)?;
    let shape = |id| json!({ "Id": id, "ConstraintSummaries": [], "Tags": [], "Name": FACTORY_PORTFOLIO_NAME });
    let wanted = (&request.page_token, request.page_size);
    let (paths, next) = page([path], wanted, PAGE, shape)?;
    Ok(json!({ "LaunchPathSummaries": paths, "NextPageToken": next }))
}
