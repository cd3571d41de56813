//! What must hold of the results file.

use csv::{Reader, StringRecord};
use vending::file::{
    Column, Fault, LONGEST_CELL, Layout, ResultRow, SheetReader, write, write_refusal,
};

use crate::formula::no_formula;

/// Parts the rows in the bytes (ASCII's record separator).
const ROW: char = '\u{1e}';
/// Parts the cells of a row (ASCII's unit separator).
const CELL: char = '\u{1f}';
/// The columns of a results file.
const COLUMNS: usize = Column::ALL.len();

/// Writes any cells as a results file: read back they are the same but for the quotes
/// that disarm them, and no spreadsheet runs one.
pub fn results(bytes: &[u8]) {
    // A NUL never reaches a row: a list that has one is refused.
    let text = String::from_utf8_lossy(bytes).replace('\0', "");
    let rows: Vec<ResultRow> =
        text.split(ROW).zip(2..).map(|(text, line)| row(line, text)).collect();
    let file = write(Layout::FULL, &rows);
    no_formula(&file);
    same(&rows, &file);
    uploaded_again(&rows, &file);
    refusal(&text);
}

fn row(line: u64, text: &str) -> ResultRow {
    let mut cells = text.split(CELL).map(str::to_owned).chain(std::iter::repeat(String::new()));
    let mut next = || cells.next().unwrap_or_default();
    ResultRow {
        line,
        // Those were read from a list, and so are as a reader makes them.
        cells: std::array::from_fn(|_| as_read(&next())),
        status: next(),
        account_id: next(),
        error: next(),
        outcome: next(),
    }
}

fn columns(row: &ResultRow) -> impl Iterator<Item = &String> {
    row.cells.iter().chain([&row.status, &row.account_id, &row.error, &row.outcome])
}

fn same(rows: &[ResultRow], file: &[u8]) {
    let text = file.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark, once");
    let records: Vec<StringRecord> =
        Reader::from_reader(text).into_records().map(|record| record.expect("a record")).collect();
    assert_eq!(records.len(), rows.len());
    for (record, row) in records.iter().zip(rows) {
        assert_eq!(record.len(), COLUMNS);
        for (read, cell) in record.iter().zip(columns(row)) {
            assert!(is_disarmed(read, cell), "{cell:?} came back as {read:?}");
        }
    }
}

/// Whether `read` is `cell`, with single quotes put in here and there.
fn is_disarmed(read: &str, cell: &str) -> bool {
    let mut rest = cell.chars().peekable();
    for character in read.chars() {
        if rest.next_if_eq(&character).is_none() && character != '\'' {
            return false;
        }
    }
    rest.peek().is_none()
}

/// As Vend reads it, the results file is the list that it is of.
fn uploaded_again(rows: &[ResultRow], file: &[u8]) {
    let mut reader = SheetReader::new();
    reader.push(file).expect("a results file can be read");
    let sheet = reader.finish().expect("a results file can be read");
    let mut again = sheet.rows.iter().map(|row| ResultRow::of_row(row).cells);
    // Blank rows are passed over, and long cells are a fault that the writer does not have.
    let kept = |row: &&ResultRow| columns(row).any(|cell| !is_blank(cell));
    if rows.iter().flat_map(columns).any(|cell| cell.len() > LONGEST_CELL / 2) {
        return;
    }
    for row in rows.iter().filter(kept) {
        assert_eq!(again.next(), Some(row.cells.clone()));
    }
    assert_eq!(again.next(), None);
}

/// A reader makes every line end with LF, and takes what is unseen off either end.
fn as_read(cell: &str) -> String {
    let unseen = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    cell.replace("\r\n", "\n").replace('\r', "\n").trim_matches(unseen).to_owned()
}

fn is_blank(cell: &str) -> bool {
    as_read(cell).is_empty()
}

fn refusal(text: &str) {
    let fault = Fault::of_cell(2, Column::OrgUnit, text, "is odd", "something else");
    no_formula(&write_refusal(&[fault, Fault::of_file(text.trim(), "")]));
}
