//! Access and portfolios as lists in an item: what people want to see of them first,
//! and what it takes to read them back.

use serde::{Deserialize, Serialize};
use vending::ledger::{
    Grant, MemberStep, Portfolio, PortfolioUse, Principal, PrincipalKind, Progress, Step,
};

use crate::dynamodb::moment::Moment;

/// A permission set for a principal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AssignmentItem {
    permission_set: String,
    permission_set_arn: String,
    principal_type: PrincipalKind,
    principal_id: String,
    principal_name: String,
    #[serde(flatten)]
    progress: ProgressItem,
}

/// A portfolio that is shared, or one thing that makes it usable in the account.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PortfolioItem {
    portfolio_id: String,
    portfolio_name: String,
    /// What is done in the account; none where the portfolio is shared.
    in_account: Option<MemberStep>,
    #[serde(flatten)]
    progress: ProgressItem,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProgressItem {
    /// Its place among all steps of the entry.
    step: usize,
    status: StepWord,
    tries: Option<u32>,
    not_before: Option<Moment>,
    /// What the outcome is asked with.
    request_id: Option<String>,
    requested_at: Option<Moment>,
    reason: Option<String>,
    note: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum StepWord {
    Pending,
    InProgress,
    Done,
    Failed,
}

/// The lists that `steps` are.
pub(crate) fn from_steps(steps: &[Step]) -> (Vec<AssignmentItem>, Vec<PortfolioItem>) {
    let (mut assignments, mut portfolios) = (Vec::new(), Vec::new());
    for (place, step) in steps.iter().enumerate() {
        let progress = ProgressItem::of(step, place);
        match step.grant.clone() {
            Grant::Assignment { permission_set, permission_set_name, principal } => {
                assignments.push(AssignmentItem {
                    permission_set: permission_set_name,
                    permission_set_arn: permission_set,
                    principal_type: principal.kind,
                    principal_id: principal.id,
                    principal_name: principal.name,
                    progress,
                });
            }
            Grant::Portfolio(portfolio) => {
                portfolios.push(PortfolioItem::of(portfolio, None, progress));
            }
            Grant::Usable(PortfolioUse { portfolio, step }) => {
                portfolios.push(PortfolioItem::of(portfolio, Some(step), progress));
            }
        }
    }
    (assignments, portfolios)
}

/// The steps that the lists are.
pub(crate) fn to_steps(
    assignments: Vec<AssignmentItem>,
    portfolios: Vec<PortfolioItem>,
) -> Result<Vec<Step>, &'static str> {
    let assignments = assignments.into_iter().map(AssignmentItem::into_parts);
    let mut parts: Vec<_> =
        assignments.chain(portfolios.into_iter().map(PortfolioItem::into_parts)).collect();
    parts.sort_by_key(|(_, progress)| progress.step);
    let step = |(grant, mut progress): (Grant, ProgressItem)| {
        let note = progress.note.take();
        Ok(Step { grant, progress: progress.read()?, note })
    };
    parts.into_iter().map(step).collect()
}

impl AssignmentItem {
    fn into_parts(self) -> (Grant, ProgressItem) {
        let principal = Principal {
            kind: self.principal_type,
            id: self.principal_id,
            name: self.principal_name,
        };
        let grant = Grant::Assignment {
            permission_set: self.permission_set_arn,
            permission_set_name: self.permission_set,
            principal,
        };
        (grant, self.progress)
    }
}

impl PortfolioItem {
    fn of(portfolio: Portfolio, in_account: Option<MemberStep>, progress: ProgressItem) -> Self {
        let Portfolio { id: portfolio_id, name: portfolio_name } = portfolio;
        Self { portfolio_id, portfolio_name, in_account, progress }
    }

    fn into_parts(self) -> (Grant, ProgressItem) {
        let portfolio = Portfolio { id: self.portfolio_id, name: self.portfolio_name };
        let grant = match self.in_account {
            None => Grant::Portfolio(portfolio),
            Some(step) => Grant::Usable(PortfolioUse { portfolio, step }),
        };
        (grant, self.progress)
    }
}

impl ProgressItem {
    fn of(of: &Step, step: usize) -> Self {
        let bare = |status| Self {
            step,
            note: of.note.clone(),
            status,
            tries: None,
            not_before: None,
            request_id: None,
            requested_at: None,
            reason: None,
        };
        match &of.progress {
            Progress::Pending { tries, not_before } => Self {
                tries: Some(*tries),
                not_before: not_before.map(Moment),
                ..bare(StepWord::Pending)
            },
            Progress::Requested { ticket, since, tries } => Self {
                tries: Some(*tries),
                request_id: Some(ticket.clone()),
                requested_at: Some(Moment(*since)),
                ..bare(StepWord::InProgress)
            },
            Progress::Done => bare(StepWord::Done),
            Progress::Failed { reason } => {
                Self { reason: Some(reason.clone()), ..bare(StepWord::Failed) }
            }
        }
    }

    fn read(self) -> Result<Progress, &'static str> {
        Ok(match self.status {
            StepWord::Pending => Progress::Pending {
                tries: self.tries.unwrap_or_default(),
                not_before: self.not_before.map(|at| at.0),
            },
            StepWord::InProgress => Progress::Requested {
                ticket: self.request_id.ok_or("one is IN_PROGRESS without a RequestId")?,
                since: self.requested_at.ok_or("one is IN_PROGRESS without RequestedAt")?.0,
                tries: self.tries.unwrap_or_default(),
            },
            StepWord::Done => Progress::Done,
            StepWord::Failed => Progress::Failed { reason: self.reason.unwrap_or_default() },
        })
    }
}
