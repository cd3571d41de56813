//! What the tests of this module share: a small landing zone, a launch, and
//! virtual time.

use chrono::{Duration, TimeZone, Utc};

use super::{
    ARTIFACTS, AccountParameters, CatalogRefusal, LaunchRequest, Named, Outcome, PRODUCT_ID,
    ProvisionedProduct, Record, provision, provisioned_product, record,
};
use crate::model::Moment;
use crate::{Description, Zone};

/// A registered unit of the built-in landing zone.
pub(crate) const UNIT: &str = "ou-aaaa-bbbbcccc";

pub(crate) fn start() -> Moment {
    Utc.with_ymd_and_hms(2026, 1, 21, 12, 0, 0).single().expect("a moment")
}

pub(crate) fn zone() -> Zone {
    zone_with(|_| {})
}

pub(crate) fn zone_with(change: impl FnOnce(&mut Description)) -> Zone {
    let mut description = Description::builtin();
    description.account_factory = Default::default();
    change(&mut description);
    Zone::new(&description, 7, start())
}

/// A landing zone in which the account `dev` turns out as `outcome`.
pub(crate) fn zone_where_dev_is(outcome: Outcome) -> Zone {
    let mut zone = zone();
    zone.service_catalog.plan("dev", outcome);
    zone
}

pub(crate) fn parameters(zone: &Zone, name: &str) -> AccountParameters {
    let unit = zone.organization.unit(UNIT).expect("a unit");
    AccountParameters {
        account_name: name.to_owned(),
        account_email: format!("aws+{name}@example.com"),
        sso_user_first_name: "Jane".to_owned(),
        sso_user_last_name: "Doe".to_owned(),
        sso_user_email: "jane.doe@example.com".to_owned(),
        managed_organizational_unit: format!("{} ({UNIT})", unit.name),
    }
}

/// A launch of the account `name`; `attempt` makes product name and token.
pub(crate) fn request(zone: &Zone, name: &str, attempt: u32) -> LaunchRequest {
    let active = ARTIFACTS.iter().find(|artifact| artifact.active).expect("an active artifact");
    LaunchRequest {
        product: Named::Id(PRODUCT_ID.to_owned()),
        artifact: Named::Id(active.id.to_owned()),
        path: None,
        name: format!("{name}-{attempt}"),
        token: format!("{name}-{attempt}-token"),
        parameters: parameters(zone, name).into_pairs(),
    }
}

pub(crate) fn launch(zone: &mut Zone, name: &str, attempt: u32) -> Result<Record, CatalogRefusal> {
    let request = request(zone, name, attempt);
    provision(zone, request)
}

/// Launches, lets `minutes` pass and looks at what has become of it.
pub(crate) fn launched(zone: &mut Zone, attempt: u32, minutes: i64) -> Fate {
    let record = launch(zone, "dev", attempt).expect("an accepted launch");
    pass(zone, Duration::minutes(minutes));
    fate(zone, &record)
}

pub(crate) fn pass(zone: &mut Zone, time: Duration) {
    zone.advance_to(zone.now() + time);
}

/// How a launch stands.
pub(crate) struct Fate {
    pub product: ProvisionedProduct,
    pub record: Record,
    pub events: Vec<Event>,
}

impl Fate {
    /// Product status, record status and what was said.
    pub(crate) fn told(&self) -> (&'static str, &'static str, &str) {
        let message = self.product.message.as_deref().unwrap_or_default();
        (self.product.status.as_str(), self.record.status.as_str(), message)
    }
}

pub(crate) fn fate(zone: &mut Zone, launched: &Record) -> Fate {
    let id = Named::Id(launched.product.clone());
    Fate {
        product: provisioned_product(zone, &id).expect("a product").clone(),
        record: record(zone, &launched.id).expect("a record").clone(),
        events: zone.take_events().iter().map(event).collect(),
    }
}

/// The part of a lifecycle event that tests look at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub name: String,
    pub state: String,
    pub account: String,
    pub message: String,
}

fn event(event: &serde_json::Value) -> Event {
    let detail = &event["detail"];
    let (_, status) = detail["serviceEventDetails"]
        .as_object()
        .and_then(|details| details.iter().next())
        .expect("a status");
    let text = |value: &serde_json::Value| value.as_str().expect("a string").to_owned();
    Event {
        name: text(&detail["eventName"]),
        state: text(&status["state"]),
        account: text(&status["account"]["accountId"]),
        message: text(&status["message"]),
    }
}
