//! What an upload of a list would do: asked of the same function that intake decides by.

use anyhow::{Context, Result};
use vending::account::AccessRequest;
use vending::doctor::ports::Organization;
use vending::file::Sheet;
use vending::forecast::{Forecast, Line};
use vending::ingest::{Asking, Prepared, Preparing, RowPlan, prepare};
use vending::ledger::{BatchId, ObjectRef, Pause, Timestamp};
use vending::ports::{AccessDefaults, Ledger};
use vending_aws::operator::OrganizationsOverview;

use super::pace::pace;
use super::row::{Row, rows};
use crate::Exit;
use crate::stack::Stack;

/// Whether a list would be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All of it.
    Taken,
    /// But for the rows with faults.
    WithoutFaultyRows,
    /// Nothing of it.
    Refused,
}

impl Verdict {
    /// How a command ends that found this.
    pub(crate) fn exit(self) -> Exit {
        match self {
            Self::Taken => Exit::AllReady,
            Self::WithoutFaultyRows => Exit::SomeFailed,
            Self::Refused => Exit::Refused,
        }
    }

    /// The word for it in a document.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::WithoutFaultyRows => "takenWithoutFaultyRows",
            Self::Refused => "refused",
        }
    }
}

/// What an upload of a list would do.
#[derive(Debug)]
pub(crate) struct Outlook {
    /// The rows that are sound, and what is wrong with the others.
    pub(crate) prepared: Prepared,
    /// Every row of the list, in its order.
    pub(super) rows: Vec<Row>,
    /// When its accounts would be READY; none when it has nothing launched.
    pub(super) launches: Option<Launches>,
    /// The moment by AWS's answers.
    pub(super) now: Timestamp,
    /// What every account is given, unless its row says otherwise.
    pub(super) defaults: AccessRequest,
    accepts_valid_rows: bool,
}

/// The launches that a list asks for.
#[derive(Debug)]
pub(super) struct Launches {
    /// What is before them.
    pub(super) before: Line,
    /// When they will have ended.
    pub(super) forecast: Forecast,
    /// Launching is off.
    pub(super) pause: Option<Pause>,
    /// Accounts that are asked for and were not before.
    more: usize,
    /// Accounts that the organization has room for; none where that cannot be seen.
    pub(super) room: Option<usize>,
}

impl Launches {
    /// How many accounts are asked for, where the organization has no room for them.
    pub(super) fn too_many(&self) -> Option<usize> {
        let asked = self.before.waiting + self.more;
        (asked > self.room?).then_some(asked)
    }
}

impl Outlook {
    /// Asks what an upload of `sheet` would do at this moment; changes nothing.
    ///
    /// # Errors
    /// When AWS does not answer.
    pub(crate) async fn look(stack: &Stack, sheet: &Sheet) -> Result<Self> {
        let prepared = prepared(stack, sheet).await?;
        let accepts_valid_rows = stack.accept_valid_rows()?;
        let launches = match prepared.is_acceptable(accepts_valid_rows) {
            true => launches(stack, &prepared).await?,
            false => None,
        };
        let rows = rows(sheet, &prepared);
        let now = stack.clock().now();
        let AccessDefaults { assignments, portfolios, .. } = stack.defaults()?;
        let defaults = AccessRequest { assignments, portfolios, ..AccessRequest::default() };
        Ok(Self { prepared, rows, launches, now, defaults, accepts_valid_rows })
    }

    /// Whether the list would be taken.
    pub(crate) fn verdict(&self) -> Verdict {
        match self.prepared.is_acceptable(self.accepts_valid_rows) {
            false => Verdict::Refused,
            true if self.prepared.faults.is_empty() => Verdict::Taken,
            true => Verdict::WithoutFaultyRows,
        }
    }

    /// Whether no row would change anything.
    pub(crate) fn changes_nothing(&self) -> bool {
        self.prepared.rows.iter().all(vending::ingest::PlannedRow::changes_nothing)
    }
}

/// What intake would decide about `sheet` if it were uploaded at this moment.
///
/// # Errors
/// When AWS does not answer.
pub(crate) async fn prepared(stack: &Stack, sheet: &Sheet) -> Result<Prepared> {
    let world = Preparing {
        ledger: stack.ledger(),
        factory: &stack.factory(),
        directory: &stack.directory(),
        assignments: &stack.assignments()?,
        portfolios: &stack.portfolios(),
        defaults: &stack.defaults()?,
    };
    // No object has this batch yet: every upload is another version.
    let (bucket, key) = (stack.bucket()?.to_owned(), String::new());
    let batch = BatchId::of(&ObjectRef { bucket, key, version: None });
    let asking = Asking { batch, uploaded_at: stack.clock().now() };
    prepare(&world, &asking, sheet).await.context("check the list against the landing zone")
}

async fn launches(stack: &Stack, prepared: &Prepared) -> Result<Option<Launches>> {
    let count =
        |counts: fn(&RowPlan) -> bool| prepared.rows.iter().filter(|row| counts(&row.plan)).count();
    let more = count(|plan| matches!(plan, RowPlan::Queue | RowPlan::QueueAgain));
    let waiting = count(|plan| *plan == RowPlan::TakeValues);
    if more + waiting == 0 {
        return Ok(None);
    }
    let (ledger, now) = (stack.ledger(), stack.clock().now());
    let before = Line::look(ledger, stack.max_in_flight()?, now).await;
    let before = before.context("see what waits already")?;
    let pace = pace(stack, prepared).await?;
    let forecast = Forecast::of(&before.clone().and(more), &pace, now);
    let pause = match before.paused {
        true => ledger.launching().await.context("read why launching is paused")?.pause,
        false => None,
    };
    let room = room(stack, prepared).await;
    Ok(Some(Launches { before, forecast, pause, more, room }))
}

/// Accounts that the organization has room for, if the quota may be seen: it is a help here,
/// and the doctor says what is missing.
async fn room(stack: &Stack, prepared: &Prepared) -> Option<usize> {
    let overview = OrganizationsOverview::new(stack.clients(), stack.region());
    let quota = overview.account_quota().await.ok()?;
    Some(quota.saturating_sub(prepared.accounts()?))
}
