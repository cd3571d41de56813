//! An object landed in the bucket: a record of an S3 notification, or the event that
//! S3 sends to EventBridge.

use serde::Deserialize;
use serde_json::Value;
use vending::ledger::ObjectRef;

use super::UndecodableEvent;

/// The only one of S3's events that Vend listens to on EventBridge.
const OBJECT_CREATED: &str = "Object Created";

#[derive(Deserialize)]
struct Record {
    s3: Entity,
}

/// What S3 sends to EventBridge (S3 user guide, "EventBridge event message structure").
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Envelope {
    detail_type: String,
    detail: Entity,
}

#[derive(Deserialize)]
struct Entity {
    bucket: Bucket,
    object: Object,
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Deserialize)]
struct Object {
    key: String,
    /// A notification says `versionId`, EventBridge `version-id`.
    #[serde(rename = "versionId", alias = "version-id")]
    version: Option<String>,
}

/// The object that a record of a notification is about.
pub(super) fn read(record: &Value) -> Result<ObjectRef, UndecodableEvent> {
    let Record { mut s3 } = Record::deserialize(record).map_err(|error| {
        UndecodableEvent::new(format!("a record of S3 is not as S3 writes it: {error}"))
    })?;
    s3.object.key = decoded(&s3.object.key);
    object(s3)
}

/// The object that an event of the source `aws.s3` is about. Its key is as it is.
pub(super) fn read_event(event: &Value) -> Result<ObjectRef, UndecodableEvent> {
    let Envelope { detail_type, detail } = Envelope::deserialize(event).map_err(|error| {
        UndecodableEvent::new(format!("it is not as S3 writes events: {error}"))
    })?;
    if detail_type != OBJECT_CREATED {
        let problem = format!("Vend does not listen to S3's event {detail_type:?}");
        return Err(UndecodableEvent::new(problem));
    }
    object(detail)
}

fn object(Entity { bucket, object }: Entity) -> Result<ObjectRef, UndecodableEvent> {
    // Without versions a corrected file would be taken for the one before it.
    let version = object.version.filter(|version| !version.is_empty() && version != "null");
    if version.is_none() {
        return Err(UndecodableEvent::new(
            "the object has no version: turn the bucket's versioning on",
        ));
    }
    Ok(ObjectRef { bucket: bucket.name, key: object.key, version })
}

/// S3's notifications write keys as forms do: a blank is `+`, and `+` is `%2B` (S3 user
/// guide, "Event message structure").
fn decoded(key: &str) -> String {
    // A form of one field without a name; `=` and `&` in a key arrive as %3D and %26.
    form_urlencoded::parse(key.as_bytes()).map(|(name, value)| name.into_owned() + &value).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{decoded, read, read_event};

    #[test]
    fn an_object_of_a_bucket_without_versions_is_refused() {
        for version in [json!(null), json!(""), json!("null")] {
            let object = json!({ "key": "a.csv", "versionId": version });
            let entity = json!({ "bucket": { "name": "b" }, "object": object });
            let told = read(&json!({ "s3": entity })).unwrap_err().to_string();
            assert!(told.contains("versioning"), "{told}");
            let event = json!({ "detail-type": "Object Created", "detail": entity });
            assert!(read_event(&event).unwrap_err().to_string().contains("versioning"));
        }
    }

    #[test]
    fn a_key_is_decoded_like_a_form() {
        assert_eq!(decoded("in/red+flower%2B1%3D2%26x.csv"), "in/red flower+1=2&x.csv");
        assert_eq!(decoded("in/M%C3%A4rz.csv"), "in/März.csv");
    }

    #[test]
    fn a_key_from_eventbridge_is_taken_as_it_is() {
        for key in ["red flower.csv", "a+b.csv", "100%25.csv", "März & mehr.csv"] {
            let object = json!({ "key": key, "version-id": "v1", "size": 5 });
            let detail = json!({ "bucket": { "name": "b" }, "object": object });
            let event = json!({ "detail-type": "Object Created", "detail": detail });
            let object = read_event(&event).unwrap();
            assert_eq!((object.key.as_str(), object.version.as_deref()), (key, Some("v1")));
        }
    }

    #[test]
    fn other_events_of_s3_are_named() {
        let detail = json!({ "bucket": { "name": "b" }, "object": { "key": "a.csv" } });
        let event = json!({ "detail-type": "Object Deleted", "detail": detail });
        assert!(read_event(&event).unwrap_err().to_string().contains("\"Object Deleted\""));
    }
}
