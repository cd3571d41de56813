//! The upload of the file, as a person would do it; where an earlier run did and was
//! stopped, its batch goes on.

use std::path::Path;

use anyhow::{Context, Result};
use aws_sdk_s3::primitives::ByteStream;
use vending::ledger::{Batch, BatchId, ObjectRef};
use vending::ports::Ledger;

use super::stage::Stage;
use super::wiring::BUCKET;

/// Uploads `file`, unless it is what was uploaded last and that batch is under way;
/// answers the batch.
///
/// # Errors
/// When the file cannot be read or the store does not take it.
pub(super) async fn upload(stage: &Stage, file: &Path) -> Result<BatchId> {
    let key = file.file_name().context("upload a path without a file name")?.to_string_lossy();
    if stage.goes_on
        && let Some(batch) = under_way(stage, file, &key).await?
    {
        return Ok(batch);
    }
    let read = || format!("read {}", file.display());
    let body = ByteStream::from_path(file).await.with_context(read)?;
    let put = stage.clients.s3().put_object().bucket(BUCKET).key(&*key).body(body).send().await;
    let version = put.context("upload the file")?.version_id;
    Ok(BatchId::of(&ObjectRef { bucket: BUCKET.into(), key: key.into_owned(), version }))
}

/// The batch that the file is, if it was taken and nothing of it failed: what failed
/// is asked for again by another upload.
async fn under_way(stage: &Stage, file: &Path, key: &str) -> Result<Option<BatchId>> {
    let Ok(uploaded) = stage.clients.s3().get_object().bucket(BUCKET).key(key).send().await else {
        return Ok(None);
    };
    let version = uploaded.version_id.clone();
    let uploaded = uploaded.body.collect().await.context("read what was uploaded")?;
    let wanted = tokio::fs::read(file).await.with_context(|| format!("read {}", file.display()))?;
    if uploaded.to_vec() != wanted {
        return Ok(None);
    }
    let object = ObjectRef { bucket: BUCKET.into(), key: key.to_owned(), version };
    let batch = stage.ledger.batch(&BatchId::of(&object)).await.context("read the ledger")?;
    let goes_on = |batch: &Batch| batch.announced && !batch.closed && batch.failed == 0;
    Ok(batch.filter(goes_on).map(|batch| batch.id))
}
