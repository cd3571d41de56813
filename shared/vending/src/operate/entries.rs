//! Retrying and cancelling entries: what would be done with each, and doing it.

use super::Operating;
use crate::Error;
use crate::account::AccountName;
use crate::advance::{Advance, advance_exactly};
use crate::ledger::{BatchId, Entry, Event, Operator, Order, Source, Stage, State, Status};

/// Which entries an order is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// Those of these names.
    Names(Vec<AccountName>),
    /// Those that a batch asked for last.
    Batch(BatchId),
}

/// What an order would do with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// It is queued again, for another launch.
    LaunchAgain,
    /// Its account is there: what failed of access and portfolios is tried again.
    AccessAgain,
    /// It is not launched, and FAILED as cancelled.
    Cancel,
}

/// Why an order does nothing with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    /// There is none.
    #[error("the ledger has no entry of that name")]
    Unknown,
    /// Only FAILED entries are retried.
    #[error("it is {0}, and only what is FAILED is retried")]
    NotFailed(Status),
    /// It is told as overdue, and Control Tower has not ended it.
    #[error("Control Tower is still at work on it")]
    StillAtWork,
    /// Only QUEUED entries are cancelled.
    #[error("it is {0}, and only what is QUEUED is cancelled")]
    NotQueued(Status),
}

/// What an order would do with one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The name.
    pub name: AccountName,
    /// The entry that stands there, if one does.
    pub entry: Option<Entry>,
    /// What would be done, or why not.
    pub intent: Result<Intent, WhyNot>,
}

/// What an order would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The order.
    pub order: Order,
    /// Each name, in the order in which they were given, or by line.
    pub rows: Vec<Planned>,
}

/// What became of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It is done.
    Done(Intent),
    /// Nothing was to be done.
    Not(WhyNot),
    /// The entry has changed since the plan was made: nothing was done.
    Changed,
}

/// Plans `order` for the entries that are `chosen`; changes nothing.
///
/// # Errors
/// When the ledger does not answer.
pub async fn plan(world: &Operating<'_>, order: Order, chosen: &Chosen) -> Result<Plan, Error> {
    let names = match chosen {
        Chosen::Names(names) => names.clone(),
        Chosen::Batch(id) => {
            let entries = world.ledger.batch_entries(id).await?;
            entries.into_iter().map(|entry| entry.request.name).collect()
        }
    };
    let entries = world.ledger.entries(&names).await?;
    let of = |name| entries.iter().find(|entry| entry.request.name == name).cloned();
    let rows = names.into_iter().map(|name| planned(order, name.clone(), of(name))).collect();
    Ok(Plan { order, rows })
}

fn planned(order: Order, name: AccountName, entry: Option<Entry>) -> Planned {
    let intent = match (&entry, order) {
        (None, Order::Retry | Order::Cancel) => Err(WhyNot::Unknown),
        (Some(entry), Order::Retry) => retry(entry),
        (Some(entry), Order::Cancel) => match entry.status() {
            Status::Queued => Ok(Intent::Cancel),
            status => Err(WhyNot::NotQueued(status)),
        },
    };
    Planned { name, entry, intent }
}

fn retry(entry: &Entry) -> Result<Intent, WhyNot> {
    match entry.state {
        State::Failed { launch_open: true, .. } => Err(WhyNot::StillAtWork),
        State::Failed { stage: Stage::Provision, .. } => Ok(Intent::LaunchAgain),
        State::Failed { stage: Stage::Access, .. } => Ok(Intent::AccessAgain),
        State::Queued { .. }
        | State::Provisioning { .. }
        | State::Configuring
        | State::Ready { .. } => Err(WhyNot::NotFailed(entry.status())),
    }
}

/// Does what the plan says, by the word of `by`; answers for each row, in its order.
/// Applying a plan twice changes nothing the second time.
///
/// # Errors
/// When the ledger does not answer; what was done until then is done.
pub async fn apply(world: &Operating<'_>, plan: &Plan, by: &Operator) -> Result<Vec<Done>, Error> {
    let mut done = Vec::with_capacity(plan.rows.len());
    for row in &plan.rows {
        done.push(apply_one(world, plan.order, row, by).await?);
    }
    Ok(done)
}

async fn apply_one(
    world: &Operating<'_>,
    order: Order,
    row: &Planned,
    by: &Operator,
) -> Result<Done, Error> {
    let (entry, intent) = match (&row.entry, row.intent) {
        (Some(entry), Ok(intent)) => (entry, intent),
        (None, Ok(_)) => return Ok(Done::Not(WhyNot::Unknown)),
        (_, Err(why)) => return Ok(Done::Not(why)),
    };
    let (source, by) = (Source::Operator(by.clone()), by.clone());
    let event = match order {
        Order::Retry => Event::Retried { by },
        Order::Cancel => Event::Cancelled { by },
    };
    Ok(match advance_exactly(world.ledger, world.clock, &source, entry, event).await? {
        Advance::Advanced(_) => Done::Done(intent),
        Advance::AlreadyThere | Advance::Overtaken => Done::Changed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, FailureKind};
    use crate::testing::{self, after, at};

    fn intent(order: Order, entry: &Entry) -> Result<Intent, WhyNot> {
        planned(order, entry.request.name.clone(), Some(entry.clone())).intent
    }

    fn overdue() -> Entry {
        let failure = Failure::new(FailureKind::Overdue, "");
        after(&testing::provisioning("alpha"), Event::Overdue { failure }, at(3_600))
    }

    fn access_failed() -> Entry {
        let failure = Failure::new(FailureKind::ShareFailed, "");
        let event = Event::AccessFailed { steps: Vec::new(), failure };
        after(&testing::configuring("alpha"), event, at(1_900))
    }

    #[test]
    fn only_what_failed_and_has_ended_is_retried() {
        let retry = |entry: &Entry| intent(Order::Retry, entry);
        assert_eq!(retry(&testing::failed("alpha")), Ok(Intent::LaunchAgain));
        assert_eq!(retry(&access_failed()), Ok(Intent::AccessAgain));
        assert_eq!(retry(&overdue()), Err(WhyNot::StillAtWork));
        for entry in [
            testing::entry("alpha"),
            testing::provisioning("alpha"),
            testing::configuring("alpha"),
            testing::ready("alpha"),
        ] {
            assert_eq!(retry(&entry), Err(WhyNot::NotFailed(entry.status())));
        }
    }

    #[test]
    fn only_what_is_queued_is_cancelled() {
        let cancel = |entry: &Entry| intent(Order::Cancel, entry);
        assert_eq!(cancel(&testing::entry("alpha")), Ok(Intent::Cancel));
        for entry in [testing::provisioning("alpha"), testing::failed("alpha"), overdue()] {
            assert_eq!(cancel(&entry), Err(WhyNot::NotQueued(entry.status())));
        }
    }

    #[test]
    fn a_plan_is_what_the_transition_does() {
        let by = || Operator("jane".into());
        for entry in [
            testing::entry("alpha"),
            testing::provisioning("alpha"),
            testing::configuring("alpha"),
            testing::ready("alpha"),
            testing::failed("alpha"),
            access_failed(),
            overdue(),
        ] {
            let advances = |event| {
                entry
                    .after(event, &Source::Operator(by()), at(9_000))
                    .is_ok_and(|it| matches!(it, crate::ledger::Transition::Advanced(_)))
            };
            let (retry, cancel) = (intent(Order::Retry, &entry), intent(Order::Cancel, &entry));
            assert_eq!(retry.is_ok(), advances(Event::Retried { by: by() }), "{entry:?}");
            assert_eq!(cancel.is_ok(), advances(Event::Cancelled { by: by() }), "{entry:?}");
        }
    }

    #[test]
    fn why_not_reads_after_the_name() {
        assert_eq!(
            WhyNot::NotFailed(Status::Ready).to_string(),
            "it is READY, and only what is FAILED is retried"
        );
    }
}
