//! Any sheet that people open: UTF-8 with a byte order mark, and nothing that a spreadsheet
//! runs.

use super::results::{BYTE_ORDER_MARK, Lines};

/// The bytes of a sheet with those rows, the first of which are the names of the columns.
pub(crate) fn table<'t, const N: usize>(rows: impl IntoIterator<Item = [&'t str; N]>) -> Vec<u8> {
    let mut lines = Lines::starting_with(BYTE_ORDER_MARK);
    rows.into_iter().for_each(|row| lines.line(row.into_iter()));
    lines.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_disarmed() {
        let text = table([["A", "B"], ["x,y", "=1"]]);
        assert_eq!(String::from_utf8(text).unwrap(), "\u{feff}A,B\n\"x,y\",'=1\n");
    }
}
