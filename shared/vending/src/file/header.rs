//! The header of a list: where it puts the columns, and what is wrong with it.

use super::column::Column;
use super::fault::{Fault, Faults};
use super::nearest::nearest;
use super::record::Record;
use super::sheet::MOST_CELLS;
use super::unreadable::Unreadable;

/// What a cell of the header stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    /// The first cell that names this column.
    Known(Column),
    /// A repeated or unknown column: a fault already, its cells are passed over.
    Skipped,
    /// No name, as spreadsheets leave behind; the cells below must be blank.
    Nameless,
}

/// A form of list: which columns it may have, and what it is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// The columns, in canonical order.
    pub(super) columns: &'static [Column],
    /// What it is called.
    pub(super) name: &'static str,
}

/// The list of accounts.
const ACCOUNTS: Form = Form { columns: &Column::ALL, name: "the list" };

impl Form {
    fn column(&self, name: &str) -> Option<Column> {
        Column::read(name).filter(|column| self.columns.contains(column))
    }

    fn near(&self, name: &str) -> Option<Column> {
        let names = self.columns.iter().map(|column| column.name());
        nearest(name, names).and_then(|near| self.column(near))
    }

    fn unknown(&self, line: u64, name: &str) -> Fault {
        let names = || self.columns.iter().map(|column| column.name()).collect::<Vec<_>>();
        let accepted = match self.near(name) {
            Some(column) => format!("a column of the list, perhaps {column}"),
            None => format!("only {}", names().join(", ")),
        };
        Fault::of_row(line, format!("is not a column of {}", self.name), accepted).quoting(name)
    }
}

/// The header of a list: which cell of a row belongs to which column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    line: u64,
    headings: Vec<Heading>,
}

impl Header {
    /// The line that the header stands on, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Whether the header names this column.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.headings.contains(&Heading::Known(column))
    }

    /// Reads the header from an account list's first record, adding a fault for every
    /// missing, repeated or unknown column.
    pub(super) fn read(record: &Record, faults: &mut Faults) -> Result<Self, Unreadable> {
        let header = Self::of(&ACCOUNTS, record, faults)?;
        header.find_missing(faults);
        Ok(header)
    }

    /// Reads the header of a list of that form from its first record, adding a fault for
    /// every repeated or unknown column. What it must have is the form's own.
    pub(super) fn of(
        form: &Form,
        record: &Record,
        faults: &mut Faults,
    ) -> Result<Self, Unreadable> {
        let names: Vec<&str> = record.cells().map(|cell| cell.text).collect();
        if !names.iter().any(|name| form.column(name).or_else(|| form.near(name)).is_some()) {
            return Err(Unreadable::NoHeader { line: record.line });
        }
        let mut header = Self { line: record.line, headings: Vec::with_capacity(names.len()) };
        for name in names {
            let heading = header.place(form, name, faults);
            header.headings.push(heading);
        }
        if record.beyond {
            let problem = format!("has {} columns, more than {MOST_CELLS}", record.count);
            faults.add(Fault::of_row(record.line, problem, "only the columns of the list"));
        }
        Ok(header)
    }

    /// What the cell at that place stands for.
    pub(super) fn heading(&self, cell: usize) -> Heading {
        self.headings.get(cell).copied().unwrap_or(Heading::Nameless)
    }

    /// The required columns that the header has, but a row of `cells` cells has not.
    pub(super) fn beyond(&self, cells: usize) -> impl Iterator<Item = Column> {
        let beyond = self.headings.get(cells..).unwrap_or_default();
        beyond.iter().filter_map(|heading| match heading {
            Heading::Known(column) => column.is_required().then_some(*column),
            Heading::Skipped | Heading::Nameless => None,
        })
    }

    fn place(&self, form: &Form, name: &str, faults: &mut Faults) -> Heading {
        if name.is_empty() {
            return Heading::Nameless;
        }
        match form.column(name) {
            Some(column) if self.has(column) => {
                let problem = "the column is there more than once";
                faults.add(Fault::of_cell(self.line, column, name, problem, "each column once"));
                Heading::Skipped
            }
            Some(column) => Heading::Known(column),
            None => {
                faults.add(form.unknown(self.line, name));
                Heading::Skipped
            }
        }
    }

    fn find_missing(&self, faults: &mut Faults) {
        for column in Column::REQUIRED.into_iter().filter(|column| !self.has(*column)) {
            let accepted =
                format!("a header with {}", Column::REQUIRED.map(Column::name).join(", "));
            faults.add(Fault::of_cell(self.line, column, "", "the column is missing", accepted));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&str]) -> (Result<Header, Unreadable>, Vec<String>) {
        let mut faults = Faults::default();
        let header = Header::read(&Record::of(1, names), &mut faults);
        (header, faults.into_vec().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn takes_the_columns_in_any_order_and_case() {
        let (header, faults) = read(&[
            "orgunit",
            "AccountName",
            "SSOUSEREMAIL",
            "AccountEmail",
            "SSOUserFirstName",
            "SSOUserLastName",
            "ErrroMsg",
            "",
            "",
        ]);
        let header = header.unwrap();
        assert_eq!(faults, [""; 0]);
        assert_eq!(header.heading(0), Heading::Known(Column::OrgUnit));
        assert_eq!(header.heading(6), Heading::Known(Column::ErrorMsg));
        assert_eq!(header.heading(7), Heading::Nameless);
        assert_eq!(
            header.beyond(4).collect::<Vec<_>>(),
            [Column::SSOUserFirstName, Column::SSOUserLastName]
        );
    }

    #[test]
    fn reports_missing_repeated_and_unknown_columns_together() {
        let (header, faults) = read(&[
            "AccountName",
            "accountname",
            "SSOUserEmail",
            "AccountEmial",
            "SSOUserFirstName",
            "SSOUserLastName",
            "OrgUnit",
            "CostCenter",
        ]);
        assert!(header.is_ok());
        let all = faults.join("\n");
        assert_eq!(faults.len(), 4, "{all}");
        assert!(all.contains("line 1 \"AccountEmial\": is not a column of the list; accepted: a column of the list, perhaps AccountEmail"), "{all}");
        assert!(
            all.contains(
                "line 1 \"CostCenter\": is not a column of the list; accepted: only AccountName, "
            ),
            "{all}"
        );
        assert!(
            all.contains("line 1, AccountName \"accountname\": the column is there more than once"),
            "{all}"
        );
        assert!(all.contains("line 1, AccountEmail: the column is missing"), "{all}");
    }

    #[test]
    fn a_row_of_data_is_not_a_header() {
        let (header, _) = read(&["alpha", "ana@example.com", "root@example.com", "Ana", "Silva"]);
        assert_eq!(header, Err(Unreadable::NoHeader { line: 1 }));
        assert!(read(&["Account Name", "E-mail"]).0.is_ok(), "misspelt, but a header");
    }

    #[test]
    fn knows_its_line() {
        let record = Record::of(3, &["AccountName"]);
        assert_eq!(Header::read(&record, &mut Faults::default()).unwrap().line(), 3);
    }
}
