//! Copies inside the object store: requests that no client sent.

use s3s::dto::{CopyObjectInput, CopySource};
use s3s::{S3Request, S3Result, s3_error};

/// A request to copy `bucket/key` to `to_bucket/to_key`.
pub(super) fn request(
    bucket: &str,
    key: &str,
    to_bucket: &str,
    to_key: &str,
) -> S3Result<S3Request<CopyObjectInput>> {
    let source = CopySource::Bucket { bucket: bucket.into(), key: key.into(), version_id: None };
    let mut builder = CopyObjectInput::builder();
    builder.set_copy_source(source);
    builder.set_bucket(to_bucket.to_owned());
    builder.set_key(to_key.to_owned());
    let input = builder.build().map_err(|error| s3_error!(error, InternalError))?;
    Ok(S3Request {
        input,
        method: http::Method::PUT,
        uri: http::Uri::default(),
        headers: http::HeaderMap::default(),
        extensions: http::Extensions::default(),
        credentials: None,
        region: None,
        service: None,
        trailing_headers: None,
    })
}

/// Lets a copy of a version start from where `locate` says the version is kept.
pub(super) fn from_kept(
    source: &mut CopySource,
    locate: impl FnOnce(&mut String, &mut String, Option<String>) -> S3Result<Option<String>>,
) -> S3Result<()> {
    let CopySource::Bucket { bucket, key, version_id } = source else {
        return Err(s3_error!(NotImplemented, "copy from a bucket"));
    };
    let (mut from, mut name) = (bucket.to_string(), key.to_string());
    locate(&mut from, &mut name, version_id.take().map(Into::into))?;
    (*bucket, *key) = (from.into(), name.into());
    Ok(())
}
