//! Reading an account list that arrives in chunks; never the whole file at once.

use super::fault::{Fault, Faults};
use super::header::Header;
use super::record::Record;
use super::records::RecordReader;
use super::row::RawRow;
use super::text::{NotText, TextReader};
use super::unreadable::Unreadable;

/// Bytes of a file, at most. Far above ten thousand rows of ordinary length.
pub const MOST_BYTES: usize = 10_000_000;
/// Rows of a file, at most: as many accounts as an organization can have
/// (AWS Organizations' quotas, "up to 10,000").
pub const MOST_ROWS: usize = 10_000;
/// Bytes of a cell, at most. No legal cell comes near: a unit's name has 128 characters.
pub const LONGEST_CELL: usize = 4096;
/// Cells of a row that are looked at; after them only blank ones are taken.
pub const MOST_CELLS: usize = 64;
/// Bytes up to the header's end, at most. Spreadsheets may leave 16,384 empty columns.
pub const LONGEST_HEADER: usize = 65_536;

/// Bytes decoded at a time, which bounds what is held of a large chunk.
const PIECE: usize = 32 * 1024;

/// An account list that was read: its rows as they were written, and what is wrong
/// with its header and the shape of its rows. What the cells say is not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The header.
    pub header: Header,
    /// Every row that is not blank, in the file's order, those with faults too.
    pub rows: Vec<RawRow>,
    /// The faults, sorted.
    pub faults: Vec<Fault>,
}

/// Reads an account list pushed into it chunk by chunk; where the chunks are cut
/// makes no difference.
///
/// Taken is what spreadsheets write: UTF-8 or UTF-16, with or without a byte order
/// mark; LF, CRLF or CR; comma, semicolon or tab, as the header has it; quoted cells;
/// blank lines and blank columns at the end. After an error the reader is spent.
#[derive(Default)]
pub struct SheetReader {
    bytes: usize,
    text: TextReader,
    /// The text of the piece under way: room that is used again.
    decoded: String,
    records: RecordReader,
    rows: Rows,
}

impl SheetReader {
    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next bytes of the file.
    ///
    /// # Errors
    /// [`Unreadable`] as soon as it shows that the file is no account list.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Unreadable> {
        let (taken, excess) = chunk.split_at(chunk.len().min(MOST_BYTES - self.bytes));
        self.bytes += taken.len();
        taken.chunks(PIECE).try_for_each(|piece| self.read(piece, false))?;
        if excess.is_empty() { Ok(()) } else { Err(Unreadable::TooLarge) }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`Unreadable`] when the file has no header, or ends within quotes.
    pub fn finish(mut self) -> Result<Sheet, Unreadable> {
        self.read(&[], true)?;
        let Self { mut records, mut rows, .. } = self;
        records.finish(&mut |record| rows.take(record))?;
        rows.finish()
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

/// The rows found so far.
#[derive(Default)]
struct Rows {
    header: Option<Header>,
    rows: Vec<RawRow>,
    faults: Faults,
}

impl Rows {
    fn take(&mut self, record: &Record) -> Result<(), Unreadable> {
        if record.is_blank() {
            return Ok(());
        }
        match &self.header {
            None => self.header = Some(Header::read(record, &mut self.faults)?),
            Some(_) if self.rows.len() == MOST_ROWS => {
                return Err(Unreadable::TooManyRows { line: record.line });
            }
            Some(header) => self.rows.push(RawRow::place(header, record, &mut self.faults)),
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Sheet, Unreadable> {
        let header = self.header.ok_or(Unreadable::Empty)?;
        if self.rows.is_empty() {
            let accepted = "a row under the header for each account";
            self.faults.add(Fault::of_file("the file has no rows", accepted));
        }
        Ok(Sheet { header, rows: self.rows, faults: self.faults.into_vec() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::file::Column;

    const HEADER: &str =
        "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit";

    /// Reads the file whole and byte by byte, which must come to the same.
    fn read(file: &[u8]) -> Result<Sheet, Unreadable> {
        let whole = read_in(file, file.len());
        assert_eq!(whole, read_in(file, 1));
        whole
    }

    fn read_in(file: &[u8], chunk: usize) -> Result<Sheet, Unreadable> {
        let mut reader = SheetReader::new();
        file.chunks(chunk.max(1)).try_for_each(|chunk| reader.push(chunk))?;
        reader.finish()
    }

    fn names(file: &str) -> Vec<(u64, String)> {
        let sheet = read(file.as_bytes()).unwrap();
        let name = |row: &RawRow| row.text(Column::AccountName).unwrap_or("-").to_owned();
        sheet.rows.iter().map(|row| (row.line(), name(row))).collect()
    }

    fn faults(file: &str) -> String {
        let faults = read(file.as_bytes()).unwrap().faults;
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn reads_what_spreadsheets_write() {
        let rows =
            "one,a,b,c,d,e\n\n \"two\",a,b,c,d,e\n,,,,,\n\"thr\nee\",\"a, b\",,,,\nfour,a,b,c,d,e";
        let plain = format!("{HEADER}\n{rows}\n");
        let expected = [(2, "one"), (4, "\"two\""), (6, "thr\nee"), (8, "four")];
        let expected = expected.map(|(line, name)| (line, name.to_owned()));
        assert_eq!(names(&plain), expected);
        assert_eq!(names(&plain.replace('\n', "\r\n")), expected, "CRLF");
        assert_eq!(names(&plain.replace('\n', "\r")), expected, "CR");
        assert_eq!(names(&format!("\u{feff}{plain}")), expected, "mark");
        let marked = format!("\u{feff}{plain}");
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let utf16: Vec<u8> = marked.encode_utf16().flat_map(order).collect();
            assert_eq!(read(&utf16), read(plain.as_bytes()));
        }
    }

    #[test]
    fn takes_semicolons_and_tabs_where_the_header_has_them() {
        for delimiter in [";", "\t"] {
            let file = format!("{HEADER}\none,a,b,c,d,e\n").replace(',', delimiter);
            assert_eq!(
                read(file.as_bytes()).unwrap().rows,
                read(file.replace(delimiter, ",").as_bytes()).unwrap().rows
            );
        }
    }

    #[test]
    fn takes_blank_columns_and_lines_at_the_end() {
        let file = format!("{HEADER},,\none,a,b,c,d,e,,,,,\n{}\n \n", ",".repeat(200));
        assert_eq!(names(&file), [(2, "one".to_owned())]);
        assert_eq!(faults(&file), "");
    }

    #[test]
    fn restores_what_was_disarmed() {
        assert_eq!(names(&format!("{HEADER}\n'=one,a,b,c,d,e\n")), [(2, "=one".to_owned())]);
    }

    #[test]
    fn finds_rows_of_the_wrong_shape() {
        let wide = format!("{},x", "w,".repeat(MOST_CELLS));
        let file = format!("{HEADER},Status\nshort,a\none,a,b,c,d,e,f,g\n{wide}\nok,a,b,c,d,e\n");
        let found = faults(&file);
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines.len(), 3, "{found}");
        assert!(
            lines[0].starts_with("line 2: has only 2 cells, and none for AccountEmail, SSO"),
            "{found}"
        );
        assert!(
            lines[1].starts_with("line 3 \"g\": is in cell 8 of the row, where the header has no"),
            "{found}"
        );
        assert!(lines[2].starts_with("line 4 \"w\": is in cell 8"), "{found}");
        assert_eq!(names(&file).len(), 4, "rows with faults are kept");
    }

    #[test]
    fn finds_cells_that_are_too_long() {
        let long = "x".repeat(LONGEST_CELL + 1);
        let file =
            format!("{HEADER},ErrorMsg\n{long},a,b,c,d,e,{long}\n\"two\n{long}\",a,b,c,d,e,\n");
        let found = faults(&file);
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines.len(), 2, "what Vend fills in may be long: {found}");
        assert!(lines[0].contains("is longer than 4096 bytes; accepted: 1 to 50"), "{found}");
        assert!(lines[1].contains("look for a double quote that is not closed"), "{found}");
    }

    #[test]
    fn tells_what_is_no_list_apart() {
        let row = |row: &str| format!("{HEADER}\n{row}").into_bytes();
        let cases: [(Vec<u8>, Unreadable); 9] = [
            (vec![], Unreadable::Empty),
            (b"\xef\xbb\xbf\r\n , ,\r\n".to_vec(), Unreadable::Empty),
            (
                b"\none,a@example.com,b@example.com,A,B,OU".to_vec(),
                Unreadable::NoHeader { line: 2 },
            ),
            (b"PK\x03\x04\x14\x00\x06".to_vec(), Unreadable::Workbook),
            (row("one,\0"), Unreadable::Binary { line: 2 }),
            (row("one,\"a\ntwo,b\n"), Unreadable::UnclosedQuote { line: 2 }),
            ([row("a\nb,"), b"\xe9".to_vec()].concat(), Unreadable::Encoding { line: 3 }),
            (b"Account\xe9".to_vec(), Unreadable::Encoding { line: 1 }),
            (vec![b'a'; LONGEST_HEADER + 1], Unreadable::LongHeader { line: 1 }),
        ];
        for (file, reason) in cases {
            assert_eq!(read(&file).unwrap_err(), reason);
        }
        assert_eq!(
            faults(HEADER),
            "the file has no rows; accepted: a row under the header for each account"
        );
    }

    #[test]
    fn takes_ten_thousand_rows_and_not_one_more() {
        let mut file = format!("{HEADER}\n{}", "n,a,b,c,d,e\n".repeat(MOST_ROWS));
        assert_eq!(read_in(file.as_bytes(), 1 << 16).unwrap().rows.len(), MOST_ROWS);
        file.push_str("\none,more\n");
        let too_many = Err(Unreadable::TooManyRows { line: 10_003 });
        assert_eq!(read_in(file.as_bytes(), 1 << 16), too_many);
    }

    #[test]
    fn takes_ten_megabytes_and_not_one_byte_more() {
        let mut file = format!("{HEADER}\none,a,b,c,d,e\n").into_bytes();
        file.resize(MOST_BYTES, b'\n');
        assert!(read_in(&file, 1 << 16).is_ok());
        file.push(b'\n');
        assert_eq!(read_in(&file, 1 << 16), Err(Unreadable::TooLarge));
        assert_eq!(read_in(&file, usize::MAX), Err(Unreadable::TooLarge));
    }

    /// Files made of the pieces that reading turns on.
    fn file() -> impl Strategy<Value = Vec<u8>> {
        let pieces =
            ["\"", ",", ";", "\r", "\n", "\r\n", "x", "é", " ", "'=", "\t", "OrgUnit", "\u{feff}"];
        let body = prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60);
        let broken = prop::option::weighted(0.1, prop::sample::select(vec![0xff_u8, 0]));
        (prop::bool::ANY, body, broken, 0..3_usize).prop_map(|(header, body, broken, encoding)| {
            let header = if header { format!("{HEADER}\n") } else { String::new() };
            let text = format!("{header}{}", body.concat());
            let mut bytes = match encoding {
                0 => text.into_bytes(),
                1 => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
                _ => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            };
            bytes.extend(broken);
            bytes
        })
    }

    proptest! {
        #[test]
        fn chunks_make_no_difference(file in file(), chunk in 1..40_usize) {
            let whole = read(&file);
            prop_assert_eq!(whole, read_in(&file, chunk));
        }

        #[test]
        fn nothing_panics(file in prop::collection::vec(any::<u8>(), 0..400), chunk in 1..40_usize) {
            prop_assert_eq!(read(&file), read_in(&file, chunk));
        }

        #[test]
        fn any_rows_can_be_checked(rows in "\\PC*\n\\PC*") {
            if let Ok(sheet) = read(format!("{HEADER}\n{rows}").as_bytes()) {
                let checked = crate::file::check(&sheet, &[], &crate::file::UnknownNames::default());
                prop_assert!(checked.faults.is_sorted());
                prop_assert!(checked.requests.is_empty());
            }
        }
    }
}
