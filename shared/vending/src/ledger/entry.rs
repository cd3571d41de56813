//! One row of the ledger.

use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{BatchId, ByHand, Happening, Step, Timestamp, Took, Untold};
use crate::account::{AccountId, AccountRequest};
use crate::failure::Failure;

/// Our status of an account request; each holds while what it says is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Checked and accepted; nothing is asked of AWS for it.
    Queued,
    /// It holds a slot and its provision token is decided; Account Factory has
    /// been, or is about to be, asked.
    Provisioning,
    /// Control Tower finished and the account id is known; the slot is free
    /// again, access and portfolios are under way.
    Configuring,
    /// Every assignment succeeded and every portfolio is shared.
    Ready,
    /// It needs a person; the failure says the cause and the remedy.
    Failed,
}

impl Status {
    /// Every status, in the order an account goes through them.
    pub const ALL: [Self; 5] =
        [Self::Queued, Self::Provisioning, Self::Configuring, Self::Ready, Self::Failed];

    /// The word people see.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Provisioning => "PROVISIONING",
            Self::Configuring => "CONFIGURING",
            Self::Ready => "READY",
            Self::Failed => "FAILED",
        }
    }

    /// Whether an entry rests here until a person does something.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Ready | Self::Failed => true,
            Self::Queued | Self::Provisioning | Self::Configuring => false,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where an account request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Account Factory did not deliver a usable account.
    Provision,
    /// The account is there; access or a portfolio is not.
    Access,
}

impl Stage {
    /// The word people see.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provision => "provision",
            Self::Access => "access",
        }
    }
}

/// The idempotency token of one `ProvisionProduct` call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProvisionToken(pub String);

/// The id of a provisioned product, `pp-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProvisionedProductId(pub String);

/// The id of a Service Catalog record, `rec-…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub String);

/// The last launch of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The token every repetition of the call carries.
    pub token: ProvisionToken,
    /// When the slot was taken.
    pub started_at: Timestamp,
    /// What Account Factory answered, once it has.
    pub product: Option<(ProvisionedProductId, RecordId)>,
}

/// Where an entry stands, with what matters only there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// See [`Status::Queued`].
    Queued {
        /// Not to be launched before this moment.
        not_before: Option<Timestamp>,
        /// What it was told to wait for, in Control Tower's words.
        waiting_for: Option<String>,
    },
    /// See [`Status::Provisioning`].
    Provisioning {
        /// When Service Catalog is to be asked next, unless an event comes first.
        check_at: Timestamp,
    },
    /// See [`Status::Configuring`].
    Configuring,
    /// See [`Status::Ready`].
    Ready {
        /// Whether the notice is out.
        announced: bool,
    },
    /// See [`Status::Failed`].
    Failed {
        /// Where it failed.
        stage: Stage,
        /// Why, and what to do.
        failure: Failure,
        /// Control Tower is still at work on it: the slot stays taken until it ends.
        launch_open: bool,
        /// Whether the notice is out.
        announced: bool,
    },
}

/// One row of the ledger: an account request and all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What was asked for.
    pub request: AccountRequest,
    /// The batch that asked last.
    pub batch: BatchId,
    /// The row's line in that batch's file, 1-based.
    pub line: u64,
    /// When that batch was uploaded, as S3 has it: what is older asks for nothing.
    pub uploaded_at: Timestamp,
    /// When it was queued; its place in the queue, before batch and line.
    pub queued_at: Timestamp,
    /// 1 for the first attempt; a wait counts for none.
    pub attempt: u32,
    /// How often this attempt was told to wait.
    pub waits: u32,
    /// The last launch, if there was one.
    pub launch: Option<Launch>,
    /// The account, as soon as one is known to exist. Always there when
    /// CONFIGURING or READY.
    pub account: Option<AccountId>,
    /// Access and portfolios; decided when handover first sees the account.
    pub steps: Vec<Step>,
    /// Whether the steps are what the request calls for: not before handover first sees the
    /// account, and not when access is tried again, which may be asked for otherwise by then.
    pub decided: bool,
    /// Where it stands.
    pub state: State,
    /// When it became CONFIGURING last.
    pub configuring_at: Option<Timestamp>,
    /// When it became READY or FAILED.
    pub finished_at: Option<Timestamp>,
    /// Failures that it went on from before anybody was told of them, oldest first.
    pub untold: Vec<Untold>,
    /// What an operator did with it last.
    pub by_hand: Option<ByHand>,
    /// What has happened to it, oldest first, in all attempts; none of it where it was
    /// written before histories were kept. For people: nothing is decided from it.
    pub history: Vec<Happening>,
    /// Counts the writes; every write names the version it replaces.
    pub version: u64,
}

impl Entry {
    /// The status people see.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.state {
            State::Queued { .. } => Status::Queued,
            State::Provisioning { .. } => Status::Provisioning,
            State::Configuring => Status::Configuring,
            State::Ready { .. } => Status::Ready,
            State::Failed { .. } => Status::Failed,
        }
    }

    /// Whether its name is among the slots.
    #[must_use]
    pub fn holds_slot(&self) -> bool {
        match self.state {
            State::Provisioning { .. } => true,
            State::Failed { launch_open, .. } => launch_open,
            State::Queued { .. } | State::Configuring | State::Ready { .. } => false,
        }
    }

    /// Whether there is an end of it, READY or FAILED, that nobody has been told of yet.
    #[must_use]
    pub fn is_unannounced(&self) -> bool {
        !self.untold.is_empty() || self.is_end_unannounced()
    }

    /// How long the launch took, where that has just made its account.
    #[must_use]
    pub fn took(&self) -> Option<Took> {
        let launch = self.launch.as_ref().filter(|_| self.status() == Status::Configuring)?;
        let time = TimeDelta::seconds((self.configuring_at? - launch.started_at).num_seconds());
        let places = u64::try_from(Took::PLACES).ok()?;
        Some(Took { place: usize::try_from(self.line % places).ok()?, time })
    }

    /// Whether it is READY or FAILED and nobody has been told of that yet.
    #[must_use]
    pub fn is_end_unannounced(&self) -> bool {
        match self.state {
            State::Ready { announced } | State::Failed { announced, .. } => !announced,
            State::Queued { .. } | State::Provisioning { .. } | State::Configuring => false,
        }
    }

    /// Its place in the queue: older first, then in file order.
    #[must_use]
    pub fn position(&self) -> String {
        let at = self.queued_at.format("%Y-%m-%dT%H:%M:%S%.3fZ");
        format!("{at}#{}#{:06}", self.batch, self.line)
    }

    /// The name its provisioned product has in Service Catalog, in every attempt.
    /// The prefix makes any account name fit `[a-zA-Z0-9][a-zA-Z0-9._-]*`.
    #[must_use]
    pub fn product_name(&self) -> String {
        format!("vend-{}", self.request.name)
    }

    /// The token of the launch that comes next: derived, so that after a crash
    /// the same call is sent again.
    #[must_use]
    pub fn next_token(&self) -> ProvisionToken {
        let AccountRequest { name, email, unit, .. } = &self.request;
        let Self { attempt, waits, .. } = self;
        let text = format!("{name}\n{}\n{}\n{attempt}\n{waits}", email.key(), unit.id);
        ProvisionToken(format!("{}{}", self.token_prefix(), digest(&text)))
    }

    /// Whether `token` is one that Vend launched this name with, in any attempt.
    #[must_use]
    pub fn launched_with(&self, token: &str) -> bool {
        token.starts_with(&self.token_prefix())
    }

    /// Whether both are of one attempt and one launch in it.
    #[must_use]
    pub fn is_same_launch(&self, other: &Self) -> bool {
        let token = |entry: &Self| entry.launch.as_ref().map(|launch| launch.token.clone());
        self.attempt == other.attempt && token(self) == token(other)
    }

    fn token_prefix(&self) -> String {
        format!("vend-{}-", digest(self.request.name.as_str()))
    }
}

/// The first 80 bits of the text's SHA-256, in hexadecimal.
fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, entry};

    #[test]
    fn a_token_is_derived_and_differs_by_attempt_and_wait() {
        let first = entry("alpha");
        let waited = Entry { waits: 1, ..first.clone() };
        let again = Entry { attempt: 2, ..first.clone() };
        assert_eq!(first.next_token(), entry("alpha").next_token());
        assert_ne!(first.next_token(), waited.next_token());
        assert_ne!(first.next_token(), again.next_token());
        assert!(first.launched_with(&again.next_token().0));
        assert!(!entry("beta").launched_with(&first.next_token().0));
    }

    #[test]
    fn a_token_and_a_product_name_fit_the_patterns_of_service_catalog() {
        let entry = entry("_-odd");
        let fits = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_alphanumeric())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
                && text.len() <= 128
        };
        assert!(fits(&entry.next_token().0));
        assert!(fits(&entry.product_name()));
    }

    #[test]
    fn the_queue_is_in_file_order() {
        let at = |line| Entry { line, ..entry("x") }.position();
        assert!(at(9) < at(10));
    }

    #[test]
    fn how_long_a_launch_took_is_known_when_its_account_is_there() {
        let configuring = testing::configuring("alpha");
        let took = Took { place: 2, time: TimeDelta::seconds(1_800) };
        assert_eq!(configuring.took(), Some(took));
        let line = Took::PLACES as u64 + 3;
        assert_eq!(Entry { line, ..configuring }.took().map(|it| it.place), Some(3));
        for other in [testing::provisioning("alpha"), testing::ready("alpha"), entry("alpha")] {
            assert_eq!(other.took(), None);
        }
    }

    #[test]
    fn another_attempt_and_another_launch_in_it_are_not_the_same_launch() {
        let launched = testing::provisioning("alpha");
        assert!(launched.is_same_launch(&testing::configuring("alpha")));
        let again = Entry { attempt: 2, ..launched.clone() };
        assert!(!launched.is_same_launch(&again) && !launched.is_same_launch(&entry("alpha")));
    }
}
