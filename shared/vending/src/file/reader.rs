//! What takes a file that arrives in pieces, whatever form it has.

use super::sheet::SheetReader;
use super::unreadable::Unreadable;

/// Takes a file that arrives in pieces; where they are cut makes no difference.
pub trait FileReader: Send {
    /// Reads the next bytes of the file.
    ///
    /// # Errors
    /// [`Unreadable`] as soon as it shows that the file has not the form that is read.
    fn push(&mut self, chunk: &[u8]) -> Result<(), Unreadable>;
}

impl FileReader for SheetReader {
    fn push(&mut self, chunk: &[u8]) -> Result<(), Unreadable> {
        Self::push(self, chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_account_list_shows_through_the_trait() {
        let mut reader = SheetReader::new();
        let read = FileReader::push(&mut reader, b"a,b\n1,2\n");
        assert_eq!(read, Err(Unreadable::NoHeader { line: 1 }));
    }
}
