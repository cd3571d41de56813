//! From text to records: finds the delimiter, and takes the cells apart, bounded in
//! memory whatever arrives. Knows the line every record starts on, not its meaning.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder, Terminator};

use super::delimiter::{delimiter, is_blank_line, trim};
use super::sheet::{LONGEST_CELL, LONGEST_HEADER, MOST_CELLS};
use super::unreadable::Unreadable;

/// Bytes of a cell taken at a time.
const SCRATCH: usize = 512;

/// One cell, without the white space around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// What it holds; only the beginning when it is too long.
    pub(crate) text: String,
    /// Whether it holds more than [`LONGEST_CELL`] bytes.
    pub(crate) long: bool,
}

/// One record: a row, or the header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// The line it starts on, from 1.
    pub(crate) line: u64,
    /// The first [`MOST_CELLS`] cells.
    pub(crate) cells: Vec<Cell>,
    /// How many cells there are in all.
    pub(crate) count: usize,
    /// Whether a cell after the first [`MOST_CELLS`] is not blank.
    pub(crate) beyond: bool,
}

impl Record {
    /// Whether there is nothing but delimiters and white space.
    pub(crate) fn is_blank(&self) -> bool {
        !self.beyond && self.cells.iter().all(|cell| cell.text.is_empty() && !cell.long)
    }
}

/// Takes text apart that arrives in pieces, with LF after every line.
#[derive(Default)]
pub(crate) struct RecordReader {
    /// Lines taken apart so far.
    lines: u64,
    /// The beginning of the file, held until the header's end shows the delimiter.
    held: String,
    /// Whether what is held ends inside of quotes.
    held_quoted: bool,
    reader: Option<Reader>,
    /// The line that the record under way started on.
    start: Option<u64>,
    record: Record,
    cell: Vec<u8>,
    cell_is_long: bool,
}

impl RecordReader {
    /// The line that the next character is on, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.lines + 1 + line_ends(&self.held)
    }

    /// Takes the next text, handing every record that it completes to `sink`.
    pub(crate) fn read<S>(&mut self, text: &str, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(Record) -> Result<(), Unreadable>,
    {
        for segment in text.split_inclusive('\n') {
            let (text, nul) = match segment.split_once('\0') {
                Some((before, _)) => (before, true),
                None => (segment, false),
            };
            if self.reader.is_some() {
                self.take(text, sink)?;
            } else {
                self.hold(text, sink)?;
            }
            if nul {
                return Err(Unreadable::Binary { line: self.line() });
            }
        }
        Ok(())
    }

    /// Ends the text. A quote that is open now has swallowed the rest of the file.
    pub(crate) fn finish<S>(&mut self, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(Record) -> Result<(), Unreadable>,
    {
        if self.reader.is_none() {
            self.release(sink)?;
        }
        if self.start.is_some() {
            // A line end completes the record, unless it is inside of quotes.
            self.take("\n", sink)?;
        }
        match self.start {
            Some(line) => Err(Unreadable::UnclosedQuote { line }),
            None => Ok(()),
        }
    }

    fn hold<S>(&mut self, segment: &str, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(Record) -> Result<(), Unreadable>,
    {
        self.held.push_str(segment);
        self.held_quoted ^= segment.matches('"').count() % 2 == 1;
        if self.held.len() > LONGEST_HEADER {
            return Err(Unreadable::LongHeader { line: self.lines + 1 });
        }
        if self.held_quoted || !self.held.ends_with('\n') {
            return Ok(());
        }
        if is_blank_line(&self.held) {
            self.lines += line_ends(&self.held);
            self.held.clear();
            return Ok(());
        }
        self.release(sink)
    }

    fn release<S>(&mut self, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(Record) -> Result<(), Unreadable>,
    {
        let held = std::mem::take(&mut self.held);
        let terminator = Terminator::Any(b'\n');
        let builder =
            ReaderBuilder::new().delimiter(delimiter(&held)).terminator(terminator).build();
        self.reader = Some(builder);
        held.split_inclusive('\n').try_for_each(|segment| self.take(segment, sink))
    }

    /// Takes one line or a part of one.
    fn take<S>(&mut self, segment: &str, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(Record) -> Result<(), Unreadable>,
    {
        if self.start.is_none() && segment != "\n" && !segment.is_empty() {
            self.start = Some(self.lines + 1);
        }
        let record = self.parse(segment.as_bytes());
        self.lines += line_ends(segment);
        record.map_or(Ok(()), sink)
    }

    /// The record that a line completes, if it does: none spans less than a line.
    fn parse(&mut self, mut bytes: &[u8]) -> Option<Record> {
        let mut record = None;
        let mut scratch = [0; SCRATCH];
        // No bytes at all would tell the reader that the file has ended.
        while !bytes.is_empty() {
            let (result, read, written) = self.reader.as_mut()?.read_field(bytes, &mut scratch);
            bytes = bytes.get(read..).unwrap_or_default();
            self.extend_cell(scratch.get(..written).unwrap_or_default());
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end: false } => self.end_cell(),
                ReadFieldResult::Field { record_end: true } => record = Some(self.end_record()),
                ReadFieldResult::End => break,
            }
        }
        record
    }

    fn extend_cell(&mut self, bytes: &[u8]) {
        let room = LONGEST_CELL - self.cell.len();
        self.cell_is_long |= bytes.len() > room;
        self.cell.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    fn end_cell(&mut self) {
        let text = String::from_utf8_lossy(&self.cell);
        let cell = Cell { text: trim(&text).to_owned(), long: self.cell_is_long };
        self.record.count += 1;
        if self.record.cells.len() < MOST_CELLS {
            self.record.cells.push(cell);
        } else {
            self.record.beyond |= cell.long || !cell.text.is_empty();
        }
        self.cell.clear();
        self.cell_is_long = false;
    }

    fn end_record(&mut self) -> Record {
        self.end_cell();
        let line = self.start.take().unwrap_or(self.lines + 1);
        Record { line, ..std::mem::take(&mut self.record) }
    }
}

fn line_ends(text: &str) -> u64 {
    text.bytes().map(|byte| u64::from(byte == b'\n')).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(u64, Vec<String>)>, Unreadable> {
        let (mut reader, mut found) = (RecordReader::default(), Vec::new());
        let mut sink = |record: Record| {
            found.push((record.line, record.cells.into_iter().map(|cell| cell.text).collect()));
            Ok(())
        };
        for (start, character) in text.char_indices() {
            reader.read(&text[start..start + character.len_utf8()], &mut sink)?;
        }
        reader.finish(&mut sink)?;
        Ok(found)
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text).unwrap().into_iter().map(|(_, cells)| cells).collect()
    }

    #[test]
    fn undoes_quoting() {
        let text = "a,b\n\"x, y\",\"say \"\"hi\"\"\"\n \" z \" ,\"two\nlines\"\n";
        assert_eq!(cells(text), [["a", "b"], ["x, y", "say \"hi\""], ["\" z \"", "two\nlines"]]);
    }

    #[test]
    fn knows_the_line_of_every_record() {
        let text = "\n , \n\na,\"b\nc\"\n\n1,\"x\n\ny\"\n\n\n2,z\n3,last";
        let lines: Vec<u64> = read(text).unwrap().into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [4, 7, 12, 13]);
    }

    #[test]
    fn a_header_of_several_lines_is_held_until_its_quotes_close() {
        for text in ["a;\"b\"\n1;2\n", "\"a\nx\";\"b\"\"\ny\"\n1;2\n", "\"a\n\n\n\";b\n1;2\n"] {
            let (mut reader, mut found) = (RecordReader::default(), Vec::new());
            let mut sink = |record: Record| {
                found.push(record.count);
                Ok(())
            };
            reader.read(text, &mut sink).unwrap();
            assert_eq!(reader.line(), 1 + line_ends(text));
            reader.finish(&mut |_| panic!("nothing was held: {text}")).unwrap();
            assert_eq!(found, [2, 2], "{text}");
        }
    }

    #[test]
    fn the_next_line_is_known_while_the_header_is_held() {
        let mut reader = RecordReader::default();
        reader.read("\n\n\"a\nb", &mut |_| Ok(())).unwrap();
        assert_eq!(reader.line(), 4);
    }

    #[test]
    fn finds_a_quote_that_is_never_closed() {
        let unclosed = |line| Err(Unreadable::UnclosedQuote { line });
        assert_eq!(read("a,b\n1,2\n3,\"4\n5,6\n7,8\n"), unclosed(3));
        assert_eq!(read("a,b\n3,\"4"), unclosed(2));
        assert_eq!(read("a,\"b\n1,2\n"), unclosed(1));
        assert!(read("a,b\n3,\"4\"").is_ok());
    }

    #[test]
    fn keeps_no_more_than_it_may() {
        let mut reader = RecordReader::default();
        let mut found = Vec::new();
        let mut sink = |record| {
            found.push(record);
            Ok(())
        };
        let fits = "é".repeat(LONGEST_CELL / 2);
        let text = format!("a,b\n{fits},{fits}é{}\n{}z\n", fits.repeat(20), ",".repeat(MOST_CELLS));
        reader.read(&text, &mut sink).unwrap();
        let [_, long, wide] = found.as_slice() else { panic!("three records") };
        assert!(!long.cells[0].long && long.cells[1].long);
        assert_eq!(long.cells[1].text.len(), LONGEST_CELL);
        assert_eq!((wide.count, wide.cells.len(), wide.beyond), (MOST_CELLS + 1, MOST_CELLS, true));
        assert!(reader.cell.capacity() <= 2 * LONGEST_CELL);
    }

    #[test]
    fn refuses_nul_and_an_endless_header() {
        assert_eq!(read("a,b\n1,\0"), Err(Unreadable::Binary { line: 2 }));
        assert_eq!(read("\na\0"), Err(Unreadable::Binary { line: 2 }));
        assert_eq!(cells(&"a".repeat(LONGEST_HEADER)).len(), 1, "as long as it may be");
        let endless = "a".repeat(LONGEST_HEADER + 1);
        assert_eq!(read(&endless), Err(Unreadable::LongHeader { line: 1 }));
        assert_eq!(cells(&format!("a,b{}\n1,2\n", ",".repeat(16_000))).len(), 2);
    }
}
