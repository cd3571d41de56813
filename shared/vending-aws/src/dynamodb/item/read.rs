//! From the columns back to the entry.

use vending::account::{AccountRequest, OrganizationalUnit, SsoUser};
use vending::failure::Failure;
use vending::ledger::{
    ByHand, Entry, Launch, ProvisionedProductId, RecordId, State, Status, Timestamp,
};

use super::{Item, UnreadableItem, UntoldItem, asked, to_steps};
use crate::dynamodb::moment::Moment;

/// A column that does not go with the others.
#[derive(Debug)]
pub(super) struct Wrong {
    attribute: &'static str,
    problem: &'static str,
}

impl Wrong {
    /// The error about the item of that name.
    pub(super) fn of(self, item: String) -> UnreadableItem {
        let Self { attribute, problem } = self;
        UnreadableItem { item, attribute: attribute.to_owned(), problem: problem.to_owned() }
    }
}

impl TryFrom<Item> for Entry {
    type Error = Wrong;

    fn try_from(mut item: Item) -> Result<Self, Wrong> {
        let (launch, state) = (launch(&mut item)?, state(&mut item)?);
        let by_hand = by_hand(&mut item)?;
        let untold = std::mem::take(&mut item.untold).into_iter().map(UntoldItem::read).collect();
        let steps =
            to_steps(std::mem::take(&mut item.assignments), std::mem::take(&mut item.portfolios));
        let steps =
            steps.map_err(|problem| Wrong { attribute: "Assignments or Portfolios", problem })?;
        Ok(Self {
            batch: item.batch_id.clone(),
            line: item.line,
            uploaded_at: item.uploaded_at.unwrap_or(item.queued_at).0,
            queued_at: item.queued_at.0,
            attempt: item.attempt,
            waits: item.waits,
            launch,
            account: item.account_id.take(),
            decided: item.decided.unwrap_or(!steps.is_empty()),
            steps,
            state,
            configuring_at: item.configuring_at.map(|at| at.0),
            finished_at: item.finished_at.map(|at| at.0),
            untold,
            by_hand,
            history: Vec::new(),
            version: item.version,
            request: request(item)?,
        })
    }
}

fn request(item: Item) -> Result<AccountRequest, Wrong> {
    let unit = OrganizationalUnit::parse(&item.org_unit);
    let access = asked::read(&item.asked_assignments, item.asked_portfolios, item.defaults);
    Ok(AccountRequest {
        name: item.account_name,
        email: item.account_email,
        sso_user: SsoUser {
            email: item.sso_user_email,
            first_name: item.sso_user_first_name,
            last_name: item.sso_user_last_name,
        },
        unit: unit
            .ok_or(Wrong { attribute: "OrgUnit", problem: "is not of the form Name (ou-id)" })?,
        requester: item.requester_email,
        access: access.map_err(|problem| Wrong { attribute: "AskedAssignments", problem })?,
    })
}

fn launch(item: &mut Item) -> Result<Option<Launch>, Wrong> {
    let Some(token) = item.provision_token.take() else { return Ok(None) };
    let started_at = needed(item.started_at, "StartedAt")?.0;
    Ok(Some(Launch { token, started_at, product: product(item)? }))
}

fn product(item: &mut Item) -> Result<Option<(ProvisionedProductId, RecordId)>, Wrong> {
    match (item.provisioned_product_id.take(), item.record_id.take()) {
        (Some(product), Some(record)) => Ok(Some((product, record))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(missing("RecordId")),
        (None, Some(_)) => Err(missing("ProvisionedProductId")),
    }
}

fn by_hand(item: &mut Item) -> Result<Option<ByHand>, Wrong> {
    let Some(order) = item.last_order else { return Ok(None) };
    let by = needed(item.ordered_by.take(), "OrderedBy")?;
    Ok(Some(ByHand { order, by, at: needed(item.ordered_at, "OrderedAt")?.0 }))
}

fn state(item: &mut Item) -> Result<State, Wrong> {
    Ok(match item.status {
        Status::Queued => State::Queued {
            not_before: item.not_before.map(moment),
            waiting_for: item.waiting_for.take(),
        },
        Status::Provisioning => {
            State::Provisioning { check_at: needed(item.check_at, "CheckAt")?.0 }
        }
        Status::Configuring => State::Configuring,
        Status::Ready => State::Ready { announced: needed(item.announced, "Announced")? },
        Status::Failed => State::Failed {
            stage: needed(item.failed_stage, "FailedStage")?,
            failure: failure(item)?,
            launch_open: needed(item.launch_open, "LaunchOpen")?,
            announced: needed(item.announced, "Announced")?,
        },
    })
}

fn failure(item: &mut Item) -> Result<Failure, Wrong> {
    let kind = needed(item.failure_kind, "FailureKind")?;
    Ok(Failure { kind, detail: item.failure_detail.take().unwrap_or_default() })
}

fn moment(moment: Moment) -> Timestamp {
    moment.0
}

fn needed<T>(value: Option<T>, attribute: &'static str) -> Result<T, Wrong> {
    value.ok_or_else(|| missing(attribute))
}

fn missing(attribute: &'static str) -> Wrong {
    Wrong { attribute, problem: "is missing, and the status asks for it" }
}
