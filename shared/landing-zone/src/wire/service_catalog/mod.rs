//! AWS Service Catalog over JSON 1.1: dispatch, and what its operations share.

mod catalog;
mod member;
mod portfolios;
mod provisioned;
mod provisioning;
mod shapes;
mod sharing;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Refusal;
use super::json::{self, Wanted};
use crate::Zone;
use crate::model::service_catalog::{CatalogRefusal, Named};

/// The code for requests that cannot be read.
const MALFORMED: &str = "ValidationException";

/// The most that most lists give at once.
const PAGE: usize = 20;
/// The most that the lists of portfolios, products and shares give at once.
const LONG_PAGE: usize = 100;

/// Answers one operation, of the management account or of the member `account`.
pub(super) fn answer(
    zone: &mut Zone,
    account: Option<&str>,
    operation: &str,
    body: &[u8],
) -> Result<Vec<u8>, Refusal> {
    let mut answer = match account {
        Some(account) => member::dispatch(zone, account, operation, body)?,
        None => dispatch(zone, operation, body)?,
    };
    prune(&mut answer);
    json::write(&answer)
}

fn dispatch(zone: &mut Zone, operation: &str, body: &[u8]) -> Result<Value, Refusal> {
    match operation {
        "DescribeProductAsAdmin" => catalog::describe_product_as_admin(zone, read(body)?),
        "SearchProductsAsAdmin" => catalog::search_products_as_admin(zone, &read(body)?),
        "SearchProducts" => catalog::search_products(zone, &read(body)?),
        "ListProvisioningArtifacts" => catalog::list_provisioning_artifacts(zone, &read(body)?),
        "DescribeProvisioningArtifact" => {
            catalog::describe_provisioning_artifact(zone, read(body)?)
        }
        "DescribeProvisioningParameters" => {
            catalog::describe_provisioning_parameters(zone, read(body)?)
        }
        "ListLaunchPaths" => catalog::list_launch_paths(zone, &read(body)?),
        "ProvisionProduct" => provisioning::provision_product(zone, read(body)?),
        "TerminateProvisionedProduct" => provisioning::terminate(zone, read(body)?),
        "DescribeRecord" => provisioning::describe_record(zone, &read(body)?),
        "DescribeProvisionedProduct" => provisioned::describe(zone, read(body)?),
        "SearchProvisionedProducts" => provisioned::search(zone, &read(body)?),
        "GetProvisionedProductOutputs" => provisioned::outputs(zone, read(body)?),
        "ListPortfolios" => portfolios::list(zone, &read(body)?),
        "ListPortfoliosForProduct" => portfolios::of_product(zone, &read(body)?),
        "DescribePortfolio" => portfolios::describe(zone, &read(body)?),
        "AssociatePrincipalWithPortfolio" => portfolios::associate(zone, &read(body)?),
        "DisassociatePrincipalFromPortfolio" => portfolios::disassociate(zone, &read(body)?),
        "ListPrincipalsForPortfolio" => portfolios::principals(zone, &read(body)?),
        "CreatePortfolioShare" => sharing::create(zone, read(body)?),
        "DescribePortfolioShareStatus" => sharing::status(zone, &read(body)?),
        "DescribePortfolioShares" => sharing::list(zone, &read(body)?),
        "GetAWSOrganizationsAccessStatus" => sharing::organizations_access(zone, &read(body)?),
        _ => Err(Refusal::unknown_operation("servicecatalog", operation)),
    }
}

/// Reads a request, whose language is of no account: every answer is in English.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let mut members: Map<String, Value> = json::read(body, MALFORMED)?;
    members.remove("AcceptLanguage");
    json::read(Value::Object(members).to_string().as_bytes(), MALFORMED)
}

/// Leaves members without a value out, as AWS does.
fn prune(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(prune);
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}

/// What is asked for by its id or its name: one of the two, not both.
fn named(id: Option<String>, name: Option<String>, what: &str) -> Result<Named, Refusal> {
    match (id, name) {
        (Some(id), None) => Ok(Named::Id(id)),
        (None, Some(name)) => Ok(Named::Name(name)),
        _ => Err(invalid(format!("Specify either the id or the name of the {what}, and not both"))),
    }
}

fn invalid(message: String) -> Refusal {
    CatalogRefusal::InvalidParameters(message).into()
}

impl From<CatalogRefusal> for Refusal {
    fn from(refusal: CatalogRefusal) -> Self {
        Self::new(refusal.code(), refusal.to_string())
    }
}

/// One page of a list, each item in the form that `shape` gives it.
fn page<T>(
    items: impl IntoIterator<Item = T>,
    (token, size): (&Option<String>, Option<i64>),
    limit: usize,
    shape: impl FnMut(T) -> Value,
) -> Result<(Value, Option<String>), Refusal> {
    // The API's model allows a page of nought, which stands for the default.
    let at_most = size.filter(|size| *size != 0);
    let wanted = Wanted { token: token.as_deref(), at_most, limit };
    let refusal = |why| invalid(format!("Invalid page: {why:?}"));
    let (items, next) = json::page(items, wanted).map_err(refusal)?;
    Ok((items.into_iter().map(shape).collect(), next))
}

#[cfg(test)]
mod tests;
