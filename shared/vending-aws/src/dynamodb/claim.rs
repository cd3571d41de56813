//! Taking a slot: launching's set of names and the entry, in one transaction.
//! Reserved concurrency is not a lock; this is.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use vending::ledger::{Entry, Timestamp};
use vending::ports::{Claim, CouldNotAsk};

use super::actions::{put_version, update};
use super::attributes::{
    ACCOUNT_NAME, IN_FLIGHT, LAUNCHING, NOT_BEFORE, PAUSED_SINCE, RawItem, control_key, number,
    set_of, string,
};
use super::moment::Moment;
use super::transaction::{Transacted, is_condition, write_together};
use super::{DYNAMODB, DynamoDbLedger, item};
use crate::calls::could_not;

const CLAIM: &str = "claim a slot";

/// Launching is on, and there is a free slot or the name has one.
const FREE: &str = "attribute_not_exists(#paused) \
    AND (attribute_not_exists(#not_before) OR #not_before <= :now) \
    AND (attribute_not_exists(#in_flight) OR size(#in_flight) < :slots OR contains(#in_flight, :name))";

impl DynamoDbLedger {
    /// See [`Ledger::claim`](vending::ports::Ledger::claim).
    pub(super) async fn claim_slot(
        &self,
        before: &Entry,
        after: &Entry,
        slots: usize,
        now: Timestamp,
    ) -> Result<Claim, CouldNotAsk> {
        // The condition takes a set that is not there for one with room.
        if slots == 0 {
            return Ok(Claim::NoSlot);
        }
        let item = item::write(after).map_err(could_not(DYNAMODB, CLAIM))?;
        let actions =
            self.claim_actions(before, item, slots, now).map_err(could_not(DYNAMODB, CLAIM))?;
        match write_together(&self.client, CLAIM, &actions).await? {
            Transacted::Written => Ok(Claim::Taken),
            Transacted::Cancelled(reasons) if reasons.first().is_some_and(is_condition) => {
                Ok(Claim::NoSlot)
            }
            Transacted::Cancelled(_) => Ok(Claim::Changed),
        }
    }

    fn claim_actions(
        &self,
        before: &Entry,
        item: RawItem,
        slots: usize,
        now: Timestamp,
    ) -> Result<[TransactWriteItem; 2], BuildError> {
        let name = before.request.name.as_str();
        let slot = Update::builder()
            .table_name(&self.tables.control)
            .set_key(Some(control_key(LAUNCHING)))
            .update_expression("ADD #in_flight :names")
            .condition_expression(FREE)
            .expression_attribute_names("#in_flight", IN_FLIGHT)
            .expression_attribute_names("#paused", PAUSED_SINCE)
            .expression_attribute_names("#not_before", NOT_BEFORE)
            .expression_attribute_values(":names", set_of(name))
            .expression_attribute_values(":name", string(name))
            .expression_attribute_values(":slots", number(&slots))
            .expression_attribute_values(":now", string(Moment(now).to_string()))
            .build()?;
        let entry = put_version(&self.tables.accounts, item, ACCOUNT_NAME, Some(before.version))?;
        Ok([update(slot), entry])
    }
}
