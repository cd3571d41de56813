//! The end of a launch: Control Tower tells so by an event, and Service
//! Catalog, which polls Control Tower, shows it some seconds later.

use super::operation::{Ending, Operation};
use super::{Happening, Output, ProductStatus, RecordStatus, ids, lifecycle, search};
use crate::Zone;
use crate::model::identity_center;

/// Control Tower ends its operation.
pub(super) fn finished(zone: &mut Zone, record: &str) {
    let Some(operation) = zone.service_catalog.operations.get_mut(record) else { return };
    operation.running = false;
    let operation = operation.clone();
    zone.service_catalog.load.end(zone.now);
    settle_account(zone, &operation);
    if operation.ending.failure().is_some() {
        zone.set_record(record, RecordStatus::InProgressInError);
    }
    lifecycle::emit(zone, &operation);
    // AWS publishes no number, only that Service Catalog polls Control Tower.
    let wait = ids::seconds(1..=40, &mut zone.chance);
    zone.later(wait, Happening::Settled(record.to_owned()));
}

/// An account whose enrollment failed stays where it is.
fn settle_account(zone: &mut Zone, operation: &Operation) {
    let Some(id) = &operation.account_id else { return };
    if matches!(operation.ending, Ending::Failed(_)) {
        return;
    }
    zone.organization.move_account(id, &operation.unit.id);
    if operation.ending.failure().is_none() {
        zone.organization.set_managed(id, true);
        identity_center::welcome(zone, id, &operation.account.sso_user_email);
    }
}

/// Service Catalog shows that Control Tower would not take the launch up.
pub(super) fn turned_down(zone: &mut Zone, record: &str) {
    zone.service_catalog.load.end(zone.now);
    settled(zone, record);
}

/// Service Catalog shows how the launch ended.
pub(super) fn settled(zone: &mut Zone, record: &str) {
    let Some(operation) = zone.service_catalog.operations.remove(record) else { return };
    match operation.ending.failure() {
        Some(failure) => zone.fail_record(record, failure),
        None => succeed(zone, &operation),
    }
    let (status, message) = operation.ending.product();
    show(zone, &operation, status, message);
}

fn succeed(zone: &mut Zone, operation: &Operation) {
    zone.set_record(&operation.record, RecordStatus::Succeeded);
    let outputs = outputs(zone, operation);
    if let Some(record) = zone.service_catalog.records.get_mut(&operation.record) {
        record.outputs = outputs;
    }
    if let Some(product) = zone.service_catalog.product_mut(&operation.product) {
        product.last_successful_provisioning_record = Some(operation.record.clone());
    }
}

fn show(zone: &mut Zone, operation: &Operation, status: ProductStatus, message: Option<&str>) {
    if let Some(product) = zone.service_catalog.product_mut(&operation.product) {
        product.status = status;
        product.message = message.map(ToOwned::to_owned);
        product.physical_id.clone_from(&operation.account_id);
    }
    search::notice(zone, &operation.product);
}

/// The outputs that Account Factory gives, as users have reported them.
fn outputs(zone: &Zone, operation: &Operation) -> Vec<Output> {
    let account = operation.account_id.clone().unwrap_or_default();
    let store = &zone.identity_center.instance().identity_store;
    let portal = format!("https://{store}.awsapps.com/start");
    let output = |key, value, description| Output { key, value, description };
    vec![
        output("AccountId", account, "Managed Account Id"),
        output("AccountEmail", operation.account.account_email.clone(), "Managed Account Email"),
        output("SSOUserEmail", operation.account.sso_user_email.clone(), "SSO User Email"),
        output("SSOUserPortal", portal, "SSO User Portal"),
    ]
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::super::testing::{
        UNIT, fate, launch, launched, pass, start, zone, zone_where_dev_is, zone_with,
    };
    use super::super::{Named, Outcome, messages, outputs};
    use super::*;

    #[test]
    fn an_account_is_ready_within_35_minutes_and_in_its_unit() {
        let mut zone = zone();
        let fate = launched(&mut zone, 1, 37);
        assert_eq!(fate.told(), ("AVAILABLE", "SUCCEEDED", ""));
        let account = zone.organization.account_by_email("aws+dev@example.com").expect("made");
        assert_eq!((account.name.as_str(), account.parent.as_str()), ("dev", UNIT));
        assert!(account.managed);
        let took = account.joined - start();
        assert!(took >= Duration::seconds(110) && took < Duration::minutes(5), "{took}");

        let product = &fate.product;
        assert_eq!(product.physical_id.as_deref(), Some(account.id.as_str()));
        assert_eq!(product.last_successful_provisioning_record, Some(fate.record.id.clone()));
        let values: Vec<_> = fate.record.outputs.iter().map(|it| (it.key, &*it.value)).collect();
        assert_eq!(values[0], ("AccountId", account.id.as_str()));
        assert_eq!(values[1], ("AccountEmail", "aws+dev@example.com"));
        assert_eq!(values[2], ("SSOUserEmail", "jane.doe@example.com"));
        assert_eq!(fate.events.len(), 1);
        assert_eq!(
            fate.events[0].message,
            "AWS Control Tower successfully created a managed account."
        );
    }

    #[test]
    fn the_product_shows_the_end_after_control_tower_at_the_latest_40_seconds() {
        let mut zone = zone();
        let record = launch(&mut zone, "dev", 1).expect("accepted");
        let mut ended = None;
        while fate(&mut zone, &record).product.status == ProductStatus::UnderChange {
            if zone.service_catalog.running() == 0 {
                ended.get_or_insert(zone.now());
            }
            pass(&mut zone, Duration::seconds(1));
        }
        let ended = ended.expect("an end before the product's");
        assert!(ended - start() >= Duration::minutes(20), "{ended}");
        assert!(zone.now() - ended <= Duration::seconds(41), "{ended}");
    }

    #[test]
    fn a_record_in_error_is_first_in_progress_in_error() {
        let mut zone = zone_where_dev_is(Outcome::FailedNoId);
        let record = launch(&mut zone, "dev", 1).expect("accepted");
        let mut seen = Vec::new();
        while seen.last() != Some(&RecordStatus::Failed) {
            let status = fate(&mut zone, &record).record.status;
            if seen.last() != Some(&status) {
                seen.push(status);
            }
            pass(&mut zone, Duration::milliseconds(500));
        }
        let all = [
            RecordStatus::Created,
            RecordStatus::InProgress,
            RecordStatus::InProgressInError,
            RecordStatus::Failed,
        ];
        assert_eq!(seen, all);
    }

    #[test]
    fn tainted_is_a_failure_and_tainted_usable_is_not() {
        let mut zone = zone_where_dev_is(Outcome::Tainted);
        let fate = launched(&mut zone, 1, 37);
        assert_eq!(fate.told(), ("TAINTED", "FAILED", messages::BASELINE));
        assert_eq!(fate.product.last_successful_provisioning_record, None);
        assert_eq!(fate.events[0].state, "FAILED");
        assert!(outputs(&zone, &Named::Id(fate.product.id)).is_err());
        assert_eq!(launched(&mut zone, 2, 37).events[0].name, "UpdateManagedAccount");

        let mut zone = zone_where_dev_is(Outcome::TaintedUsable);
        let fate = launched(&mut zone, 1, 37);
        assert_eq!(fate.told(), ("TAINTED", "SUCCEEDED", messages::BASELINE));
        assert_eq!(fate.product.last_successful_provisioning_record, Some(fate.record.id));
        assert_eq!(fate.events[0].state, "SUCCEEDED");
        assert_eq!(outputs(&zone, &Named::Id(fate.product.id)).map(<[_]>::len), Ok(4));
    }

    #[test]
    fn overdue_takes_three_hours_and_succeeds() {
        let mut zone = zone_where_dev_is(Outcome::Overdue);
        let record = launch(&mut zone, "dev", 1).expect("accepted");
        pass(&mut zone, Duration::minutes(179));
        assert_eq!(fate(&mut zone, &record).told(), ("UNDER_CHANGE", "IN_PROGRESS", ""));
        pass(&mut zone, Duration::minutes(3));
        assert_eq!(fate(&mut zone, &record).told().0, "AVAILABLE");
    }

    #[test]
    fn what_is_planned_for_the_handover_stays_with_the_account() {
        for outcome in [Outcome::Conflict, Outcome::AccessFails, Outcome::ShareFails] {
            let mut zone = zone_where_dev_is(outcome);
            let account = launched(&mut zone, 1, 37).product.physical_id.expect("an account");
            assert_eq!(zone.service_catalog.outcome_for_account(&account), outcome);
            zone.service_catalog.plan("dev", Outcome::Ready);
            assert_eq!(zone.service_catalog.outcome_for_account(&account), Outcome::Ready);
        }
        let zone = zone_where_dev_is(Outcome::Failed);
        assert_eq!(zone.service_catalog.outcome_for_account("999999999999"), Outcome::Ready);
    }

    #[test]
    fn an_operation_can_take_no_time_at_all() {
        let mut zone = zone_with(|description| {
            description.account_factory.shortest_minutes = 0;
            description.account_factory.longest_minutes = 0;
        });
        assert_eq!(launched(&mut zone, 1, 1).told().0, "AVAILABLE");
    }

    #[test]
    fn the_same_seed_and_calls_give_the_same_run() {
        let run = || {
            let mut zone = zone();
            let fate = launched(&mut zone, 1, 37);
            (fate.product, fate.record)
        };
        assert_eq!(run(), run());
    }
}
