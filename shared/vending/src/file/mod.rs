//! The account list: reading it, checking it, and writing its results file.
//!
//! Bytes are pushed in and values come out; where the bytes are from, and what
//! the organization holds already, is not known here.

mod access;
mod across;
mod check;
mod column;
mod delimiter;
mod fault;
mod fields;
mod formula;
mod given;
mod header;
mod names;
mod nearest;
mod reader;
mod record;
mod records;
mod results;
mod row;
mod sheet;
mod table;
mod text;
mod units;
mod unreadable;
mod update;

pub use access::{MOST_ASSIGNMENTS, MOST_PORTFOLIOS};
pub use check::{Checked, check, check_alone};
pub use column::Column;
pub use fault::{Fault, Faults};
pub use given::{GivenRow, GivenSheet, read_given};
pub use header::Header;
pub use names::{AskedNames, UnknownNames};
pub use nearest::nearest;
pub use reader::FileReader;
pub use results::{Layout, ResultRow, write, write_refusal};
pub use row::RawRow;
pub use sheet::{
    LONGEST_CELL, LONGEST_HEADER, MOST_BYTES, MOST_CELLS, MOST_ROWS, Sheet, SheetReader,
};
pub use unreadable::Unreadable;
pub use update::{NotResults, RowNews, statuses, update};

// For the other forms that a file may have.
pub(crate) use delimiter::trim;
pub(crate) use formula::restore;
pub(crate) use record::{Cell, Record};
pub(crate) use records::RecordReader;
pub(crate) use table::table;
pub(crate) use text::{NotText, TextReader};
