//! One row of a list of access.

use crate::account::{AccessRequest, AccountId, PersonName};
use crate::file::access;
use crate::file::column::Column;
use crate::file::delimiter::trim;
use crate::file::fault::{Fault, Faults};
use crate::file::formula;
use crate::file::header::{Header, Heading};
use crate::file::record::{Cell, Record};
use crate::file::row::RawRow;
use crate::file::sheet::LONGEST_CELL;

/// What an id is.
const ID_ACCEPTED: &str = "12 digits; a spreadsheet may have dropped zeros in front";
/// What a name is. AWS Organizations has names of 1 to 50 characters (`AccountName`).
const NAME_ACCEPTED: &str = "the name of an account, of 50 characters at most";
pub(super) const LONGEST_NAME: usize = 50;

/// Access that an account is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRow {
    /// The line that the row starts on, from 1.
    pub line: u64,
    /// The account's id; `None` where the row gives its name alone.
    pub id: Option<AccountId>,
    /// The account's name; empty where the row gives its id alone.
    pub name: String,
    /// What it is given.
    pub access: AccessRequest,
}

impl GivenRow {
    /// Reads the row where the header says, adding a fault for all that is wrong with it.
    pub(super) fn read(header: &Header, record: &Record, faults: &mut Faults) -> Option<Self> {
        let cells = Cells::place(header, record);
        let found = cells.faults();
        let sound = found.is_empty().then(|| cells.row());
        faults.extend(found);
        sound.flatten()
    }
}

/// The cells of a row.
struct Cells {
    line: u64,
    id: String,
    name: String,
    access: RawRow,
    /// What is wrong with the shape of the row.
    misplaced: Vec<Fault>,
}

impl Cells {
    fn place(header: &Header, record: &Record) -> Self {
        let line = record.line;
        let [mut id, mut name, mut assignments, mut portfolios] = [const { String::new() }; 4];
        let mut misplaced: Vec<Fault> = record.beyond.then(|| beyond(record)).into_iter().collect();
        for (index, cell) in record.cells().enumerate() {
            let slot = match header.heading(index) {
                Heading::Known(Column::AccountId) => &mut id,
                Heading::Known(Column::AccountName) => &mut name,
                Heading::Known(Column::Assignments) => &mut assignments,
                Heading::Known(Column::Portfolios) => &mut portfolios,
                Heading::Known(_) | Heading::Skipped => continue,
                Heading::Nameless => {
                    misplaced.extend(without_a_column(line, index, cell));
                    continue;
                }
            };
            misplaced.extend(too_long(line, header.heading(index), cell));
            *slot = trim(&formula::restore(cell.text)).to_owned();
        }
        let access = RawRow::asking(line, [&assignments, &portfolios, ""]);
        Self { line, id, name, access, misplaced }
    }

    fn faults(&self) -> Vec<Fault> {
        if !self.misplaced.is_empty() {
            return self.misplaced.clone();
        }
        let mut faults = access::faults(&self.access);
        faults.extend(self.fault_of_account());
        if faults.is_empty() && access::request(&self.access).is_default() {
            let accepted = "at least one assignment or portfolio";
            faults.push(Fault::of_row(self.line, "asks for nothing", accepted));
        }
        faults
    }

    fn fault_of_account(&self) -> Option<Fault> {
        if self.id.is_empty() && self.name.is_empty() {
            let accepted = "an AccountId or an AccountName";
            return Some(Fault::of_row(self.line, "names no account", accepted));
        }
        if !self.id.is_empty() && AccountId::new(self.id.as_str()).is_err() {
            let (column, problem) = (Column::AccountId, "is not an account's id");
            return Some(Fault::of_cell(self.line, column, &self.id, problem, ID_ACCEPTED));
        }
        let odd = self.name.chars().any(PersonName::is_control);
        let problem = "is not an account's name";
        (odd || self.name.chars().count() > LONGEST_NAME).then(|| {
            Fault::of_cell(self.line, Column::AccountName, &self.name, problem, NAME_ACCEPTED)
        })
    }

    fn row(&self) -> Option<GivenRow> {
        let id = match self.id.as_str() {
            "" => None,
            id => Some(AccountId::new(id).ok()?),
        };
        let access = access::request(&self.access);
        Some(GivenRow { line: self.line, id, name: self.name.clone(), access })
    }
}

fn without_a_column(line: u64, index: usize, cell: Cell<'_>) -> Option<Fault> {
    let problem = format!("is in cell {} of the row, where the header has no column", index + 1);
    let accepted = "blank cells there; look for a comma that is not within quotes";
    (!cell.text.is_empty()).then(|| Fault::of_row(line, problem, accepted).quoting(cell.text))
}

fn beyond(record: &Record) -> Fault {
    let problem = format!("has {} cells", record.count);
    Fault::of_row(record.line, problem, "a cell for each column of the header")
}

fn too_long(line: u64, heading: Heading, cell: Cell<'_>) -> Option<Fault> {
    let Heading::Known(column) = heading else { return None };
    let problem = format!("is longer than {LONGEST_CELL} bytes");
    let accepted = "a shorter text; look for a double quote that is not closed";
    cell.long.then(|| Fault::of_cell(line, column, cell.text, problem, accepted))
}
