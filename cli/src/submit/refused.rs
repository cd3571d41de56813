//! What intake refused after all: between the plan and the upload the world may change.

use anyhow::{Context, Result};
use csv::StringRecord;
use vending::file::Column;
use vending::ports::Ledger;

use super::upload::Upload;
use crate::stack::Stack;
use crate::status::words;
use crate::terminal::{self, BAD, FAINT, harmless, line, paint};

/// Rows that are told at most; the results file has all.
const MOST_TOLD: usize = 40;

/// Tells, unless `quietly`, which rows intake refused and why; answers how many.
///
/// # Errors
/// When the ledger or the bucket does not answer.
pub(super) async fn tell(stack: &Stack, upload: &Upload, quietly: bool) -> Result<u64> {
    let batch = stack.ledger().batch(&upload.batch).await.context("read the ledger")?;
    let Some(batch) = batch.filter(|batch| batch.refused > 0) else { return Ok(0) };
    if quietly {
        return Ok(batch.refused);
    }
    let key = batch.results_key();
    let got = stack.clients().s3().get_object().bucket(&upload.object.bucket).key(&key);
    let got = got.send().await.with_context(|| format!("read {key}"))?;
    let file = got.body.collect().await.with_context(|| format!("read {key}"))?.to_vec();
    let refused = refused_in(&file).with_context(|| format!("read {key}"))?;
    line(paint(BAD, format!("Refused: {}", words::count(refused.len(), "row"))));
    let width = usize::from(terminal::width());
    for row in refused.iter().take(MOST_TOLD) {
        line(words::indented(&harmless(row), 2, width));
    }
    line(paint(FAINT, format!("All of it: s3://{}/{key}", upload.object.bucket)));
    Ok(batch.refused)
}

/// Why rows of a results file were refused: the text of each.
fn refused_in(file: &[u8]) -> Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let headers = reader.headers().context("read its header")?.clone();
    let place = |column: Column| headers.iter().position(|name| name == column.name());
    let (error, outcome) = (place(Column::ErrorMsg), place(Column::Outcome));
    let cell = |record: &StringRecord, place: Option<usize>| {
        place.and_then(|place| record.get(place)).unwrap_or_default().to_owned()
    };
    let mut refused = Vec::new();
    for record in reader.records() {
        let record = record.context("read a row of it")?;
        if ["refused", "not taken"].iter().any(|it| cell(&record, outcome).starts_with(it)) {
            refused.push(cell(&record, error));
        }
    }
    refused.retain(|words| !words.is_empty());
    refused.dedup();
    Ok(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_is_found_in_a_results_file() {
        let file = "\u{feff}AccountName,ErrorMsg,Outcome\r\n\
                    one,,queued\r\n\
                    two,\"line 3: is odd\",refused\r\n\
                    six,,not taken: the file has faults\r\n";
        assert_eq!(refused_in(file.as_bytes()).unwrap(), ["line 3: is odd"]);
    }
}
