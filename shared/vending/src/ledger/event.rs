//! Everything that can happen to an entry.

use super::{BatchId, Operator, ProvisionToken, ProvisionedProductId, RecordId, Step, Timestamp};
use crate::account::{AccountId, AccountRequest};
use crate::failure::Failure;

/// What happened to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one at a time, which lives for as long as a transition takes"
)]
pub enum Event {
    /// A file asks for the account (again).
    Requested {
        /// What it asks for.
        request: AccountRequest,
        /// The batch.
        batch: BatchId,
        /// The line in its file.
        line: u64,
        /// When the file was uploaded, as S3 has it.
        uploaded_at: Timestamp,
    },
    /// An operator asks for it again, as it is.
    Retried {
        /// Who asks.
        by: Operator,
    },
    /// An operator does not want it launched.
    Cancelled {
        /// Who says so.
        by: Operator,
    },
    /// A slot was taken for it.
    Claimed {
        /// The token of the launch.
        token: ProvisionToken,
        /// When to ask Service Catalog, unless an event comes first.
        check_at: Timestamp,
    },
    /// Account Factory took the launch.
    Asked {
        /// The provisioned product.
        product: ProvisionedProductId,
        /// The record of the launch.
        record: RecordId,
    },
    /// Service Catalog was asked, and Control Tower is still at work.
    StillAtWork {
        /// When to ask again.
        check_at: Timestamp,
        /// The account, where one is known to exist already.
        account: Option<AccountId>,
    },
    /// Control Tower cannot do it now; it is to be launched again later.
    ToldToWait {
        /// Not before this moment.
        until: Timestamp,
        /// Control Tower's words.
        reason: String,
    },
    /// Control Tower finished, and the account is usable.
    AccountMade {
        /// The account.
        account: AccountId,
    },
    /// The launch ended without a usable account.
    LaunchFailed {
        /// Why, and what to do.
        failure: Failure,
        /// The account, where one was made all the same.
        account: Option<AccountId>,
    },
    /// The launch has gone on for longer than any launch should.
    Overdue {
        /// What is told about it.
        failure: Failure,
    },
    /// Access and portfolios were decided, or some came further.
    Progressed {
        /// All steps, as they stand now.
        steps: Vec<Step>,
    },
    /// Every step is done.
    Configured {
        /// All steps.
        steps: Vec<Step>,
    },
    /// Every step is settled, and some failed.
    AccessFailed {
        /// All steps.
        steps: Vec<Step>,
        /// Why, and what to do.
        failure: Failure,
    },
    /// What there was to tell of the entry, as it stands, is out.
    Announced,
}

impl Event {
    /// The event's name, for errors and logs: without what a row holds.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Retried { .. } => "retried",
            Self::Cancelled { .. } => "cancelled",
            Self::Claimed { .. } => "claimed",
            Self::Asked { .. } => "asked",
            Self::StillAtWork { .. } => "still at work",
            Self::ToldToWait { .. } => "told to wait",
            Self::AccountMade { .. } => "account made",
            Self::LaunchFailed { .. } => "launch failed",
            Self::Overdue { .. } => "overdue",
            Self::Progressed { .. } => "progressed",
            Self::Configured { .. } => "configured",
            Self::AccessFailed { .. } => "access failed",
            Self::Announced => "announced",
        }
    }
}
