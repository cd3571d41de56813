//! One record of an S3 notification.

use serde::Deserialize;
use serde_json::Value;
use vending::ledger::ObjectRef;

use super::UndecodableEvent;

#[derive(Deserialize)]
struct Record {
    s3: Entity,
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
#[serde(rename_all = "camelCase")]
struct Object {
    key: String,
    version_id: Option<String>,
}

/// The object that the record is about.
pub(super) fn read(record: &Value) -> Result<ObjectRef, UndecodableEvent> {
    let Record { s3 } = Record::deserialize(record).map_err(|error| {
        UndecodableEvent::new(format!("a record of S3 is not as S3 writes it: {error}"))
    })?;
    // Without versions a corrected file would be taken for the one before it.
    let version = s3.object.version_id.filter(|version| !version.is_empty() && version != "null");
    if version.is_none() {
        return Err(UndecodableEvent::new(
            "the object has no version: turn the bucket's versioning on",
        ));
    }
    Ok(ObjectRef { bucket: s3.bucket.name, key: decoded(&s3.object.key), version })
}

/// S3 writes keys as forms do: a blank is `+`, and `+` is `%2B` (S3 user guide,
/// "Event message structure").
fn decoded(key: &str) -> String {
    // A form of one field without a name; `=` and `&` in a key arrive as %3D and %26.
    form_urlencoded::parse(key.as_bytes()).map(|(name, value)| name.into_owned() + &value).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{decoded, read};

    #[test]
    fn an_object_of_a_bucket_without_versions_is_refused() {
        for version in [json!(null), json!(""), json!("null")] {
            let object = json!({ "key": "a.csv", "versionId": version });
            let record = json!({ "s3": { "bucket": { "name": "b" }, "object": object } });
            assert!(read(&record).unwrap_err().to_string().contains("versioning"));
        }
    }

    #[test]
    fn a_key_is_decoded_like_a_form() {
        assert_eq!(decoded("in/red+flower%2B1%3D2%26x.csv"), "in/red flower+1=2&x.csv");
        assert_eq!(decoded("in/M%C3%A4rz.csv"), "in/März.csv");
    }
}
