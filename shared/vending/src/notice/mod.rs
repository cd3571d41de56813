//! What people are told, in plain words: what happened, what it means, what to do.

mod about;
mod account;
mod batch;
mod links;
mod message;
mod portfolios;
mod subject;
mod table;

use serde::{Deserialize, Serialize};

pub use about::About;
pub use account::{
    account_failed, account_had_failed, account_ready, launching_paused, outside_failed,
};
pub use batch::{batch_complete, batch_refused, batch_taken};
pub use links::{Console, Links};
pub use message::Message;
pub use portfolios::{
    portfolios_complete, portfolios_failed, portfolios_refused, portfolios_taken,
};
pub use subject::Subject;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// A batch is in the ledger.
    BatchTaken,
    /// A batch was refused.
    BatchRefused,
    /// Every row of a batch is READY or FAILED.
    BatchComplete,
    /// An account is READY.
    AccountReady,
    /// An account FAILED.
    AccountFailed,
    /// An account made outside Vend could not be given the defaults.
    OutsideFailed,
    /// Something that a portfolio file asks for failed.
    PortfoliosFailed,
    /// All that a portfolio file asks for has ended.
    PortfoliosComplete,
    /// Launching is paused.
    LaunchingPaused,
}

impl NoticeKind {
    /// The word subscribers filter on.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BatchTaken => "batch-taken",
            Self::BatchRefused => "batch-refused",
            Self::BatchComplete => "batch-complete",
            Self::AccountReady => "account-ready",
            Self::AccountFailed => "account-failed",
            Self::OutsideFailed => "outside-failed",
            Self::PortfoliosFailed => "portfolios-failed",
            Self::PortfoliosComplete => "portfolios-complete",
            Self::LaunchingPaused => "launching-paused",
        }
    }
}

/// Something people are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// The subject line.
    pub subject: Subject,
    /// The text, but for where to look closer.
    pub body: String,
    /// The facts.
    pub about: About,
}

impl Notice {
    /// Bytes of text that are kept: SNS takes 256 KiB for a message with all its forms.
    pub const BODY_KEPT: usize = 200 * 1024;

    fn new(kind: NoticeKind, subject: &str, mut body: String, about: About) -> Self {
        if body.len() > Self::BODY_KEPT {
            let end = body.floor_char_boundary(Self::BODY_KEPT);
            body.truncate(end);
            body.push_str("\n… (the rest is in the results file)\n");
        }
        Self { kind, subject: Subject::new(subject), body, about }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_kept_as_far_as_sns_takes_it() {
        let told = |kilobytes: usize| {
            Notice::new(NoticeKind::BatchTaken, "s", "x".repeat(kilobytes << 10), About::default())
        };
        assert_eq!(told(200).body.len(), 200 << 10);
        let cut = told(201).body;
        assert!(cut.ends_with("x\n… (the rest is in the results file)\n"));
        assert!(cut.len() < 201 << 10, "{}", cut.len());
    }
}
