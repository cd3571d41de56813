//! When versions of objects that were replaced are removed, as the buckets of a stack say.

use chrono::TimeDelta;

use super::TemplateError;
use super::properties::Properties;
use super::wiring::Wired;
use crate::delivery::Expiration;

impl Wired<'_> {
    /// The rules by which replaced versions expire.
    pub(super) fn expirations(&self) -> Result<Vec<Expiration>, TemplateError> {
        let mut expirations = Vec::new();
        for (logical, bucket) in self.stack.of_kind("AWS::S3::Bucket") {
            let mut properties = Properties::of(logical, &bucket.properties)?;
            let Some(mut lifecycle) = properties.inner("LifecycleConfiguration")? else { continue };
            for rule in lifecycle.list("Rules")? {
                expirations.extend(expiration(&self.stack.reference(logical)?, rule)?);
            }
            lifecycle.done()?;
        }
        Ok(expirations)
    }
}

/// The rule, where it is in force and about replaced versions. When objects themselves expire
/// is not modelled: they live as long as the state folder.
fn expiration(bucket: &str, mut rule: Properties<'_>) -> Result<Option<Expiration>, TemplateError> {
    rule.pass_over(&[
        "Id",
        "ExpirationInDays",
        "ExpiredObjectDeleteMarker",
        "AbortIncompleteMultipartUpload",
    ]);
    let status = rule.required("Status")?;
    let prefix = rule.text("Prefix")?.unwrap_or_default();
    let versions = rule.inner("NoncurrentVersionExpiration")?;
    rule.done()?;
    let Some(mut versions) = versions else { return Ok(None) };
    let days = versions.number("NoncurrentDays")?;
    let days =
        days.ok_or_else(|| TemplateError::shape(versions.place("NoncurrentDays"), "given"))?;
    let newest_kept = versions.number("NewerNoncurrentVersions")?.unwrap_or_default() as usize;
    versions.done()?;
    let after = TimeDelta::days(days.into());
    let expiration = Expiration { bucket: bucket.to_owned(), prefix, after, newest_kept };
    Ok((status == "Enabled").then_some(expiration))
}
