//! Control Tower's lifecycle events. AWS publishes no example of a failed one, so
//! every leaf may be missing, and placeholders such as `Not Available` are no value.

use serde::Deserialize;
use serde_json::Value;
use vending::account::AccountId;
use vending::lifecycle::LifecycleEvent;

use super::UndecodableEvent;

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    id: String,
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_name: String,
    #[serde(default)]
    service_event_details: Details,
}

/// The key goes by the event's name.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    create_managed_account_status: Option<AccountStatus>,
    update_managed_account_status: Option<AccountStatus>,
}

#[derive(Default, Deserialize)]
struct AccountStatus {
    #[serde(default)]
    account: Account,
    state: Option<String>,
    message: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    account_name: Option<String>,
    account_id: Option<String>,
}

/// Reads an event of the source `aws.controltower`.
pub(super) fn read(event: &Value) -> Result<LifecycleEvent, UndecodableEvent> {
    let Envelope { id, detail } = Envelope::deserialize(event).map_err(|error| {
        UndecodableEvent::new(format!(
            "it is not as Control Tower writes lifecycle events: {error}"
        ))
    })?;
    let details = detail.service_event_details;
    let (created, status) = match detail.event_name.as_str() {
        "CreateManagedAccount" => (true, details.create_managed_account_status),
        "UpdateManagedAccount" => (false, details.update_managed_account_status),
        other => {
            let problem = format!("Vend does not listen to Control Tower's event {other:?}");
            return Err(UndecodableEvent::new(problem));
        }
    };
    Ok(understood(id, created, status.unwrap_or_default()))
}

fn understood(id: String, created: bool, status: AccountStatus) -> LifecycleEvent {
    let AccountStatus { account, state, message } = status;
    LifecycleEvent {
        id,
        created,
        succeeded: state.is_some_and(|state| state.eq_ignore_ascii_case("SUCCEEDED")),
        account_name: account.account_name,
        account_id: account.account_id.and_then(|id| AccountId::new(id).ok()),
        message,
    }
}
