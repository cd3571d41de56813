//! Why a use case stopped: always a broken dependency or a fault of Vend's,
//! never bad data, which is an outcome.

use crate::ledger::IllegalEvent;
use crate::ports::{CouldNotAsk, ReadError};

/// Why a use case stopped half-way. Calling it again carries on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A dependency did not answer.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
    /// The object could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Rows of a file kept changing while they were written.
    #[error("failed to write rows that others keep changing")]
    Contended,
    /// An earlier delivery took a list, or rows of it, and by now nothing of it could be launched: it
    /// is not refused, and not told as taken either, until that is mended. What is in the way names
    /// people, who are no matter for a log.
    #[error(
        "the list is taken in part already, and now none of it can be launched: `vend doctor` says why"
    )]
    HalfTaken,
    /// An event that cannot happen to an entry: a fault in Vend.
    #[error(transparent)]
    Illegal(#[from] IllegalEvent),
}

impl Error {
    /// The error with all its causes, for a log or a terminal.
    #[must_use]
    pub fn chain(&self) -> String {
        chain(self)
    }
}

/// `error` with all its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut chain = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        chain.push(error.to_string());
        cause = error.source();
    }
    chain.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_ends_with_the_first_cause() {
        let error = Error::from(CouldNotAsk::new("S3", "read the list", "the line is cut"));
        assert_eq!(error.chain(), "failed to ask S3 to read the list: the line is cut");
    }
}
