//! Service Catalog over the wire, as a client meets it.

use std::borrow::Borrow;

use chrono::Duration;
use serde_json::{Value, json};

use super::answer;
use crate::model::service_catalog::Outcome;
use crate::wire::Refusal;
use crate::{Description, Zone};

fn zone() -> Zone {
    let mut description = Description::builtin();
    description.account_factory = Default::default();
    Zone::new(&description, 7, description.organization.since)
}

fn pass(zone: &mut Zone, seconds: i64) {
    zone.advance_to(zone.now() + Duration::seconds(seconds));
}

fn ask(zone: &mut Zone, operation: &str, request: &Value) -> Result<Value, Refusal> {
    let body = answer(zone, None, operation, request.to_string().as_bytes())?;
    Ok(serde_json::from_slice(&body).expect("JSON"))
}

fn get(zone: &mut Zone, operation: &str, request: impl Borrow<Value>) -> Value {
    ask(zone, operation, request.borrow()).expect("an answer")
}

/// What a client needs to know before it launches.
fn resolve(zone: &mut Zone) -> (String, String, String) {
    let name = "AWS Control Tower Account Factory";
    let product = get(zone, "DescribeProductAsAdmin", json!({ "Name": name }));
    let product = &product["ProductViewDetail"]["ProductViewSummary"]["ProductId"];
    let artifacts = get(zone, "ListProvisioningArtifacts", json!({ "ProductId": product }));
    let artifacts = artifacts["ProvisioningArtifactDetails"].as_array().expect("artifacts").clone();
    let active = artifacts.iter().find(|artifact| artifact["Active"] == true).expect("one");
    let parameters = get(
        zone,
        "DescribeProvisioningParameters",
        json!({ "ProductId": product, "ProvisioningArtifactId": active["Id"] }),
    );
    let parameters = parameters["ProvisioningArtifactParameters"].as_array().expect("six").clone();
    let units = parameters.iter().find(|it| it["ParameterKey"] == "ManagedOrganizationalUnit");
    let unit = &units.expect("units")["ParameterConstraints"]["AllowedValues"][0];
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (text(product), text(&active["Id"]), text(unit))
}

fn launch(zone: &mut Zone, name: &str) -> Value {
    let (product, artifact, unit) = resolve(zone);
    let parameters = [
        ("AccountName", name),
        ("AccountEmail", &format!("aws+{name}@example.com")),
        ("SSOUserFirstName", "Jane"),
        ("SSOUserLastName", "Doe"),
        ("SSOUserEmail", "jane.doe@example.com"),
        ("ManagedOrganizationalUnit", &unit),
    ];
    let parameters = parameters.map(|(key, value)| json!({ "Key": key, "Value": value }));
    let request = json!({
        "ProductId": product,
        "ProvisioningArtifactId": artifact,
        "ProvisionedProductName": name,
        "ProvisionToken": format!("{name}-token"),
        "ProvisioningParameters": parameters,
    });
    get(zone, "ProvisionProduct", request)["RecordDetail"].clone()
}

#[test]
fn a_launch_is_followed_from_created_to_its_outputs() {
    let mut zone = zone();
    let record = launch(&mut zone, "dev");
    assert_eq!(record["Status"], "CREATED");
    assert_eq!(record["ProvisionedProductType"], "CONTROL_TOWER_ACCOUNT");
    assert_eq!(record["RecordErrors"], json!([]));
    assert!(record["CreatedTime"].is_number());

    pass(&mut zone, 40 * 60);
    let done = get(&mut zone, "DescribeRecord", json!({ "Id": record["RecordId"] }));
    assert_eq!(done["RecordDetail"]["Status"], "SUCCEEDED");
    let account = done["RecordOutputs"][0].clone();
    assert_eq!(account["OutputKey"], "AccountId");

    let product = get(&mut zone, "DescribeProvisionedProduct", json!({ "Name": "dev" }));
    let product = &product["ProvisionedProductDetail"];
    assert_eq!(product["Status"], "AVAILABLE");
    assert_eq!(product["LastSuccessfulProvisioningRecordId"], record["RecordId"]);
    assert_eq!(product.get("StatusMessage"), None, "a member without value is left out");

    let query = format!("physicalId:{}", account["OutputValue"].as_str().expect("an id"));
    let request = json!({
        "AcceptLanguage": "en",
        "AccessLevelFilter": { "Key": "Account", "Value": "self" },
        "Filters": { "SearchQuery": [query, "type:CONTROL_TOWER_ACCOUNT"] },
    });
    let found = get(&mut zone, "SearchProvisionedProducts", request);
    assert_eq!(found["TotalResultsCount"], 1);
    assert_eq!(found["ProvisionedProducts"][0]["IdempotencyToken"], "dev-token");

    let request = json!({ "ProvisionedProductName": "dev", "OutputKeys": ["AccountEmail"] });
    let outputs = get(&mut zone, "GetProvisionedProductOutputs", request);
    assert_eq!(outputs["Outputs"][0]["OutputValue"], "aws+dev@example.com");
}

#[test]
fn a_failure_shows_in_the_product_and_in_the_record() {
    let mut zone = zone();
    zone.service_catalog.plan("dev", Outcome::Busy);
    let record = launch(&mut zone, "dev");
    pass(&mut zone, 20);
    let id = &record["ProvisionedProductId"];
    let product = get(&mut zone, "DescribeProvisionedProduct", json!({ "Id": id }));
    let product = &product["ProvisionedProductDetail"];
    assert_eq!(product["Status"], "ERROR");
    let done = get(&mut zone, "DescribeRecord", json!({ "Id": record["RecordId"] }));
    let error = &done["RecordDetail"]["RecordErrors"][0];
    assert_eq!(error["Description"], product["StatusMessage"]);

    let request = json!({ "ProvisionedProductId": id });
    let refusal = ask(&mut zone, "GetProvisionedProductOutputs", &request).expect_err("refused");
    assert_eq!(refusal.code, "InvalidParametersException");

    let request = json!({ "ProvisionedProductName": "dev", "TerminateToken": "t-1" });
    let record = get(&mut zone, "TerminateProvisionedProduct", request);
    assert_eq!(record["RecordDetail"]["RecordType"], "TERMINATE_PROVISIONED_PRODUCT");
    pass(&mut zone, 20);
    let refusal = ask(&mut zone, "DescribeProvisionedProduct", &json!({ "Id": id }));
    assert_eq!(refusal.expect_err("gone").code, "ResourceNotFoundException");
}

#[test]
fn a_portfolio_is_shared_with_an_account_and_seen_to_be() {
    let mut zone = zone();
    launch(&mut zone, "dev");
    pass(&mut zone, 40 * 60);
    let account = zone.organization.account_by_email("aws+dev@example.com").expect("made");
    let node = json!({ "Type": "ACCOUNT", "Value": account.id.clone() });
    let access = get(&mut zone, "GetAWSOrganizationsAccessStatus", json!({}));
    assert_eq!(access["AccessStatus"], "ENABLED");
    let portfolios = get(&mut zone, "ListPortfolios", json!({}));
    let portfolio = &portfolios["PortfolioDetails"][1]["Id"];
    let request = json!({ "PortfolioId": portfolio, "OrganizationNode": node });
    let token = get(&mut zone, "CreatePortfolioShare", request.clone());
    pass(&mut zone, 30);
    let status = get(&mut zone, "DescribePortfolioShareStatus", token);
    assert_eq!(status["Status"], "COMPLETED");
    assert_eq!(get(&mut zone, "CreatePortfolioShare", request), json!({}));
    let request = json!({ "PortfolioId": portfolio, "Type": "ORGANIZATION_MEMBER_ACCOUNT" });
    let shares = get(&mut zone, "DescribePortfolioShares", request);
    assert_eq!(shares["PortfolioShareDetails"][0]["PrincipalId"], node["Value"]);
    assert_eq!(shares["PortfolioShareDetails"][0]["Accepted"], true);
}

#[test]
fn lists_come_in_pages() {
    let mut zone = zone();
    let first = get(&mut zone, "ListPortfolios", json!({ "PageSize": 1 }));
    let request = json!({ "PageSize": 1, "PageToken": first["NextPageToken"] });
    let second = get(&mut zone, "ListPortfolios", request);
    assert_ne!(first["PortfolioDetails"][0]["Id"], second["PortfolioDetails"][0]["Id"]);
    let request = json!({ "PageToken": "nonsense" });
    let refusal = ask(&mut zone, "ListPortfolios", &request).expect_err("refused");
    assert_eq!(refusal.code, "InvalidParametersException");
}

#[test]
fn without_an_association_nothing_is_found_and_artifacts_are() {
    let mut description = Description::builtin();
    description.account_factory.principals.clear();
    let mut zone = Zone::new(&description, 7, description.organization.since);
    let filter = json!({ "Filters": { "FullTextSearch": ["account factory"] } });
    assert_eq!(get(&mut zone, "SearchProducts", filter)["ProductViewSummaries"], json!([]));
    let product = json!({ "ProductId": "prod-y5kq2mtr7xwbe" });
    let refusal = ask(&mut zone, "ListLaunchPaths", &product).expect_err("no path");
    assert_eq!(refusal.message, "No launch paths found for resource: prod-y5kq2mtr7xwbe");
    let request = json!({
        "ProductId": "prod-y5kq2mtr7xwbe",
        "ProvisioningArtifactId": "pa-7c4dxp5wrhtum",
        "IncludeProvisioningArtifactParameters": true,
    });
    let artifact = get(&mut zone, "DescribeProvisioningArtifact", request);
    assert_eq!(artifact["ProvisioningArtifactParameters"].as_array().map(Vec::len), Some(6));
}

#[test]
fn what_the_model_does_not_have_is_refused_and_named() {
    let mut zone = zone();
    let refusal = ask(&mut zone, "DescribeProduct", &json!({})).expect_err("no such operation");
    assert!(refusal.message.contains("DescribeProduct"), "{refusal:?}");
    let request = json!({ "Id": "rec-x", "Colour": "red" });
    let refusal = ask(&mut zone, "DescribeRecord", &request).expect_err("no such member");
    assert_eq!(refusal.code, "ValidationException");
    assert!(refusal.message.contains("does not have") && refusal.message.contains("Colour"));
    let both = json!({ "Id": "pp-x", "Name": "dev" });
    for request in [both, json!({})] {
        let refusal = ask(&mut zone, "DescribeProvisionedProduct", &request).expect_err("refused");
        assert_eq!(refusal.code, "InvalidParametersException");
    }
}

#[test]
fn a_principal_is_associated_with_a_described_portfolio() {
    let mut zone = zone();
    let portfolio = zone.service_catalog.portfolios()[1].id.clone();
    let described = get(&mut zone, "DescribePortfolio", json!({ "Id": portfolio }));
    let arn = described["PortfolioDetail"]["ARN"].as_str().expect("an ARN");
    assert!(arn.starts_with("arn:aws:catalog:") && arn.ends_with(&portfolio), "{arn}");
    let role = "arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*";
    let principal = json!({ "PrincipalARN": role, "PrincipalType": "IAM_PATTERN" });
    let mut request = principal.clone();
    request["PortfolioId"] = json!(portfolio);
    assert_eq!(get(&mut zone, "AssociatePrincipalWithPortfolio", request), json!({}));
    let listed = get(&mut zone, "ListPrincipalsForPortfolio", json!({ "PortfolioId": portfolio }));
    assert_eq!(listed["Principals"], json!([principal]));
}

#[test]
fn a_principal_is_dissociated_from_the_portfolio_that_the_product_is_in() {
    let mut zone = zone();
    let filter = json!({ "Filters": { "FullTextSearch": ["Account Factory"] } });
    let found = get(&mut zone, "SearchProductsAsAdmin", filter);
    let product = &found["ProductViewDetails"][0]["ProductViewSummary"]["ProductId"];
    let listed = get(&mut zone, "ListPortfoliosForProduct", json!({ "ProductId": product }));
    assert_eq!(listed["PortfolioDetails"].as_array().map(Vec::len), Some(1));
    let portfolio = &listed["PortfolioDetails"][0];
    assert_eq!(portfolio["DisplayName"], "AWS Control Tower Account Factory Portfolio");
    assert_eq!(portfolio["ProviderName"], "AWS Control Tower");
    let about = json!({ "PortfolioId": portfolio["Id"] });
    let principals = get(&mut zone, "ListPrincipalsForPortfolio", about.borrow());
    let mut request = about;
    request["PrincipalARN"] = principals["Principals"][0]["PrincipalARN"].clone();
    assert_eq!(get(&mut zone, "DisassociatePrincipalFromPortfolio", request.borrow()), json!({}));
    let refusal = ask(&mut zone, "DisassociatePrincipalFromPortfolio", &request);
    assert_eq!(refusal.expect_err("over").code, "ResourceNotFoundException");
    let refusal = ask(&mut zone, "ListLaunchPaths", &json!({ "ProductId": product }));
    assert!(refusal.expect_err("closed").message.starts_with("No launch paths found"));
}

#[test]
fn an_associated_caller_finds_the_product_and_its_one_path() {
    let mut zone = zone();
    let filter = json!({ "Filters": { "FullTextSearch": ["Account Factory"] } });
    let found = get(&mut zone, "SearchProducts", filter);
    let product = &found["ProductViewSummaries"][0];
    let paths = get(&mut zone, "ListLaunchPaths", json!({ "ProductId": product["ProductId"] }));
    let names: Vec<_> = paths["LaunchPathSummaries"].as_array().into_iter().flatten().collect();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0]["Name"], "AWS Control Tower Account Factory Portfolio");
}
