//! What a delivery did, and why it cannot go on.

use std::collections::BTreeMap;

use thiserror::Error;

use super::function::FunctionError;
use super::queue::Origin;
use crate::clock::Moment;
use crate::state::OpenError;

/// So many deliveries at one moment mean that functions feed each other without
/// end; on AWS that would be a bill, here it would be a run that hangs.
pub(super) const MOST_AT_ONE_MOMENT: u64 = 1_000_000;

/// Why the delivery cannot go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// The wiring names a function that is not there.
    #[error("deliver to {function}: there is no such function")]
    NoFunction {
        /// The name.
        function: String,
    },
    /// A schedule has an interval that is not positive.
    #[error("follow the schedule {0}: its interval must be positive")]
    Schedule(String),
    /// A stream cannot be read.
    #[error("read the stream of {0}")]
    Stream(String),
    /// Versions of objects cannot be removed.
    #[error("remove replaced versions of objects")]
    Versions {
        /// What the system said.
        source: std::io::Error,
    },
    /// The state of the cloud cannot be kept.
    #[error("keep the state of the cloud")]
    Cloud(#[from] OpenError),
    /// The state of the delivery cannot be kept or read.
    #[error("keep the state of the delivery")]
    State {
        /// What the system said.
        source: std::io::Error,
    },
    /// Functions set each other off without end.
    #[error(
        "deliver: more than {MOST_AT_ONE_MOMENT} deliveries at {0}, functions set each other off"
    )]
    Endless(Moment),
}

/// What one step did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// One function was invoked.
    Delivered(Delivered),
    /// Nothing is due; more is at `next`, if anything is to happen at all.
    Idle {
        /// The next moment at which something is due.
        next: Option<Moment>,
    },
}

/// One invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The function.
    pub function: String,
    /// Where the event came from.
    pub origin: Origin,
    /// Which try it was, counted from 1.
    pub attempt: u32,
    /// The function's error, if it failed. A batch of which the function reported
    /// items as failed has none.
    pub error: Option<FunctionError>,
}

/// What was delivered since the delivery was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Invocations by function, retries included.
    pub invocations: BTreeMap<String, u64>,
    /// Function errors by function.
    pub errors: BTreeMap<String, u64>,
    /// Invocations that were not the first try.
    pub retries: u64,
    /// Events and batches that were given up.
    pub undelivered: u64,
}

impl Stats {
    pub(super) fn count(&mut self, delivered: &Delivered) {
        *self.invocations.entry(delivered.function.clone()).or_default() += 1;
        if delivered.error.is_some() {
            *self.errors.entry(delivered.function.clone()).or_default() += 1;
        }
        self.retries += u64::from(delivered.attempt > 1);
    }
}
