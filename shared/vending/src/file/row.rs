//! One row: the texts that a person filled in, and what is wrong with its shape.

use super::column::Column;
use super::delimiter::trim;
use super::fault::{Fault, Faults};
use super::formula;
use super::header::{Header, Heading};
use super::records::{Cell, Record};
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
    /// Bytes of each text, which follow one another; at most [`LONGEST_CELL`].
    lengths: [Option<u16>; CELLS],
}

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
        let slot = column.slot()?;
        let length = usize::from((*self.lengths.get(slot)?)?);
        let before = self.lengths.iter().take(slot).flatten();
        let start = before.map(|length| usize::from(*length)).sum::<usize>();
        self.texts.get(start..start + length)
    }

    /// Puts a record's cells where the header says, adding a fault for each that has
    /// no place, is missing or is too long.
    pub(super) fn place(header: &Header, record: Record, faults: &mut Faults) -> Self {
        faults.extend(find_extra(header, &record));
        faults.extend(find_missing(header, &record));
        let line = record.line;
        let mut texts: [Option<String>; CELLS] = Default::default();
        for (index, cell) in record.cells.into_iter().enumerate() {
            let Heading::Known(column) = header.heading(index) else {
                continue;
            };
            let Some(text) = column.slot().and_then(|slot| texts.get_mut(slot)) else {
                continue;
            };
            if cell.long {
                faults.add(too_long(line, column, &cell));
            } else {
                *text = Some(trim(&formula::restore(&cell.text)).to_owned());
            }
        }
        Self::new(line, &texts)
    }

    fn new(line: u64, texts: &[Option<String>; CELLS]) -> Self {
        let length = |text: &Option<String>| u16::try_from(text.as_ref()?.len()).ok();
        let lengths = std::array::from_fn(|slot| texts.get(slot).and_then(length));
        let texts = texts.iter().flatten().map(String::as_str).collect::<String>();
        Self { line, texts: texts.into(), lengths }
    }

    /// A row that asks for that access.
    pub(super) fn asking(line: u64, access: [&str; 3]) -> Self {
        let mut all: [Option<String>; CELLS] = Default::default();
        for (slot, text) in all.iter_mut().rev().zip(access.iter().rev()) {
            *slot = Some((*text).to_owned());
        }
        Self::new(line, &all)
    }
}

/// Not the texts: they are people's names and addresses.
impl std::fmt::Debug for RawRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawRow").field("line", &self.line).finish_non_exhaustive()
    }
}

fn find_extra(header: &Header, record: &Record) -> Option<Fault> {
    let is_extra = |(index, cell): &(usize, &Cell)| {
        header.heading(*index) == Heading::Nameless && !cell.text.is_empty()
    };
    let accepted = "a cell for each column; a text with a delimiter in it goes in double quotes";
    if let Some((index, cell)) = record.cells.iter().enumerate().find(is_extra) {
        let problem =
            format!("is in cell {} of the row, where the header has no column", index + 1);
        return Some(Fault::of_row(record.line, problem, accepted).quoting(&cell.text));
    }
    let problem = format!("has {} cells, more than {MOST_CELLS}", record.count);
    record.beyond.then(|| Fault::of_row(record.line, problem, accepted))
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

fn too_long(line: u64, column: Column, cell: &Cell) -> Fault {
    let problem = format!("is longer than {LONGEST_CELL} bytes");
    let accepted = if cell.text.contains('\n') {
        "a short text; look for a double quote that is not closed"
    } else {
        column.accepted()
    };
    Fault::of_cell(line, column, &cell.text, problem, accepted)
}

#[cfg(test)]
impl RawRow {
    /// A row with these cells, and none of a column that need not be there.
    pub(super) fn of(line: u64, texts: [&str; Column::REQUIRED.len()]) -> Self {
        let mut all: [Option<String>; CELLS] = Default::default();
        for (slot, text) in all.iter_mut().zip(texts) {
            *slot = Some(text.to_owned());
        }
        Self::new(line, &all)
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
        let texts = [
            Some("one".to_owned()),
            Some(String::new()),
            None,
            Some("é".into()),
            None,
            Some("six".into()),
            Some("seven".into()),
            None,
            Some(String::new()),
            Some("ten".into()),
        ];
        let row = RawRow::new(9, &texts);
        let kept: Vec<Option<&str>> = Column::FILLED_IN.iter().map(|c| row.text(*c)).collect();
        assert_eq!(kept, texts.iter().map(Option::as_deref).collect::<Vec<_>>());
        assert_eq!(row.text(Column::Status), None);
        assert!(std::mem::size_of::<RawRow>() <= 64);
    }
}
