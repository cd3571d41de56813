//! What reading holds at a time: a multiple of the rows that are kept, whatever the file;
//! and of a file of which nothing is kept, next to nothing.

use fuzz::Peak;
use vending::file::{Column, MOST_BYTES, MOST_ROWS, RawRow, SheetReader};

use super::lists;
use crate::Figures;

/// Bytes that S3's answers come in, about.
const CHUNK: usize = 16 * 1024;

/// Bytes held at most where nothing is kept: the decoder, a record, what it is read from.
pub const MOST_FOR_NOTHING: usize = 512 * 1024;
/// Bytes held for each byte that is kept, at most: a list of rows doubles when it is full.
pub const MOST_FOR_ROWS: f64 = 2.0;
/// Bytes held at most of a list that is refused for too many rows: those that were taken
/// until then, short as they are.
pub const MOST_FOR_TOO_MANY: usize = MOST_FOR_NOTHING + 2 * MOST_ROWS * (size_of::<RawRow>() + 64);

/// Nothing but blank lines, after a header.
pub const BLANK: &str = "blank lines";
/// Nothing but one cell.
pub const GIANT: &str = "one giant cell";
/// Rows of more cells than are looked at.
pub const LONG_LINES: &str = "rows of a hundred thousand cells";

/// What was held while a list was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Bytes at a time, at most.
    pub peak: usize,
    /// Bytes of the rows that are kept in the end.
    pub kept: usize,
}

/// Reads the list, which is not counted, in pieces.
#[must_use]
pub fn held(list: &[u8]) -> Held {
    held_of_chunks(list.chunks(CHUNK))
}

/// Reads ten megabytes of that: [`BLANK`], [`GIANT`] or [`LONG_LINES`].
#[must_use]
pub fn held_of(what: &str) -> Held {
    let header = Column::REQUIRED.map(Column::name).join(",");
    let (head, again) = match what {
        BLANK => (format!("{header}\n"), "\n".repeat(CHUNK)),
        GIANT => (format!("{header}\n\""), "x".repeat(CHUNK)),
        _ => (format!("{header}\nx"), format!("{}\n", ",".repeat(100_000))),
    };
    let chunks = std::iter::repeat_n(again.as_bytes(), MOST_BYTES / again.len() - 1);
    held_of_chunks(std::iter::once(head.as_bytes()).chain(chunks))
}

/// Reads a million rows of one letter, of which the first ten thousand are taken before the
/// list is refused.
#[must_use]
pub fn held_of_a_million_rows() -> Held {
    let header = format!("{}\n", Column::REQUIRED.map(Column::name).join(","));
    let rows = "x,x,x,x,x,x\n".repeat(1_000);
    let chunks = std::iter::repeat_n(rows.as_bytes(), 1_000);
    held_of_chunks(std::iter::once(header.as_bytes()).chain(chunks))
}

fn held_of_chunks<'c>(mut chunks: impl Iterator<Item = &'c [u8]>) -> Held {
    let peak = Peak::start();
    let mut reader = SheetReader::new();
    let read = chunks.try_for_each(|chunk| reader.push(chunk)).and_then(|()| reader.finish());
    let peak = peak.bytes();
    let kept = read.map_or(0, |sheet| sheet.rows.iter().map(bytes_of).sum());
    Held { peak, kept }
}

fn bytes_of(row: &RawRow) -> usize {
    let texts = Column::FILLED_IN.into_iter().filter_map(|column| row.text(column));
    size_of::<RawRow>() + texts.map(str::len).sum::<usize>()
}

/// Measures it.
pub(super) fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    for (what, list) in [
        ("10,000 longest rows", lists::full(MOST_ROWS)),
        ("10,000 plain rows", lists::plain(MOST_ROWS)),
    ] {
        let Held { peak, kept } = held(&list);
        figures.add(format!("held of {what}"), peak as f64, "bytes");
        let what = format!("held of {what} / rows that are kept");
        figures.hold(what, peak as f64 / kept as f64, "", MOST_FOR_ROWS);
    }
    for what in [BLANK, GIANT, LONG_LINES] {
        let peak = held_of(what).peak as f64;
        figures.hold(format!("held of 10 MB of {what}"), peak, "bytes", MOST_FOR_NOTHING as f64);
    }
    let peak = held_of_a_million_rows().peak;
    figures.hold("held of a million rows", peak as f64, "bytes", MOST_FOR_TOO_MANY as f64);
    Ok(())
}
