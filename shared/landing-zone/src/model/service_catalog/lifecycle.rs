//! Control Tower's lifecycle events: how they read, and when, how often and
//! whether they arrive. Delivery is best effort.

use chrono::Duration;
use rand::RngExt;
use serde_json::{Value, json};

use super::operation::Operation;
use super::{Moment, Outcome, ids};
use crate::Zone;
use crate::model::{Happening, ids::new_uuid};

/// What an event has for the id of an account that was not made.
const NOT_AVAILABLE: &str = "Not Available";

/// How an event gets to the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivery {
    Normal,
    Lost,
    Late,
    Repeated,
}

/// Emits the event that the operation is over.
pub(super) fn emit(zone: &mut Zone, operation: &Operation) {
    let event = event(zone, operation);
    let delays = match delivery(zone, operation.outcome) {
        Delivery::Normal => vec![ids::seconds(1..=4, &mut zone.chance)],
        Delivery::Lost => Vec::new(),
        Delivery::Late => vec![ids::seconds(600..=1800, &mut zone.chance)],
        Delivery::Repeated => vec![
            ids::seconds(1..=4, &mut zone.chance),
            ids::seconds(1..=60, &mut zone.chance),
            ids::seconds(60..=600, &mut zone.chance),
        ],
    };
    for delay in delays {
        let at = zone.now + delay;
        zone.agenda.put(at, Happening::Event(Box::new(event.clone())));
    }
}

/// The dice are cast for every event, so that an outcome changes no other account's luck.
fn delivery(zone: &mut Zone, outcome: Outcome) -> Delivery {
    let lot: f64 = zone.chance.random();
    let factory = &zone.service_catalog.factory;
    let late = factory.lost_events + factory.late_events;
    match outcome {
        Outcome::LostEvent => Delivery::Lost,
        Outcome::LateEvent => Delivery::Late,
        Outcome::RepeatedEvent => Delivery::Repeated,
        _ if lot < factory.lost_events => Delivery::Lost,
        _ if lot < late => Delivery::Late,
        _ if lot < late + factory.repeated_events => Delivery::Repeated,
        _ => Delivery::Normal,
    }
}

/// A retry of a launch whose account exists is an update, not a creation.
fn event(zone: &mut Zone, operation: &Operation) -> Value {
    let (name, done) = match operation.known {
        false => ("CreateManagedAccount", "created"),
        true => ("UpdateManagedAccount", "updated"),
    };
    let status_key = format!("{}{}Status", name[..1].to_lowercase(), &name[1..]);
    let account = zone.organization.management_account();
    let region = zone.organization.home_region();
    json!({
        "version": "0",
        "id": new_uuid(&mut zone.chance),
        "detail-type": "AWS Service Event via CloudTrail",
        "source": "aws.controltower",
        "account": account,
        "time": utc(zone.now + Duration::seconds(1)),
        "region": region,
        "resources": [],
        "detail": {
            "eventVersion": "1.08",
            "userIdentity": { "accountId": account, "invokedBy": "AWS Internal" },
            "eventTime": utc(zone.now),
            "eventSource": "controltower.amazonaws.com",
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": "AWS Internal",
            "userAgent": "AWS Internal",
            "requestParameters": null,
            "responseElements": null,
            "eventID": new_uuid(&mut zone.chance),
            "readOnly": false,
            "eventType": "AwsServiceEvent",
            "managementEvent": true,
            "recipientAccountId": account,
            "serviceEventDetails": { status_key: status(zone, operation, done) },
            "eventCategory": "Management",
        },
    })
}

fn status(zone: &Zone, operation: &Operation, done: &str) -> Value {
    let id = operation.account_id.as_deref();
    let account = id.and_then(|id| zone.organization.account(id));
    let name = account.map_or(&operation.account.account_name, |account| &account.name);
    let failure = operation.ending.failure();
    let success = || format!("AWS Control Tower successfully {done} a managed account.");
    json!({
        "organizationalUnit": {
            "organizationalUnitName": operation.unit.name,
            "organizationalUnitId": operation.unit.id,
        },
        "account": { "accountName": name, "accountId": id.unwrap_or(NOT_AVAILABLE) },
        "state": if failure.is_some() { "FAILED" } else { "SUCCEEDED" },
        "message": failure.map_or_else(success, ToOwned::to_owned),
        "requestedTimestamp": basic_offset(operation.requested),
        "completedTimestamp": basic_offset(zone.now),
    })
}

/// As CloudTrail and EventBridge write time.
fn utc(at: Moment) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// As Control Tower's account events write it: ISO 8601, and not RFC 3339.
fn basic_offset(at: Moment) -> String {
    at.format("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{
        launch, launched, pass, start, zone, zone_where_dev_is, zone_with,
    };
    use super::*;

    #[test]
    fn an_event_has_the_envelope_and_the_timestamps_of_control_tower() {
        let mut zone = zone();
        launch(&mut zone, "dev", 1).expect("accepted");
        pass(&mut zone, Duration::minutes(37));
        let events = zone.take_events();
        let event = &events[0];
        assert_eq!(event["source"], "aws.controltower");
        assert_eq!(event["detail-type"], "AWS Service Event via CloudTrail");
        assert_eq!(event["account"], zone.organization.management_account());
        assert_eq!(event["region"], zone.organization.home_region());
        assert_eq!(event["detail"]["eventSource"], "controltower.amazonaws.com");
        let status = &event["detail"]["serviceEventDetails"]["createManagedAccountStatus"];
        assert_eq!(status["account"]["accountName"], "dev");
        assert_eq!(status["organizationalUnit"]["organizationalUnitId"], "ou-aaaa-bbbbcccc");
        assert_eq!(status["requestedTimestamp"], "2026-01-21T12:00:00+0000");
        let completed = status["completedTimestamp"].as_str().expect("a timestamp");
        assert!(completed.starts_with("2026-01-21T12:") && completed.ends_with("+0000"));
        let text = event.to_string();
        assert!(!text.contains('@') && !text.contains("pp-") && !text.contains("rec-"), "{text}");
    }

    #[test]
    fn events_are_lost_late_or_repeated_for_one_launch() {
        for (outcome, soon, later) in
            [(Outcome::LostEvent, 0, 0), (Outcome::LateEvent, 0, 1), (Outcome::RepeatedEvent, 2, 1)]
        {
            let mut zone = zone_where_dev_is(outcome);
            let fate = launched(&mut zone, 1, 0);
            while zone.service_catalog.running() > 0 {
                pass(&mut zone, Duration::seconds(1));
            }
            pass(&mut zone, Duration::seconds(60));
            let first = zone.take_events();
            pass(&mut zone, Duration::minutes(40));
            let second = zone.take_events();
            assert!(first.len() >= soon && first.len() + second.len() == soon + later, "{outcome}");
            assert!(
                first
                    .iter()
                    .chain(&second)
                    .all(|event| event == &first.first().unwrap_or(&second[0]).clone())
            );
            assert_eq!(fate.record.created, start());
        }
    }

    #[test]
    fn fractions_say_how_many_events_are_lost() {
        let arrived = |lost: f64, repeated: f64| {
            let mut zone = zone_with(|description| {
                description.account_factory.lost_events = lost;
                description.account_factory.repeated_events = repeated;
            });
            for name in ["a", "b", "c", "d"] {
                launch(&mut zone, name, 1).expect("accepted");
            }
            pass(&mut zone, Duration::hours(2));
            zone.take_events().len()
        };
        assert_eq!((arrived(0.0, 0.0), arrived(1.0, 0.0), arrived(0.0, 1.0)), (4, 0, 12));
    }
}
