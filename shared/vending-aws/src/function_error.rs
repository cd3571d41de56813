//! How a function fails: with a stable name for it, and the whole chain in the log once.

use std::error::Error;

use tracing::error;
use vending::ports::ReadError;

use crate::cloudformation::NotAnswered;
use crate::events::UndecodableEvent;

/// Why a function could not do what an event asked for. Lambda reports the type and
/// the message, and delivers the event again.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// The event is none that this function can read.
    #[error(transparent)]
    Undecodable(#[from] UndecodableEvent),
    /// The event is none that this function is for.
    #[error("failed to use the event: this function takes {expected}")]
    Unexpected {
        /// What it takes.
        expected: &'static str,
    },
    /// A stack still waits for its answer.
    #[error(transparent)]
    NotAnswered(#[from] NotAnswered),
    /// A use case stopped half-way.
    #[error(transparent)]
    Vending(#[from] vending::Error),
}

impl FunctionError {
    /// The event is none that this function is for; it takes `expected`.
    #[must_use]
    pub fn unexpected(expected: &'static str) -> Self {
        Self::Unexpected { expected }
    }

    /// The stable name of the error, for alarms and for people who search logs.
    #[must_use]
    pub fn error_type(&self) -> &'static str {
        match self {
            Self::Undecodable(_) => "Vend.UndecodableEvent",
            Self::Unexpected { .. } => "Vend.UnexpectedEvent",
            Self::NotAnswered(_) => "Vend.StackNotAnswered",
            Self::Vending(vending::Error::CouldNotAsk(_)) => "Vend.CouldNotAsk",
            Self::Vending(vending::Error::Read(ReadError::Gone(_))) => "Vend.ObjectGone",
            Self::Vending(vending::Error::Read(_)) => "Vend.CouldNotRead",
            Self::Vending(vending::Error::Contended) => "Vend.Contended",
            Self::Vending(vending::Error::HalfTaken) => "Vend.HalfTaken",
            Self::Vending(vending::Error::Illegal(_)) => "Vend.IllegalEvent",
        }
    }

    /// Logs the error with all its causes: one line, at the boundary.
    pub fn log(&self) {
        let mut chain = vec![self.to_string()];
        let mut cause = self.source();
        while let Some(error) = cause {
            chain.push(error.to_string());
            cause = error.source();
        }
        error!(error.type = self.error_type(), error.chain = chain.join(": "), "function failed");
    }
}

#[cfg(test)]
mod tests {
    use vending::ports::CouldNotAsk;

    use super::*;

    #[test]
    fn the_type_is_stable_and_the_message_has_no_event_in_it() {
        let error = CouldNotAsk::new("DynamoDB", "read an entry", "connection refused");
        let error = FunctionError::from(vending::Error::from(error));
        assert_eq!(error.error_type(), "Vend.CouldNotAsk");
        assert_eq!(error.to_string(), "failed to ask DynamoDB to read an entry");
        let error = FunctionError::unexpected("an S3 notification");
        assert_eq!(
            error.to_string(),
            "failed to use the event: this function takes an S3 notification"
        );
    }
}
