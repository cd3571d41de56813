//! From text to records: finds the delimiter, and takes the cells apart, bounded in
//! memory whatever arrives. Knows the line every record starts on, not its meaning.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};
use memchr::memchr;
use simdutf8::basic::from_utf8;

use super::delimiter::{delimiter, is_blank_line};
use super::record::Record;
use super::sheet::LONGEST_HEADER;
use super::unreadable::Unreadable;

/// Bytes taken apart at a time: what is held of a record besides what is kept of it.
const PIECE: usize = 4096;

/// Ends of cells that are taken at a time.
const ENDS: usize = 64;

/// Takes text apart that arrives in pieces, with LF after every line.
#[derive(Default)]
pub(crate) struct RecordReader {
    /// Lines passed over before the header.
    lines: u64,
    /// The beginning of the file, held until the header's end shows the delimiter.
    held: String,
    /// Whether what is held ends inside of quotes.
    held_quoted: bool,
    /// Takes cells apart; `None` until the header's end.
    reader: Option<Reader>,
    /// Whether a record is under way.
    is_within: bool,
    record: Record,
}

impl RecordReader {
    /// The line that the next character is on, from 1.
    pub(crate) fn line(&self) -> u64 {
        let held = || self.lines + 1 + line_ends(&self.held);
        self.reader.as_ref().map_or_else(held, Reader::line)
    }

    /// Takes the next text, showing every record that it completes to `sink`.
    pub(crate) fn read<S>(&mut self, text: &str, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(&Record) -> Result<(), Unreadable>,
    {
        let nul = memchr(0, text.as_bytes());
        let (mut text, _) = text.split_at(nul.unwrap_or(text.len()));
        while self.reader.is_none() && !text.is_empty() {
            let end = text.find('\n').map_or(text.len(), |end| end + 1);
            let (segment, rest) = text.split_at(end);
            self.hold(segment, sink)?;
            text = rest;
        }
        self.take(text, sink)?;
        if nul.is_some() { Err(Unreadable::Binary { line: self.line() }) } else { Ok(()) }
    }

    /// Ends the text. A quote that is open now has swallowed the rest of the file.
    pub(crate) fn finish<S>(&mut self, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(&Record) -> Result<(), Unreadable>,
    {
        if self.reader.is_none() {
            self.release(sink)?;
        }
        if self.is_within {
            // A line end completes the record, unless it is inside of quotes.
            self.take("\n", sink)?;
        }
        match self.is_within {
            true => Err(Unreadable::UnclosedQuote { line: self.record.line }),
            false => Ok(()),
        }
    }

    fn hold<S>(&mut self, segment: &str, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(&Record) -> Result<(), Unreadable>,
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
        S: FnMut(&Record) -> Result<(), Unreadable>,
    {
        let held = std::mem::take(&mut self.held);
        let mut reader = ReaderBuilder::new();
        let reader = reader.delimiter(delimiter(&held)).terminator(Terminator::Any(b'\n'));
        let reader = self.reader.insert(reader.build());
        reader.set_line(self.lines + 1);
        self.take(&held, sink)
    }

    fn take<S>(&mut self, mut text: &str, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(&Record) -> Result<(), Unreadable>,
    {
        while !text.is_empty() {
            let (piece, rest) = text.split_at(text.floor_char_boundary(PIECE));
            self.take_piece(piece, sink)?;
            text = rest;
        }
        Ok(())
    }

    /// Takes no more than [`PIECE`] bytes: so what is copied of them always has room.
    fn take_piece<S>(&mut self, mut text: &str, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(&Record) -> Result<(), Unreadable>,
    {
        let Some(reader) = &mut self.reader else { return Ok(()) };
        let (mut copied, mut ends) = ([0; PIECE], [0; ENDS]);
        loop {
            if !self.is_within {
                text = pass_empty_lines(reader, text);
                self.record.line = reader.line();
            }
            // No bytes at all would tell the reader that the file has ended.
            if text.is_empty() {
                return Ok(());
            }
            self.is_within = true;
            let (result, read, written, ended) =
                reader.read_record(text.as_bytes(), &mut copied, &mut ends);
            text = text.get(read..).unwrap_or_default();
            // Whole characters came in, and what parts them is one byte each.
            let copied = from_utf8(copied.get(..written).unwrap_or_default());
            self.record.add(copied.unwrap_or_default(), ends.get(..ended).unwrap_or_default());
            if matches!(result, ReadRecordResult::Record) {
                sink(&self.record)?;
                self.record.clear();
                self.is_within = false;
            }
        }
    }
}

/// Passes over lines without anything: they are no records, and the reader would not say
/// on which line the next record starts.
fn pass_empty_lines<'t>(reader: &mut Reader, text: &'t str) -> &'t str {
    let rest = text.trim_start_matches('\n');
    reader.set_line(reader.line() + (text.len() - rest.len()) as u64);
    rest
}

fn line_ends(text: &str) -> u64 {
    text.matches('\n').count() as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::file::record::Cell;
    use crate::file::sheet::{LONGEST_CELL, MOST_CELLS};

    fn read(text: &str) -> Result<Vec<(u64, Vec<String>)>, Unreadable> {
        let (mut reader, mut found) = (RecordReader::default(), Vec::new());
        let mut sink = |record: &Record| {
            found.push((record.line, record.cells().map(|cell| cell.text.to_owned()).collect()));
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
            let mut sink = |record: &Record| {
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
        let mut sink = |record: &Record| {
            found.push(record.clone());
            Ok(())
        };
        let fits = "é".repeat(LONGEST_CELL / 2);
        let text = format!("a,b\n{fits},{fits}é{}\n{}z\n", fits.repeat(20), ",".repeat(MOST_CELLS));
        reader.read(&text, &mut sink).unwrap();
        let [_, long, wide] = found.as_slice() else { panic!("three records") };
        let cells: Vec<Cell<'_>> = long.cells().collect();
        assert!(!cells[0].long && cells[1].long);
        assert_eq!(cells[1].text.len(), LONGEST_CELL);
        let kept = wide.cells().count();
        assert_eq!((wide.count, kept, wide.beyond), (MOST_CELLS + 1, MOST_CELLS, true));
        assert!(long.bytes() <= 2 * LONGEST_CELL);
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

    /// The records as the parser reads them that the rest of the world uses.
    fn oracle(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv_core::ReaderBuilder::new();
        let mut reader = reader.terminator(csv_core::Terminator::Any(b'\n')).build();
        let (mut bytes, mut cell, mut scratch) = (text.as_bytes(), Vec::new(), [0; 7]);
        let (mut records, mut record) = (Vec::new(), Vec::new());
        loop {
            let (result, read, written) = reader.read_field(bytes, &mut scratch);
            bytes = &bytes[read..];
            cell.extend_from_slice(&scratch[..written]);
            match result {
                csv_core::ReadFieldResult::Field { record_end } => {
                    let text = String::from_utf8(std::mem::take(&mut cell)).unwrap();
                    record.push(crate::file::delimiter::trim(&text).to_owned());
                    if record_end {
                        records.push(std::mem::take(&mut record));
                    }
                }
                csv_core::ReadFieldResult::End => return records,
                _ => {}
            }
        }
    }

    proptest! {
        #[test]
        fn cells_are_taken_apart_as_csv_readers_do(body in "([a,,\"\"\n é]|\"\"|,\n){0,40}") {
            let text = format!("a,b\n{body}");
            match read(&text) {
                Ok(records) => {
                    let cells: Vec<_> = records.into_iter().map(|(_, cells)| cells).collect();
                    prop_assert_eq!(cells, oracle(&text));
                }
                Err(unclosed) => {
                    let is_unclosed = matches!(unclosed, Unreadable::UnclosedQuote { .. });
                    prop_assert!(is_unclosed);
                    let closed = format!("{text}\"");
                    prop_assert_eq!(cells(&closed), oracle(&closed));
                }
            }
        }
    }
}
