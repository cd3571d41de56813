//! Turns: a string set of holders for each resource, and for each holder the moment its
//! turn ends. Taking and giving back are one update each, and repeat without harm.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValue;
use vending::ledger::Timestamp;
use vending::ports::{CouldNotAsk, Turn, Turns};

use super::DynamoDbLedger;
use super::attributes::{HOLDERS, control_key, number, set_of, string, turns_id};

const TAKE: &str = "take a turn";
const GIVE_BACK: &str = "give a turn back";
const END: &str = "end a turn that nobody gave back";

/// The attribute that says when the turn of `holder` ends.
fn until(holder: &str) -> String {
    format!("Until {holder}")
}

#[async_trait]
impl Turns for DynamoDbLedger {
    async fn take(
        &self,
        resource: &str,
        holder: &str,
        places: usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Turn, CouldNotAsk> {
        // The condition takes a set that is not there for one with room.
        if places == 0 {
            return Ok(Turn::Refused);
        }
        let turn = self.try_take(resource, holder, places, until).await?;
        if turn.is_held() || !self.end_old_turns(resource, now).await? {
            return Ok(turn);
        }
        self.try_take(resource, holder, places, until).await
    }

    async fn give_back(&self, resource: &str, holder: &str) -> Result<(), CouldNotAsk> {
        let give_back = |update: UpdateItemFluentBuilder| {
            update
                .update_expression("DELETE #holders :holders REMOVE #until")
                .expression_attribute_names("#holders", HOLDERS)
                .expression_attribute_names("#until", until(holder))
                .expression_attribute_values(":holders", set_of(holder))
        };
        self.update_control(GIVE_BACK, &turns_id(resource), give_back).await.map(drop)
    }
}

impl DynamoDbLedger {
    async fn try_take(
        &self,
        resource: &str,
        holder: &str,
        places: usize,
        ends: Timestamp,
    ) -> Result<Turn, CouldNotAsk> {
        let take = |update: UpdateItemFluentBuilder| {
            update
                .update_expression("ADD #holders :holders SET #until = :until")
                .condition_expression(
                    "attribute_not_exists(#holders) OR size(#holders) < :places OR contains(#holders, :holder)",
                )
                .expression_attribute_names("#holders", HOLDERS)
                .expression_attribute_names("#until", until(holder))
                .expression_attribute_values(":until", number(&ends.timestamp()))
                .expression_attribute_values(":holders", set_of(holder))
                .expression_attribute_values(":holder", string(holder))
                .expression_attribute_values(":places", number(&places))
                .return_values(ReturnValue::UpdatedOld)
        };
        let before = self.change_control(TAKE, &turns_id(resource), take).await?;
        Ok(before.map_or(Turn::Refused, |before| {
            let held = before.get(HOLDERS).and_then(|it| it.as_ss().ok());
            let had = held.is_some_and(|held| held.iter().any(|it| it == holder));
            if had { Turn::Kept } else { Turn::Taken }
        }))
    }

    /// Ends the turns at `resource` that ended before `now`; whether there was one.
    async fn end_old_turns(&self, resource: &str, now: Timestamp) -> Result<bool, CouldNotAsk> {
        let id = turns_id(resource);
        let item = self.get(&self.tables.control, control_key(&id)).await?.unwrap_or_default();
        let holders = item.get(HOLDERS).and_then(|it| it.as_ss().ok()).cloned().unwrap_or_default();
        let mut ended = false;
        for holder in holders {
            let ends = item.get(&until(&holder)).and_then(|it| it.as_n().ok());
            let ends = ends.and_then(|ends| ends.parse::<i64>().ok()).unwrap_or_default();
            if ends <= now.timestamp() {
                ended |= self.end_turn(&id, &holder, ends).await?;
            }
        }
        Ok(ended)
    }

    /// Ends one turn, if it still is the one that ends then.
    async fn end_turn(&self, id: &str, holder: &str, ends: i64) -> Result<bool, CouldNotAsk> {
        let end = |update: UpdateItemFluentBuilder| {
            update
                .update_expression("DELETE #holders :holders REMOVE #until")
                .condition_expression("attribute_not_exists(#until) OR #until = :until")
                .expression_attribute_names("#holders", HOLDERS)
                .expression_attribute_names("#until", until(holder))
                .expression_attribute_values(":until", number(&ends))
                .expression_attribute_values(":holders", set_of(holder))
        };
        self.update_control(END, id, end).await
    }
}
