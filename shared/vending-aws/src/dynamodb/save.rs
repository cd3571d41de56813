//! Writing an entry in the place of the one before, with what changes beside it.

use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemOutput};
use aws_sdk_dynamodb::types::{ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use vending::ledger::Entry;
use vending::ports::{CouldNotAsk, Saved};

use super::actions::put_version;
use super::agenda::list;
use super::attributes::{ACCOUNT_NAME, BATCHES, RawItem, VERSION, number};
use super::changes::{Counts, free_slot};
use super::transaction::{Transacted, write_alone, write_together};
use super::{DYNAMODB, DynamoDbLedger, item};
use crate::calls::could_not;

const SAVE: &str = "save an entry";

impl DynamoDbLedger {
    /// See [`Ledger::save`](vending::ports::Ledger::save).
    pub(super) async fn save_entry(
        &self,
        before: &Entry,
        after: &Entry,
    ) -> Result<Saved, CouldNotAsk> {
        let item = item::write(after).map_err(could_not(DYNAMODB, SAVE))?;
        let beside = self.beside(before, after).map_err(could_not(DYNAMODB, SAVE))?;
        if beside.is_empty() {
            self.put(before, item).await
        } else {
            self.put_with(before, item, beside).await
        }
    }

    fn beside(&self, before: &Entry, after: &Entry) -> Result<Vec<TransactWriteItem>, BuildError> {
        let mut counts = Counts::default();
        counts.count(Some(before), after);
        let mut actions = counts.updates(&self.tables.control)?;
        for batch in counts.reopened() {
            actions.push(list(&self.tables.control, BATCHES, batch.as_str(), true)?);
        }
        if before.holds_slot() && !after.holds_slot() {
            actions.push(free_slot(&self.tables.control, after)?);
        }
        Ok(actions)
    }

    async fn put(&self, before: &Entry, item: RawItem) -> Result<Saved, CouldNotAsk> {
        let put = || {
            self.client.put_item().table_name(&self.tables.accounts).set_item(Some(item.clone()))
        };
        let put = || {
            put()
                .condition_expression("#version = :version")
                .expression_attribute_names("#version", VERSION)
                .expression_attribute_values(":version", number(&before.version))
                .return_values_on_condition_check_failure(
                    ReturnValuesOnConditionCheckFailure::AllOld,
                )
                .send()
        };
        match write_alone(SAVE, put).await? {
            Ok(PutItemOutput { .. }) => Ok(Saved::Saved),
            Err(error) => match replaced(&error) {
                // An attempt whose answer was lost had written it.
                Some(found) if *found == item => Ok(Saved::Saved),
                Some(_) => Ok(Saved::Changed),
                None => refused(error),
            },
        }
    }

    async fn put_with(
        &self,
        before: &Entry,
        item: RawItem,
        beside: Vec<TransactWriteItem>,
    ) -> Result<Saved, CouldNotAsk> {
        let put = put_version(&self.tables.accounts, item, ACCOUNT_NAME, Some(before.version));
        let mut actions = vec![put.map_err(could_not(DYNAMODB, SAVE))?];
        actions.extend(beside);
        match write_together(&self.client, SAVE, &actions).await? {
            Transacted::Written => Ok(Saved::Saved),
            Transacted::Cancelled(_) => Ok(Saved::Changed),
        }
    }
}

/// What stood in the way of a write whose condition failed.
fn replaced(error: &SdkError<PutItemError>) -> Option<&RawItem> {
    match error.as_service_error()? {
        PutItemError::ConditionalCheckFailedException(failed) => failed.item(),
        _ => None,
    }
}

fn refused(error: SdkError<PutItemError>) -> Result<Saved, CouldNotAsk> {
    let changed =
        error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception);
    if changed { Ok(Saved::Changed) } else { Err(could_not(DYNAMODB, SAVE)(error)) }
}
