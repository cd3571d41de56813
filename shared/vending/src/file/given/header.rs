//! The header of a list of access: which cell is which column.

use crate::file::column::Column;
use crate::file::fault::{Fault, Faults};
use crate::file::nearest::nearest;
use crate::file::records::Record;
use crate::file::sheet::MOST_CELLS;
use crate::file::unreadable::Unreadable;

/// The columns, in canonical order.
const COLUMNS: [Column; 4] =
    [Column::AccountName, Column::Assignments, Column::Portfolios, Column::AccountId];

/// Which account is meant: one of them has to be there.
const WHICH: [Column; 2] = [Column::AccountId, Column::AccountName];
/// What it is given: likewise.
const WHAT: [Column; 2] = [Column::Assignments, Column::Portfolios];

/// What a cell of the header stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    /// The first cell that names this column.
    Known(Column),
    /// A repeated or unknown column: a fault already.
    Skipped,
    /// No name; the cells below must be blank.
    Nameless,
}

/// Where the header puts the columns.
#[derive(Debug)]
pub(super) struct Header {
    /// Whether nothing is wrong with it.
    pub(super) is_sound: bool,
    line: u64,
    headings: Vec<Heading>,
}

impl Header {
    /// Reads the header, adding a fault for all that is wrong with it.
    pub(super) fn read(record: &Record, faults: &mut Faults) -> Result<Self, Unreadable> {
        let names: Vec<&str> = record.cells.iter().map(|cell| cell.text.as_str()).collect();
        if !names.iter().any(|name| column(name).or_else(|| near(name)).is_some()) {
            return Err(Unreadable::NoHeader { line: record.line });
        }
        let headings = Vec::with_capacity(names.len());
        let mut header = Self { is_sound: false, line: record.line, headings };
        for name in names {
            let heading = header.place(name, faults);
            header.headings.push(heading);
        }
        if record.beyond {
            let problem = format!("has {} columns, more than {MOST_CELLS}", record.count);
            faults.add(Fault::of_row(record.line, problem, "only the columns of the list"));
        }
        faults.extend([WHICH, WHAT].into_iter().filter_map(|either| header.lacks(either)));
        header.is_sound = faults.is_empty();
        Ok(header)
    }

    /// What the cell at that place stands for.
    pub(super) fn heading(&self, cell: usize) -> Heading {
        self.headings.get(cell).copied().unwrap_or(Heading::Nameless)
    }

    fn has(&self, column: Column) -> bool {
        self.headings.contains(&Heading::Known(column))
    }

    fn place(&self, name: &str, faults: &mut Faults) -> Heading {
        if name.is_empty() {
            return Heading::Nameless;
        }
        match column(name) {
            Some(column) if self.has(column) => {
                let problem = "the column is there more than once";
                faults.add(Fault::of_cell(self.line, column, name, problem, "each column once"));
                Heading::Skipped
            }
            Some(column) => Heading::Known(column),
            None => {
                faults.add(self.unknown(name));
                Heading::Skipped
            }
        }
    }

    fn unknown(&self, name: &str) -> Fault {
        let accepted = match near(name) {
            Some(column) => format!("a column of the list, perhaps {column}"),
            None => format!("only {}", COLUMNS.map(Column::name).join(", ")),
        };
        let problem = "is not a column of a list of access";
        Fault::of_row(self.line, problem, accepted).quoting(name)
    }

    fn lacks(&self, [one, other]: [Column; 2]) -> Option<Fault> {
        let accepted = format!("a header with {one} or {other}, or both");
        let problem = format!("neither {one} nor {other} is there");
        let lacks = !self.has(one) && !self.has(other);
        lacks.then(|| Fault::of_row(self.line, problem, accepted))
    }
}

fn column(name: &str) -> Option<Column> {
    Column::read(name).filter(|column| COLUMNS.contains(column))
}

fn near(name: &str) -> Option<Column> {
    nearest(name, COLUMNS.map(Column::name)).and_then(column)
}
