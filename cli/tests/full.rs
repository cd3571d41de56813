//! `samples/accounts-full.csv`, dropped: every account ends READY, and IAM Identity Center
//! and Service Catalog have exactly what the file asks for.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Served, sample};
use landing_zone::Description;
use serde_json::Value;

/// What the stack gives every account.
const DEFAULT: &str = "group:Platform-Admins=AWSAdministratorAccess";
const NETWORK: &str = "port-network000001";
const SECURITY: &str = "port-security00001";

/// What Control Tower assigns by itself, besides to the user of the row.
const BY_CONTROL_TOWER: [&str; 3] = [
    "group:AWSControlTowerAdmins=AWSOrganizationsFullAccess",
    "group:AWSSecurityAuditPowerUsers=AWSPowerUserAccess",
    "group:AWSSecurityAuditors=AWSReadOnlyAccess",
];

/// Each account of the sample: its user, what it must be assigned, and what shared.
fn asked() -> [(&'static str, &'static str, Vec<&'static str>, Vec<&'static str>); 5] {
    [
        (
            "shop-production",
            "ana.silva@example.com",
            vec![
                DEFAULT,
                "group:Developers=AWSReadOnlyAccess",
                "group:AWSSecurityAuditors=BillingView",
                "user:john.smith=AWSPowerUserAccess",
            ],
            vec![NETWORK, SECURITY],
        ),
        (
            "shop-test",
            "ana.silva@example.com",
            vec![
                DEFAULT,
                "group:Developers=AWSPowerUserAccess",
                "group:Developers=BillingView",
                "user:jane.doe@example.com=AWSAdministratorAccess",
            ],
            vec![NETWORK, SECURITY],
        ),
        (
            "finance-archive",
            "li.wei@example.com",
            vec!["group:AWSSecurityAuditors=BillingView", "user:john.smith=BillingView"],
            vec![],
        ),
        (
            "sandbox-jane",
            "jane.doe@example.com",
            vec![DEFAULT, "user:jane.doe@example.com=AWSPowerUserAccess"],
            vec![NETWORK],
        ),
        ("plain", "ana.silva@example.com", vec![DEFAULT], vec![NETWORK]),
    ]
}

/// The account ids of the list, by name; all are READY.
fn accounts(served: &Served) -> BTreeMap<String, String> {
    let document = served.json(&["status"]);
    let batch = document["ended"][0]["id"].as_str().or(document["batches"][0]["id"].as_str());
    let document = served.json(&["status", batch.unwrap()]);
    let accounts = document["accounts"].as_array().unwrap();
    let text = |account: &Value, key: &str| account[key].as_str().unwrap_or_default().to_owned();
    for account in accounts {
        assert_eq!(text(account, "status"), "READY", "{account}");
    }
    accounts.iter().map(|account| (text(account, "name"), text(account, "accountId"))).collect()
}

/// The account's assignments as Identity Center lists them, as they are written.
async fn assigned(served: &Served, zone: &Description, account: &str) -> BTreeSet<String> {
    let (client, center) = (served.clients().sso_admin(), &zone.identity_center);
    let names: BTreeMap<&str, String> = center
        .groups
        .iter()
        .map(|group| (group.id.as_str(), format!("group:{}", group.name)))
        .chain(center.users.iter().map(|user| (user.id.as_str(), format!("user:{}", user.name))))
        .collect();
    let mut assigned = BTreeSet::new();
    for set in &center.permission_sets {
        let instance = center.instance_arn.rsplit('/').next().unwrap();
        let arn = format!("arn:aws:sso:::permissionSet/{instance}/ps-{}", set.id);
        let list = client.list_account_assignments().instance_arn(&center.instance_arn);
        let listed = list.account_id(account).permission_set_arn(arn).send().await.unwrap();
        for assignment in listed.account_assignments() {
            let id = assignment.principal_id().unwrap();
            // One that Control Tower made for the row is told by its permission set alone.
            let name = names.get(id).cloned().unwrap_or_else(|| "user:of the row".to_owned());
            assigned.insert(format!("{name}={}", set.name));
        }
    }
    assigned
}

async fn shared_with(served: &Served, portfolio: &str) -> BTreeSet<String> {
    let client = served.clients().service_catalog();
    let shares = client.describe_portfolio_shares().portfolio_id(portfolio);
    let shares = shares.set_type(Some("ORGANIZATION_MEMBER_ACCOUNT".into())).send().await.unwrap();
    let shares = shares.portfolio_share_details().iter();
    shares.map(|share| share.principal_id().unwrap().to_owned()).collect()
}

#[test]
fn every_account_of_the_full_sample_has_exactly_what_its_row_asks_for() {
    let list = sample("accounts-full.csv").display().to_string();
    let served = Served::start(&[&list, "--speed", "max"]);
    let (ids, zone) = (accounts(&served), Description::builtin());
    assert_eq!(ids.len(), asked().len());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let known: Vec<&str> = zone.identity_center.users.iter().map(|it| it.name.as_str()).collect();
    for (name, user, mut expected, portfolios) in asked() {
        let owner = if known.contains(&user) { user } else { "of the row" };
        let own = format!("user:{owner}=AWSAdministratorAccess");
        expected.extend(BY_CONTROL_TOWER);
        let expected = expected.into_iter().map(str::to_owned).chain([own]).collect();
        assert_eq!(runtime.block_on(assigned(&served, &zone, &ids[name])), expected, "{name}");
        for portfolio in [NETWORK, SECURITY] {
            let shared = runtime.block_on(shared_with(&served, portfolio));
            let wanted = portfolios.contains(&portfolio);
            assert_eq!(shared.contains(&ids[name]), wanted, "{portfolio} and {name}");
        }
    }
}

#[test]
fn what_was_asked_for_and_what_was_given_is_shown() {
    let list = sample("accounts-full.csv").display().to_string();
    let served = Served::start(&[&list, "--speed", "max"]);
    let document = served.json(&["show", "finance-archive"]);
    assert_eq!(document["access"]["defaults"], "replace");
    let asked =
        ["group:AWSSecurityAuditors=BillingView", "user:john.smith@example.com=BillingView"];
    assert_eq!(document["access"]["assignments"], serde_json::json!(asked));
    let steps = document["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| step["progress"] == "done"), "{steps:?}");
    assert_eq!(steps.len(), 2);
    let document = served.json(&["show", "shop-production"]);
    let steps = document["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| step["progress"] == "done"), "{steps:?}");
    let given: Vec<&str> = steps.iter().map(|step| step["grant"].as_str().unwrap()).collect();
    assert_eq!(
        given,
        [
            "permission set AWSAdministratorAccess for group Platform-Admins",
            "permission set AWSReadOnlyAccess for group Developers",
            "permission set BillingView for group AWSSecurityAuditors",
            "permission set AWSPowerUserAccess for user john.smith",
            "portfolio Network baseline",
            "portfolio Network baseline in the account itself",
            "portfolio Network baseline for role deploy",
            "local copy of portfolio Network baseline",
            "products of portfolio Network baseline in its local copy",
            "launch role service-catalog-launch for the local copy of portfolio Network baseline",
            "tag option managed-by=vend for the local copy of portfolio Network baseline",
            "local copy of portfolio Network baseline for role deploy",
            "portfolio Security tooling",
            "portfolio Security tooling in the account itself",
            "portfolio Security tooling for role deploy",
        ]
    );
    let text = common::stdout(&served.vend(&["show", "finance-archive"]));
    common::assert_plain(&text);
    let said = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = "access asked for instead of the defaults: group:AWSSecurityAuditors=BillingView,";
    assert!(said.contains(told), "{text}");
}

#[test]
fn a_plan_says_what_each_account_would_be_given() {
    let served = Served::start(&["--speed", "20000"]);
    let list = sample("accounts-full.csv").display().to_string();
    let output = served.vend(&["plan", &list]);
    common::assert_plain(&common::stdout(&output));
    let text = common::stdout(&output).replace(&list, "accounts-full.csv");
    // When that is depends on when it is asked.
    insta::with_settings!({ filters => [(r"(?s)so\s+until.*?lately\)\.", "so until [moment, pace].")] }, {
        insta::assert_snapshot!("plan_full", text);
    });
    let document = served.json(&["plan", &list]);
    let rows = document["rows"].as_array().unwrap();
    assert_eq!(rows[2]["access"]["defaults"], "replace");
    assert_eq!(rows[4]["access"]["assignments"], serde_json::json!([]));
    assert_eq!(document["defaults"]["assignments"], serde_json::json!([DEFAULT]));
}
