//! Launching, terminating, and the records of both.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{PAGE, Refusal, catalog, named, page, shapes};
use crate::Zone;
use crate::model::service_catalog::{self, LaunchRequest, TerminateRequest};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ProvisionProduct {
    product_id: Option<String>,
    product_name: Option<String>,
    provisioning_artifact_id: Option<String>,
    provisioning_artifact_name: Option<String>,
    path_id: Option<String>,
    path_name: Option<String>,
    provisioned_product_name: String,
    #[serde(default)]
    provisioning_parameters: Vec<ProvisioningParameter>,
    provision_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ProvisioningParameter {
    key: String,
    value: String,
}

pub(super) fn provision_product(
    zone: &mut Zone,
    request: ProvisionProduct,
) -> Result<Value, Refusal> {
    let artifact =
        named(request.provisioning_artifact_id, request.provisioning_artifact_name, "artifact")?;
    let parameters = request.provisioning_parameters.into_iter();
    let launch = LaunchRequest {
        product: named(request.product_id, request.product_name, "product")?,
        artifact,
        path: catalog::path(request.path_id, request.path_name)?,
        name: request.provisioned_product_name,
        token: request.provision_token,
        parameters: parameters.map(|parameter| (parameter.key, parameter.value)).collect(),
    };
    let record = service_catalog::provision(zone, launch)?;
    Ok(json!({ "RecordDetail": shapes::record(&record) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct TerminateProvisionedProduct {
    provisioned_product_id: Option<String>,
    provisioned_product_name: Option<String>,
    terminate_token: String,
}

pub(super) fn terminate(
    zone: &mut Zone,
    request: TerminateProvisionedProduct,
) -> Result<Value, Refusal> {
    let (id, name) = (request.provisioned_product_id, request.provisioned_product_name);
    let product = named(id, name, "provisioned product")?;
    let termination = TerminateRequest { product, token: request.terminate_token };
    let record = service_catalog::terminate(zone, termination)?;
    Ok(json!({ "RecordDetail": shapes::record(&record) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeRecord {
    id: String,
    page_token: Option<String>,
    page_size: Option<i64>,
}

pub(super) fn describe_record(zone: &Zone, request: &DescribeRecord) -> Result<Value, Refusal> {
    let record = service_catalog::record(zone, &request.id)?;
    let wanted = (&request.page_token, request.page_size);
    let (outputs, next) = page(&record.outputs, wanted, PAGE, shapes::output)?;
    Ok(json!({
        "RecordDetail": shapes::record(record),
        "RecordOutputs": outputs,
        "NextPageToken": next,
    }))
}
