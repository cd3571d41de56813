//! What operators do: try FAILED entries again, cancel QUEUED ones, pause and resume
//! launching, and have Service Catalog asked about what is in flight. First a plan, which says for each entry what would be done or why not;
//! then the plan is applied, to exactly what it was made of.

pub mod access;
mod entries;
mod launching;
mod reconcile;

pub use entries::{Chosen, Done, Intent, Plan, Planned, WhyNot, apply, plan};
pub use launching::{PausePlan, ResumePlan, pause, plan_pause, plan_resume, resume};
pub use reconcile::{Outlook, Reconciled, Reconciling, apply_reconcile, plan_reconcile};

use crate::ports::{Clock, Ledger};

/// The world as operators need it.
#[derive(Clone, Copy)]
pub struct Operating<'a> {
    /// The ledger.
    pub ledger: &'a dyn Ledger,
    /// The present moment.
    pub clock: &'a dyn Clock,
}
