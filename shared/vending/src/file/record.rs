//! One record of a file: its cells, bounded in memory whatever they hold.

use super::delimiter::trim;
use super::sheet::{LONGEST_CELL, MOST_CELLS};

/// One cell, without the white space around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell<'r> {
    /// What it holds; only the beginning when it is too long.
    pub(crate) text: &'r str,
    /// Whether it holds more than [`LONGEST_CELL`] bytes.
    pub(crate) long: bool,
}

/// Where a cell's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: usize,
    end: usize,
    long: bool,
}

/// One record: a row, or the header. It is filled cell by cell, and used again for the
/// next: nothing is allocated for a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// The line it starts on, from 1.
    pub(crate) line: u64,
    /// How many cells there are in all.
    pub(crate) count: usize,
    /// Whether a cell after the first [`MOST_CELLS`] is not blank.
    pub(crate) beyond: bool,
    /// The texts of the cells that are kept, one after the other, and of the cell under way.
    texts: String,
    /// The first [`MOST_CELLS`] cells.
    spans: Vec<Span>,
    /// Where the cell under way begins, and whether it is too long.
    start: usize,
    long: bool,
    /// Bytes that were added, whether they are kept or not.
    added: usize,
}

impl Record {
    /// The first [`MOST_CELLS`] cells.
    pub(crate) fn cells(&self) -> impl ExactSizeIterator<Item = Cell<'_>> {
        self.spans.iter().map(|span| self.at(*span))
    }

    /// One of these cells.
    pub(crate) fn cell(&self, index: usize) -> Option<Cell<'_>> {
        self.spans.get(index).map(|span| self.at(*span))
    }

    /// Whether there is nothing but delimiters and white space.
    pub(crate) fn is_blank(&self) -> bool {
        !self.beyond && self.cells().all(|cell| cell.text.is_empty() && !cell.long)
    }

    /// The bytes of all its texts.
    pub(super) fn bytes(&self) -> usize {
        self.texts.len()
    }

    fn at(&self, Span { start, end, long }: Span) -> Cell<'_> {
        Cell { text: self.texts.get(start..end).unwrap_or_default(), long }
    }

    /// Adds the next text of the record, of which `ends` are the ends of cells, counted from the
    /// record's beginning.
    pub(super) fn add(&mut self, text: &str, ends: &[usize]) {
        let (mut rest, before) = (text, self.added);
        for end in ends {
            let (cell, next) =
                rest.split_at_checked(end.saturating_sub(self.added)).unwrap_or((rest, ""));
            self.added += cell.len();
            self.extend(cell);
            self.end_cell();
            rest = next;
        }
        self.extend(rest);
        self.added = before + text.len();
    }

    /// Adds text to the cell under way.
    fn extend(&mut self, text: &str) {
        let room = LONGEST_CELL - (self.texts.len() - self.start);
        if self.long || text.len() <= room {
            self.texts.push_str(if self.long { "" } else { text });
            return;
        }
        self.long = true;
        self.texts.push_str(text.split_at(text.floor_char_boundary(room)).0);
    }

    /// Ends the cell under way.
    fn end_cell(&mut self) {
        let raw = self.texts.get(self.start..).unwrap_or_default();
        let text = trim(raw);
        // What was taken off the beginning.
        let start = self.start + (text.as_ptr().addr() - raw.as_ptr().addr());
        let end = start + text.len();
        self.count += 1;
        if self.spans.len() < MOST_CELLS {
            self.spans.push(Span { start, end, long: self.long });
            self.start = self.texts.len();
        } else {
            self.beyond |= self.long || !text.is_empty();
            self.texts.truncate(self.start);
        }
        self.long = false;
    }

    /// Forgets everything, for the next record.
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.spans.clear();
        (self.count, self.beyond, self.start, self.added) = (0, false, 0, 0);
    }
}

#[cfg(test)]
impl Record {
    /// A record with those cells.
    pub(super) fn of(line: u64, cells: &[&str]) -> Self {
        let mut record = Self { line, ..Self::default() };
        for cell in cells {
            record.extend(cell);
            record.end_cell();
        }
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(record: &Record) -> Vec<&str> {
        record.cells().map(|cell| cell.text).collect()
    }

    #[test]
    fn keeps_the_cells_without_what_is_around_them() {
        let mut record = Record::of(3, &["a", " b c ", "", "\u{feff}", "\u{a0}é\u{200b}"]);
        assert_eq!(texts(&record), ["a", "b c", "", "", "é"]);
        assert_eq!(record.cell(1), Some(Cell { text: "b c", long: false }));
        assert!(!record.is_blank());
        record.clear();
        assert_eq!(record, Record { line: 3, ..Record::default() });
        assert!(Record::of(1, &[" ", ""]).is_blank());
    }

    #[test]
    fn keeps_the_beginning_of_what_is_too_long_and_no_half_of_a_character() {
        let mut record = Record::default();
        let start = "x".repeat(LONGEST_CELL - 1);
        for part in [start.as_str(), "é", "y"] {
            record.extend(part);
        }
        record.end_cell();
        record.extend("z");
        record.end_cell();
        assert_eq!(texts(&record), [start.as_str(), "z"]);
        assert!(record.cells().map(|cell| cell.long).eq([true, false]));
    }

    #[test]
    fn keeps_no_more_cells_than_it_may() {
        let mut record = Record::of(1, &["x"; MOST_CELLS]);
        record.end_cell();
        assert!(!record.beyond);
        record.extend("y");
        record.end_cell();
        assert!(record.beyond && record.bytes() == MOST_CELLS);
        assert_eq!((record.count, record.cells().len()), (MOST_CELLS + 2, MOST_CELLS));
    }
}
