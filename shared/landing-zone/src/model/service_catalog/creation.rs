//! The account of a launch: Control Tower has Organizations make it, or finds it
//! there from an earlier launch or from before.

use chrono::Duration;

use super::operation::{Ending, Operation};
use super::{Happening, Outcome, ids, messages};
use crate::Zone;
use crate::model::organization::{Account, AccountState};

/// Control Tower has Organizations make the account, or finds it there.
pub(super) fn account_due(zone: &mut Zone, record: &str) {
    let Some(mut operation) = zone.service_catalog.operations.remove(record) else { return };
    match find_or_create(zone, &operation) {
        Ok((id, known)) => {
            operation.known = known;
            let failure = failure_after_creation(operation.outcome, &id);
            let wait = match failure {
                Some(_) => ids::seconds(60..=240, &mut zone.chance).min(operation.due - zone.now),
                None => operation.due - zone.now,
            };
            operation.ending = failure.map_or(operation.ending, Ending::Failed);
            let name = operation.account.account_name.clone();
            zone.service_catalog.accounts.insert(id.clone(), name);
            operation.account_id = Some(id);
            zone.later(wait, Happening::Finished(record.to_owned()));
        }
        Err(message) => {
            operation.ending = Ending::Failed(message);
            zone.later(Duration::zero(), Happening::Finished(record.to_owned()));
        }
    }
    zone.service_catalog.operations.insert(record.to_owned(), operation);
}

fn failure_after_creation(outcome: Outcome, id: &str) -> Option<String> {
    match outcome {
        Outcome::Activation => Some(messages::not_activated(id)),
        Outcome::Failed => Some(messages::ROLE.to_owned()),
        _ => None,
    }
}

/// The account's id, and whether Control Tower had to do with it before.
fn find_or_create(zone: &mut Zone, operation: &Operation) -> Result<(String, bool), String> {
    match operation.outcome {
        Outcome::EmailInUse => return Err(messages::EMAIL_IN_USE.to_owned()),
        Outcome::Quota => return Err(messages::QUOTA.to_owned()),
        Outcome::FailedNoId => return Err(messages::CREATION.to_owned()),
        _ => {}
    }
    let email = &operation.account.account_email;
    if let Some(account) = zone.organization.account_by_email(email) {
        return existing(zone, account, &operation.account.account_name);
    }
    let taken = &zone.service_catalog.factory.taken_emails;
    if taken.iter().any(|taken| taken.to_lowercase() == email.to_lowercase()) {
        return Err(messages::EMAIL_IN_USE.to_owned());
    }
    if zone.organization.account_quota_reached() {
        return Err(messages::QUOTA.to_owned());
    }
    let name = &operation.account.account_name;
    let id = zone.organization.create_account(name, email, zone.now, &mut zone.chance);
    Ok((id, false))
}

/// An account that nobody manages is enrolled; one that is managed under
/// another name, or closed, or the management account, stands in the way.
fn existing(zone: &Zone, account: &Account, name: &str) -> Result<(String, bool), String> {
    let managed_elsewhere = account.managed && account.name != name;
    let is_management = account.id == zone.organization.management_account();
    if managed_elsewhere || is_management || account.state != AccountState::Active {
        return Err(messages::EMAIL_IN_USE.to_owned());
    }
    let known = account.managed || zone.service_catalog.accounts.contains_key(&account.id);
    Ok((account.id.clone(), known))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{
        UNIT, fate, launch, launched, parameters, pass, zone, zone_where_dev_is, zone_with,
    };
    use super::*;

    #[test]
    fn when_no_account_can_be_made_the_event_says_not_available() {
        for (outcome, message) in [
            (Outcome::EmailInUse, messages::EMAIL_IN_USE),
            (Outcome::Quota, messages::QUOTA),
            (Outcome::FailedNoId, messages::CREATION),
        ] {
            let mut zone = zone_where_dev_is(outcome);
            let fate = launched(&mut zone, 1, 5);
            assert_eq!(fate.told(), ("ERROR", "FAILED", message));
            assert_eq!(fate.events.len(), 1, "{outcome}");
            let event = &fate.events[0];
            let said = (event.name.as_str(), event.state.as_str(), event.account.as_str());
            assert_eq!(said, ("CreateManagedAccount", "FAILED", "Not Available"));
            assert_eq!(event.message, message);
            assert_eq!(zone.organization.account_by_email("aws+dev@example.com").map(|_| ()), None);
            let retry = launched(&mut zone, 2, 40);
            assert_eq!(retry.told().0, "AVAILABLE");
            assert_eq!(retry.events[0].name, "CreateManagedAccount");
        }
    }

    #[test]
    fn when_enrollment_fails_the_account_is_in_the_root_and_a_retry_is_an_update() {
        for (outcome, said) in
            [(Outcome::Failed, messages::ROLE), (Outcome::Activation, "Try again in one hour.")]
        {
            let mut zone = zone_where_dev_is(outcome);
            let fate = launched(&mut zone, 1, 20);
            let account = zone.organization.account_by_email("aws+dev@example.com").cloned();
            let account = account.expect("an account");
            assert!(fate.told().2.contains(said), "{}", fate.told().2);
            assert_eq!(fate.product.physical_id.as_deref(), Some(account.id.as_str()));
            assert_eq!(fate.events[0].account, account.id);
            assert_eq!(
                (account.parent.as_str(), account.managed),
                (zone.organization.root(), false)
            );

            let retry = launched(&mut zone, 2, 40);
            assert_eq!(retry.told().0, "AVAILABLE");
            let event = &retry.events[0];
            assert_eq!(
                (event.name.as_str(), event.state.as_str()),
                ("UpdateManagedAccount", "SUCCEEDED")
            );
            assert_eq!(event.account, account.id);
            let account = zone.organization.account(&account.id).expect("the same account");
            assert_eq!((account.parent.as_str(), account.managed), (UNIT, true));
        }
    }

    #[test]
    fn an_email_elsewhere_in_aws_is_in_use() {
        let mut zone = zone_with(|description| {
            description.account_factory.taken_emails = vec!["AWS+Dev@example.com".to_owned()];
        });
        assert_eq!(launched(&mut zone, 1, 5).told().2, messages::EMAIL_IN_USE);
        assert_eq!(launched(&mut zone, 2, 5).told().2, messages::EMAIL_IN_USE);
    }

    #[test]
    fn an_email_of_a_managed_account_of_another_name_is_in_use() {
        let mut zone = zone();
        launched(&mut zone, 1, 40);
        let mut request = super::super::testing::request(&zone, "other", 1);
        let email = parameters(&zone, "dev").account_email.to_uppercase();
        request.parameters[1].1 = email;
        let record = super::super::provision(&mut zone, request).expect("accepted");
        pass(&mut zone, Duration::minutes(6));
        assert_eq!(fate(&mut zone, &record).told().2, messages::EMAIL_IN_USE);
    }

    #[test]
    fn the_organization_is_full_when_it_is_full() {
        let mut zone = zone_with(|description| {
            description.organization.account_quota = description.accounts.len() + 1;
        });
        assert_eq!(launched(&mut zone, 1, 40).told().0, "AVAILABLE");
        let record = launch(&mut zone, "prod", 1).expect("accepted");
        pass(&mut zone, Duration::minutes(6));
        assert_eq!(fate(&mut zone, &record).told().2, messages::QUOTA);
    }

    #[test]
    fn an_account_that_control_tower_never_saw_is_enrolled_as_a_creation() {
        let mut zone = zone();
        let (email, now) = (parameters(&zone, "dev").account_email, zone.now());
        let mut chance = zone.chance.clone();
        let id = zone.organization.create_account("Dev of old", &email, now, &mut chance);
        let event = launched(&mut zone, 1, 40).events.remove(0);
        assert_eq!((event.name.as_str(), &event.account), ("CreateManagedAccount", &id));
        let account = zone.organization.account(&id).expect("still there");
        assert_eq!((account.parent.as_str(), account.managed), (UNIT, true));
    }
}
