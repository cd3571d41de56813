//! Why a file cannot be read as an account list at all, and what to do about it.

use super::fault::Fault;
use super::sheet::{LONGEST_HEADER, MOST_BYTES, MOST_ROWS};

/// Why a file is not an account list that can be read.
///
/// The text of each has the line where one is known, and the remedy. As a
/// [`Fault`] it goes into the results file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", Fault::from(*self))]
pub enum Unreadable {
    /// More than [`MOST_BYTES`] bytes.
    TooLarge,
    /// More than [`MOST_ROWS`] rows.
    TooManyRows {
        /// The line of the first row too many.
        line: u64,
    },
    /// A spreadsheet's own format, perhaps renamed to `.csv`.
    Workbook,
    /// A NUL character: not a text.
    Binary {
        /// The line it is on.
        line: u64,
    },
    /// Bytes that are no characters in the file's encoding.
    Encoding {
        /// The line they are on.
        line: u64,
    },
    /// A double quote that is never closed, so that it swallows the rest of the file.
    UnclosedQuote {
        /// The line where the row with the quote begins.
        line: u64,
    },
    /// More than [`LONGEST_HEADER`] bytes without the end of a header.
    LongHeader {
        /// The line where the header begins.
        line: u64,
    },
    /// Nothing but blank lines.
    Empty,
    /// The first line that is not blank names no column of the list.
    NoHeader {
        /// Where that line is.
        line: u64,
    },
}

impl Unreadable {
    /// The line where reading stopped, from 1, if one is to blame.
    #[must_use]
    pub fn line(self) -> Option<u64> {
        match self {
            Self::TooLarge | Self::Workbook | Self::Empty => None,
            Self::TooManyRows { line }
            | Self::Binary { line }
            | Self::Encoding { line }
            | Self::UnclosedQuote { line }
            | Self::LongHeader { line }
            | Self::NoHeader { line } => Some(line),
        }
    }

    fn problem(self) -> String {
        match self {
            Self::TooLarge => format!("the file has more than {} MB", MOST_BYTES / 1_000_000),
            Self::TooManyRows { .. } => format!("the file has more than {MOST_ROWS} rows"),
            Self::Workbook => "the file is a spreadsheet's workbook, not a CSV".into(),
            Self::Binary { .. } => "the file is not a text (it has a NUL character)".into(),
            Self::Encoding { .. } => {
                "has bytes that are no characters in the file's encoding".into()
            }
            Self::UnclosedQuote { .. } => {
                "a double quote opens in this row and never closes".into()
            }
            Self::LongHeader { .. } => {
                format!("the header does not end within {LONGEST_HEADER} bytes")
            }
            Self::Empty => "the file is empty".into(),
            Self::NoHeader { .. } => "is not a header: it names no column of the list".into(),
        }
    }

    fn accepted(self) -> &'static str {
        match self {
            Self::TooLarge | Self::TooManyRows { .. } => {
                "a smaller file; split it and upload the parts"
            }
            Self::Workbook | Self::Binary { .. } | Self::Encoding { .. } => {
                "CSV; in the spreadsheet, save as CSV UTF-8"
            }
            Self::UnclosedQuote { .. } => {
                "quotes in pairs around a cell, and doubled inside of one"
            }
            Self::LongHeader { .. } => {
                "a line of column names; look for a quote that is not closed"
            }
            Self::Empty => "a header, and a row for each account",
            Self::NoHeader { .. } => {
                "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit \
                 as the first line"
            }
        }
    }
}

impl From<Unreadable> for Fault {
    fn from(unreadable: Unreadable) -> Self {
        let (problem, accepted) = (unreadable.problem(), unreadable.accepted());
        Self { line: unreadable.line(), ..Self::of_file(problem, accepted) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_and_what_to_do() {
        let text = Unreadable::Encoding { line: 7 }.to_string();
        assert_eq!(
            text,
            "line 7: has bytes that are no characters in the file's encoding; \
             accepted: CSV; in the spreadsheet, save as CSV UTF-8"
        );
        assert!(Unreadable::TooLarge.to_string().starts_with("the file has more than 10 MB; "));
    }
}
