//! What Service Catalog's errors mean for a launch.

use std::error::Error;

use aws_sdk_servicecatalog::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_servicecatalog::operation::provision_product::ProvisionProductError;
use vending::ports::ProvisionError;

use super::SERVICE_CATALOG;
use crate::calls::{code, could_not, refusal};

/// Tells a refusal from not knowing.
pub(super) fn unanswered<E>(operation: &'static str) -> impl Fn(SdkError<E>) -> ProvisionError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    move |error| match refusal(&error) {
        Some(refusal) => refusal.into(),
        None => could_not(SERVICE_CATALOG, operation)(error).into(),
    }
}

/// What it means that a launch was not taken.
pub(super) fn not_taken(
    error: SdkError<ProvisionProductError>,
    operation: &'static str,
) -> ProvisionError {
    if is_name_taken(&error) { ProvisionError::NameTaken } else { unanswered(operation)(error) }
}

/// In practice a name that is in use is an invalid parameter ("A stack named … already
/// exists"), not the duplicate that the model speaks of; AFT issue 19.
fn is_name_taken(error: &SdkError<ProvisionProductError>) -> bool {
    let says_so = |message: &str| message.to_lowercase().contains("already exists");
    match error.as_service_error() {
        Some(ProvisionProductError::DuplicateResourceException(_)) => true,
        Some(ProvisionProductError::InvalidParametersException(invalid)) => {
            invalid.message().is_some_and(says_so)
        }
        _ => false,
    }
}

/// Whether something that the call names is not there.
pub(super) fn is_not_found<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    code(error) == Some("ResourceNotFoundException")
}
