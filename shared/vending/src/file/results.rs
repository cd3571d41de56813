//! The results file: the list as it was uploaded, with what became of every row.
//!
//! It is a list itself: corrected in a spreadsheet, it can be uploaded again.

use std::borrow::Borrow;

use csv_core::{WriteResult, Writer};

use super::access;
use super::column::Column;
use super::fault::Fault;
use super::formula::disarm;
use super::header::Header;
use super::row::RawRow;
use crate::account::{AccountRequest, EmailAddress};

/// Without it Excel takes UTF-8 for the computer's own code page.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes of quoted text taken at a time.
const SCRATCH: usize = 512;

/// Which columns a results file has: those that every one has, and some of those that a
/// list need not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// In the order of [`Column::OPTIONAL`].
    optional: [bool; Column::OPTIONAL.len()],
}

impl Layout {
    /// The columns that every results file has.
    pub const USUAL: Self = Self { optional: [false; Column::OPTIONAL.len()] };
    /// Every column.
    pub const FULL: Self = Self { optional: [true; Column::OPTIONAL.len()] };

    /// The layout for a list with that header: what it need not have is there where it has it.
    #[must_use]
    pub fn of(header: &Header) -> Self {
        Self { optional: Column::OPTIONAL.map(|column| header.has(column)) }
    }

    /// The layout that says all that is asked for.
    #[must_use]
    pub fn of_requests<'r>(requests: impl IntoIterator<Item = &'r AccountRequest>) -> Self {
        let mut optional = Self::USUAL.optional;
        for request in requests {
            let cells = ResultRow::of_request(0, request).cells;
            let said = cells.iter().skip(Column::REQUIRED.len()).map(|cell| !cell.is_empty());
            optional.iter_mut().zip(said).for_each(|(has, said)| *has |= said);
        }
        Self { optional }
    }

    fn has(self, column: Column) -> bool {
        let place = Column::OPTIONAL.iter().position(|optional| *optional == column);
        place.is_none_or(|place| self.optional.get(place) == Some(&true))
    }
}

/// One row of the results file. `Debug` does not print the cells.
#[derive(Clone, PartialEq, Eq)]
pub struct ResultRow {
    /// The line in the uploaded file, from 1; not written.
    pub line: u64,
    /// The texts of the columns that a person fills in, as they were uploaded,
    /// in the order of [`Column::FILLED_IN`].
    pub cells: [String; Column::FILLED_IN.len()],
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
            Column::FILLED_IN.map(|column| row.text(column).unwrap_or_default().into()),
        )
    }

    /// The row of a request, nothing said of it yet.
    #[must_use]
    pub fn of_request(line: u64, request: &AccountRequest) -> Self {
        let user = &request.sso_user;
        let [assignments, portfolios, defaults] = access::cells(&request.access);
        let texts = [
            request.name.as_str(),
            user.email.as_str(),
            request.email.as_str(),
            user.first_name.as_str(),
            user.last_name.as_str(),
            &request.unit.to_string(),
            request.requester.as_ref().map_or("", EmailAddress::as_str),
            &assignments,
            &portfolios,
            &defaults,
        ];
        Self::new(line, texts.map(str::to_owned))
    }

    pub(super) fn new(line: u64, cells: [String; Column::FILLED_IN.len()]) -> Self {
        let nothing = String::new;
        let (status, account_id, error, outcome) = (nothing(), nothing(), nothing(), nothing());
        Self { line, cells, status, account_id, error, outcome }
    }

    fn columns(&self, layout: Layout) -> impl Iterator<Item = &str> {
        let ours = [&self.status, &self.account_id, &self.error, &self.outcome];
        let cells = self.cells.iter().chain(ours).map(String::as_str);
        cells.zip(Column::ALL).filter(move |(_, column)| layout.has(*column)).map(|(cell, _)| cell)
    }
}

impl std::fmt::Debug for ResultRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut row = f.debug_struct("ResultRow");
        row.field("line", &self.line).field("status", &self.status).finish_non_exhaustive()
    }
}

/// Writes the results file: UTF-8 with a byte order mark, the columns of `layout` in
/// canonical order, the rows as they are given, and nothing that a spreadsheet would run.
#[must_use]
pub fn write<R: Borrow<ResultRow>>(layout: Layout, rows: impl IntoIterator<Item = R>) -> Vec<u8> {
    let mut file = Lines::new(layout);
    rows.into_iter().for_each(|row| file.line(row.borrow().columns(layout)));
    file.bytes
}

/// Writes the results file of a file whose rows are not known: a line for each
/// fault, in the column `ErrorMsg`.
#[must_use]
pub fn write_refusal(faults: &[Fault]) -> Vec<u8> {
    let mut file = Lines::new(Layout::USUAL);
    for fault in faults {
        let row = ResultRow { error: fault.to_string(), ..ResultRow::new(0, Default::default()) };
        file.line(row.columns(Layout::USUAL));
    }
    file.bytes
}

/// The lines of a results file as they are written, one after the other.
pub(super) struct Lines {
    bytes: Vec<u8>,
    writer: Writer,
    scratch: [u8; SCRATCH],
}

impl Lines {
    fn new(layout: Layout) -> Self {
        let mut lines = Self::starting_with(BYTE_ORDER_MARK);
        let columns = Column::ALL.iter().filter(|column| layout.has(**column));
        lines.line(columns.map(|column| column.name()));
        lines
    }

    /// Lines after what stands there already.
    pub(super) fn starting_with(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), writer: Writer::new(), scratch: [0; SCRATCH] }
    }

    /// As much room at once as another file takes.
    pub(super) fn make_room_for(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// A line as it stands in another results file.
    pub(super) fn as_it_is(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
    }

    /// A line of cells that are disarmed already.
    pub(super) fn disarmed_line(&mut self, cells: &[String]) {
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.put(Writer::delimiter);
            }
            self.cell(cell.as_bytes());
        }
        self.put(Writer::terminator);
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn line<'t>(&mut self, cells: impl Iterator<Item = &'t str>) {
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                self.put(Writer::delimiter);
            }
            self.cell(disarm(cell).as_bytes());
        }
        self.put(Writer::terminator);
    }

    fn cell(&mut self, mut text: &[u8]) {
        loop {
            let (result, read, written) = self.writer.field(text, &mut self.scratch);
            self.bytes.extend_from_slice(self.scratch.get(..written).unwrap_or_default());
            text = text.get(read..).unwrap_or_default();
            if result == WriteResult::InputEmpty {
                return;
            }
        }
    }

    /// Writes a delimiter or a line end: two bytes at most, so that it always fits.
    fn put(&mut self, mark: fn(&mut Writer, &mut [u8]) -> (WriteResult, usize)) {
        let (_, written) = mark(&mut self.writer, &mut self.scratch);
        self.bytes.extend_from_slice(self.scratch.get(..written).unwrap_or_default());
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
        let mut all: [String; 10] = Default::default();
        all.iter_mut().zip(cells).for_each(|(slot, cell)| *slot = cell.to_owned());
        ResultRow { status: "FAILED".into(), ..ResultRow::new(2, all) }
    }

    #[test]
    fn debug_tells_the_line_and_no_cell() {
        let row = row(["alpha", "ana@example.com", "root@example.com", "Ana", "Silva", "Unit"]);
        assert_eq!(format!("{row:?}"), "ResultRow { line: 2, status: \"FAILED\", .. }");
    }

    #[test]
    fn writes_every_column_and_runs_nothing() {
        let mut row =
            row(["=cmd()", "a@example.com", " +1", "O\"Neil", "two\nlines", "A, B (ou-id)"]);
        row.error = "-x".into();
        let text = String::from_utf8(write(Layout::USUAL, &[row])).unwrap();
        assert_eq!(
            text,
            "\u{feff}AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,\
             Status,AccountId,ErrorMsg,Outcome\n\
             '=cmd(),a@example.com,' +1,\"O\"\"Neil\",\"two\nlines\",\"A, B (ou-id)\",FAILED,,'-x,\n"
        );
    }

    #[test]
    fn what_a_list_need_not_have_is_in_it_where_the_list_says_so() {
        let mut row = row(["one", "a@example.com", "r@example.com", "A", "B", "C"]);
        row.cells[6] = "ana@example.com".into();
        let text = String::from_utf8(write(Layout::FULL, &[row])).unwrap();
        let header = "OrgUnit,RequesterEmail,Assignments,Portfolios,Defaults,Status,";
        assert!(text.contains(header), "{text}");
        assert!(text.contains(",C,ana@example.com,,,,FAILED,"), "{text}");
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
        let sheet = read(&write(Layout::USUAL, &[row(cells)]));
        let units = [crate::account::OrganizationalUnit::parse(cells[5]).unwrap()];
        let checked = crate::file::check(&sheet, &units, &crate::file::UnknownNames::default());
        let (line, request) = &checked.requests[0];
        assert_eq!(ResultRow::of_request(*line, request), ResultRow::of_row(&sheet.rows[0]));
        assert!(!format!("{:?}", row(cells)).contains("example.com"));
    }

    #[test]
    fn a_file_made_of_requests_has_the_columns_that_they_speak_of() {
        let plain = crate::testing::request("one");
        assert_eq!(Layout::of_requests([&plain]), Layout::USUAL);
        let access = crate::account::AccessRequest {
            assignments: vec![crate::account::AccessRequest::read_assignment("user:a=B").unwrap()],
            portfolios: Vec::new(),
            replaces_defaults: true,
        };
        let asking = AccountRequest { access, ..plain.clone() };
        let rows = [&plain, &asking].map(|request| ResultRow::of_request(2, request));
        let layout = Layout::of_requests([&plain, &asking]);
        let text = String::from_utf8(write(layout, rows)).unwrap();
        assert!(text.contains("OrgUnit,Assignments,Defaults,Status,"), "{text}");
        assert!(text.contains(",Test-OU-1 (ou-aaaa-bbbbcccc),user:a=B,replace,,"), "{text}");
        assert!(text.contains(",Test-OU-1 (ou-aaaa-bbbbcccc),,,,"), "{text}");
    }

    proptest! {
        #[test]
        fn a_results_file_reads_back_as_the_list_it_is_of(
            cells in prop::collection::vec(prop::array::uniform10("[-='\"a-c,;@ \t\n+]{0,8}|[^\\x00\r]{0,20}"), 1..6),
            error in "[^\\x00]{0,40}",
        ) {
            let trimmed = |cells: &[String; 10]| {
                std::array::from_fn(|cell| crate::file::delimiter::trim(&cells[cell]).to_owned())
            };
            let rows: Vec<ResultRow> = cells
                .iter()
                .map(|cells| ResultRow { error: error.clone(), status: "FAILED".into(), ..ResultRow::new(0, trimmed(cells)) })
                .collect();
            let sheet = read(&write(Layout::FULL, &rows));
            prop_assert_eq!(&sheet.faults, &[]);
            let again = sheet.rows.iter().map(|row| ResultRow::of_row(row).cells);
            prop_assert!(again.eq(rows.into_iter().map(|row| row.cells)));
        }
    }
}
