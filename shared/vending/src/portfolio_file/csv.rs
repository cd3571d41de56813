//! Reading the CSV form: a row for each account, or for a share alone.

use super::column::{Column, is_header};
use super::{AskedShare, Located, PortfolioFile, bounded};
use crate::file::{
    Cell, Fault, FileReader, LONGEST_CELL, MOST_BYTES, MOST_CELLS, MOST_ROWS, NotText, Record,
    RecordReader, TextReader, Unreadable, restore, trim,
};

/// Bytes decoded at a time, which bounds what is held of a large chunk.
const PIECE: usize = 32 * 1024;

/// Takes a CSV, and knows from its header on whether it is of this form.
#[derive(Default)]
pub(super) struct CsvReader {
    bytes: usize,
    text: TextReader,
    /// The text of the piece under way: room that is used again.
    decoded: String,
    records: RecordReader,
    rows: Rows,
}

impl FileReader for CsvReader {
    fn push(&mut self, chunk: &[u8]) -> Result<(), Unreadable> {
        self.bytes += chunk.len();
        if self.bytes > MOST_BYTES {
            return Err(Unreadable::TooLarge);
        }
        chunk.chunks(PIECE).try_for_each(|piece| self.read(piece, false))
    }
}

impl CsvReader {
    /// Whether the file is of this form; `None` until its header was read.
    pub(super) fn is_ours(&self) -> Option<bool> {
        self.rows.is_ours
    }

    /// Ends the file; answers whether it is of this form as well.
    pub(super) fn finish(mut self) -> (Option<bool>, Result<PortfolioFile, Unreadable>) {
        let read = self.read(&[], true).and_then(|()| {
            let Self { records, rows, .. } = &mut self;
            records.finish(&mut |record| rows.take(record))
        });
        let ours = self.rows.is_ours;
        (ours, read.map(|()| self.rows.finish()))
    }

    fn read(&mut self, bytes: &[u8], last: bool) -> Result<(), Unreadable> {
        self.decoded.clear();
        let outcome = self.text.read(bytes, last, &mut self.decoded);
        self.records.read(&self.decoded, &mut |record| self.rows.take(record))?;
        outcome.map_err(|reason| match reason {
            NotText::Workbook => Unreadable::Workbook,
            NotText::Malformed => Unreadable::Encoding { line: self.records.line() },
        })
    }
}

/// What was found so far.
#[derive(Default)]
struct Rows {
    is_ours: Option<bool>,
    /// The column of each cell; `None` for one that is a fault already, or has no name.
    columns: Vec<Option<Column>>,
    /// How many cells of the header have a name, or follow none that has.
    named: usize,
    file: PortfolioFile,
}

impl Rows {
    fn take(&mut self, record: &Record) -> Result<(), Unreadable> {
        if record.is_blank() || self.is_ours == Some(false) {
            return Ok(());
        }
        if self.is_ours.is_none() {
            self.header(record);
        } else if self.file.shares.len() == MOST_ROWS {
            return Err(Unreadable::TooManyRows { line: record.line });
        } else {
            self.row(record);
        }
        Ok(())
    }

    fn header(&mut self, record: &Record) {
        let names: Vec<&str> = record.cells().map(|cell| trim(cell.text)).collect();
        let ours = is_header(&names);
        self.is_ours = Some(ours);
        if !ours {
            return;
        }
        for name in &names {
            let column = self.place(record.line, name);
            self.columns.push(column);
        }
        self.named = names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        self.find_missing(record);
    }

    fn place(&mut self, line: u64, name: &str) -> Option<Column> {
        if name.is_empty() {
            return None;
        }
        let fault = match Column::read(name) {
            Some(column) if !self.columns.contains(&Some(column)) => return Some(column),
            Some(_) => {
                Fault::of_row(line, "the column is there more than once", "each column once")
            }
            None => {
                let accepted = match Column::near(name) {
                    Some(near) => format!("perhaps {}", near.name()),
                    None => format!("only {}", Column::ALL.map(Column::name).join(", ")),
                };
                Fault::of_row(line, "is not a column of a portfolio file", accepted)
            }
        };
        self.file.faults.push(fault.quoting(name));
        None
    }

    fn find_missing(&mut self, record: &Record) {
        for column in Column::REQUIRED {
            if !self.columns.contains(&Some(column)) {
                let accepted = "a header with PortfolioId, OrgUnit and AccountId";
                let fault = Fault::of_row(record.line, "the column is missing", accepted);
                self.file.faults.push(fault.at(column.name()));
            }
        }
        if record.beyond {
            let problem = format!("has {} columns, more than {MOST_CELLS}", record.count);
            self.file.faults.push(Fault::of_row(
                record.line,
                problem,
                "only the columns of the file",
            ));
        }
    }

    fn row(&mut self, record: &Record) {
        self.find_extra(record);
        let [portfolio, unit, account] = Column::FILLED_IN.map(|column| self.cell(record, column));
        let accounts = account.filter(|account| !account.text.is_empty());
        self.file.shares.push(AskedShare {
            line: record.line,
            place: String::new(),
            portfolio,
            unit,
            accounts: accounts.into_iter().collect(),
            unit_by_id: false,
        });
    }

    /// The cell of that column, if it has a text of a length that can be.
    fn cell(&mut self, record: &Record, column: Column) -> Option<Located> {
        let index = self.columns.iter().position(|it| *it == Some(column))?;
        let Some(cell) = record.cell(index) else {
            self.short(record, column);
            return None;
        };
        let text = trim(&restore(cell.text)).to_owned();
        let located = Located { text, line: record.line, place: column.name().to_owned() };
        if cell.long {
            let problem = format!("is longer than {LONGEST_CELL} bytes");
            self.file.faults.push(located.fault(problem, column.accepted()));
            return None;
        }
        Some(located)
    }

    /// A row may end before an account that it need not have.
    fn short(&mut self, record: &Record, column: Column) {
        if Column::REQUIRED.contains(&column) {
            let problem = format!("has only {} cells, and none for it", record.count);
            let accepted = "a cell for each column of the header";
            self.file.faults.push(Fault::of_row(record.line, problem, accepted).at(column.name()));
        }
    }

    fn find_extra(&mut self, record: &Record) {
        let is_extra =
            |(index, cell): &(usize, Cell<'_>)| *index >= self.named && !cell.text.is_empty();
        let extra = record.cells().enumerate().find(is_extra).map(|(_, cell)| cell.text);
        let accepted =
            "a cell for each column; a text with a delimiter in it goes in double quotes";
        let fault = match extra {
            Some(text) => {
                Fault::of_row(record.line, "has no column in the header", accepted).quoting(text)
            }
            None if record.beyond => {
                let problem = format!("has {} cells, more than {MOST_CELLS}", record.count);
                Fault::of_row(record.line, problem, accepted)
            }
            None => return,
        };
        self.file.faults.push(fault);
    }

    fn finish(self) -> PortfolioFile {
        let PortfolioFile { shares, mut faults } = self.file;
        if shares.is_empty() {
            let accepted = "a row under the header for each account, or for each share alone";
            faults.push(Fault::of_file("the file has no rows", accepted));
        }
        PortfolioFile { shares, faults: bounded(faults) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> PortfolioFile {
        let mut reader = CsvReader::default();
        reader.push(text.as_bytes()).unwrap();
        let (ours, file) = reader.finish();
        assert_eq!(ours, Some(true));
        file.unwrap()
    }

    fn faults(text: &str) -> Vec<String> {
        read(text).faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rows_are_read_in_any_order_of_columns() {
        let file = read(
            "Status;AccountId;OrgUnit;PortfolioId;;\nREADY;\"'111122223333\";Net, EU (ou-aaaa-bbbbcccc);port-1\n\nx;;ou-aaaa-bbbbcccc;port-1;;\n",
        );
        assert_eq!(file.faults, []);
        let texts = |share: &AskedShare| {
            let account = share.accounts.first().map(|it| it.text.clone());
            (share.line, share.unit.clone().unwrap().text, account)
        };
        let unit = "Net, EU (ou-aaaa-bbbbcccc)".to_owned();
        let account = Some("'111122223333".to_owned());
        assert_eq!(
            file.shares.iter().map(texts).collect::<Vec<_>>(),
            [(2, unit, account), (4, "ou-aaaa-bbbbcccc".to_owned(), None)]
        );
    }

    #[test]
    fn rows_of_blank_cells_are_none() {
        let file = read(",,\n; ;\n\nPortfolioId,OrgUnit,AccountId\n,,\nport-1,A\n , ,\n\t\n,,,,\n");
        assert_eq!(file.faults, []);
        assert_eq!(file.shares.iter().map(|share| share.line).collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn an_account_may_be_left_out_at_the_end_and_no_other_cell() {
        let file = read("PortfolioId,OrgUnit,AccountId\nport-1,A\nport-2\n");
        assert_eq!((file.shares.len(), file.faults.len()), (2, 1));
        assert_eq!(
            file.faults[0].to_string(),
            "line 3, OrgUnit: has only 1 cells, and none for it; accepted: a cell for each column of the header"
        );
    }

    #[test]
    fn faults_of_the_header_and_of_the_form_are_told_together() {
        let long = "x".repeat(LONGEST_CELL + 1);
        let found = faults(&format!(
            "PortfolioId,OrgUnti,AccountId,accountid,Cost\nport-1,A,1,2,3,extra\n{long},A\n"
        ));
        assert_eq!(found.len(), 6, "{found:#?}");
        let all = found.join("\n");
        for part in [
            "line 1 \"OrgUnti\": is not a column of a portfolio file; accepted: perhaps OrgUnit",
            "line 1 \"accountid\": the column is there more than once",
            "line 1 \"Cost\": is not a column of a portfolio file; accepted: only PortfolioId, ",
            "line 1, OrgUnit: the column is missing",
            "line 2 \"extra\": has no column in the header",
            "line 3, PortfolioId \"xxx",
        ] {
            assert!(all.contains(part), "{part} is not in\n{all}");
        }
    }

    #[test]
    fn a_file_without_rows_and_one_with_too_many_are_told() {
        assert!(faults("PortfolioId,OrgUnit")[0].starts_with("the file has no rows"));
        let mut reader = CsvReader::default();
        let many = format!("PortfolioId,OrgUnit\n{}", "port-1,A\n".repeat(MOST_ROWS + 1));
        assert_eq!(reader.push(many.as_bytes()), Err(Unreadable::TooManyRows { line: 10_002 }));
    }

    #[test]
    fn a_file_is_as_long_as_it_may_be_and_no_longer() {
        let mut reader = CsvReader::default();
        let lines = "\n".repeat(MOST_BYTES / 2);
        assert_eq!(reader.push(lines.as_bytes()), Ok(()));
        assert_eq!(reader.push(lines.as_bytes()), Ok(()));
        assert_eq!(reader.push(b"\n"), Err(Unreadable::TooLarge));
    }

    #[test]
    fn more_cells_than_are_looked_at_are_a_fault_only_where_one_is_not_blank() {
        let row =
            |last: &str| format!("PortfolioId,OrgUnit\nport-1,A{}{last}\n", ",".repeat(MOST_CELLS));
        assert_eq!(faults(&row("")), Vec::<String>::new());
        let told = faults(&row("x"));
        assert!(told[0].contains("cells, more than"), "{told:?}");
    }
}
