//! A file on this machine, read piece by piece as intake reads it from the bucket.

use std::path::Path;

use anyhow::{Context, Result};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use vending::file::{Fault, FileReader, MOST_BYTES, Sheet, Unreadable};
use vending::portfolio_file::{PortfolioFile, UploadReader, Uploaded};

/// Bytes read at a time.
const PIECE: usize = 65_536;

/// A file that can be read, whatever form it has.
#[derive(Debug)]
pub(crate) struct Document {
    /// What it holds.
    pub(crate) uploaded: Uploaded,
    /// The bytes that it was read from.
    bytes: Vec<u8>,
}

impl Document {
    /// Reads the file, or says why it has none of the forms.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn read(path: &Path) -> Result<Result<Self, Fault>> {
        let read = pieces(path).await.with_context(|| format!("read {}", path.display()))?;
        match read.map_err(Fault::from) {
            // As intake takes it: what is called a JSON is a portfolio file.
            Err(fault) if UploadReader::is_json(&path.to_string_lossy()) => {
                let uploaded = Uploaded::Portfolios(PortfolioFile::unreadable(fault));
                Ok(Ok(Self { uploaded, bytes: Vec::new() }))
            }
            read => Ok(read),
        }
    }

    /// The account list that it is, or that it is none.
    pub(crate) fn into_list(self) -> Result<List, Fault> {
        match self.uploaded {
            Uploaded::Accounts(sheet) => Ok(List { sheet, bytes: self.bytes }),
            Uploaded::Portfolios(_) => Err(Fault::of_file(
                "the file is a portfolio file, which asks for no accounts",
                "an account list; vend check checks a portfolio file, and aws s3 cp uploads it",
            )),
        }
    }
}

/// A list that can be read.
#[derive(Debug)]
pub(crate) struct List {
    /// What it holds.
    pub(crate) sheet: Sheet,
    /// The bytes that it was read from: what is checked is what is uploaded.
    pub(crate) bytes: Vec<u8>,
}

impl List {
    /// Reads the list, or says why it is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn read(path: &Path) -> Result<Result<Self, Fault>> {
        Ok(Document::read(path).await?.and_then(Document::into_list))
    }
}

async fn pieces(path: &Path) -> std::io::Result<Result<Document, Unreadable>> {
    let mut file = File::open(path).await?;
    if usize::try_from(file.metadata().await?.len()).is_ok_and(|length| length > MOST_BYTES) {
        return Ok(Err(Unreadable::TooLarge));
    }
    let (mut reader, mut bytes) = (UploadReader::of(&path.to_string_lossy()), Vec::new());
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece).await?;
        let read = piece.get(..read).unwrap_or_default();
        if read.is_empty() {
            return Ok(reader.finish().map(|uploaded| Document { uploaded, bytes }));
        }
        if let Err(unreadable) = reader.push(read) {
            return Ok(Err(unreadable));
        }
        bytes.extend_from_slice(read);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    async fn read(content: &[u8]) -> Result<List, Fault> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        List::read(file.path()).await.unwrap()
    }

    #[tokio::test]
    async fn a_list_is_read_in_pieces_and_kept_as_it_is() {
        let mut text = include_str!("../../../samples/accounts.csv").to_owned();
        let row = text.lines().nth(1).unwrap().to_owned();
        while text.len() < 3 * PIECE {
            text.push_str(&format!("{row}\n"));
        }
        let list = read(text.as_bytes()).await.unwrap();
        assert_eq!(list.bytes, text.as_bytes());
        assert_eq!(list.sheet.rows.len() + 1, text.lines().count());
    }

    #[tokio::test]
    async fn what_is_no_list_is_a_fault_as_intake_tells_it() {
        let fault = read(&vec![b'\n'; MOST_BYTES + 1]).await.unwrap_err();
        assert_eq!(fault, Unreadable::TooLarge.into());
        let fault = read(b"PK\x03\x04 a workbook").await.unwrap_err();
        assert_eq!(fault, Unreadable::Workbook.into());
        assert_eq!(read(b"").await.unwrap_err(), Unreadable::Empty.into());
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_an_error_with_its_name() {
        let error = List::read(Path::new("no-such-list.csv")).await.unwrap_err();
        assert_eq!(error.to_string(), "read no-such-list.csv");
    }
}
