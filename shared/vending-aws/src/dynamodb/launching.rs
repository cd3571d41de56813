//! Launching as a whole: the slots, the hold, the pause and the streak, in one item.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use chrono::TimeDelta;
use serde::Deserialize;
use vending::account::AccountName;
use vending::failure::FailureKind;
use vending::ledger::{Launching, Operator, Pause, Resumed, Streak, Timestamp, Took};
use vending::ports::CouldNotAsk;

use super::attributes::{
    ID, IN_FLIGHT, LAUNCHING, NOT_BEFORE, PAUSED_SINCE, RawItem, control_key, number, set_of,
    string,
};
use super::item::{UnreadableItem, from_raw};
use super::moment::Moment;
use super::transaction::write_alone;
use super::{DYNAMODB, DynamoDbLedger};
use crate::calls::could_not;

const READ: &str = "read the state of launching";
const FREE: &str = "free a slot";
const HOLD: &str = "hold launching";
const PAUSE: &str = "pause launching";
const RESUME: &str = "resume launching";
const TICKED: &str = "note the end of a tick";
const COUNT: &str = "count shared failures";

/// What a pause is written as, besides since when.
const PAUSE_REASON: &str = "PauseReason";
const PAUSE_ANNOUNCED: &str = "PauseAnnounced";
const PAUSED_BY: &str = "PausedBy";

/// How many seconds the last launches took that made accounts, by place.
pub(super) const TOOK: [&str; Took::PLACES] = ["Took0", "Took1", "Took2", "Took3"];

/// The item as it is read; every write changes some of it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LaunchingItem {
    #[serde(default)]
    in_flight: BTreeSet<AccountName>,
    not_before: Option<Moment>,
    paused_since: Option<Moment>,
    pause_reason: Option<String>,
    pause_announced: Option<bool>,
    paused_by: Option<Operator>,
    resumed_by: Option<Operator>,
    resumed_at: Option<Moment>,
    ticked_at: Option<Moment>,
    streak_kind: Option<FailureKind>,
    streak_rows: Option<u32>,
    took0: Option<i64>,
    took1: Option<i64>,
    took2: Option<i64>,
    took3: Option<i64>,
}

impl From<LaunchingItem> for Launching {
    fn from(item: LaunchingItem) -> Self {
        let pause = item.paused_since.map(|since| Pause {
            since: since.0,
            reason: item.pause_reason.unwrap_or_default(),
            announced: item.pause_announced.unwrap_or_default(),
            by: item.paused_by,
        });
        let resumed = item.resumed_by.zip(item.resumed_at);
        let streak =
            item.streak_kind.zip(item.streak_rows).map(|(kind, rows)| Streak { kind, rows });
        Self {
            in_flight: item.in_flight,
            hold_until: item.not_before.map(|at| at.0),
            pause,
            resumed: resumed.map(|(by, at)| Resumed { by, at: at.0 }),
            streak,
            ticked_at: item.ticked_at.map(|at| at.0),
            took: [item.took0, item.took1, item.took2, item.took3]
                .map(|seconds| seconds.and_then(TimeDelta::try_seconds)),
        }
    }
}

/// The state of launching that `item` is.
pub(super) fn read(item: RawItem) -> Result<Launching, UnreadableItem> {
    from_raw::<LaunchingItem>(item, ID).map(Launching::from)
}

impl DynamoDbLedger {
    /// See [`Ledger::launching`](vending::ports::Ledger::launching).
    pub(super) async fn read_launching(&self) -> Result<Launching, CouldNotAsk> {
        let item = self.get(&self.tables.control, control_key(LAUNCHING)).await?;
        item.map_or(Ok(Launching::default()), read).map_err(could_not(DYNAMODB, READ))
    }

    /// See [`Ledger::hold`](vending::ports::Ledger::hold).
    pub(super) async fn hold_launching(&self, until: Timestamp) -> Result<(), CouldNotAsk> {
        let hold = |update: UpdateItemFluentBuilder| {
            update
                .update_expression("SET #not_before = :until")
                .condition_expression("attribute_not_exists(#not_before) OR #not_before < :until")
                .expression_attribute_names("#not_before", NOT_BEFORE)
                .expression_attribute_values(":until", string(Moment(until).to_string()))
        };
        self.update_control(HOLD, LAUNCHING, hold).await.map(drop)
    }

    /// See [`Ledger::free_slot`](vending::ports::Ledger::free_slot).
    pub(super) async fn free_slot_of(&self, name: &AccountName) -> Result<(), CouldNotAsk> {
        let free = |update: UpdateItemFluentBuilder| {
            update
                .update_expression("DELETE #in_flight :name")
                .expression_attribute_names("#in_flight", IN_FLIGHT)
                .expression_attribute_values(":name", set_of(name.as_str()))
        };
        self.update_control(FREE, LAUNCHING, free).await.map(drop)
    }

    /// See [`Ledger::set_pause`](vending::ports::Ledger::set_pause). A pause is marked
    /// as announced only while it lasts: somebody may have resumed launching meanwhile.
    pub(super) async fn write_pause(&self, pause: &Pause) -> Result<(), CouldNotAsk> {
        let write = |update| paused(of_pause(update), pause);
        self.update_control(PAUSE, LAUNCHING, write).await.map(drop)
    }

    /// See [`Ledger::resume`](vending::ports::Ledger::resume).
    pub(super) async fn end_pause(&self, resumed: &Resumed) -> Result<(), CouldNotAsk> {
        let end = |update| {
            of_pause(update)
                .update_expression("REMOVE #since, #reason, #announced, #by SET #resumed_by = :by, #resumed_at = :at")
                .expression_attribute_names("#resumed_by", "ResumedBy")
                .expression_attribute_names("#resumed_at", "ResumedAt")
                .expression_attribute_values(":by", string(&resumed.by.0))
                .expression_attribute_values(":at", string(Moment(resumed.at).to_string()))
        };
        self.update_control(RESUME, LAUNCHING, end).await.map(drop)
    }

    /// See [`Ledger::ticked`](vending::ports::Ledger::ticked).
    pub(super) async fn note_tick(&self, now: Timestamp) -> Result<(), CouldNotAsk> {
        let note = |update: UpdateItemFluentBuilder| {
            update
                .update_expression("SET #ticked_at = :now")
                .condition_expression("attribute_not_exists(#ticked_at) OR #ticked_at < :now")
                .expression_attribute_names("#ticked_at", "TickedAt")
                .expression_attribute_values(":now", string(Moment(now).to_string()))
        };
        self.update_control(TICKED, LAUNCHING, note).await.map(drop)
    }

    /// See [`Ledger::set_streak`](vending::ports::Ledger::set_streak).
    pub(super) async fn write_streak(&self, streak: Option<Streak>) -> Result<(), CouldNotAsk> {
        let streak = streak
            .map(|Streak { kind, rows }| (serde_dynamo::to_attribute_value(kind), number(&rows)));
        let streak = streak.map(|(kind, rows)| kind.map(|kind| (kind, rows))).transpose();
        let streak = streak.map_err(could_not(DYNAMODB, COUNT))?;
        let write = |update: UpdateItemFluentBuilder| {
            let update = update.expression_attribute_names("#kind", "StreakKind");
            let update = update.expression_attribute_names("#rows", "StreakRows");
            match streak.clone() {
                None => update.update_expression("REMOVE #kind, #rows"),
                Some((kind, rows)) => update
                    .update_expression("SET #kind = :kind, #rows = :rows")
                    .expression_attribute_values(":kind", kind)
                    .expression_attribute_values(":rows", rows),
            }
        };
        self.update_control(COUNT, LAUNCHING, write).await.map(drop)
    }

    /// Updates an item of `control`; false when the update's condition does not hold.
    pub(super) async fn update_control(
        &self,
        operation: &'static str,
        id: &str,
        change: impl Fn(UpdateItemFluentBuilder) -> UpdateItemFluentBuilder,
    ) -> Result<bool, CouldNotAsk> {
        Ok(self.change_control(operation, id, change).await?.is_some())
    }

    /// Likewise; answers what of the item the update asks for, and `None` when its
    /// condition does not hold.
    pub(super) async fn change_control(
        &self,
        operation: &'static str,
        id: &str,
        change: impl Fn(UpdateItemFluentBuilder) -> UpdateItemFluentBuilder,
    ) -> Result<Option<RawItem>, CouldNotAsk> {
        let update = || {
            let update = self.client.update_item().table_name(&self.tables.control);
            change(update.set_key(Some(control_key(id)))).send()
        };
        match write_alone(operation, update).await? {
            Ok(updated) => Ok(Some(updated.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(None),
                _ => Err(could_not(DYNAMODB, operation)(error)),
            },
        }
    }
}

fn of_pause(update: UpdateItemFluentBuilder) -> UpdateItemFluentBuilder {
    update
        .expression_attribute_names("#since", PAUSED_SINCE)
        .expression_attribute_names("#reason", PAUSE_REASON)
        .expression_attribute_names("#announced", PAUSE_ANNOUNCED)
        .expression_attribute_names("#by", PAUSED_BY)
}

fn paused(update: UpdateItemFluentBuilder, pause: &Pause) -> UpdateItemFluentBuilder {
    let (set, by) = match &pause.by {
        Some(by) => (", #by = :by", Some(string(&by.0))),
        None => (" REMOVE #by", None),
    };
    let update = update
        .update_expression(format!(
            "SET #since = :since, #reason = :reason, #announced = :announced{set}"
        ))
        .expression_attribute_values(":since", string(Moment(pause.since).to_string()))
        .expression_attribute_values(":reason", string(&pause.reason))
        .expression_attribute_values(
            ":announced",
            aws_sdk_dynamodb::types::AttributeValue::Bool(pause.announced),
        );
    let update = match by {
        Some(by) => update.expression_attribute_values(":by", by),
        None => update,
    };
    if pause.announced { update.condition_expression("#since = :since") } else { update }
}
