//! Where a copy starts from, and what it says of itself.

use s3s::dto::{CopyObjectInput, CopySource, MetadataDirective};
use s3s::{S3Result, s3_error};

use super::store::Store;
use super::versions::Attributes;

/// Lets a copy of a version start from where the version is kept, and say of itself what that
/// did; answers what the copy says.
pub(super) fn prepare(store: &Store, input: &mut CopyObjectInput) -> S3Result<Attributes> {
    let CopySource::Bucket { bucket, key, version_id } = &mut input.copy_source else {
        return Err(s3_error!(NotImplemented, "copy from a bucket"));
    };
    let (mut from, mut name) = (bucket.to_string(), key.to_string());
    let version = store.locate(&mut from, &mut name, version_id.take().as_deref())?;
    (*bucket, *key) = (from.into(), name.into());
    let replaces = |it: &MetadataDirective| it.as_str() == MetadataDirective::REPLACE;
    if !input.metadata_directive.as_ref().is_some_and(replaces) {
        let said = version.map(|version| version.attributes).unwrap_or_default();
        (input.content_type, input.metadata) = (said.content_type, said.metadata);
        input.metadata_directive = Some(MetadataDirective::from_static(MetadataDirective::REPLACE));
    }
    Ok(Attributes { content_type: input.content_type.clone(), metadata: input.metadata.clone() })
}
