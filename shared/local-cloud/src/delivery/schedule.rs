//! Scheduled events, in AWS's own JSON (EventBridge user guide, "Schedule
//! events").

use chrono::SecondsFormat;
use serde_json::{Value, json};
use uuid::{Builder, Variant, Version};

use crate::clock::Moment;
use crate::cloud::Cloud;

/// The event of the rule `name` at the moment `at`, the `number`th of all.
pub(super) fn scheduled_event(cloud: &Cloud, name: &str, at: Moment, number: u64) -> Value {
    // Counted, not random, so that a run can be repeated.
    let id = Builder::from_u128(u128::from(number))
        .with_version(Version::Random)
        .with_variant(Variant::RFC4122)
        .into_uuid();
    let (region, account) = (cloud.region(), cloud.account());
    json!({
        "version": "0",
        "id": id.to_string(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": account,
        "time": at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "region": region,
        "resources": [format!("arn:aws:events:{region}:{account}:rule/{name}")],
        "detail": {},
    })
}
