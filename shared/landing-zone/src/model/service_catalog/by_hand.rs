//! A person who finishes in Service Catalog what a launch left behind.

use super::{Output, ProductStatus, Record, RecordStatus, RecordType, ids, search};
use crate::Zone;

/// A person mends what stood in the way and updates the product of that name, which
/// succeeds: its account is enrolled. Answers the account; `None` where there is no such
/// product, it is under change, or its launch made no account.
///
/// AWS does this in minutes; here it is done at once.
pub fn finish_by_hand(zone: &mut Zone, product_name: &str) -> Option<String> {
    let product = zone.service_catalog.products.named(product_name)?.clone();
    let account = product.physical_id.clone()?;
    if !matches!(product.status, ProductStatus::Error | ProductStatus::Tainted) {
        return None;
    }
    let email = zone.organization.account(&account)?.email.clone();
    let record = Record {
        id: ids::new_id("rec", &mut zone.chance),
        kind: RecordType::Update,
        status: RecordStatus::Succeeded,
        created: zone.now,
        updated: zone.now,
        product: product.id.clone(),
        product_name: product.name,
        artifact: product.artifact,
        error: None,
        outputs: outputs(&account, email),
    };
    zone.service_catalog.remember(&record, format!("by-hand-{}", record.id));
    show(zone, record);
    zone.organization.set_managed(&account, true);
    Some(account)
}

fn outputs(account: &str, email: String) -> Vec<Output> {
    let output = |key, value, description| Output { key, value, description };
    vec![
        output("AccountId", account.to_owned(), "Managed Account Id"),
        output("AccountEmail", email, "Managed Account Email"),
    ]
}

fn show(zone: &mut Zone, record: Record) {
    if let Some(product) = zone.service_catalog.product_mut(&record.product) {
        product.status = ProductStatus::Available;
        product.message = None;
        product.last_record.clone_from(&record.id);
        product.last_provisioning_record.clone_from(&record.id);
        product.last_successful_provisioning_record = Some(record.id);
    }
    search::notice(zone, &record.product);
}

#[cfg(test)]
mod tests {
    use super::super::Outcome;
    use super::super::testing::{launched, zone, zone_where_dev_is};
    use super::*;

    #[test]
    fn a_failed_launch_is_finished_and_its_product_has_succeeded_from_then_on() {
        let mut zone = zone_where_dev_is(Outcome::Failed);
        let fate = launched(&mut zone, 1, 40);
        let account = finish_by_hand(&mut zone, &fate.product.name).expect("an account");
        assert!(zone.organization.account(&account).expect("an account").managed);
        let product = &zone.service_catalog.products.all()[0];
        assert_eq!(product.status, ProductStatus::Available);
        assert!(product.last_successful_provisioning_record.is_some());
        assert_eq!(finish_by_hand(&mut zone, &fate.product.name), None);
    }

    #[test]
    fn there_is_nothing_to_finish_without_a_product_or_an_account() {
        assert_eq!(finish_by_hand(&mut zone(), "vend-dev"), None);
        let mut zone = zone_where_dev_is(Outcome::FailedNoId);
        let fate = launched(&mut zone, 1, 40);
        assert_eq!(finish_by_hand(&mut zone, &fate.product.name), None);
    }
}
