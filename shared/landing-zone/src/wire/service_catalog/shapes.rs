//! The structures that several answers have in common.

use serde_json::{Value, json};

use crate::Zone;
use crate::model::service_catalog::{
    Artifact, Output, PATH_ID, PRODUCT_ID, PRODUCT_NAME, PRODUCT_OWNER, PRODUCT_TYPE, Parameter,
    Portfolio, ProvisionedProduct, Record, SharedProduct, product_created,
};
use crate::wire::json::seconds;

/// The template that the artifacts and the product are: a CloudFormation one.
const TEMPLATE: &str = "CLOUD_FORMATION_TEMPLATE";

/// `RecordDetail`.
pub(super) fn record(record: &Record) -> Value {
    let errors =
        record.error.iter().map(|error| json!({ "Code": "InternalFailure", "Description": error }));
    json!({
        "RecordId": record.id,
        "ProvisionedProductName": record.product_name,
        "Status": record.status.as_str(),
        "CreatedTime": seconds(record.created),
        "UpdatedTime": seconds(record.updated),
        "ProvisionedProductType": PRODUCT_TYPE,
        "RecordType": record.kind.as_str(),
        "ProvisionedProductId": record.product,
        "ProductId": PRODUCT_ID,
        "ProvisioningArtifactId": record.artifact,
        "PathId": PATH_ID,
        "RecordErrors": errors.collect::<Vec<_>>(),
        "RecordTags": [],
    })
}

/// `RecordOutput`.
pub(super) fn output(output: &Output) -> Value {
    json!({
        "OutputKey": output.key,
        "OutputValue": output.value,
        "Description": output.description,
    })
}

/// `ProvisionedProductDetail`.
pub(super) fn provisioned_product(zone: &Zone, product: &ProvisionedProduct) -> Value {
    json!({
        "Name": product.name,
        "Arn": product.arn(zone),
        "Type": PRODUCT_TYPE,
        "Id": product.id,
        "Status": product.status.as_str(),
        "StatusMessage": product.message,
        "CreatedTime": seconds(product.created),
        "IdempotencyToken": product.token,
        "LastRecordId": product.last_record,
        "LastProvisioningRecordId": product.last_provisioning_record,
        "LastSuccessfulProvisioningRecordId": product.last_successful_provisioning_record,
        "ProductId": PRODUCT_ID,
        "ProvisioningArtifactId": product.artifact,
    })
}

/// `ProvisionedProductAttribute`: the detail, and what only search tells.
pub(super) fn found_product(zone: &Zone, product: &ProvisionedProduct) -> Value {
    let mut found = provisioned_product(zone, product);
    found["Tags"] = json!([]);
    found["PhysicalId"] = json!(product.physical_id);
    found["ProductName"] = json!(PRODUCT_NAME);
    found["ProvisioningArtifactName"] = json!(product.artifact_name());
    found["UserArn"] = json!(product.user_arn);
    found["UserArnSession"] = json!(product.user_arn_session);
    found
}

/// `ProductViewSummary`.
pub(super) fn product_summary() -> Value {
    json!({
        "Id": PRODUCT_ID.replacen("prod", "prodview", 1),
        "ProductId": PRODUCT_ID,
        "Name": PRODUCT_NAME,
        "Owner": PRODUCT_OWNER,
        "ShortDescription": "AWS Control Tower Account Factory Product",
        "Type": TEMPLATE,
        "Distributor": "",
        "HasDefaultPath": false,
    })
}

/// `ProductViewDetail`.
pub(super) fn product_detail(zone: &Zone) -> Value {
    let (partition, region) = (zone.organization.partition(), zone.organization.home_region());
    let account = zone.organization.management_account();
    json!({
        "ProductViewSummary": product_summary(),
        "Status": "AVAILABLE",
        "ProductARN": format!("arn:{partition}:catalog:{region}:{account}:product/{PRODUCT_ID}"),
        "CreatedTime": seconds(product_created()),
    })
}

/// `ProductViewDetail` of a product that is shared with its portfolio.
pub(super) fn shared_product(zone: &Zone, product: &SharedProduct) -> Value {
    let (partition, region) = (zone.organization.partition(), zone.organization.home_region());
    let account = zone.organization.management_account();
    let id = &product.id;
    json!({
        "ProductViewSummary": {
            "Id": id.replacen("prod", "prodview", 1),
            "ProductId": id,
            "Name": product.name,
            "Owner": "Cloud platform team",
            "Type": TEMPLATE,
            "HasDefaultPath": false,
        },
        "Status": "AVAILABLE",
        "ProductARN": format!("arn:{partition}:catalog:{region}:{account}:product/{id}"),
        "CreatedTime": seconds(product_created()),
    })
}

/// `ProvisioningArtifactSummary`, which does not tell what is active.
pub(super) fn artifact_summary(artifact: &Artifact) -> Value {
    json!({
        "Id": artifact.id,
        "Name": artifact.name,
        "Description": artifact.name,
        "CreatedTime": seconds(artifact.created()),
    })
}

/// `ProvisioningArtifactDetail`.
pub(super) fn artifact(artifact: &Artifact) -> Value {
    json!({
        "Id": artifact.id,
        "Name": artifact.name,
        "Description": artifact.name,
        "Type": TEMPLATE,
        "CreatedTime": seconds(artifact.created()),
        "Active": artifact.active,
        "Guidance": if artifact.deprecated { "DEPRECATED" } else { "DEFAULT" },
    })
}

/// `ProvisioningArtifactParameter`.
pub(super) fn parameter(parameter: &Parameter) -> Value {
    let values = &parameter.allowed_values;
    json!({
        "ParameterKey": parameter.key,
        "ParameterType": "String",
        "IsNoEcho": false,
        "Description": parameter.description,
        "ParameterConstraints": {
            "AllowedValues": values,
            "AllowedPattern": parameter.allowed_pattern,
        },
    })
}

/// `PortfolioDetail`.
pub(super) fn portfolio(zone: &Zone, portfolio: &Portfolio) -> Value {
    json!({
        "Id": portfolio.id,
        "ARN": portfolio.arn(zone),
        "DisplayName": portfolio.name,
        "Description": portfolio.name,
        "CreatedTime": seconds(portfolio.created),
        "ProviderName": portfolio.provider,
    })
}
