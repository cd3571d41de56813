//! Launch constraints.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Zone;
use crate::model::members::{self, Constraint, NewConstraint};
use crate::wire::service_catalog::{PAGE, Refusal, invalid, page};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreateConstraint {
    portfolio_id: String,
    product_id: String,
    parameters: String,
    #[serde(rename = "Type")]
    kind: String,
    idempotency_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct LaunchParameters {
    local_role_name: String,
}

pub(super) fn create(
    zone: &mut Zone,
    account: &str,
    request: CreateConstraint,
) -> Result<Value, Refusal> {
    if request.kind != "LAUNCH" {
        let message =
            format!("the landing zone does not have the constraint type {}", request.kind);
        return Err(invalid(message));
    }
    let LaunchParameters { local_role_name } = serde_json::from_str(&request.parameters)
        .map_err(|error| invalid(format!("Invalid constraint parameters: {error}")))?;
    let new = NewConstraint {
        portfolio: request.portfolio_id,
        product: request.product_id,
        role: local_role_name,
        token: request.idempotency_token,
    };
    Ok(described(&members::create_constraint(zone, account, new)?))
}

fn described(constraint: &Constraint) -> Value {
    let parameters = json!({ "LocalRoleName": constraint.role }).to_string();
    json!({
        "ConstraintDetail": detail(constraint),
        "ConstraintParameters": parameters,
        "Status": "AVAILABLE",
    })
}

/// `ConstraintDetail`, which does not tell the role.
fn detail(constraint: &Constraint) -> Value {
    json!({
        "ConstraintId": constraint.id,
        "Type": "LAUNCH",
        "Description": format!("Launch as local role {}", constraint.role),
        "Owner": constraint.owner,
        "ProductId": constraint.product,
        "PortfolioId": constraint.portfolio,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListConstraintsForPortfolio {
    portfolio_id: String,
    product_id: Option<String>,
    page_size: Option<i64>,
    page_token: Option<String>,
}

pub(super) fn list(
    zone: &Zone,
    account: &str,
    request: &ListConstraintsForPortfolio,
) -> Result<Value, Refusal> {
    let product = request.product_id.as_deref();
    let all = members::constraints(zone, account, &request.portfolio_id, product)?;
    let wanted = (&request.page_token, request.page_size);
    let (constraints, next) = page(all, wanted, PAGE, detail)?;
    Ok(json!({ "ConstraintDetails": constraints, "NextPageToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeConstraint {
    id: String,
}

pub(super) fn describe(
    zone: &Zone,
    account: &str,
    request: &DescribeConstraint,
) -> Result<Value, Refusal> {
    Ok(described(members::find_constraint(zone, account, &request.id)?))
}
