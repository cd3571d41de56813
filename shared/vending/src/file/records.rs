//! From text to records: finds the delimiter, and takes the cells apart, bounded in
//! memory whatever arrives. Knows the line every record starts on, not its meaning.

use memchr::{memchr, memchr_iter, memchr2};

use super::delimiter::{delimiter, is_blank_line};
use super::record::Record;
use super::sheet::LONGEST_HEADER;
use super::unreadable::Unreadable;

const QUOTE: u8 = b'"';
const LINE_END: u8 = b'\n';

/// Where in a cell the next character is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    /// At its beginning.
    #[default]
    Start,
    /// Outside of quotes: what follows is as it is written.
    Plain,
    /// Inside of quotes.
    Quoted,
    /// After a quote inside of quotes: it ends them, unless another one follows.
    AfterQuote,
}

/// Takes text apart that arrives in pieces, with LF after every line.
///
/// Read as most CSV readers do: quotes count where a cell begins with one, and a text that
/// follows them belongs to the cell; a line without anything is no record.
#[derive(Default)]
pub(crate) struct RecordReader {
    /// Lines taken apart so far.
    lines: u64,
    /// The beginning of the file, held until the header's end shows the delimiter.
    held: String,
    /// Whether what is held ends inside of quotes.
    held_quoted: bool,
    /// What parts cells; `None` until the header's end.
    delimiter: Option<u8>,
    place: Place,
    /// The record under way.
    record: Record,
}

impl RecordReader {
    /// The line that the next character is on, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.lines + 1 + line_ends(&self.held)
    }

    /// Takes the next text, showing every record that it completes to `sink`.
    pub(crate) fn read<S>(&mut self, text: &str, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(&Record) -> Result<(), Unreadable>,
    {
        let nul = memchr(0, text.as_bytes());
        let (mut text, _) = text.split_at(nul.unwrap_or(text.len()));
        while self.delimiter.is_none() && !text.is_empty() {
            let end = memchr(LINE_END, text.as_bytes()).map_or(text.len(), |end| end + 1);
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
        if self.delimiter.is_none() {
            self.release(sink)?;
        }
        if self.is_within_a_record() {
            // A line end completes the record, unless it is inside of quotes.
            self.take("\n", sink)?;
        }
        match self.is_within_a_record() {
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
        self.delimiter = Some(delimiter(&held));
        // A second byte order mark, in front of a quote.
        self.take(held.strip_prefix('\u{feff}').unwrap_or(&held), sink)
    }

    fn is_within_a_record(&self) -> bool {
        self.place != Place::Start || self.record.count > 0
    }

    fn take<S>(&mut self, mut text: &str, sink: &mut S) -> Result<(), Unreadable>
    where
        S: FnMut(&Record) -> Result<(), Unreadable>,
    {
        while let Some(next) = text.as_bytes().first() {
            if !self.is_within_a_record() {
                self.record.line = self.lines + 1;
            }
            text = match (self.place, *next) {
                (Place::Start, QUOTE) => self.pass(text, Place::Quoted),
                (Place::Start, LINE_END) if self.record.count == 0 => {
                    self.lines += 1;
                    self.pass(text, Place::Start)
                }
                (Place::Start | Place::Plain, _) => self.plain(text, sink)?,
                (Place::Quoted, _) => self.quoted(text),
                (Place::AfterQuote, QUOTE) => {
                    self.record.extend("\"");
                    self.pass(text, Place::Quoted)
                }
                (Place::AfterQuote, _) => self.plain(text, sink)?,
            };
        }
        Ok(())
    }

    /// Passes over one character, of one byte.
    fn pass<'t>(&mut self, text: &'t str, to: Place) -> &'t str {
        self.place = to;
        text.get(1..).unwrap_or_default()
    }

    /// Takes what is left of a cell outside of quotes; answers what follows.
    fn plain<'t, S>(&mut self, text: &'t str, sink: &mut S) -> Result<&'t str, Unreadable>
    where
        S: FnMut(&Record) -> Result<(), Unreadable>,
    {
        let delimiter = self.delimiter.unwrap_or(LINE_END);
        let end = memchr2(delimiter, LINE_END, text.as_bytes());
        let (cell, rest) = text.split_at(end.unwrap_or(text.len()));
        self.record.extend(cell);
        if end.is_none() {
            self.place = Place::Plain;
            return Ok(rest);
        }
        self.record.end_cell();
        if rest.starts_with('\n') {
            self.lines += 1;
            sink(&self.record)?;
            self.record.clear();
        }
        Ok(self.pass(rest, Place::Start))
    }

    /// Takes what is left of a text inside of quotes, and the quote; answers what follows.
    fn quoted<'t>(&mut self, text: &'t str) -> &'t str {
        let end = memchr(QUOTE, text.as_bytes());
        let (cell, rest) = text.split_at(end.unwrap_or(text.len()));
        self.record.extend(cell);
        self.lines += line_ends(cell);
        if end.is_none() { rest } else { self.pass(rest, Place::AfterQuote) }
    }
}

fn line_ends(text: &str) -> u64 {
    memchr_iter(LINE_END, text.as_bytes()).count() as u64
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
