//! The results file of a run: intake's own, as it is in the bucket, with what has
//! become of each account since.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use csv::StringRecord;
use vending::file::Column;
use vending::ledger::{Batch, BatchId, Entry};

use super::report::error_of;
use super::stage::Stage;

/// Without it Excel takes UTF-8 for the computer's own code page.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes it into the state folder; answers where.
pub(super) async fn write(stage: &Stage, batch: &BatchId, entries: &[Entry]) -> Result<PathBuf> {
    let key = format!("{}{batch}.csv", Batch::RESULTS_PREFIX);
    let intake = stage.download(&key).await.context("read intake's results file")?;
    let path = stage.folder.join(format!("{batch}-results.csv"));
    let content = update(&intake, entries).context("update the results file")?;
    std::fs::write(&path, content).with_context(|| format!("write {}", path.display()))?;
    Ok(path)
}

/// The same rows in the same order; those that are in the ledger with their present state.
fn update(file: &[u8], entries: &[Entry]) -> Result<Vec<u8>> {
    let by_name: HashMap<&str, &Entry> =
        entries.iter().map(|entry| (entry.request.name.as_str(), entry)).collect();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file);
    let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.to_vec());
    for record in reader.records() {
        let record = record?;
        match by_name.get(record.get(0).unwrap_or_default()).filter(|_| is_taken(&record)) {
            Some(entry) => writer.write_record(&updated(&record, entry))?,
            None => writer.write_record(&record)?,
        }
    }
    Ok(writer.into_inner()?)
}

/// Whether intake took the row; the outcome is the last column.
fn is_taken(record: &StringRecord) -> bool {
    let outcome = record.get(record.len().saturating_sub(1)).unwrap_or_default();
    !outcome.is_empty() && !outcome.starts_with("refused") && !outcome.starts_with("not taken")
}

fn updated(record: &StringRecord, entry: &Entry) -> StringRecord {
    let account = entry.account.as_ref().map(ToString::to_string).unwrap_or_default();
    let cell = |(place, cell): (usize, &str)| match Column::ALL.get(place) {
        Some(Column::Status) => entry.status().to_string(),
        Some(Column::AccountId) => account.clone(),
        Some(Column::ErrorMsg) => error_of(entry).unwrap_or_default(),
        Some(_) | None => cell.to_owned(),
    };
    record.iter().enumerate().map(cell).collect()
}
