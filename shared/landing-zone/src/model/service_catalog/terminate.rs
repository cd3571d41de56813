//! `TerminateProvisionedProduct`: for an account, Control Tower stops managing
//! it and moves it to the root. It is not closed, and keeps its e-mail.

use chrono::Duration;

use super::{
    CatalogRefusal, Happening, Named, ProductStatus, Record, RecordStatus, RecordType, ids, lookup,
    messages, search,
};
use crate::Zone;

/// A call of `TerminateProvisionedProduct`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminateRequest {
    /// Which provisioned product.
    pub product: Named,
    /// The terminate token: the same token leads to the same record, for good.
    pub token: String,
}

/// A termination that is not over.
#[derive(Debug, Clone)]
pub(super) struct Termination {
    product: String,
    account: Option<String>,
    /// What the product goes back to if the termination fails.
    before: ProductStatus,
    unmanaging: bool,
    failure: Option<&'static str>,
}

/// Accepts a termination, which goes on by itself; answers its record as it is now.
///
/// # Errors
///
/// When there is no such product, or it is under change.
pub fn terminate(zone: &mut Zone, request: TerminateRequest) -> Result<Record, CatalogRefusal> {
    ids::check_token("terminateToken", &request.token)?;
    if let Some(record) = zone.service_catalog.recorded(RecordType::Terminate, &request.token) {
        return Ok(record.clone());
    }
    let product = lookup::provisioned_product(zone, &request.product)?;
    if product.status == ProductStatus::UnderChange {
        let message = format!("Provisioned product {} is under change.", product.id);
        return Err(CatalogRefusal::InvalidParameters(message));
    }
    let termination = Termination {
        product: product.id.clone(),
        account: product.physical_id.clone(),
        before: product.status,
        unmanaging: false,
        failure: None,
    };
    let (name, artifact) = (product.name.clone(), product.artifact.clone());
    Ok(begin(zone, request.token, termination, (name, artifact)))
}

fn begin(
    zone: &mut Zone,
    token: String,
    termination: Termination,
    (product_name, artifact): (String, String),
) -> Record {
    let record = Record {
        id: ids::new_id("rec", &mut zone.chance),
        kind: RecordType::Terminate,
        status: RecordStatus::Created,
        created: zone.now,
        updated: zone.now,
        product: termination.product.clone(),
        product_name,
        artifact,
        error: None,
        outputs: Vec::new(),
    };
    zone.service_catalog.remember(&record, token);
    if let Some(product) = zone.service_catalog.product_mut(&record.product) {
        product.status = ProductStatus::UnderChange;
        product.last_record.clone_from(&record.id);
    }
    search::notice(zone, &record.product);
    let wait = ids::seconds(2..=5, &mut zone.chance);
    zone.later(wait, Happening::Unmanaging(record.id.clone()));
    zone.service_catalog.terminations.insert(record.id.clone(), termination);
    record
}

/// Control Tower takes the termination up, unless it is at another.
pub(super) fn unmanaging(zone: &mut Zone, record: &str) {
    zone.set_record(record, RecordStatus::InProgress);
    let Some(mut termination) = zone.service_catalog.terminations.get(record).cloned() else {
        return;
    };
    let wait = match &termination.account {
        Some(_) if is_busy(zone) => {
            termination.failure = Some(messages::OTHER_OPERATION);
            Duration::seconds(5)
        }
        Some(_) => {
            termination.unmanaging = true;
            ids::seconds(45..=90, &mut zone.chance)
        }
        None => ids::seconds(3..=8, &mut zone.chance),
    };
    zone.service_catalog.terminations.insert(record.to_owned(), termination);
    zone.later(wait, Happening::Unmanaged(record.to_owned()));
}

/// Unmanaging is done one at a time, and not beside an exclusive operation.
fn is_busy(zone: &Zone) -> bool {
    let catalog = &zone.service_catalog;
    catalog.terminations.values().any(|other| other.unmanaging)
        || catalog.load.is_exclusive(zone.now)
}

/// The termination is over: the product is gone, or as it was.
pub(super) fn unmanaged(zone: &mut Zone, record: &str) {
    let Some(termination) = zone.service_catalog.terminations.remove(record) else { return };
    match termination.failure {
        Some(failure) => {
            zone.fail_record(record, failure);
            restore(zone, &termination, failure);
        }
        None => {
            zone.set_record(record, RecordStatus::Succeeded);
            remove(zone, &termination);
        }
    }
}

fn restore(zone: &mut Zone, termination: &Termination, failure: &str) {
    if let Some(product) = zone.service_catalog.product_mut(&termination.product) {
        product.status = termination.before;
        product.message = Some(failure.to_owned());
    }
    search::notice(zone, &termination.product);
}

fn remove(zone: &mut Zone, termination: &Termination) {
    if let Some(account) = &termination.account {
        let root = zone.organization.root().to_owned();
        zone.organization.move_account(account, &root);
        zone.organization.set_managed(account, false);
    }
    zone.service_catalog.products.remove(&termination.product);
    search::notice(zone, &termination.product);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fate, launched, pass, zone, zone_where_dev_is};
    use super::super::{Outcome, provisioned_product, record};
    use super::*;

    fn end(zone: &mut Zone, fate: &Fate, token: &str) -> Record {
        let product = Named::Id(fate.product.id.clone());
        terminate(zone, TerminateRequest { product, token: token.to_owned() }).expect("accepted")
    }

    fn status(zone: &Zone, id: &str) -> RecordStatus {
        record(zone, id).expect("a record").status
    }

    #[test]
    fn an_account_is_unmanaged_and_moved_to_the_root() {
        let mut zone = zone();
        let fate = launched(&mut zone, 1, 40);
        let account = fate.product.physical_id.clone().expect("an account");
        let termination = end(&mut zone, &fate, "t-1");
        assert_eq!(termination.kind.as_str(), "TERMINATE_PROVISIONED_PRODUCT");
        pass(&mut zone, Duration::seconds(30));
        assert_eq!(status(&zone, &termination.id), RecordStatus::InProgress);
        pass(&mut zone, Duration::seconds(70));
        assert_eq!(status(&zone, &termination.id), RecordStatus::Succeeded);
        let id = Named::Id(fate.product.id.clone());
        let refusal = provisioned_product(&zone, &id).expect_err("gone");
        assert_eq!(refusal.code(), "ResourceNotFoundException");
        let account = zone.organization.account(&account).expect("still an account");
        assert_eq!((account.parent.as_str(), account.managed), (zone.organization.root(), false));
        assert_eq!(end(&mut zone, &fate, "t-1").status, RecordStatus::Succeeded);
    }

    #[test]
    fn a_product_without_an_account_is_gone_in_seconds_and_its_name_is_free() {
        let mut zone = zone_where_dev_is(Outcome::Busy);
        let fate = launched(&mut zone, 1, 1);
        end(&mut zone, &fate, "t-1");
        pass(&mut zone, Duration::seconds(15));
        assert!(zone.service_catalog.provisioned_products().is_empty());
        let mut again = super::super::testing::request(&zone, "dev", 1);
        again.token = "second".to_owned();
        assert!(super::super::provision(&mut zone, again).is_ok());
    }

    #[test]
    fn what_is_under_change_is_not_terminated() {
        let mut zone = zone();
        let fate = launched(&mut zone, 1, 1);
        let product = Named::Name(fate.product.name);
        let refusal = terminate(&mut zone, TerminateRequest { product, token: "t".to_owned() });
        assert_eq!(refusal.expect_err("under change").code(), "InvalidParametersException");
    }

    #[test]
    fn accounts_are_unmanaged_one_at_a_time() {
        let mut zone = zone();
        let first = launched(&mut zone, 1, 40);
        let other = super::super::testing::launch(&mut zone, "other", 1).expect("accepted");
        pass(&mut zone, Duration::minutes(40));
        let second = super::super::testing::fate(&mut zone, &other);
        end(&mut zone, &first, "t-1");
        pass(&mut zone, Duration::seconds(10));
        let refused = end(&mut zone, &second, "t-2");
        pass(&mut zone, Duration::seconds(20));
        assert_eq!(status(&zone, &refused.id), RecordStatus::Failed);
        let after = super::super::testing::fate(&mut zone, &other);
        assert_eq!(after.told().0, "AVAILABLE");
        assert_eq!(after.told().2, messages::OTHER_OPERATION);
    }
}
