//! Control Tower's lifecycle events, from AWS's JSON to the domain's words.

use serde_json::Value;
use vending::account::AccountId;
use vending::lifecycle::LifecycleEvent;

/// The names of the events that are about an account, whether it is taken for a
/// new one, and where their details are.
const EVENTS: [(&str, bool, &str); 2] = [
    ("CreateManagedAccount", true, "createManagedAccountStatus"),
    ("UpdateManagedAccount", false, "updateManagedAccountStatus"),
];

/// What an event of the bus says; `None` when it is not about an account.
#[must_use]
pub fn lifecycle_event(event: &Value) -> Option<LifecycleEvent> {
    let detail = &event["detail"];
    let name = detail["eventName"].as_str()?;
    let (_, created, key) = EVENTS.into_iter().find(|(known, ..)| *known == name)?;
    let status = &detail["serviceEventDetails"][key];
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    Some(LifecycleEvent {
        id: text(&event["id"]).unwrap_or_default(),
        created,
        succeeded: status["state"] == "SUCCEEDED",
        account_name: text(&status["account"]["accountName"]),
        account_id: text(&status["account"]["accountId"]).and_then(|id| AccountId::new(id).ok()),
        message: text(&status["message"]),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_account_that_was_not_made_has_no_id() {
        let event = lifecycle_event(&json!({ "id": "e-1", "detail": {
            "eventName": "CreateManagedAccount",
            "serviceEventDetails": { "createManagedAccountStatus": {
                "account": { "accountName": "dev", "accountId": "Not Available" },
                "state": "FAILED",
            } },
        } }))
        .expect("an event");
        assert!(event.created && !event.succeeded);
        assert_eq!((event.account_name.as_deref(), event.account_id), (Some("dev"), None));
    }

    #[test]
    fn other_events_are_none_of_an_account() {
        assert_eq!(
            lifecycle_event(&json!({ "detail": { "eventName": "SetupLandingZone" } })),
            None
        );
        assert_eq!(lifecycle_event(&json!({ "detail-type": "Scheduled Event" })), None);
    }
}
