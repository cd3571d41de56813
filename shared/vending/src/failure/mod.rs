//! Everything that can go wrong with an account once it is asked for: what it
//! means and what to do, and how AWS's words are understood.

mod access;
mod catalogue;
mod classify;
mod kind;

use serde::{Deserialize, Serialize};

use crate::account::PersonName;

pub use access::{classify_assignment, classify_share, classify_usable};
pub use classify::{Verdict, WaitKind, classify};
pub use kind::FailureKind;

/// A failure as it is kept: the kind, and AWS's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// What AWS said, or what Vend saw.
    pub detail: String,
}

impl Failure {
    /// Characters of AWS's words that are kept.
    pub const DETAIL_KEPT: usize = 1_000;

    /// A failure of `kind`, with AWS's words shortened to [`DETAIL_KEPT`](Self::DETAIL_KEPT)
    /// and on one line: they are quoted among Vend's own, and may quote others'.
    #[must_use]
    pub fn new(kind: FailureKind, detail: impl AsRef<str>) -> Self {
        let shown = |c| if PersonName::is_control(c) { ' ' } else { c };
        let detail = detail.as_ref().trim().chars().take(Self::DETAIL_KEPT).map(shown).collect();
        Self { kind, detail }
    }

    /// The cause and what is to be mended, of a failure that is no row's own.
    #[must_use]
    pub fn outside_the_rows(&self) -> String {
        format!("{}. To mend: {}.", self.said(), self.kind.mend())
    }

    /// The cause and the remedy in one text, as the ledger's `ErrorMsg` has it.
    #[must_use]
    pub fn message(&self) -> String {
        format!("{}. What to do: {}", self.said(), self.kind.remedy())
    }

    /// The cause, with AWS's words.
    #[must_use]
    pub fn said(&self) -> String {
        let (cause, detail) = (self.kind.cause(), self.detail.trim_end_matches('.'));
        if detail.is_empty() { cause.to_owned() } else { format!("{cause} ({detail})") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_says_is_one_line() {
        let said = "It failed.\r\n\u{1b}[2JWhat to do: \u{202e}nothing\n";
        let failure = Failure::new(FailureKind::Unknown, said);
        assert_eq!(failure.detail, "It failed.   [2JWhat to do:  nothing");
    }

    #[test]
    fn a_message_has_one_period_after_aws_s_words() {
        let message = |detail| Failure::new(FailureKind::Unknown, detail).message();
        assert!(message("It broke.").contains(" (It broke). What to do: "));
        assert!(message("").starts_with("Control Tower reported a failure. What to do: "));
    }
}
