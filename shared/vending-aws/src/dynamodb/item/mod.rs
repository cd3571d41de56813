//! An entry as an item of `accounts`: the columns people watch, and back.

mod asked;
mod history;
mod raw;
mod read;
mod steps;
#[cfg(test)]
pub(super) mod tests;
mod untold;
mod write;

use serde::{Deserialize, Serialize};
use vending::account::{AccountId, AccountName, EmailAddress, PersonName};
use vending::failure::FailureKind;
use vending::ledger::{
    BatchId, Entry, Operator, Order, ProvisionToken, ProvisionedProductId, RecordId, Stage, Status,
};

use super::attributes::{ACCOUNT_NAME, RawItem};
use super::moment::Moment;
use asked::DefaultsWord;
pub(super) use raw::{UnreadableItem, from_raw, to_raw};
pub(super) use steps::{AssignmentItem, PortfolioItem, from_steps, to_steps};
use untold::UntoldItem;

/// The columns, but for the history. One that has nothing to say is not there.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    account_name: AccountName,
    account_email: EmailAddress,
    #[serde(rename = "SSOUserEmail")]
    sso_user_email: EmailAddress,
    #[serde(rename = "SSOUserFirstName")]
    sso_user_first_name: PersonName,
    #[serde(rename = "SSOUserLastName")]
    sso_user_last_name: PersonName,
    /// `Name (ou-id)`.
    org_unit: String,
    requester_email: Option<EmailAddress>,
    /// Each as `group:NAME=PERMISSION-SET`.
    #[serde(default)]
    asked_assignments: Vec<String>,
    #[serde(default)]
    asked_portfolios: Vec<String>,
    defaults: Option<DefaultsWord>,
    status: Status,
    account_id: Option<AccountId>,
    /// For people; [`failure_kind`](Self::failure_kind) and the like are read back.
    error_msg: Option<String>,
    failed_stage: Option<Stage>,
    failure_kind: Option<FailureKind>,
    failure_detail: Option<String>,
    launch_open: Option<bool>,
    announced: Option<bool>,
    batch_id: BatchId,
    line: u64,
    attempt: u32,
    waits: u32,
    /// Entries from before it was noted have none.
    uploaded_at: Option<Moment>,
    queued_at: Moment,
    started_at: Option<Moment>,
    configuring_at: Option<Moment>,
    finished_at: Option<Moment>,
    provision_token: Option<ProvisionToken>,
    provisioned_product_id: Option<ProvisionedProductId>,
    record_id: Option<RecordId>,
    not_before: Option<Moment>,
    waiting_for: Option<String>,
    check_at: Option<Moment>,
    #[serde(default)]
    assignments: Vec<AssignmentItem>,
    #[serde(default)]
    portfolios: Vec<PortfolioItem>,
    /// Where it is absent, steps are decided as soon as there are any.
    decided: Option<bool>,
    #[serde(default)]
    untold: Vec<UntoldItem>,
    last_order: Option<Order>,
    ordered_by: Option<Operator>,
    ordered_at: Option<Moment>,
    /// Partition key of the index; written, never read back.
    open: Option<Open>,
    /// Sort key of the index; likewise.
    position: Option<String>,
    version: u64,
}

/// The partitions of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Open {
    /// It waits for a slot.
    Queued,
    /// Handover is at work on it.
    Configuring,
    /// Nobody has been told of it.
    Unannounced,
}

impl Open {
    /// The kind of work that is open for `entry`.
    fn of(entry: &Entry) -> Option<Self> {
        match entry.status() {
            Status::Queued => Some(Self::Queued),
            Status::Configuring => Some(Self::Configuring),
            // The slots tell which entries are PROVISIONING.
            Status::Provisioning | Status::Ready | Status::Failed => {
                entry.is_unannounced().then_some(Self::Unannounced)
            }
        }
    }

    /// The word in the table.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Configuring => "CONFIGURING",
            Self::Unannounced => "UNANNOUNCED",
        }
    }
}

/// The item that `entry` is.
pub(super) fn write(entry: &Entry) -> Result<RawItem, serde_dynamo::Error> {
    let mut item = to_raw(Item::from(entry))?;
    history::put(&mut item, &entry.history)?;
    Ok(item)
}

/// The entry that `item` is.
pub(super) fn read(mut item: RawItem) -> Result<Entry, UnreadableItem> {
    let name = raw::name_of(&item, ACCOUNT_NAME);
    let history = history::take(&mut item, &name);
    let item: Item = from_raw(item, ACCOUNT_NAME)?;
    let entry: Result<Entry, read::Wrong> = item.try_into();
    entry.map(|entry| Entry { history, ..entry }).map_err(|error| error.of(name))
}
