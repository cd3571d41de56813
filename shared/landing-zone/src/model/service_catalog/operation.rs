//! A launch after it was accepted: Control Tower takes it up, or turns it down.

use chrono::Duration;

use super::checks::{Checked, Unit};
use super::{
    AccountParameters, Happening, Moment, Outcome, ProductStatus, Record, RecordStatus, ids,
    messages, principals,
};
use crate::Zone;

/// A launch that is not settled.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub record: String,
    pub product: String,
    pub account: AccountParameters,
    pub unit: Unit,
    pub outcome: Outcome,
    pub requested: Moment,
    /// The account's id, once there is one.
    pub account_id: Option<String>,
    /// Whether Control Tower had to do with the account before.
    pub known: bool,
    /// Whether Control Tower is at it.
    pub running: bool,
    /// When Control Tower will be through, if nothing goes wrong.
    pub due: Moment,
    pub ending: Ending,
}

/// How an operation ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// As requested.
    Ready,
    /// Well enough; something is left over.
    ReadyTainted,
    /// With an account that is not quite enrolled.
    Tainted,
    /// In vain, for that reason.
    Failed(String),
}

impl Ending {
    /// What Control Tower says went wrong with the operation.
    pub(super) fn failure(&self) -> Option<&str> {
        match self {
            Self::Ready | Self::ReadyTainted => None,
            Self::Tainted => Some(messages::BASELINE),
            Self::Failed(message) => Some(message),
        }
    }

    /// How the product ends up, and what it says.
    pub(super) fn product(&self) -> (ProductStatus, Option<&str>) {
        match self {
            Self::Ready => (ProductStatus::Available, None),
            Self::ReadyTainted | Self::Tainted => {
                (ProductStatus::Tainted, Some(messages::BASELINE))
            }
            Self::Failed(message) => (ProductStatus::Error, Some(message)),
        }
    }
}

impl Operation {
    pub(super) fn new(record: &Record, checked: Checked, outcome: Outcome) -> Self {
        Self {
            record: record.id.clone(),
            product: record.product.clone(),
            account: checked.account,
            unit: checked.unit,
            outcome,
            requested: record.created,
            account_id: None,
            known: false,
            running: false,
            due: record.created,
            ending: match outcome {
                Outcome::Tainted => Ending::Tainted,
                Outcome::TaintedUsable => Ending::ReadyTainted,
                _ => Ending::Ready,
            },
        }
    }

    fn same_email(&self, email: &str) -> bool {
        self.account.account_email.to_lowercase() == email.to_lowercase()
    }
}

/// Service Catalog asks Control Tower within seconds.
pub(super) fn begin(zone: &mut Zone, operation: Operation) {
    let wait = ids::seconds(2..=5, &mut zone.chance);
    zone.later(wait, Happening::Asked(operation.record.clone()));
    zone.service_catalog.load.begin(zone.now);
    zone.service_catalog.operations.insert(operation.record.clone(), operation);
}

/// Control Tower takes the launch up, or turns it down without an event.
pub(super) fn asked(zone: &mut Zone, record: &str) {
    zone.set_record(record, RecordStatus::InProgress);
    let Some(mut operation) = zone.service_catalog.operations.get(record).cloned() else { return };
    match turned_down(zone, &operation) {
        Some(message) => {
            operation.ending = Ending::Failed(message);
            let wait = ids::seconds(3..=12, &mut zone.chance);
            zone.later(wait, Happening::TurnedDown(record.to_owned()));
        }
        None => {
            operation.running = true;
            operation.due = zone.now + duration(zone, operation.outcome);
            let wait = until_account(zone, operation.due);
            zone.later(wait, Happening::AccountDue(record.to_owned()));
        }
    }
    zone.service_catalog.operations.insert(record.to_owned(), operation);
}

fn turned_down(zone: &Zone, operation: &Operation) -> Option<String> {
    let catalog = &zone.service_catalog;
    let quota = catalog.factory.concurrent_operations;
    let running = || catalog.operations.values().filter(|other| other.running);
    let same = |other: &Operation| other.same_email(&operation.account.account_email);
    let registered = zone.organization.unit(&operation.unit.id).is_some_and(|unit| unit.registered);
    match operation.outcome {
        Outcome::Denied => Some(messages::denied(&principals::caller_session(zone))),
        Outcome::Busy => Some(messages::OTHER_OPERATION.to_owned()),
        Outcome::UnregisteredOu => Some(messages::unregistered(&operation.unit.name)),
        _ if !registered => Some(messages::unregistered(&operation.unit.name)),
        _ if catalog.load.is_exclusive(zone.now) => Some(messages::OTHER_OPERATION.to_owned()),
        _ if running().any(same) => Some(messages::OTHER_EXECUTION.to_owned()),
        _ if running().count() + catalog.load.others(zone.now) >= quota => {
            Some(messages::too_many_operations(quota))
        }
        _ => None,
    }
}

/// Drawn evenly, to the second, between the shortest and the longest.
fn duration(zone: &mut Zone, outcome: Outcome) -> Duration {
    let factory = &zone.service_catalog.factory;
    let shortest = i64::from(factory.shortest_minutes) * 60;
    let longest = (i64::from(factory.longest_minutes) * 60).max(shortest);
    let drawn = ids::seconds(shortest..=longest, &mut zone.chance);
    if outcome == Outcome::Overdue { Duration::hours(3) } else { drawn }
}

/// A failed creation was reported 2 minutes 19 seconds after the launch.
fn until_account(zone: &mut Zone, due: Moment) -> Duration {
    ids::seconds(110..=230, &mut zone.chance).min((due - zone.now) / 2)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{
        fate, launch, launched, pass, start, zone, zone_where_dev_is, zone_with,
    };
    use super::super::{OtherOperation, Peak};
    use super::*;

    /// Seconds are enough for Control Tower to turn a launch down.
    fn a_while(zone: &mut Zone) {
        pass(zone, Duration::seconds(20));
    }

    #[test]
    fn what_control_tower_turns_down_is_an_error_in_seconds_and_no_event() {
        for (outcome, said) in [
            (Outcome::Busy, "another AWS Control Tower operation is in progress. Try again later."),
            (Outcome::Denied, "is not authorized to perform: controltower:CreateManagedAccount"),
            (Outcome::UnregisteredOu, "it is not registered with AWS Control Tower."),
        ] {
            let mut zone = zone_where_dev_is(outcome);
            let record = launch(&mut zone, "dev", 1).expect("accepted");
            assert_eq!(record.status, RecordStatus::Created);
            a_while(&mut zone);
            let fate = fate(&mut zone, &record);
            let (product, record, message) = fate.told();
            assert_eq!((product, record), ("ERROR", "FAILED"), "{outcome}");
            assert!(message.ends_with(said), "{outcome}: {message}");
            assert_eq!(fate.record.error, fate.product.message);
            pass(&mut zone, Duration::hours(2));
            assert_eq!(zone.take_events(), Vec::<serde_json::Value>::new(), "{outcome}");
            assert_eq!(zone.service_catalog.running(), 0);
        }
    }

    #[test]
    fn busy_is_over_after_the_second_launch() {
        let mut zone = zone_where_dev_is(Outcome::Busy);
        let told: Vec<_> =
            (1..=3).map(|attempt| launched(&mut zone, attempt, 40).told().0).collect();
        assert_eq!(told, ["ERROR", "ERROR", "AVAILABLE"]);
    }

    #[test]
    fn a_unit_that_exists_and_is_not_registered_fails_only_later() {
        let mut zone = zone();
        let unit = zone.organization.units().find(|unit| !unit.registered).cloned().expect("one");
        let mut request = super::super::testing::request(&zone, "dev", 1);
        if let Some((_, value)) = request.parameters.last_mut() {
            *value = format!("{} ({})", unit.name, unit.id);
        }
        let record = super::super::provision(&mut zone, request).expect("accepted");
        a_while(&mut zone);
        assert_eq!(fate(&mut zone, &record).told().0, "ERROR");
    }

    #[test]
    fn more_than_the_quota_at_once_is_turned_down() {
        let mut zone = zone();
        let records: Vec<_> = ["a", "b", "c", "d", "e", "f"]
            .iter()
            .map(|name| launch(&mut zone, name, 1).expect("accepted"))
            .collect();
        a_while(&mut zone);
        let fates: Vec<_> = records.iter().map(|record| fate(&mut zone, record)).collect();
        let failed: Vec<_> = fates.iter().filter(|fate| fate.told().0 == "ERROR").collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].told().2, messages::too_many_operations(5));
        assert_eq!(zone.service_catalog.running(), 5);
        pass(&mut zone, Duration::hours(1));
        assert_eq!(zone.service_catalog.running(), 0);
        assert_eq!(zone.service_catalog.peak(), Peak { ours: 6, whole: 6 });
    }

    #[test]
    fn others_use_the_quota_too_or_all_of_control_tower() {
        for (account_operations, said) in
            [(5, messages::too_many_operations(5)), (0, messages::OTHER_OPERATION.to_owned())]
        {
            let other = OtherOperation { from_minute: 0, for_minutes: 30, account_operations };
            let mut zone = zone_with(|it| it.account_factory.other_operations = vec![other]);
            let early = launched(&mut zone, 1, 31);
            assert_eq!(early.told(), ("ERROR", "FAILED", said.as_str()));
            assert_eq!(launched(&mut zone, 2, 40).told().0, "AVAILABLE");
            assert_eq!(zone.service_catalog.peak().whole, 1 + account_operations);
            assert_eq!(zone.service_catalog.running_whole(start()), account_operations);
        }
    }

    #[test]
    fn two_launches_for_one_email_are_not_worked_on_at_once() {
        let mut zone = zone();
        let first = launch(&mut zone, "dev", 1).expect("accepted");
        pass(&mut zone, Duration::minutes(1));
        let second = launched(&mut zone, 2, 1);
        assert_eq!(second.told(), ("ERROR", "FAILED", messages::OTHER_EXECUTION));
        pass(&mut zone, Duration::hours(1));
        assert_eq!(fate(&mut zone, &first).told().0, "AVAILABLE");
        assert_eq!(zone.service_catalog.launches_of("AWS+dev@example.com"), 2);
    }
}
