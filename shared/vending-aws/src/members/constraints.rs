//! Launch constraints: by which role of the account a product is launched.

use aws_sdk_servicecatalog::Client;
use serde::Deserialize;
use serde_json::json;
use vending::ports::{MemberError, member_token};

use super::refused::is_duplicate;
use super::{Done, SERVICE_CATALOG, not_there, refused};
use crate::calls::{could_not, present};

/// The type of a launch constraint; there can be one for a product in a portfolio.
const LAUNCH: &str = "LAUNCH";
/// The type of a constraint beside which there can be none of launching (Service Catalog API
/// reference, `CreateConstraint`).
const STACK_SET: &str = "STACKSET";

const LIST: &str = "list the constraints of a portfolio";
const DESCRIBE: &str = "describe a constraint";
const CREATE: &str = "make a launch constraint";

/// What a launch constraint says (Service Catalog API reference, `CreateConstraint`).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameters {
    local_role_name: Option<String>,
    role_arn: Option<String>,
}

/// The role's name or ARN, where the product has a launch constraint.
pub(super) async fn role(catalog: &Client, portfolio: &str, product: &str) -> Done<Option<String>> {
    let Some(id) = find(catalog, portfolio, product).await? else { return Ok(None) };
    let described = catalog.describe_constraint().id(id).send().await.map_err(refused(DESCRIBE))?;
    let text = described.constraint_parameters();
    let text = present(text, "constraint parameters", SERVICE_CATALOG, DESCRIBE)?;
    let parameters: Parameters =
        serde_json::from_str(text).map_err(could_not(SERVICE_CATALOG, DESCRIBE))?;
    let role = parameters.local_role_name.or(parameters.role_arn);
    Ok(Some(present(role, "launch role", SERVICE_CATALOG, DESCRIBE)?))
}

async fn find(catalog: &Client, portfolio: &str, product: &str) -> Done<Option<String>> {
    let list = catalog.list_constraints_for_portfolio().portfolio_id(portfolio);
    let mut pages = list.product_id(product).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(refused(LIST))?;
        let all = page.constraint_details();
        if let Some(launch) = all.iter().find(|it| it.r#type() == Some(LAUNCH)) {
            let id = launch.constraint_id();
            return Ok(Some(present(id, "constraint id", SERVICE_CATALOG, LIST)?.to_owned()));
        }
        if all.iter().any(|it| it.r#type() == Some(STACK_SET)) {
            return Err(MemberError::Refused(format!(
                "product {product} is launched by a {STACK_SET} constraint, which somebody else has set"
            )));
        }
    }
    Ok(None)
}

/// Has the product launched by the role of that name.
pub(super) async fn create(
    catalog: &Client,
    portfolio: &str,
    product: &str,
    role: &str,
) -> Done<()> {
    let create = catalog.create_constraint().portfolio_id(portfolio).product_id(product);
    let create = create.r#type(LAUNCH).parameters(json!({ "LocalRoleName": role }).to_string());
    let token = member_token(&["launch", portfolio, product, role]);
    match create.idempotency_token(token).send().await {
        Ok(_) => Ok(()),
        // Somebody else's, since we looked: the next look tells whose.
        Err(error) if is_duplicate(&error) => {
            Err(MemberError::Wait(format!("product {product} has a launch constraint since now")))
        }
        Err(error) => Err(not_there(error, CREATE, &format!("there is no role {role}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clients;
    use crate::testing::Canned;

    fn catalog(answers: Vec<(u16, String)>) -> Client {
        Clients::new(Canned::new(answers).config()).service_catalog()
    }

    fn listed(kind: &str, next: &str) -> (u16, String) {
        let detail = format!(r#"{{"ConstraintId":"cons-1","Type":"{kind}"}}"#);
        (200, format!(r#"{{"ConstraintDetails":[{detail}]{next}}}"#))
    }

    async fn launched_by(answers: Vec<(u16, String)>) -> Done<Option<String>> {
        role(&catalog(answers), "port-1", "prod-1").await
    }

    #[tokio::test]
    async fn the_launch_role_is_found_by_name_or_arn_on_any_page() {
        for parameters in [r#"{\"LocalRoleName\":\"x\"}"#, r#"{\"RoleArn\":\"x\"}"#] {
            let described = format!(r#"{{"ConstraintParameters":"{parameters}"}}"#);
            let first = listed("TEMPLATE", r#","NextPageToken":"2""#);
            let answers = vec![first, listed("LAUNCH", ""), (200, described)];
            assert_eq!(launched_by(answers).await.unwrap().as_deref(), Some("x"), "{parameters}");
        }
        assert_eq!(launched_by(vec![listed("TEMPLATE", "")]).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_product_that_is_launched_as_a_stack_set_takes_no_launch_role() {
        let told = launched_by(vec![listed("STACKSET", "")]).await;
        assert!(
            matches!(&told, Err(MemberError::Refused(words)) if words.contains("is launched by a STACKSET")),
            "{told:?}"
        );
    }

    #[tokio::test]
    async fn a_launch_role_of_somebody_elses_since_we_looked_is_looked_at_again() {
        let there = r#"{"__type":"DuplicateResourceException","Message":"there"}"#.to_owned();
        let told = create(&catalog(vec![(400, there)]), "port-1", "prod-1", "x").await;
        assert!(matches!(told, Err(MemberError::Wait(_))), "{told:?}");
        let none = r#"{"__type":"InvalidParametersException","Message":"no role"}"#.to_owned();
        let told = create(&catalog(vec![(400, none)]), "port-1", "prod-1", "x").await;
        assert!(
            matches!(&told, Err(MemberError::Wait(words)) if words.starts_with("there is no role x")),
            "{told:?}"
        );
    }
}
