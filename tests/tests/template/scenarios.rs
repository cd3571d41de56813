//! Runs of the deployed stack that between them make every call of AWS that there is.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_servicecatalog::types::{
    OrganizationNode, OrganizationNodeType, ProvisioningParameter,
};
use chrono::TimeDelta;
use landing_zone::Description;
use landing_zone::model::service_catalog::Outcome;
use serde_json::Value;
use vending_aws::Clients;

use crate::calls::{Need, Needs};
use crate::deployed::{AllNeeds, Deployed};
use crate::stack::{FUNCTIONS, repository};

const HEADER: &str = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Status,AccountId,ErrorMsg";

/// What new accounts are given, by names.
const GIVEN: [(&str, &str); 4] = [
    ("GroupName", "Platform-Admins"),
    ("PermissionSet", "AWSAdministratorAccess"),
    ("Portfolios", "Network baseline"),
    ("MaxInFlight", "5"),
];

/// The same by ids, in an instance that is named.
const BY_ID: [(&str, &str); 5] = [
    ("GroupName", "Platform-Admins"),
    ("PermissionSet", "arn:aws:sso:::permissionSet/ssoins-72230123456789ab/ps-1a2b3c4d5e6f0001"),
    ("Portfolios", "port-network000001"),
    ("IdentityCenterInstanceArn", "arn:aws:sso:::instance/ssoins-72230123456789ab"),
    ("IdentityStoreId", "d-9067012345"),
];

/// What each function needed in all of the runs.
pub async fn needs() -> BTreeMap<&'static str, BTreeSet<Need>> {
    let needs: AllNeeds = FUNCTIONS.iter().map(|(_, name)| (*name, Needs::default())).collect();
    everything_that_can_go_wrong(&needs).await;
    faulty_lists(&needs).await;
    a_pause(&needs).await;
    rows_that_end_before_their_list_is_taken(&needs).await;
    somebody_else(&needs).await;
    the_stack_itself(&needs).await;
    in_accounts(&needs).await;
    portfolio_files(&needs).await;
    people_and_groups(&needs).await;
    needs.iter().map(|(name, needs)| (*name, needs.get())).collect()
}

/// What a stack is configured with that makes portfolios usable in the accounts: one that is
/// shared, and a local copy of another.
pub const IN_ACCOUNTS: [(&str, &str); 6] = [
    ("MemberRole", "vend-member"),
    ("MemberExternalId", "vend-example-external-id"),
    ("PortfolioPrincipals", "role:deploy;permission-set:AWSAdministratorAccess"),
    ("LaunchRole", "service-catalog-launch"),
    ("LocalTagOptions", "team=web"),
    ("Portfolios", "Security tooling,local:Network baseline"),
];

/// What the role in the accounts needed.
pub async fn needs_in_accounts() -> BTreeSet<Need> {
    let needs: AllNeeds = FUNCTIONS.iter().map(|(_, name)| (*name, Needs::default())).collect();
    in_accounts(&needs).await;
    let all = needs.values().flat_map(Needs::in_accounts);
    all.collect()
}

/// An account in a unit that a portfolio is shared with, which is invited to another, and is
/// given both, after one of the calls was turned away.
async fn in_accounts(needs: &AllNeeds) {
    let parameters = [&GIVEN[..2], &IN_ACCOUNTS[..]].concat();
    let mut deployed = Deployed::new(&Description::builtin(), &parameters, needs).await;
    let client = deployed.clients.service_catalog();
    let unit = OrganizationNode::builder().r#type(OrganizationNodeType::OrganizationalUnit);
    let share = client.create_portfolio_share().portfolio_id("port-network000001");
    let shared = share.organization_node(unit.value("ou-aaaa-bbbbcccc").build()).send().await;
    assert!(shared.unwrap().portfolio_share_token.is_some());
    deployed.upload("accounts.csv", list(&["one".to_owned()])).await;
    while deployed.account_id("one").is_none() {
        deployed.run(TimeDelta::minutes(1)).await;
    }
    let invite = client.create_portfolio_share().portfolio_id("port-security00001");
    invite.account_id(deployed.account_id("one").unwrap()).send().await.unwrap();
    // The second product's launch role is turned away: the first one's is found there after.
    needs["handover"].refuse_second("CreateConstraint");
    deployed.run(TimeDelta::hours(2)).await;
    assert_eq!(deployed.statuses().await["one"], "FAILED");
    deployed.upload("again.csv", list(&["one".to_owned()])).await;
    deployed.run(TimeDelta::hours(2)).await;
    assert_eq!(deployed.statuses().await["one"], "READY");
}

/// Portfolio files: a unit by its id and by its name, a share that is there already, and an
/// account that is elsewhere.
async fn portfolio_files(needs: &AllNeeds) {
    let by_role = [IN_ACCOUNTS[0], IN_ACCOUNTS[1], ("PortfolioPrincipals", "role:deploy")];
    let mut deployed = Deployed::new(&Description::builtin(), &by_role, needs).await;
    let json = std::fs::read_to_string(repository("samples/portfolios.json")).unwrap();
    let elsewhere = json.replace("ou-aaaa-work0001", "ou-aaaa-sandbox1");
    deployed.upload("in/elsewhere.json", elsewhere).await;
    deployed.upload("in/portfolios.json", json).await;
    deployed.run(TimeDelta::minutes(10)).await;
    let by_name = "PortfolioId,OrgUnit,AccountId\nport-network000001,Workloads,555566667777\n";
    deployed.upload("in/portfolios.csv", by_name.to_owned()).await;
    deployed.run(TimeDelta::minutes(10)).await;
    for (key, ready) in [("in/portfolios.json", true), ("in/elsewhere.json", false)] {
        let results = deployed.results(key).await;
        assert_eq!(results.contains(",READY,"), ready, "{results}");
    }
}

/// Rows that ask for access by ids and by names, one that names nobody, and one whose people
/// are gone when its account is made.
async fn people_and_groups(needs: &AllNeeds) {
    let group = "group:9067012345-a1b2c3d4-0004-4000-8000-000000000004";
    let user = "user:9067012345-b1b2c3d4-0002-4000-8000-000000000002";
    let asking = |name: &str, principals: &[&str]| {
        let asked = principals.iter().map(|it| format!("{it}=AWSReadOnlyAccess"));
        let asked = asked.collect::<Vec<_>>().join(";");
        let (header, row) = (format!("{HEADER},Assignments"), list(&[name.to_owned()]));
        format!("{header}\n{},{asked}\n", row.lines().nth(1).unwrap())
    };
    let nobody = ["group:Platfrom-Admins", "user:nobody"];
    let mut deployed = Deployed::new(&Description::builtin(), &[], needs).await;
    deployed.upload("refused.csv", asking("refused", &nobody)).await;
    deployed.upload("here.csv", asking("here", &[group, user, "user:john.smith"])).await;
    deployed.upload("gone.csv", asking("gone", &[group])).await;
    deployed.run(TimeDelta::minutes(5)).await;
    ask_for(&deployed, "gone", &nobody).await;
    deployed.run(TimeDelta::hours(3)).await;
    let statuses = deployed.statuses().await;
    assert_eq!((statuses["here"].as_str(), statuses["gone"].as_str()), ("READY", "FAILED"));
    assert!(!statuses.contains_key("refused"), "{statuses:?}");
}

/// Lets an entry ask for these, as somebody could by hand.
async fn ask_for(deployed: &Deployed, name: &str, principals: &[&str]) {
    use aws_sdk_dynamodb::types::AttributeValue as Value;
    let asked = principals.iter().map(|it| Value::S(format!("{it}=AWSReadOnlyAccess"))).collect();
    let table = deployed.stack.reference("AccountsTable").unwrap();
    let update = deployed.clients.dynamodb().update_item().table_name(table);
    let update = update.key("AccountName", Value::S(name.to_owned()));
    let update = update.update_expression("SET AskedAssignments = :asked");
    update.expression_attribute_values(":asked", Value::L(asked)).send().await.unwrap();
}

/// A good list.
fn list(names: &[String]) -> String {
    list_at("example.com", names)
}

/// A good list with the accounts' addresses in a domain.
fn list_at(domain: &str, names: &[String]) -> String {
    let row = |name: &String| {
        format!(
            "{name},jane@example.com,{name}@{domain},Jane,Doe,Test-OU-1 (ou-aaaa-bbbbcccc),,,\n"
        )
    };
    format!("{HEADER}\n{}", names.iter().map(row).collect::<String>())
}

/// A landing zone in which those launches turn out so.
fn with_outcomes(outcomes: &[(String, Outcome)]) -> Description {
    let mut description = Description::builtin();
    description.account_factory.outcomes.extend(outcomes.iter().cloned());
    description
}

/// A row for each way in which a launch can turn out; what failed is uploaded again.
async fn everything_that_can_go_wrong(needs: &AllNeeds) {
    let outcomes: Vec<_> = Outcome::ALL.iter().map(|it| (format!("row-{it}"), *it)).collect();
    let names: Vec<_> = outcomes.iter().map(|(name, _)| name.clone()).collect();
    let mut deployed = Deployed::new(&with_outcomes(&outcomes), &GIVEN, needs).await;
    deployed.upload("in/accounts.csv", list(&names)).await;
    deployed.run(TimeDelta::hours(8)).await;
    let statuses = deployed.statuses().await;
    assert_eq!(statuses.len(), names.len());
    let failed = |statuses: &BTreeMap<String, String>| {
        statuses.values().filter(|it| *it == "FAILED").count()
    };
    assert!(failed(&statuses) > 3, "{statuses:?}");
    deployed.upload("in/again.csv", list(&names)).await;
    deployed.run(TimeDelta::hours(8)).await;
    let again = deployed.statuses().await;
    assert!(failed(&again) < failed(&statuses), "{again:?}");
}

/// Lists with faults, taken and refused; one that is gone before it is read; one that
/// asks for nothing new.
async fn faulty_lists(needs: &AllNeeds) {
    let faulty = std::fs::read(repository("samples/accounts-with-errors.csv")).unwrap();
    for accept in ["true", "false"] {
        let parameters = [&BY_ID[..], &[("AcceptValidRows", accept)]].concat();
        let mut deployed = Deployed::new(&Description::builtin(), &parameters, needs).await;
        deployed.upload("accounts.csv", faulty.clone()).await;
        let good = list(&["good".to_owned()]);
        deployed.upload("gone.csv", good.clone()).await;
        let bucket = deployed.stack.reference("ListBucket").unwrap();
        let gone = deployed.clients.s3().delete_object().bucket(bucket).key("gone.csv");
        gone.send().await.unwrap();
        deployed.upload("good.csv", good.clone()).await;
        deployed.run(TimeDelta::hours(4)).await;
        deployed.upload("good.csv", good).await;
        deployed.run(TimeDelta::hours(1)).await;
        assert_eq!(deployed.statuses().await["good"], "READY");
    }
}

/// Three rows in a row that fail for one cause which no row can mend; what waits then
/// is asked for with another address.
async fn a_pause(needs: &AllNeeds) {
    let outcomes: Vec<_> = (1..=4).map(|n| (format!("row-{n}"), Outcome::Quota)).collect();
    let names: Vec<_> = outcomes.iter().map(|(name, _)| name.clone()).collect();
    let parameters = [&GIVEN[..3], &[("MaxInFlight", "1")]].concat();
    let mut deployed = Deployed::new(&with_outcomes(&outcomes), &parameters, needs).await;
    deployed.upload("accounts.csv", list(&names)).await;
    deployed.run(TimeDelta::hours(5)).await;
    assert_eq!(deployed.statuses().await["row-4"], "QUEUED");
    deployed.upload("corrected.csv", list_at("example.org", &names[3..])).await;
    deployed.run(TimeDelta::hours(1)).await;
    assert_eq!(deployed.statuses().await["row-4"], "QUEUED");
}

/// Intake fails when its rows are in the ledger, and is tried again when all have ended.
async fn rows_that_end_before_their_list_is_taken(needs: &AllNeeds) {
    let outcomes = [("row".to_owned(), Outcome::Refused)];
    let mut deployed = Deployed::new(&with_outcomes(&outcomes), &GIVEN, needs).await;
    needs["intake"].refuse_next("PutObject");
    deployed.upload("accounts.csv", list(&["row".to_owned()])).await;
    deployed.run(TimeDelta::hours(1)).await;
    assert_eq!(deployed.statuses().await["row"], "FAILED");
}

/// An account that somebody makes without Vend and shares a portfolio with, before
/// Control Tower tells of it; and a row for that account.
async fn somebody_else(needs: &AllNeeds) {
    let outcomes = [("outside".to_owned(), Outcome::LateEvent)];
    let mut deployed = Deployed::new(&with_outcomes(&outcomes), &GIVEN, needs).await;
    launch(&deployed.clients, "outside").await;
    while deployed.account_id("outside").is_none() {
        deployed.run(TimeDelta::minutes(1)).await;
    }
    share(&deployed.clients, "port-network000001", &deployed.account_id("outside").unwrap()).await;
    deployed.run(TimeDelta::hours(3)).await;
    deployed.upload("accounts.csv", list(&["outside".to_owned()])).await;
    deployed.run(TimeDelta::hours(2)).await;
}

async fn share(clients: &Clients, portfolio: &str, account: &str) {
    let node = OrganizationNode::builder().r#type(OrganizationNodeType::Account).value(account);
    let share = clients.service_catalog().create_portfolio_share().portfolio_id(portfolio);
    let shared = share.organization_node(node.build()).send().await.unwrap();
    assert!(shared.portfolio_share_token.is_some());
}

/// What the stack asks when it is made, changed and deleted.
async fn the_stack_itself(needs: &AllNeeds) {
    let deployed = Deployed::new(&Description::builtin(), &[], needs).await;
    for request in ["create", "update", "delete"] {
        let path = repository(&format!("samples/events/cloudformation-{request}.json"));
        let event: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let answer = deployed.invoke("intake", event).await;
        assert_eq!(answer["done"], true, "{request}: {answer}");
    }
}

/// Launches an account as a person does in the console.
pub async fn launch(clients: &Clients, name: &str) {
    let client = clients.service_catalog();
    let product = client.describe_product_as_admin().name("AWS Control Tower Account Factory");
    let product = product.send().await.unwrap().product_view_detail.unwrap();
    let product = product.product_view_summary.unwrap().product_id.unwrap();
    let listed = client.list_provisioning_artifacts().product_id(&product).send().await.unwrap();
    let mut artifacts = listed.provisioning_artifact_details().iter();
    let active = artifacts.find(|it| it.active == Some(true)).unwrap().id().unwrap();
    let parameters = [
        ("AccountName", name.to_owned()),
        ("AccountEmail", format!("{name}-of-somebody@example.com")),
        ("SSOUserFirstName", "Jane".to_owned()),
        ("SSOUserLastName", "Doe".to_owned()),
        ("SSOUserEmail", "jane@example.com".to_owned()),
        ("ManagedOrganizationalUnit", "Test-OU-1 (ou-aaaa-bbbbcccc)".to_owned()),
    ];
    let parameters = parameters
        .map(|(key, value)| ProvisioningParameter::builder().key(key).value(value).build());
    let launch = client.provision_product().product_id(product).provisioning_artifact_id(active);
    let launch = launch.provisioned_product_name(name).provision_token(format!("{name}-token"));
    launch.set_provisioning_parameters(Some(parameters.to_vec())).send().await.unwrap();
}
