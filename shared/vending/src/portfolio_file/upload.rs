//! Which of the forms an uploaded file has: a JSON by its name, and of the CSVs an account
//! list or a portfolio file by its header.

use super::PortfolioFile;
use super::csv::CsvReader;
use super::json::{JsonReader, SUFFIX};
use crate::file::{FileReader, Sheet, SheetReader, Unreadable};

/// Bytes that both readers see before the next: until one of them knows the header.
const PIECE: usize = 4096;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uploaded {
    /// An account list.
    Accounts(Sheet),
    /// A portfolio file.
    Portfolios(PortfolioFile),
}

/// Takes a file of any of the forms.
pub struct UploadReader(Form);

enum Form {
    Json(Box<JsonReader>),
    /// A CSV whose header is not known yet: both readers hold no more than that.
    Undecided(Box<(SheetReader, CsvReader)>),
    Accounts(Box<SheetReader>),
    Portfolios(Box<CsvReader>),
}

impl UploadReader {
    /// Whether a file of that name is read as a JSON.
    #[must_use]
    pub fn is_json(name: &str) -> bool {
        name.to_ascii_lowercase().ends_with(SUFFIX)
    }

    /// A reader of the file of that name, which has seen nothing yet.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self(match Self::is_json(name) {
            true => Form::Json(Box::default()),
            false => Form::Undecided(Box::default()),
        })
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`Unreadable`] when it is no account list, and no portfolio file either.
    pub fn finish(self) -> Result<Uploaded, Unreadable> {
        match self.0 {
            Form::Json(reader) => Ok(Uploaded::Portfolios(reader.finish())),
            Form::Portfolios(reader) => reader.finish().1.map(Uploaded::Portfolios),
            Form::Accounts(reader) => reader.finish().map(Uploaded::Accounts),
            Form::Undecided(readers) => {
                let (accounts, portfolios) = *readers;
                match portfolios.finish() {
                    (Some(true), file) => file.map(Uploaded::Portfolios),
                    _ => accounts.finish().map(Uploaded::Accounts),
                }
            }
        }
    }

    /// Hands both readers the next bytes; the form is decided as soon as the header is.
    fn decide(&mut self, piece: &[u8]) -> Result<(), Unreadable> {
        let Form::Undecided(readers) = &mut self.0 else { return FileReader::push(self, piece) };
        let (as_accounts, as_portfolios) = (readers.0.push(piece), readers.1.push(piece));
        let ours = readers.1.is_ours();
        let outcome = if ours == Some(true) { as_portfolios } else { as_accounts };
        if ours.is_some()
            && let Form::Undecided(readers) =
                std::mem::replace(&mut self.0, Form::Json(Box::default()))
        {
            let (accounts, portfolios) = *readers;
            self.0 = match ours {
                Some(true) => Form::Portfolios(Box::new(portfolios)),
                _ => Form::Accounts(Box::new(accounts)),
            };
        }
        outcome
    }
}

impl FileReader for UploadReader {
    fn push(&mut self, chunk: &[u8]) -> Result<(), Unreadable> {
        match &mut self.0 {
            Form::Json(reader) => reader.push(chunk),
            Form::Accounts(reader) => reader.push(chunk),
            Form::Portfolios(reader) => FileReader::push(&mut **reader, chunk),
            Form::Undecided(_) => chunk.chunks(PIECE).try_for_each(|piece| self.decide(piece)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(name: &str, bytes: &[u8], chunk: usize) -> Result<Uploaded, Unreadable> {
        let mut reader = UploadReader::of(name);
        bytes.chunks(chunk.max(1)).try_for_each(|chunk| reader.push(chunk))?;
        reader.finish()
    }

    fn is_portfolios(name: &str, text: &str) -> bool {
        matches!(read(name, text.as_bytes(), 7), Ok(Uploaded::Portfolios(_)))
    }

    #[test]
    fn the_name_tells_a_json_and_the_header_the_two_lists_apart() {
        assert!(is_portfolios("in/a.JSON", "{}") && is_portfolios("a.json", "PortfolioId"));
        assert!(is_portfolios("a.csv", "\n\nPortfolioId,OrgUnit\nport-1,A\n"));
        assert!(is_portfolios("a.csv", "PortfolioId,OrgUnit"), "without the end of a line");
        let list = include_str!("../../../../samples/accounts.csv");
        assert!(!is_portfolios("a.csv", list));
        assert_eq!(read("a.csv", b"{}", 9), Err(Unreadable::NoHeader { line: 1 }));
    }

    #[test]
    fn what_is_told_of_no_list_is_as_ever() {
        for bytes in [&b""[..], b"PK\x03\x04", b"a\0", b"Account\xe9", &[b'a'; 70_000]] {
            let mut list = SheetReader::new();
            let alone = list.push(bytes).and_then(|()| list.finish()).map(Uploaded::Accounts);
            assert_eq!(read("a.csv", bytes, 1 << 20), alone);
        }
    }

    proptest! {
        #[test]
        fn where_it_is_cut_makes_no_difference(
            head in "PortfolioId,OrgUnit\n|AccountName,OrgUnit\n|\"|", rest in "[\",;\r\nx]{0,50}|\\PC*", chunk in 1..40_usize,
        ) {
            let text = format!("{head}{rest}");
            prop_assert_eq!(read("a.csv", text.as_bytes(), 1 << 20), read("a.csv", text.as_bytes(), chunk));
        }
    }
}
