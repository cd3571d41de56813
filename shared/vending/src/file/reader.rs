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
