//! The port of turns at what only so many may use at a time.

use async_trait::async_trait;

use super::CouldNotAsk;
use crate::ledger::Timestamp;

/// What came of asking for a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The holder has one since this moment.
    Taken,
    /// The holder had one already, which lasts longer now.
    Kept,
    /// All places are taken by others.
    Refused,
}

impl Turn {
    /// Whether the holder has a turn.
    #[must_use]
    pub fn is_held(self) -> bool {
        match self {
            Self::Taken | Self::Kept => true,
            Self::Refused => false,
        }
    }
}

/// Turns at something that only so many may use at a time, across invocations.
#[async_trait]
pub trait Turns: Send + Sync {
    /// Takes one of `places` turns at `resource` for `holder`, unless it has one
    /// from before. It ends at `until` if nobody gives it back: a holder that died does not
    /// keep the others out for ever. A turn that ended before `now` is free.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn take(
        &self,
        resource: &str,
        holder: &str,
        places: usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Turn, CouldNotAsk>;

    /// Gives the turn back; giving back what one does not hold changes nothing.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn give_back(&self, resource: &str, holder: &str) -> Result<(), CouldNotAsk>;
}
