//! The S3 event notification, in AWS's own JSON (S3 user guide, "Event message
//! structure", version 2.1).

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::Version;

/// The event that tells of `version`.
pub(crate) fn object_created(version: &Version, region: &str, account: &str) -> Value {
    let principal = format!("AWS:{account}");
    json!({ "Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": region,
        "eventTime": version.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "eventName": version.event,
        "userIdentity": { "principalId": principal },
        "requestParameters": { "sourceIPAddress": "127.0.0.1" },
        "responseElements": {
            "x-amz-request-id": version.sequencer(),
            "x-amz-id-2": version.id,
        },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "local",
            "bucket": {
                "name": version.bucket,
                "ownerIdentity": { "principalId": account },
                "arn": format!("arn:aws:s3:::{}", version.bucket),
            },
            "object": {
                "key": encode(&version.key),
                "size": version.size,
                "eTag": version.e_tag,
                "versionId": version.id,
                "sequencer": version.sequencer(),
            },
        },
    }] })
}

/// Keys are form-url-encoded in notifications, all but their slashes.
fn encode(key: &str) -> String {
    let parts =
        key.split('/').map(|part| form_urlencoded::byte_serialize(part.as_bytes()).collect());
    parts.collect::<Vec<String>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn keys_are_form_encoded_but_for_slashes() {
        assert_eq!(encode("incoming/red flower+1.csv"), "incoming/red+flower%2B1.csv");
        assert_eq!(encode("a/ü&b=c.csv"), "a/%C3%BC%26b%3Dc.csv");
    }
}
