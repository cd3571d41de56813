//! The results file of a run, as it is in the bucket: what became of each row of the list.

use std::path::PathBuf;

use anyhow::{Context, Result};
use vending::ledger::{Batch, BatchId};

use super::stage::Stage;

/// Writes it into the state folder; answers where.
pub(super) async fn write(stage: &Stage, batch: &BatchId) -> Result<PathBuf> {
    let key = format!("{}{batch}.csv", Batch::RESULTS_PREFIX);
    let content = stage.download(&key).await.context("read the results file")?;
    let path = stage.folder.join(format!("{batch}-results.csv"));
    std::fs::write(&path, content).with_context(|| format!("write {}", path.display()))?;
    Ok(path)
}
