//! The ledger's rows: what is known of each account request, and every way it can change.

mod batch;
mod entry;
mod event;
mod launching;
mod step;
mod transition;

pub use batch::{Batch, BatchId, ObjectRef};
pub use entry::{
    Entry, Launch, ProvisionToken, ProvisionedProductId, RecordId, Stage, State, Status,
};
pub use event::Event;
pub use launching::{Launching, Pause, Streak};
pub use step::{Grant, Portfolio, Principal, PrincipalKind, Progress, Step};
pub use transition::{IllegalEvent, Transition};

/// A moment, in UTC.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
