//! One row: the texts that a person filled in, and what is wrong with its shape.

use std::num::NonZero;

use super::column::Column;
use super::delimiter::trim;
use super::fault::{Fault, Faults};
use super::formula;
use super::header::{Header, Heading};
use super::record::{Cell, Record};
use super::sheet::{LONGEST_CELL, MOST_CELLS};

const CELLS: usize = Column::FILLED_IN.len();

/// A row as it was written: the texts of the columns that a person fills in.
///
/// One allocation for all of them: a list may have ten thousand rows. The columns
/// that Vend fills in are not kept.
#[derive(Clone, PartialEq, Eq)]
pub struct RawRow {
    line: u64,
    texts: Box<str>,
    spans: Spans,
}

/// Where a text begins, and the place after its end, from 1 so that no text takes no more
/// room. All texts together have fewer than 65,535 bytes: each has [`LONGEST_CELL`] at most.
type Span = (u16, NonZero<u16>);
type Spans = [Option<Span>; CELLS];

impl RawRow {
    /// The line that the row starts on, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The text of a column without the white space around it. `None` when the row
    /// has no such cell or it is too long, which is a fault of the sheet already,
    /// and for the columns that Vend fills in.
    #[must_use]
    pub fn text(&self, column: Column) -> Option<&str> {
        let (start, end) = (*self.spans.get(column.slot()?)?)?;
        self.texts.get(usize::from(start)..usize::from(end.get()) - 1)
    }

    /// Puts a record's cells where the header says, adding a fault for each that has
    /// no place, is missing or is too long.
    pub(super) fn place(header: &Header, record: &Record, faults: &mut Faults) -> Self {
        let mut texts = Texts::with_room_for(record.bytes());
        let mut extra = None;
        for (index, cell) in record.cells().enumerate() {
            match header.heading(index) {
                Heading::Nameless if cell.text.is_empty() => {}
                Heading::Nameless => extra = extra.or(Some((index, cell))),
                Heading::Skipped => {}
                Heading::Known(column) => match column.slot() {
                    Some(_) if cell.long => faults.add(too_long(record.line, column, cell)),
                    Some(slot) => texts.put(slot, trim(&formula::restore(cell.text))),
                    None => {}
                },
            }
        }
        faults.extend(fault_of_extra(record, extra));
        faults.extend(find_missing(header, record));
        texts.into_row(record.line)
    }

    /// A row that asks for that access.
    pub(super) fn asking(line: u64, access: [&str; 3]) -> Self {
        let mut texts = Texts::with_room_for(access.map(str::len).iter().sum());
        for (slot, text) in (CELLS - access.len()..).zip(access) {
            texts.put(slot, text);
        }
        texts.into_row(line)
    }
}

/// The texts of a row, one after the other.
struct Texts {
    all: String,
    spans: Spans,
}

impl Texts {
    fn with_room_for(bytes: usize) -> Self {
        Self { all: String::with_capacity(bytes), spans: [None; CELLS] }
    }

    fn put(&mut self, slot: usize, text: &str) {
        let start = u16::try_from(self.all.len()).ok();
        self.all.push_str(text);
        let end = u16::try_from(self.all.len() + 1).ok().and_then(NonZero::new);
        if let Some(span) = self.spans.get_mut(slot) {
            *span = start.zip(end);
        }
    }

    fn into_row(self, line: u64) -> RawRow {
        RawRow { line, texts: self.all.into(), spans: self.spans }
    }
}

/// Not the texts: they are people's names and addresses.
impl std::fmt::Debug for RawRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawRow").field("line", &self.line).finish_non_exhaustive()
    }
}

fn fault_of_extra(record: &Record, first: Option<(usize, Cell<'_>)>) -> Option<Fault> {
    let accepted = "a cell for each column; a text with a delimiter in it goes in double quotes";
    let fault = |problem| Fault::of_row(record.line, problem, accepted);
    match first {
        Some((index, cell)) => {
            let problem =
                format!("is in cell {} of the row, where the header has no column", index + 1);
            Some(fault(problem).quoting(cell.text))
        }
        None if record.beyond => {
            Some(fault(format!("has {} cells, more than {MOST_CELLS}", record.count)))
        }
        None => None,
    }
}

fn find_missing(header: &Header, record: &Record) -> Option<Fault> {
    let missing: Vec<&str> = header.beyond(record.count).map(Column::name).collect();
    let problem = || match record.count {
        1 => format!("has only 1 cell, and none for {}", missing.join(", ")),
        count => format!("has only {count} cells, and none for {}", missing.join(", ")),
    };
    let fault = || Fault::of_row(record.line, problem(), "a cell for each column of the header");
    (!missing.is_empty()).then(fault)
}

fn too_long(line: u64, column: Column, cell: Cell<'_>) -> Fault {
    let problem = format!("is longer than {LONGEST_CELL} bytes");
    let accepted = if cell.text.contains('\n') {
        "a short text; look for a double quote that is not closed"
    } else {
        column.accepted()
    };
    Fault::of_cell(line, column, cell.text, problem, accepted)
}

#[cfg(test)]
impl RawRow {
    /// A row with these cells, and none of a column that need not be there.
    pub(super) fn of(line: u64, texts: [&str; Column::REQUIRED.len()]) -> Self {
        let mut row = Texts::with_room_for(0);
        texts.iter().enumerate().for_each(|(slot, text)| row.put(slot, text));
        row.into_row(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_the_line_and_no_text() {
        let row = RawRow::of(7, ["alpha", "ana@example.com", "root@example.com", "A", "B", "U"]);
        assert_eq!(format!("{row:?}"), "RawRow { line: 7, .. }");
    }

    #[test]
    fn keeps_every_text_apart() {
        let texts = [Some("one"), Some(""), None, Some("é"), None, Some("six")];
        let texts = [&texts[..], &[Some("seven"), None, Some(""), Some("ten")]].concat();
        let mut row = Texts::with_room_for(0);
        // In another order, as a header may have them.
        for (slot, text) in texts.iter().enumerate().rev() {
            text.iter().for_each(|text| row.put(slot, text));
        }
        let row = row.into_row(9);
        let kept: Vec<Option<&str>> = Column::FILLED_IN.iter().map(|c| row.text(*c)).collect();
        assert_eq!(kept, texts);
        assert_eq!(row.text(Column::Status), None);
        assert!(std::mem::size_of::<RawRow>() <= 64);
    }

    #[test]
    fn more_cells_than_are_looked_at_are_a_fault_only_where_one_is_not_blank() {
        let told = |last: &str| {
            let mut cells = vec![""; MOST_CELLS];
            cells.push(last);
            let record = Record::of(7, &cells);
            fault_of_extra(&record, None).map(|fault| fault.to_string())
        };
        assert_eq!(told(""), None);
        let fault = told("x").unwrap();
        assert!(
            fault.starts_with(&format!("line 7: has {} cells, more than", MOST_CELLS + 1)),
            "{fault}"
        );
    }
}
