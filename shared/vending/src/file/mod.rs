//! The account list: reading it, checking it, and writing its results file.
//!
//! Bytes are pushed in and values come out; where the bytes are from, and what
//! the organization holds already, is not known here.

mod across;
mod check;
mod column;
mod delimiter;
mod fault;
mod fields;
mod formula;
mod header;
mod nearest;
mod records;
mod results;
mod row;
mod sheet;
mod text;
mod units;
mod unreadable;
mod update;

pub use check::{Checked, check, check_alone};
pub use column::Column;
pub use fault::{Fault, Faults};
pub use header::Header;
pub use nearest::nearest;
pub use results::{Layout, ResultRow, write, write_refusal};
pub use row::RawRow;
pub use sheet::{
    LONGEST_CELL, LONGEST_HEADER, MOST_BYTES, MOST_CELLS, MOST_ROWS, Sheet, SheetReader,
};
pub use unreadable::Unreadable;
pub use update::{NotResults, RowNews, statuses, update};
