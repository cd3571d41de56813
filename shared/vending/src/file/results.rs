//! The results file: the list as it was uploaded, with what became of every row.
//!
//! It is a list itself: corrected in a spreadsheet, it can be uploaded again.

use std::borrow::Borrow;

use csv_core::{WriteResult, Writer};

use super::column::Column;
use super::fault::Fault;
use super::formula::disarm;
use super::row::RawRow;
use crate::account::AccountRequest;

/// Without it Excel takes UTF-8 for the computer's own code page.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes of quoted text taken at a time.
const SCRATCH: usize = 512;

/// One row of the results file. `Debug` does not print the cells.
#[derive(Clone, PartialEq, Eq)]
pub struct ResultRow {
    /// The line in the uploaded file, from 1; not written.
    pub line: u64,
    /// The texts of the six columns that a person fills in, as they were uploaded,
    /// in the order of [`Column::REQUIRED`].
    pub cells: [String; Column::REQUIRED.len()],
    /// The status, such as `FAILED`.
    pub status: String,
    /// The account's id; empty when there is none.
    pub account_id: String,
    /// The cause and what to do; empty when all is well.
    pub error: String,
    /// What became of the row, in words.
    pub outcome: String,
}

impl ResultRow {
    /// The row as it was uploaded, nothing said of it yet. A cell that the row has
    /// not, or that is too long, is empty.
    #[must_use]
    pub fn of_row(row: &RawRow) -> Self {
        Self::new(
            row.line(),
            Column::REQUIRED.map(|column| row.text(column).unwrap_or_default().into()),
        )
    }

    /// The row of a request, nothing said of it yet.
    #[must_use]
    pub fn of_request(line: u64, request: &AccountRequest) -> Self {
        let user = &request.sso_user;
        let texts = [
            request.name.as_str(),
            user.email.as_str(),
            request.email.as_str(),
            user.first_name.as_str(),
            user.last_name.as_str(),
            &request.unit.to_string(),
        ];
        Self::new(line, texts.map(str::to_owned))
    }

    fn new(line: u64, cells: [String; Column::REQUIRED.len()]) -> Self {
        let nothing = String::new;
        let (status, account_id, error, outcome) = (nothing(), nothing(), nothing(), nothing());
        Self { line, cells, status, account_id, error, outcome }
    }

    fn columns(&self) -> impl Iterator<Item = &str> {
        let ours = [&self.status, &self.account_id, &self.error, &self.outcome];
        self.cells.iter().chain(ours).map(String::as_str)
    }
}

impl std::fmt::Debug for ResultRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut row = f.debug_struct("ResultRow");
        row.field("line", &self.line).field("status", &self.status).finish_non_exhaustive()
    }
}

/// Writes the results file: UTF-8 with a byte order mark, every column in canonical
/// order, the rows as they are given, and nothing that a spreadsheet would run.
#[must_use]
pub fn write<R: Borrow<ResultRow>>(rows: impl IntoIterator<Item = R>) -> Vec<u8> {
    let mut file = Lines::new();
    rows.into_iter().for_each(|row| file.line(row.borrow().columns()));
    file.bytes
}

/// Writes the results file of a file whose rows are not known: a line for each
/// fault, in the column `ErrorMsg`.
#[must_use]
pub fn write_refusal(faults: &[Fault]) -> Vec<u8> {
    let mut file = Lines::new();
    for fault in faults {
        let row = ResultRow { error: fault.to_string(), ..ResultRow::new(0, Default::default()) };
        file.line(row.columns());
    }
    file.bytes
}

struct Lines {
    bytes: Vec<u8>,
    writer: Writer,
}

impl Lines {
    fn new() -> Self {
        let mut lines = Self { bytes: BYTE_ORDER_MARK.to_vec(), writer: Writer::new() };
        lines.line(Column::ALL.iter().map(|column| column.name()));
        lines
    }

    fn line<'t>(&mut self, cells: impl Iterator<Item = &'t str>) {
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                self.put(Writer::delimiter);
            }
            self.cell(disarm(cell).as_bytes());
        }
        self.put(Writer::terminator);
    }

    fn cell(&mut self, mut text: &[u8]) {
        let mut scratch = [0; SCRATCH];
        loop {
            let (result, read, written) = self.writer.field(text, &mut scratch);
            self.bytes.extend_from_slice(scratch.get(..written).unwrap_or_default());
            text = text.get(read..).unwrap_or_default();
            if result == WriteResult::InputEmpty {
                return;
            }
        }
    }

    /// Writes a delimiter or a line end: two bytes at most, so that it always fits.
    fn put(&mut self, mark: fn(&mut Writer, &mut [u8]) -> (WriteResult, usize)) {
        let mut scratch = [0; SCRATCH];
        let (_, written) = mark(&mut self.writer, &mut scratch);
        self.bytes.extend_from_slice(scratch.get(..written).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::file::{Sheet, SheetReader, Unreadable};

    fn read(bytes: &[u8]) -> Sheet {
        let mut reader = SheetReader::new();
        reader.push(bytes).unwrap();
        reader.finish().unwrap()
    }

    fn row(cells: [&str; 6]) -> ResultRow {
        ResultRow { status: "FAILED".into(), ..ResultRow::new(2, cells.map(str::to_owned)) }
    }

    #[test]
    fn writes_every_column_and_runs_nothing() {
        let mut row =
            row(["=cmd()", "a@example.com", " +1", "O\"Neil", "two\nlines", "A, B (ou-id)"]);
        row.error = "-x".into();
        let text = String::from_utf8(write(&[row])).unwrap();
        assert_eq!(
            text,
            "\u{feff}AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,\
             Status,AccountId,ErrorMsg,Outcome\n\
             '=cmd(),a@example.com,' +1,\"O\"\"Neil\",\"two\nlines\",\"A, B (ou-id)\",FAILED,,'-x,\n"
        );
    }

    #[test]
    fn an_unreadable_file_yields_its_faults() {
        let fault = Fault::from(Unreadable::NoHeader { line: 3 });
        let text = String::from_utf8(write_refusal(&[fault])).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with(",,,,,,,,\"line 3: is not a header"), "{line}");
    }

    #[test]
    fn says_as_much_as_a_request_does() {
        let cells =
            ["one", "a@example.com", "r@example.com", "A", "B", "Test-OU-1 (ou-aaaa-bbbbcccc)"];
        let sheet = read(&write(&[row(cells)]));
        let units = [crate::account::OrganizationalUnit::parse(cells[5]).unwrap()];
        let checked = crate::file::check(&sheet, &units);
        let (line, request) = &checked.requests[0];
        assert_eq!(ResultRow::of_request(*line, request), ResultRow::of_row(&sheet.rows[0]));
        assert!(!format!("{:?}", row(cells)).contains("example.com"));
    }

    proptest! {
        #[test]
        fn a_results_file_reads_back_as_the_list_it_is_of(
            cells in prop::collection::vec(prop::array::uniform6("[-='\"a-c,;@ \t\n+]{0,8}|[^\\x00\r]{0,20}"), 1..6),
            error in "[^\\x00]{0,40}",
        ) {
            let trimmed = |cells: &[String; 6]| {
                std::array::from_fn(|cell| crate::file::delimiter::trim(&cells[cell]).to_owned())
            };
            let rows: Vec<ResultRow> = cells
                .iter()
                .map(|cells| ResultRow { error: error.clone(), status: "FAILED".into(), ..ResultRow::new(0, trimmed(cells)) })
                .collect();
            let sheet = read(&write(&rows));
            prop_assert_eq!(&sheet.faults, &[]);
            let again = sheet.rows.iter().map(|row| ResultRow::of_row(row).cells);
            prop_assert!(again.eq(rows.into_iter().map(|row| row.cells)));
        }
    }
}
