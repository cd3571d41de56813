//! What a search has met: transitions, outcomes, faults, and what it never did.

use std::collections::BTreeMap;
use std::fmt::Write;

use landing_zone::model::service_catalog::Outcome;
use vending::failure::FailureKind;
use vending::ledger::{Entry, Stage, State, Status};

use crate::gate::Fate;

/// Every transition that changes an entry: where it stood, and what happened.
pub const TRANSITIONS: [(&str, &str); 25] = [
    ("nothing", "requested"),
    ("QUEUED", "requested"),
    ("FAILED", "requested (launch again)"),
    ("FAILED", "requested (access again)"),
    ("FAILED", "retried (launch again)"),
    ("FAILED", "retried (access again)"),
    ("QUEUED", "cancelled"),
    ("QUEUED", "claimed"),
    ("PROVISIONING", "asked"),
    ("PROVISIONING", "still at work"),
    ("PROVISIONING", "told to wait"),
    ("QUEUED", "account made"),
    ("PROVISIONING", "account made"),
    ("FAILED", "account made"),
    ("PROVISIONING", "launch failed"),
    ("FAILED", "launch failed (overdue before)"),
    ("PROVISIONING", "overdue"),
    ("CONFIGURING", "progressed"),
    ("CONFIGURING", "configured"),
    ("CONFIGURING", "access failed"),
    ("READY", "announced"),
    ("FAILED", "announced"),
    ("QUEUED", EARLIER),
    ("PROVISIONING", EARLIER),
    ("CONFIGURING", EARLIER),
];

/// A failure is told that the entry has gone on from.
const EARLIER: &str = "announced (an earlier failure)";

/// What else happens, beside the fates of calls.
pub const HAPPENINGS: [&str; 36] = [
    "delivery repeated",
    "delivery lost",
    "delivery out of order",
    "delivery after a failure",
    "delivery given up",
    "function timed out",
    "invocations interleaved",
    "index read stale",
    "clock jumped hours",
    "operations of others",
    "file uploaded",
    "file uploaded again",
    "row asking for access besides the defaults",
    "row asking for access instead of the defaults",
    "row asking for access that there is not",
    "file with a taken e-mail",
    "launching paused by an operator",
    "launching resumed",
    "MaxInFlight changed",
    "account finished by hand",
    "account finished in Service Catalog",
    "entries retried by an operator",
    "entries cancelled by an operator",
    "reconciled by an operator",
    "launch path taken away",
    "name gone that rows ask for",
    "row superseded by a later list",
    "clock set back",
    "clock set forward",
    "results file brought up to date",
    "results file written by another meanwhile",
    "portfolio file uploaded",
    "portfolio file of the same content uploaded",
    "portfolio file refused",
    "portfolio order READY",
    "portfolio order FAILED",
];

/// The calls that keep results files, each of which is to fail.
pub const OF_RESULTS_FILES: [&str; 2] = ["results_of", "replace_results"];

/// The calls that only portfolio files come to, each of which is to fail.
pub const OF_PORTFOLIO_FILES: [&str; 8] = [
    "owned",
    "accounts_in",
    "place_orders",
    "save_portfolio_batch",
    "save_order",
    "is_shared_with_unit",
    "share_with_unit",
    "unit_share_status",
];

/// Counts of what was met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    counts: BTreeMap<(&'static str, String), u64>,
}

const TRANSITION: &str = "transition";
const OUTCOME: &str = "outcome";
const HAPPENING: &str = "happening";
const CALL: &str = "call";
const CAUSE: &str = "cause";
const FAULTED: &str = "faulted call";

impl Coverage {
    fn count(&mut self, table: &'static str, what: impl Into<String>) {
        *self.counts.entry((table, what.into())).or_default() += 1;
    }

    /// Something of [`HAPPENINGS`] happened.
    pub fn happened(&mut self, what: &'static str) {
        self.count(HAPPENING, what);
    }

    /// A call was made, and turned out like that.
    pub fn call(&mut self, call: &str, fate: Fate) {
        match fate {
            Fate::Fine => self.count(CALL, "calls made"),
            fault => {
                self.count(HAPPENING, fault.name());
                self.count(FAULTED, call);
            }
        }
    }

    /// A launch was accepted for a name with that outcome.
    pub fn launched(&mut self, outcome: Outcome) {
        self.count(OUTCOME, outcome.to_string());
    }

    /// An entry changed.
    pub fn changed(&mut self, before: Option<&Entry>, after: &Entry) {
        let (status, event) = transition(before, after);
        self.count(TRANSITION, format!("{status} x {event}"));
        if let State::Failed { failure, .. } = &after.state
            && after.is_end_unannounced()
        {
            self.count(CAUSE, format!("{:?}", failure.kind));
        }
    }

    /// Adds what another run met.
    pub fn add(&mut self, other: &Self) {
        for (key, count) in &other.counts {
            *self.counts.entry(key.clone()).or_default() += count;
        }
    }

    /// How often it was met.
    #[must_use]
    pub fn of(&self, table: &'static str, what: &str) -> u64 {
        self.counts.get(&(table, what.to_owned())).copied().unwrap_or_default()
    }

    /// What was never met of transitions, outcomes, happenings and failing calls.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        expected()
            .into_iter()
            .filter(|(table, what)| self.of(table, what) == 0)
            .map(|(table, what)| format!("{table}: {what}"))
            .collect()
    }

    /// The counts, one a line, with what was never met.
    #[must_use]
    pub fn report(&self) -> String {
        let mut text = String::new();
        let mut last = "";
        for ((table, what), count) in &self.counts {
            if last != *table {
                // Writing to a string does not fail.
                writeln!(text, "{table}:").unwrap_or_default();
                last = table;
            }
            writeln!(text, "  {count:>10}  {what}").unwrap_or_default();
        }
        let missing = self.missing();
        if missing.is_empty() {
            text.push_str(
                "never met: nothing; all transitions, outcomes and kinds of faults were\n",
            );
        } else {
            text.push_str(&format!("never met: {}\n", missing.join("; ")));
        }
        text
    }
}

fn expected() -> Vec<(&'static str, String)> {
    let transitions = TRANSITIONS.iter().map(|(from, to)| (TRANSITION, format!("{from} x {to}")));
    let outcomes = Outcome::ALL.iter().map(|outcome| (OUTCOME, outcome.to_string()));
    let happenings = HAPPENINGS.iter().map(|what| (HAPPENING, (*what).to_owned()));
    let faults = Fate::FAULTS.iter().map(|fault| (HAPPENING, fault.name().to_owned()));
    let files = OF_RESULTS_FILES
        .iter()
        .chain(&OF_PORTFOLIO_FILES)
        .map(|call| (FAULTED, (*call).to_owned()));
    transitions.chain(outcomes).chain(happenings).chain(faults).chain(files).collect()
}

/// Which transition made `after` of `before`.
#[must_use]
pub fn transition(before: Option<&Entry>, after: &Entry) -> (&'static str, &'static str) {
    let Some(before) = before else { return ("nothing", "requested") };
    let product = |entry: &Entry| entry.launch.as_ref().and_then(|launch| launch.product.clone());
    let by_hand = before.by_hand != after.by_hand;
    let event = match (before.status(), after.status()) {
        (Status::Queued | Status::Provisioning | Status::Configuring, _)
            if before.state == after.state && before.untold.len() > after.untold.len() =>
        {
            EARLIER
        }
        (Status::Queued, Status::Failed) => "cancelled",
        (Status::Failed, Status::Queued) if by_hand => "retried (launch again)",
        (Status::Failed, Status::Configuring) if by_hand => "retried (access again)",
        (Status::Queued, Status::Queued) => "requested",
        (Status::Queued, Status::Provisioning) => "claimed",
        (Status::Provisioning, Status::Provisioning) if product(before) != product(after) => {
            "asked"
        }
        (Status::Provisioning, Status::Provisioning) => "still at work",
        (Status::Provisioning, Status::Queued) => "told to wait",
        (Status::Provisioning, Status::Failed) if after.holds_slot() => "overdue",
        (Status::Provisioning, Status::Failed) => "launch failed",
        (Status::Failed, Status::Queued) => "requested (launch again)",
        (Status::Failed, Status::Configuring) if failed_at(before) == Some(Stage::Access) => {
            "requested (access again)"
        }
        (Status::Queued | Status::Provisioning | Status::Failed, Status::Configuring) => {
            "account made"
        }
        (Status::Failed, Status::Failed) if before.holds_slot() && !after.holds_slot() => {
            "launch failed (overdue before)"
        }
        (Status::Configuring, Status::Configuring) => "progressed",
        (Status::Configuring, Status::Ready) => "configured",
        (Status::Configuring, Status::Failed) => "access failed",
        (Status::Ready, Status::Ready) | (Status::Failed, Status::Failed) => "announced",
        (Status::Queued | Status::Provisioning | Status::Configuring | Status::Ready, _)
        | (Status::Failed, Status::Provisioning | Status::Ready) => "impossible",
    };
    (before.status().as_str(), event)
}

fn failed_at(entry: &Entry) -> Option<Stage> {
    match entry.state {
        State::Failed { stage, .. } => Some(stage),
        State::Queued { .. }
        | State::Provisioning { .. }
        | State::Configuring
        | State::Ready { .. } => None,
    }
}

/// Whether `kind` is a cause that the landing zone produces for an account with
/// these outcomes; `clash` is whether its e-mail is also another's.
#[must_use]
pub fn explains(kind: FailureKind, planned: &[Outcome], clash: bool) -> bool {
    let outcome = match kind {
        FailureKind::EmailInUse if clash => return true,
        FailureKind::EmailInUse => Outcome::EmailInUse,
        FailureKind::AccountQuota => Outcome::Quota,
        FailureKind::UnitNotRegistered => Outcome::UnregisteredOu,
        FailureKind::PermissionMissing => Outcome::Denied,
        FailureKind::NameTaken => Outcome::NameTaken,
        FailureKind::RoleNotAssumable => Outcome::Failed,
        FailureKind::VpcInUse => Outcome::Tainted,
        FailureKind::InvalidParameters => Outcome::Refused,
        FailureKind::Overdue => Outcome::Overdue,
        // The general kind stands for several reasons at once.
        FailureKind::PermissionSetQuota | FailureKind::AssignmentFailed => Outcome::AccessFails,
        FailureKind::ShareIncomplete | FailureKind::ShareFailed => Outcome::ShareFails,
        FailureKind::CreationFailed => Outcome::FailedNoId,
        FailureKind::NoLaunchPath
        | FailureKind::EmailRefused
        | FailureKind::BillingIncomplete
        | FailureKind::AccountMoved
        | FailureKind::ConfigInTheWay
        | FailureKind::AccountNotClean
        | FailureKind::PrincipalGone
        | FailureKind::KeyDenied
        | FailureKind::HandoverDenied
        | FailureKind::AccessBusy
        | FailureKind::AccessOverdue
        | FailureKind::SharingOff
        | FailureKind::ShareQuota
        | FailureKind::ShareOfShare
        | FailureKind::PortfolioGone
        | FailureKind::NoWayIn
        | FailureKind::MemberDenied
        | FailureKind::MemberQuota
        | FailureKind::PrincipalMissing
        | FailureKind::ConstraintInTheWay
        | FailureKind::NotUsable
        | FailureKind::Unknown
        | FailureKind::Cancelled
        | FailureKind::Drift
        | FailureKind::ProductGone
        | FailureKind::AccessUnknown => return false,
    };
    planned.contains(&outcome)
}
