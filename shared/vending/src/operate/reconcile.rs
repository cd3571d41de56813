//! Reconciling by hand: asking Service Catalog about everything in flight now, instead of
//! when it is due. What follows is judged and done as a tick of `provision` does it.

use crate::Error;
use crate::account::AccountName;
use crate::ledger::{Entry, Operator, Progress, Status, Step};
use crate::ports::{OpenWork, ProductReport};
use crate::provision::{self, Finding, Found, Provisioning};

/// What reconciling would do about one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciling {
    /// The name.
    pub name: AccountName,
    /// The entry that stands there, if one does.
    pub entry: Option<Entry>,
    /// What Service Catalog says of its product now, where it says anything.
    pub product: Option<ProductReport>,
    /// What would be done.
    pub outlook: Outlook,
}

/// What reconciling would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlook {
    /// What follows from what was found out about its launch.
    Settle(Finding),
    /// It is CONFIGURING: `handover` carries it on every minute, and nothing is done here.
    /// What is not given yet, in words.
    Handover(Vec<String>),
    /// It holds a slot and is no longer in the ledger: its slot is freed.
    FreeSlot,
    /// It has gone on since its slot was seen: nothing is to be done.
    GoneOn,
    /// Service Catalog does not answer about it: nothing is done. Why, with all causes.
    NotAnswered(String),
}

impl Outlook {
    /// Whether applying it does anything.
    #[must_use]
    pub fn does_something(&self) -> bool {
        match self {
            // A launch that is to be asked for again is left to the next tick.
            Self::Settle(Finding::NotYet | Finding::AskAgain)
            | Self::Handover(_)
            | Self::GoneOn
            | Self::NotAnswered(_) => false,
            Self::Settle(_) | Self::FreeSlot => true,
        }
    }
}

/// What became of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconciled {
    /// It was settled, and stands there now.
    Now(Status),
    /// Its slot was freed.
    SlotFreed,
    /// Nothing was to be done.
    Nothing,
    /// It is another launch, or another entry, than the plan was made of: nothing was done.
    Changed,
    /// A dependency did not answer. Why, with all causes.
    NotAnswered(String),
}

/// Plans reconciling everything that holds a slot, and lists what is CONFIGURING; by name
/// in each. Changes nothing.
///
/// # Errors
/// When the ledger does not answer.
pub async fn plan_reconcile(world: &Provisioning<'_>) -> Result<Vec<Reconciling>, Error> {
    let in_flight = world.ledger.launching().await?.in_flight;
    let names: Vec<AccountName> = in_flight.into_iter().collect();
    let entries = world.ledger.entries(&names).await?;
    let mut rows = Vec::new();
    for name in names {
        let entry = entries.iter().find(|entry| entry.request.name == name).cloned();
        rows.push(in_flight_now(world, name, entry).await);
    }
    let mut configuring = world.ledger.open(OpenWork::Configuring).await?;
    configuring.sort_by(|one, other| one.request.name.cmp(&other.request.name));
    rows.extend(configuring.into_iter().map(handed_over));
    Ok(rows)
}

async fn in_flight_now(
    world: &Provisioning<'_>,
    name: AccountName,
    entry: Option<Entry>,
) -> Reconciling {
    let (product, outlook) = match &entry {
        None => (None, Outlook::FreeSlot),
        Some(entry) if !entry.holds_slot() => (None, Outlook::GoneOn),
        Some(entry) => match provision::find(world, entry, None).await {
            Ok(Found { product, finding, .. }) => (product, Outlook::Settle(finding)),
            Err(error) => (None, Outlook::NotAnswered(error.chain())),
        },
    };
    Reconciling { name, entry, product, outlook }
}

fn handed_over(entry: Entry) -> Reconciling {
    let open = entry.steps.iter().filter(|step| !step.is_settled()).map(open_step);
    let outlook = Outlook::Handover(open.collect());
    Reconciling { name: entry.request.name.clone(), entry: Some(entry), product: None, outlook }
}

/// A step that is not done, in words.
fn open_step(step: &Step) -> String {
    let stands = match &step.progress {
        Progress::Requested { .. } => "under way",
        Progress::Pending { tries: 0, .. } => "not asked for yet",
        Progress::Pending { .. } => "told to wait",
        Progress::Done | Progress::Failed { .. } => "settled",
    };
    format!("{}: {stands}", step.describe())
}

/// Does what the plan says, by the word of `by`; answers for each row, in its order. What
/// has gone on since the plan was made is found out anew, and settled by that. One that
/// cannot be asked about keeps none of the others.
///
/// # Errors
/// Never for one row; when the ledger does not answer about launching as a whole.
pub async fn apply_reconcile(
    world: &Provisioning<'_>,
    plan: &[Reconciling],
    by: &Operator,
) -> Result<Vec<Reconciled>, Error> {
    let (mut done, mut any_made) = (Vec::with_capacity(plan.len()), false);
    for row in plan {
        let one = apply_one(world, row, by, &mut any_made).await;
        done.push(one.unwrap_or_else(|error| Reconciled::NotAnswered(error.chain())));
    }
    if any_made {
        // An account was made, which ends a streak of failures.
        world.ledger.set_streak(None).await?;
    }
    Ok(done)
}

async fn apply_one(
    world: &Provisioning<'_>,
    row: &Reconciling,
    by: &Operator,
    any_made: &mut bool,
) -> Result<Reconciled, Error> {
    if !row.outlook.does_something() {
        return Ok(Reconciled::Nothing);
    }
    let now = world.ledger.entry(&row.name).await?;
    match (&row.entry, now) {
        (None, None) => {
            world.ledger.free_slot(&row.name).await?;
            Ok(Reconciled::SlotFreed)
        }
        (Some(before), Some(now)) if before.is_same_launch(&now) && now.holds_slot() => {
            *any_made |= provision::settle_by(world, by, &now).await?;
            let after = world.ledger.entry(&row.name).await?.unwrap_or(now);
            Ok(Reconciled::Now(after.status()))
        }
        (_, _) => Ok(Reconciled::Changed),
    }
}
