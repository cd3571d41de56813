//! The organization's accounts, as AWS Organizations lists them.

use async_trait::async_trait;
use aws_sdk_organizations::Client;
use aws_sdk_organizations::error::SdkError;
use aws_sdk_organizations::operation::describe_account::DescribeAccountError;
use aws_sdk_organizations::types::Account;
use vending::account::AccountId;
use vending::ports::{CouldNotAsk, Directory, OrganizationAccount};

use crate::calls::{could_not, present};

const ORGANIZATIONS: &str = "Organizations";
const LIST: &str = "list the accounts";
const DESCRIBE: &str = "describe an account";

/// Accounts on a page: the most that `ListAccounts` gives (`MaxResults`).
const PAGE: i32 = 20;

/// Asks AWS Organizations, in the management account.
#[derive(Debug, Clone)]
pub struct OrganizationsDirectory {
    pub(crate) client: Client,
}

impl OrganizationsDirectory {
    /// A directory over that client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}

#[async_trait]
impl Directory for OrganizationsDirectory {
    async fn accounts(&self) -> Result<Vec<OrganizationAccount>, CouldNotAsk> {
        let mut pages = self.client.list_accounts().max_results(PAGE).into_paginator().send();
        let mut accounts = Vec::new();
        while let Some(page) = pages.next().await {
            for account in page.map_err(could_not(ORGANIZATIONS, LIST))?.accounts() {
                accounts.push(understood(account, LIST)?);
            }
        }
        Ok(accounts)
    }

    async fn account(&self, id: &AccountId) -> Result<Option<OrganizationAccount>, CouldNotAsk> {
        match self.client.describe_account().account_id(id.as_str()).send().await {
            Ok(answer) => {
                let account = present(answer.account(), "account", ORGANIZATIONS, DESCRIBE)?;
                understood(account, DESCRIBE).map(Some)
            }
            Err(SdkError::ServiceError(error)) if is_unknown(error.err()) => Ok(None),
            Err(error) => Err(could_not(ORGANIZATIONS, DESCRIBE)(error)),
        }
    }
}

fn is_unknown(error: &DescribeAccountError) -> bool {
    error.is_account_not_found_exception()
}

/// Name and address of an account that is being made or closed may be missing.
fn understood(
    account: &Account,
    operation: &'static str,
) -> Result<OrganizationAccount, CouldNotAsk> {
    let id = present(account.id(), "account id", ORGANIZATIONS, operation)?;
    Ok(OrganizationAccount {
        id: AccountId::new(id).map_err(could_not(ORGANIZATIONS, operation))?,
        name: account.name().unwrap_or_default().to_owned(),
        email: account.email().unwrap_or_default().to_owned(),
    })
}
