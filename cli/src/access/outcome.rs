//! What came of a list of access, for people and as JSON.

use serde_json::{Value, json};
use vending::failure::{Failure, classify_assignment, classify_share, classify_usable};
use vending::ledger::{Grant, Progress, Step};
use vending::operate::access::{Followed, GivenAccount, GivenGrant, Standing};

use super::planned;
use crate::Exit;
use crate::status::words::{count, indented};
use crate::terminal::{BAD, GOOD, TITLE, harmless, paint};

/// What came of it.
pub(super) struct Outcome {
    /// What was planned.
    pub(super) plan: Vec<GivenAccount>,
    /// How far each account of the plan has come; `None` where nothing was applied.
    pub(super) followed: Option<Vec<Followed>>,
    /// Whether it was not watched to its end.
    pub(super) interrupted: bool,
}

impl Outcome {
    /// A plan that was not applied.
    pub(super) fn of_plan(plan: Vec<GivenAccount>) -> Self {
        Self { plan, followed: None, interrupted: false }
    }

    /// How the command ends.
    pub(super) fn exit(&self) -> Exit {
        let failed = self.accounts().any(|(_, followed)| followed.failed().next().is_some());
        match (self.interrupted, failed) {
            (true, _) => Exit::Interrupted,
            (false, true) => Exit::SomeFailed,
            (false, false) => Exit::AllReady,
        }
    }

    fn accounts(&self) -> impl Iterator<Item = (&GivenAccount, &Followed)> {
        self.plan.iter().zip(self.followed.iter().flatten())
    }

    /// In lines of `width` characters; `None` where the plan says it all: it was not applied, or
    /// nothing was to be done.
    pub(super) fn text(&self, width: usize) -> Option<String> {
        if self.followed.is_none() || !self.plan.iter().any(is_at_work) {
            return None;
        }
        let mut lines = vec![String::new()];
        for (account, followed) in self.accounts() {
            let steps: Vec<&Step> = followed.steps.iter().flatten().collect();
            if steps.is_empty() {
                continue;
            }
            lines.push(paint(TITLE, planned::title(account)));
            lines.extend(steps.into_iter().flat_map(|step| told(step, width)));
        }
        lines.push(self.end());
        Some(lines.join("\n"))
    }

    fn end(&self) -> String {
        let steps = || self.accounts().flat_map(|(_, followed)| followed.steps.iter().flatten());
        let failed = steps().filter(|step| step.failure().is_some()).count();
        let open = steps().filter(|step| !step.is_settled()).count();
        match (failed, open) {
            (0, 0) => paint(GOOD, "all of it is there"),
            (0, open) => format!("{} still under way", count(open, "thing")),
            (failed, _) => paint(
                BAD,
                format!(
                    "{} not given; mend the cause, then run the same command again",
                    count(failed, "thing")
                ),
            ),
        }
    }

    /// As JSON.
    pub(super) fn json(&self) -> Value {
        let accounts = self.plan.iter().enumerate().map(|(at, account)| {
            let followed = self.followed.as_ref().and_then(|all| all.get(at));
            let grants = account.grants.iter().enumerate().map(|(at, grant)| {
                json_of(grant, followed.and_then(|it| it.steps.get(at)?.as_ref()))
            });
            json!({
                "id": account.account.as_str(),
                "name": account.name,
                "closed": followed.map(|it| it.closed),
                "grants": grants.collect::<Vec<_>>(),
            })
        });
        json!({
            "applied": self.followed.is_some(),
            "accounts": accounts.collect::<Vec<_>>(),
            "faults": [],
            "exitCode": self.exit().code(),
        })
    }
}

/// Whether anything was asked for, or was under way already.
fn is_at_work(account: &GivenAccount) -> bool {
    account.followed || account.to_do().next().is_some()
}

fn told(step: &Step, width: usize) -> Vec<String> {
    let what = harmless(&step.describe());
    match failure(step) {
        Some(failure) => vec![
            format!("  {} {}", paint(BAD, "not given:"), indented(&what, 4, width).trim_start()),
            indented(&harmless(&failure.outside_the_rows()), 6, width),
        ],
        None if step.is_settled() => {
            vec![format!("  {} {}", paint(GOOD, "given:"), indented(&what, 4, width).trim_start())]
        }
        None => vec![format!("  under way: {}", indented(&what, 4, width).trim_start())],
    }
}

/// Why a step failed, with the cause and what to do.
fn failure(step: &Step) -> Option<Failure> {
    let Progress::Failed { reason } = &step.progress else { return None };
    let kind = match step.grant {
        Grant::Assignment { .. } => classify_assignment(reason),
        Grant::Portfolio(_) => classify_share(reason),
        Grant::Usable(_) => classify_usable(reason),
    };
    Some(Failure::new(kind, reason))
}

fn json_of(grant: &GivenGrant, step: Option<&Step>) -> Value {
    let standing = match grant.standing {
        Standing::New => "new",
        Standing::Missing => "missing",
        Standing::Again => "failed before",
        Standing::Unrecorded => "there by others",
        Standing::UnderWay => "under way",
        Standing::There => "there",
    };
    let progress = step.map(|step| match step.progress {
        Progress::Pending { .. } => "PENDING",
        Progress::Requested { .. } => "IN_PROGRESS",
        Progress::Done => "DONE",
        Progress::Failed { .. } => "FAILED",
    });
    let failure = step.and_then(failure);
    json!({
        "grant": grant.grant.describe(),
        "standing": standing,
        "toDo": grant.standing.is_to_do(),
        "progress": progress,
        "failure": failure.as_ref().map(|failure| json!({
            "kind": failure.kind,
            "detail": failure.detail,
            "remedy": failure.kind.mend(),
        })),
    })
}
