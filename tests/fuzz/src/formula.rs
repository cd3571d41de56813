//! Whether a spreadsheet would run a cell: an oracle that knows nothing of how Vend
//! prevents it.

use csv::{ByteRecord, ReaderBuilder};

/// Nothing in the file is run as a formula, whichever character the spreadsheet parts
/// cells at: in half of the world that is a semicolon, whatever is in the file.
///
/// # Panics
/// Where a cell would be.
pub fn no_formula(file: &[u8]) {
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    assert!(!text.contains(&0), "a NUL");
    for (delimiter, quoting) in
        [(b',', true), (b';', true), (b'\t', true), (b';', false), (b'\t', false)]
    {
        each_cell(text, delimiter, quoting, |cell| {
            assert!(!runs(cell), "parted at {:?}: {cell:?}", char::from(delimiter));
        });
    }
}

fn each_cell(text: &[u8], delimiter: u8, quoting: bool, mut with: impl FnMut(&str)) {
    let mut builder = ReaderBuilder::new();
    let builder = builder.delimiter(delimiter).quoting(quoting).flexible(true).has_headers(false);
    let mut reader = builder.from_reader(text);
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).expect("memory does not fail") {
        record.iter().for_each(|cell| with(&String::from_utf8_lossy(cell)));
    }
}

/// What spreadsheets run: a sign at the beginning, after what they pass over.
fn runs(cell: &str) -> bool {
    let passed_over = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    };
    let cell = cell.trim_start_matches(passed_over);
    cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}
