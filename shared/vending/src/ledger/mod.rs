//! The ledger's rows: what is known of each account request, and every way it can change.

mod agenda;
mod batch;
mod by_hand;
mod detail;
mod entry;
mod event;
mod history;
mod launching;
mod portfolio;
mod portfolio_order;
mod step;
mod transition;
mod untold;

pub use crate::account::PrincipalKind;
pub use agenda::Agenda;
pub use batch::{Batch, BatchId, ObjectRef};
pub use by_hand::{ByHand, Operator, Order};
pub use entry::{
    Entry, Launch, ProvisionToken, ProvisionedProductId, RecordId, Stage, State, Status,
};
pub use event::Event;
pub use history::{Happening, Source};
pub use launching::{Launching, Pause, Resumed, Streak, Took};
pub use portfolio::{MemberStep, Portfolio, PortfolioPrincipal, PortfolioUse};
pub use portfolio_order::{Aim, OrderState, PortfolioBatch, PortfolioOrder, RowPlace, Unreached};
pub use step::{Grant, Principal, Progress, Step};
pub use transition::{IllegalEvent, Transition};
pub use untold::Untold;

/// A moment, in UTC.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
