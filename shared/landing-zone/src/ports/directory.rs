//! The organization's accounts.

use async_trait::async_trait;
use vending::account::AccountId;
use vending::ports::{CouldNotAsk, Directory, OrganizationAccount};

use super::Shared;
use crate::model::organization::Account;

#[async_trait]
impl Directory for Shared {
    async fn accounts(&self) -> Result<Vec<OrganizationAccount>, CouldNotAsk> {
        self.zone().organization.accounts().iter().map(understood).collect()
    }

    async fn account(&self, id: &AccountId) -> Result<Option<OrganizationAccount>, CouldNotAsk> {
        self.zone().organization.account(id.as_str()).map(understood).transpose()
    }
}

fn understood(account: &Account) -> Result<OrganizationAccount, CouldNotAsk> {
    Ok(OrganizationAccount {
        id: account_id(&account.id)?,
        name: account.name.clone(),
        email: account.email.clone(),
    })
}

/// An id of the model's, as the domain has it.
pub(super) fn account_id(id: &str) -> Result<AccountId, CouldNotAsk> {
    AccountId::new(id).map_err(|flaw| CouldNotAsk::new("Organizations", "read an account id", flaw))
}
