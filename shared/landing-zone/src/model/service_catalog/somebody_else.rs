//! Somebody else who uses Account Factory, and was quicker.

use super::checks::Checked;
use super::{
    LaunchRequest, Named, Output, PRODUCT_ID, ProductStatus, RecordStatus, launch, search,
};
use crate::Zone;

/// The role in which somebody else works.
const ROLE: &str = "AccountFactoryUser";

/// Makes a product of that name which was there all along: somebody else's
/// account, with an e-mail of its own, vended into the same unit.
pub(super) fn takes_name(zone: &mut Zone, product_name: &str, checked: &Checked) {
    let email = format!("somebody-else+{product_name}@example.com");
    let account_name = &checked.account.account_name;
    let account =
        zone.organization.create_account(account_name, &email, zone.now, &mut zone.chance);
    zone.organization.move_account(&account, &checked.unit.id);
    zone.organization.set_managed(&account, true);
    let request = LaunchRequest {
        product: Named::Id(PRODUCT_ID.to_owned()),
        artifact: Named::Id(checked.artifact.to_owned()),
        path: None,
        name: product_name.to_owned(),
        token: format!("somebody-else-{account}"),
        parameters: Vec::new(),
    };
    let record = launch::open(zone, request, checked.artifact, user(zone));
    zone.set_record(&record.id, RecordStatus::Succeeded);
    if let Some(record) = zone.service_catalog.records.get_mut(&record.id) {
        record.outputs = outputs(&account, &email);
    }
    if let Some(product) = zone.service_catalog.product_mut(&record.product) {
        product.status = ProductStatus::Available;
        product.physical_id = Some(account);
        product.last_successful_provisioning_record = Some(record.id);
    }
    search::notice(zone, &record.product);
}

fn user(zone: &Zone) -> (String, String) {
    let partition = zone.organization.partition();
    let account = zone.organization.management_account();
    (
        format!("arn:{partition}:iam::{account}:role/{ROLE}"),
        format!("arn:{partition}:sts::{account}:assumed-role/{ROLE}/somebody-else"),
    )
}

fn outputs(account: &str, email: &str) -> Vec<Output> {
    let output =
        |key, value: &str, description| Output { key, value: value.to_owned(), description };
    vec![
        output("AccountId", account, "Managed Account Id"),
        output("AccountEmail", email, "Managed Account Email"),
        output("SSOUserEmail", email, "SSO User Email"),
    ]
}
