//! What Service Catalog says of a provisioned product, and of the record behind it.

use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::error::SdkError;
use aws_sdk_servicecatalog::operation::describe_provisioned_product::DescribeProvisionedProductError;
use aws_sdk_servicecatalog::operation::describe_record::{
    DescribeRecordError, DescribeRecordOutput,
};
use aws_sdk_servicecatalog::types::{
    ProvisionedProductDetail, ProvisionedProductStatus, RecordError,
};
use vending::account::AccountId;
use vending::ledger::{ProvisionedProductId, RecordId};
use vending::ports::{CouldNotAsk, ProductRef, ProductReport, ProductStatus};

use super::SERVICE_CATALOG;
use crate::calls::{could_not, present};

const DESCRIBE: &str = "describe a provisioned product";
const RECORD: &str = "describe a record";

/// See [`AccountFactory::find`](vending::ports::AccountFactory::find).
pub(super) async fn find(
    client: &Client,
    product: ProductRef<'_>,
) -> Result<Option<ProductReport>, CouldNotAsk> {
    let Some(detail) = describe(client, product).await? else { return Ok(None) };
    let mut report = read(&detail)?;
    if report.status != ProductStatus::UnderChange
        && let Some(record) = &report.record
        && let Some(described) = describe_record(client, record).await?
    {
        complete(&mut report, &described);
    }
    Ok(Some(report))
}

/// What Service Catalog says of a product without looking at its records, and the
/// last of them, whatever it was about.
pub(super) async fn outline(
    client: &Client,
    product: &ProvisionedProductId,
) -> Result<Option<(ProductReport, Option<String>)>, CouldNotAsk> {
    let Some(detail) = describe(client, ProductRef::Id(product)).await? else { return Ok(None) };
    Ok(Some((read(&detail)?, detail.last_record_id)))
}

async fn describe(
    client: &Client,
    product: ProductRef<'_>,
) -> Result<Option<ProvisionedProductDetail>, CouldNotAsk> {
    let describe = client.describe_provisioned_product();
    let describe = match product {
        ProductRef::Id(id) => describe.id(&id.0),
        ProductRef::Name(name) => describe.name(name),
    };
    match describe.send().await {
        Ok(described) => {
            let detail = described.provisioned_product_detail;
            present(detail, "detail", SERVICE_CATALOG, DESCRIBE).map(Some)
        }
        Err(error) if is_unknown(&error) => Ok(None),
        Err(error) => Err(could_not(SERVICE_CATALOG, DESCRIBE)(error)),
    }
}

fn is_unknown(error: &SdkError<DescribeProvisionedProductError>) -> bool {
    error
        .as_service_error()
        .is_some_and(DescribeProvisionedProductError::is_resource_not_found_exception)
}

/// Records are kept for a year; an older product has none to describe.
async fn describe_record(
    client: &Client,
    record: &RecordId,
) -> Result<Option<DescribeRecordOutput>, CouldNotAsk> {
    match client.describe_record().id(&record.0).send().await {
        Ok(described) => Ok(Some(described)),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(DescribeRecordError::is_resource_not_found_exception) =>
        {
            Ok(None)
        }
        Err(error) => Err(could_not(SERVICE_CATALOG, RECORD)(error)),
    }
}

fn read(detail: &ProvisionedProductDetail) -> Result<ProductReport, CouldNotAsk> {
    let id = present(detail.id(), "id", SERVICE_CATALOG, DESCRIBE)?;
    let record = detail.last_provisioning_record_id().or(detail.last_record_id());
    Ok(ProductReport {
        id: ProvisionedProductId(id.to_owned()),
        record: record.map(|record| RecordId(record.to_owned())),
        status: status(detail.status())?,
        message: detail.status_message().and_then(said),
        succeeded_once: detail.last_successful_provisioning_record_id().is_some(),
        token: detail.idempotency_token().map(str::to_owned),
        account: None,
        account_email: None,
    })
}

fn status(status: Option<&ProvisionedProductStatus>) -> Result<ProductStatus, CouldNotAsk> {
    use ProvisionedProductStatus as Aws;
    match present(status, "status", SERVICE_CATALOG, DESCRIBE)? {
        Aws::UnderChange | Aws::PlanInProgress => Ok(ProductStatus::UnderChange),
        Aws::Available => Ok(ProductStatus::Available),
        Aws::Tainted => Ok(ProductStatus::Tainted),
        Aws::Error => Ok(ProductStatus::Error),
        other => {
            let problem = format!("the status {:?} is not one that Vend knows", other.as_str());
            Err(CouldNotAsk::new(SERVICE_CATALOG, DESCRIBE, problem))
        }
    }
}

/// Adds what only the record knows: the account, and the errors where the product
/// itself says nothing.
fn complete(report: &mut ProductReport, record: &DescribeRecordOutput) {
    let output = |key| {
        let output = record.record_outputs().iter().find(|output| output.output_key() == Some(key));
        output.and_then(|output| output.output_value()).and_then(said)
    };
    // Where no account was made, the output is missing or not an id.
    report.account = output("AccountId").and_then(|id| AccountId::new(id).ok());
    report.account_email = output("AccountEmail");
    if report.message.is_none() {
        let errors = record.record_detail().map_or(&[][..], |detail| detail.record_errors());
        report.message = said(&errors.iter().filter_map(words).collect::<Vec<_>>().join("; "));
    }
}

fn words(error: &RecordError) -> Option<String> {
    match (error.code().and_then(said), error.description().and_then(said)) {
        (Some(code), Some(description)) => Some(format!("{code}: {description}")),
        (code, description) => code.or(description),
    }
}

/// The text, unless there is nothing in it.
fn said(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use aws_sdk_servicecatalog::types::{RecordDetail, RecordOutput};

    use super::*;

    fn detail(status: ProvisionedProductStatus) -> ProvisionedProductDetail {
        ProvisionedProductDetail::builder()
            .id("pp-1")
            .status(status)
            .last_record_id("rec-1")
            .build()
    }

    fn record(account: &str) -> DescribeRecordOutput {
        let error =
            RecordError::builder().code("TerraformExecutionError").description("No.").build();
        DescribeRecordOutput::builder()
            .record_detail(RecordDetail::builder().record_errors(error).build())
            .record_outputs(
                RecordOutput::builder().output_key("AccountId").output_value(account).build(),
            )
            .record_outputs(RecordOutput::builder().output_key("SSOUserPortal").build())
            .build()
    }

    #[test]
    fn every_status_of_aws_has_its_own() {
        use ProvisionedProductStatus as Aws;
        let read = |status| status_of(&detail(status));
        assert_eq!(read(Aws::PlanInProgress), Some(ProductStatus::UnderChange));
        assert_eq!(read(Aws::UnderChange), Some(ProductStatus::UnderChange));
        assert_eq!(read(Aws::Available), Some(ProductStatus::Available));
        assert_eq!(read(Aws::Tainted), Some(ProductStatus::Tainted));
        assert_eq!(read(Aws::Error), Some(ProductStatus::Error));
        assert_eq!(read(Aws::from("NEW_ONE")), None);
    }

    fn status_of(detail: &ProvisionedProductDetail) -> Option<ProductStatus> {
        read(detail).ok().map(|report| report.status)
    }

    #[test]
    fn the_record_tells_the_account_and_the_errors() {
        let mut report = read(&detail(ProvisionedProductStatus::Error)).unwrap();
        complete(&mut report, &record("123456789012"));
        assert_eq!(report.account.unwrap().as_str(), "123456789012");
        assert_eq!(report.message.as_deref(), Some("TerraformExecutionError: No."));
        assert!(!report.succeeded_once);
    }

    #[test]
    fn the_products_own_words_come_first_and_no_account_is_none() {
        let mut detail = detail(ProvisionedProductStatus::Error);
        detail.status_message = Some("Try again later.".to_owned());
        let mut report = read(&detail).unwrap();
        complete(&mut report, &record("Not Available"));
        assert_eq!((report.account, report.message.as_deref()), (None, Some("Try again later.")));
    }
}
