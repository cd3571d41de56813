//! What S3 tells the event bus of a created object, in AWS's own JSON (S3 user guide,
//! "EventBridge event message structure").

use chrono::SecondsFormat;
use serde_json::{Value, json};
use uuid::{Builder, Variant, Version as UuidVersion};

use super::Version;

/// The event that tells of `version`, which brought an object into being. Keys are not
/// encoded, unlike in S3's own notifications.
pub(crate) fn object_created(version: &Version, region: &str, account: &str) -> Value {
    json!({
        "version": "0",
        "id": event_id(version),
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": account,
        "time": version.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "region": region,
        "resources": [format!("arn:aws:s3:::{}", version.bucket)],
        "detail": {
            "version": "0",
            "bucket": { "name": version.bucket },
            "object": {
                "key": version.key,
                "size": version.size,
                "etag": version.e_tag,
                "version-id": version.id,
                "sequencer": version.sequencer(),
            },
            "request-id": version.sequencer(),
            "requester": account,
            "source-ip-address": "127.0.0.1",
            "reason": reason(version),
        },
    })
}

/// The operation that made it.
fn reason(version: &Version) -> &'static str {
    match version.event.as_str() {
        "ObjectCreated:Copy" => "CopyObject",
        _ => "PutObject",
    }
}

/// Counted, not random, so that a run can be repeated; apart from those of schedules.
fn event_id(version: &Version) -> String {
    const OBJECTS: u128 = 1 << 64;
    Builder::from_u128(OBJECTS | version.number() as u128)
        .with_version(UuidVersion::Random)
        .with_variant(Variant::RFC4122)
        .into_uuid()
        .to_string()
}
