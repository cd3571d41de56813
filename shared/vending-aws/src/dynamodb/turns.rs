//! Turns: a string set of holders for each resource. Taking and giving back are one
//! update each, and repeat without harm.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use vending::ports::{CouldNotAsk, Turns};

use super::DynamoDbLedger;
use super::attributes::{HOLDERS, number, set_of, string, turns_id};

const TAKE: &str = "take a turn";
const GIVE_BACK: &str = "give a turn back";

#[async_trait]
impl Turns for DynamoDbLedger {
    async fn take(&self, resource: &str, holder: &str, places: usize) -> Result<bool, CouldNotAsk> {
        // The condition takes a set that is not there for one with room.
        if places == 0 {
            return Ok(false);
        }
        let take = |update: UpdateItemFluentBuilder| {
            update
                .update_expression("ADD #holders :holders")
                .condition_expression(
                    "attribute_not_exists(#holders) OR size(#holders) < :places OR contains(#holders, :holder)",
                )
                .expression_attribute_names("#holders", HOLDERS)
                .expression_attribute_values(":holders", set_of(holder))
                .expression_attribute_values(":holder", string(holder))
                .expression_attribute_values(":places", number(&places))
        };
        self.update_control(TAKE, &turns_id(resource), take).await
    }

    async fn give_back(&self, resource: &str, holder: &str) -> Result<(), CouldNotAsk> {
        let give_back = |update: UpdateItemFluentBuilder| {
            update
                .update_expression("DELETE #holders :holders")
                .expression_attribute_names("#holders", HOLDERS)
                .expression_attribute_values(":holders", set_of(holder))
        };
        self.update_control(GIVE_BACK, &turns_id(resource), give_back).await.map(drop)
    }
}
