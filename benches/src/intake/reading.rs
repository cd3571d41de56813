//! Reading, beside the least there is to do with the same bytes: a loop over the records of
//! the crate `csv`, which keeps nothing, checks no encoding and knows no line.

use anyhow::Context;
use csv::{ByteRecord, ReaderBuilder, StringRecord};
use vending::file::{FileReader, MOST_ROWS, Sheet, SheetReader, read_given};
use vending::portfolio_file::UploadReader;

use super::lists;
use super::milliseconds::{compared, milliseconds};
use crate::Figures;

/// Bytes that S3's answers come in, about: a record of TLS.
const CHUNK: usize = 16 * 1024;

/// The rows of a list.
pub(super) fn read(list: &[u8]) -> anyhow::Result<Sheet> {
    let mut reader = SheetReader::new();
    list.chunks(CHUNK).try_for_each(|chunk| reader.push(chunk))?;
    Ok(reader.finish()?)
}

/// Every cell of the list, one record after the other, as bytes.
fn byte_records(list: &[u8]) -> usize {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(list);
    let (mut record, mut cells) = (ByteRecord::new(), 0);
    while reader.read_byte_record(&mut record).is_ok_and(|more| more) {
        cells += record.len();
    }
    cells
}

/// The same as texts, which have to be UTF-8.
fn string_records(list: &[u8]) -> usize {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(list);
    let (mut record, mut cells) = (StringRecord::new(), 0);
    while reader.read_record(&mut record).is_ok_and(|more| more) {
        cells += record.len();
    }
    cells
}

/// Measures it: the bound is that of the issue, for the lists with the longest values.
pub(super) fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let (plain, full) = (lists::plain(MOST_ROWS), lists::full(MOST_ROWS));
    against_csv(figures, "10,000 rows, every column at its longest", &full, true)?;
    against_csv(figures, "as many of the longest rows as 10 MB take", &lists::longest(), true)?;
    against_csv(figures, "10,000 plain rows", &plain, false)?;
    against_csv(figures, "10,000 plain rows, quoted", &lists::quoted(&plain), false)?;
    against_csv(figures, "10,000 plain rows, CRLF", &lists::with_crlf(&plain), false)?;
    against_csv(figures, "10,000 rows with a fault in each", &lists::faulty(MOST_ROWS), false)?;
    let utf16 = lists::utf16(&plain);
    read(&utf16).context("UTF-16")?;
    figures.add("read 10,000 plain rows in UTF-16", milliseconds(|| read(&utf16)), "ms");
    let portfolios = lists::portfolios(MOST_ROWS);
    let took = milliseconds(|| {
        let mut reader = UploadReader::of("portfolios.csv");
        portfolios
            .chunks(CHUNK)
            .try_for_each(|chunk| reader.push(chunk))
            .and_then(|()| reader.finish())
    });
    figures.add("read a portfolio file of 10,000 rows", took, "ms");
    let access = lists::access(MOST_ROWS);
    let took = milliseconds(|| read_given(&access));
    figures.add("read and check a list of access of 10,000 rows", took, "ms");
    Ok(())
}

fn against_csv(figures: &mut Figures, what: &str, list: &[u8], bound: bool) -> anyhow::Result<()> {
    let sheet = read(list).with_context(|| what.to_owned())?;
    anyhow::ensure!(!sheet.rows.is_empty(), "{what}: no rows");
    let [ours, bytes] = compared(|| read(list), || byte_records(list));
    figures.add(format!("read {what} ({:.1} MB)", list.len() as f64 / 1e6), ours, "ms");
    let ratio = format!("read {what} / loop of csv's ByteRecord");
    if bound {
        figures.hold(ratio, ours / bytes, "", 2.0);
    } else {
        figures.add(ratio, ours / bytes, "");
    }
    let [ours, strings] = compared(|| read(list), || string_records(list));
    figures.add(format!("read {what} / loop of csv's StringRecord"), ours / strings, "");
    Ok(())
}
