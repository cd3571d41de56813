//! What accounts are given besides an entry, or without one: an item for each, and one that
//! names the open ones.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use serde::{Deserialize, Serialize};
use vending::account::AccountId;
use vending::ledger::Operator;
use vending::ports::{Asked, CouldNotAsk, DefaultAccess, OutsideAccount, OutsideAccounts};

use super::agenda::list;
use super::attributes::{ID, OUTSIDE, RawItem, VERSION, control_key, number, outside_id};
use super::item::{
    AssignmentItem, PortfolioItem, UnreadableItem, from_raw, from_steps, to_raw, to_steps,
};
use super::moment::Moment;
use super::transaction::{Transacted, write_together};
use super::{DYNAMODB, DynamoDbLedger};
use crate::calls::could_not;

pub(super) const READ: &str = "read the record of an account";
const SAVE: &str = "save the record of an account";

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OutsideItem {
    id: String,
    account_id: AccountId,
    #[serde(default)]
    assignments: Vec<AssignmentItem>,
    #[serde(default)]
    portfolios: Vec<PortfolioItem>,
    closed: bool,
    /// Records from before operators could ask have none.
    defaults: Option<DefaultAccess>,
    asked_by: Option<Operator>,
    asked_at: Option<Moment>,
    version: u64,
}

impl From<&OutsideAccount> for OutsideItem {
    fn from(outside: &OutsideAccount) -> Self {
        let (assignments, portfolios) = from_steps(&outside.steps);
        let OutsideAccount { account, closed, defaults, asked, version, .. } = outside.clone();
        let (asked_by, asked_at) = asked.map(|asked| (asked.by, Moment(asked.at))).unzip();
        Self {
            id: outside_id(&account),
            account_id: account,
            assignments,
            portfolios,
            closed,
            defaults: Some(defaults),
            asked_by,
            asked_at,
            version,
        }
    }
}

pub(super) fn read(item: RawItem) -> Result<OutsideAccount, UnreadableItem> {
    let item: OutsideItem = from_raw(item, ID)?;
    let steps = to_steps(item.assignments, item.portfolios).map_err(|problem| UnreadableItem {
        item: item.id,
        attribute: "Assignments or Portfolios".to_owned(),
        problem: problem.to_owned(),
    })?;
    let undecided = steps.is_empty() && !item.closed;
    let before = if undecided { DefaultAccess::Due } else { DefaultAccess::Decided };
    Ok(OutsideAccount {
        account: item.account_id,
        steps,
        closed: item.closed,
        defaults: item.defaults.unwrap_or(before),
        asked: item.asked_by.zip(item.asked_at).map(|(by, at)| Asked { by, at: at.0 }),
        version: item.version,
    })
}

#[async_trait]
impl OutsideAccounts for DynamoDbLedger {
    async fn outside(&self, id: &AccountId) -> Result<Option<OutsideAccount>, CouldNotAsk> {
        let item = self.get(&self.tables.control, control_key(outside_id(id))).await?;
        item.map(read).transpose().map_err(could_not(DYNAMODB, READ))
    }

    async fn save_outside(&self, account: &OutsideAccount) -> Result<bool, CouldNotAsk> {
        let item = to_raw(OutsideItem::from(account)).map_err(could_not(DYNAMODB, SAVE))?;
        let control = &self.tables.control;
        let put = put_next(control, item, account.version).map_err(could_not(DYNAMODB, SAVE))?;
        let listed = list(control, OUTSIDE, account.account.as_str(), !account.closed);
        let actions = [put, listed.map_err(could_not(DYNAMODB, SAVE))?];
        match write_together(&self.client, SAVE, &actions).await? {
            Transacted::Written => Ok(true),
            Transacted::Cancelled(_) => Ok(false),
        }
    }

    async fn outsiders(
        &self,
        ids: &BTreeSet<AccountId>,
    ) -> Result<Vec<OutsideAccount>, CouldNotAsk> {
        let keys = ids.iter().map(|id| control_key(outside_id(id))).collect();
        let items = self.get_many(&self.tables.control, keys).await?;
        let accounts = items.into_iter().map(read);
        accounts.collect::<Result<_, _>>().map_err(could_not(DYNAMODB, READ))
    }
}

/// Puts an item of that version in the place of the version before. The first one,
/// be it 0 or 1, stands where nothing stood.
fn put_next(control: &str, item: RawItem, version: u64) -> Result<TransactWriteItem, BuildError> {
    let condition = match version {
        0 => "attribute_not_exists(#id)",
        1 => "attribute_not_exists(#id) OR #version = :before",
        _ => "#version = :before",
    };
    let mut put =
        Put::builder().table_name(control).set_item(Some(item)).condition_expression(condition);
    if version <= 1 {
        put = put.expression_attribute_names("#id", ID);
    }
    if version >= 1 {
        put = put
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_values(":before", number(&(version - 1)));
    }
    put.build().map(|put| TransactWriteItem::builder().put(put).build())
}
