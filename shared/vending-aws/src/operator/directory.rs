//! The organization's accounts, with whether they are in use.

use async_trait::async_trait;
use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::{Account, AccountState};
use vending::account::AccountId;
use vending::audit::{Accounts, Member};
use vending::ports::CouldNotAsk;

use crate::Clients;
use crate::calls::{could_not, present};

const ORGANIZATIONS: &str = "Organizations";
const LIST: &str = "list the accounts";
const DESCRIBE: &str = "describe the organization";

/// Accounts on a page: the most that `ListAccounts` gives (`MaxResults`).
const PAGE: i32 = 20;

/// Asks AWS Organizations.
#[derive(Debug, Clone)]
pub struct OrganizationsAccounts {
    client: Client,
}

impl OrganizationsAccounts {
    /// The accounts, asked for with those clients.
    #[must_use]
    pub fn new(clients: &Clients) -> Self {
        Self { client: clients.organizations() }
    }

    async fn management(&self) -> Result<Option<String>, CouldNotAsk> {
        let described = self.client.describe_organization().send().await;
        let described = described.map_err(could_not(ORGANIZATIONS, DESCRIBE))?;
        let organization = described.organization();
        Ok(organization.and_then(|it| it.master_account_id()).map(str::to_owned))
    }
}

#[async_trait]
impl Accounts for OrganizationsAccounts {
    async fn accounts(&self) -> Result<Vec<Member>, CouldNotAsk> {
        let management = self.management().await?;
        let mut pages = self.client.list_accounts().max_results(PAGE).into_paginator().send();
        let mut members = Vec::new();
        while let Some(page) = pages.next().await {
            for account in page.map_err(could_not(ORGANIZATIONS, LIST))?.accounts() {
                members.push(understood(account, management.as_deref())?);
            }
        }
        Ok(members)
    }
}

fn understood(account: &Account, management: Option<&str>) -> Result<Member, CouldNotAsk> {
    let id = present(account.id(), "account id", ORGANIZATIONS, LIST)?;
    Ok(Member {
        id: AccountId::new(id).map_err(could_not(ORGANIZATIONS, LIST))?,
        name: account.name().unwrap_or_default().to_owned(),
        active: account.state() == Some(&AccountState::Active),
        is_management: Some(id) == management,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    #[tokio::test]
    async fn each_account_is_told_with_whether_it_is_in_use_and_whose_it_is() {
        let organization = r#"{"Organization":{"MasterAccountId":"111122223333"}}"#;
        let accounts = r#"{"Accounts":[
            {"Id":"111122223333","Name":"Management","State":"ACTIVE"},
            {"Id":"777788889999","Name":"old","State":"PENDING_CLOSURE"},
            {"Id":"888888888888","State":"PENDING_ACTIVATION"}]}"#;
        let answers = [organization, accounts].map(|it| (200, it.to_owned())).to_vec();
        let clients = Clients::new(Canned::new(answers).config());
        let members = OrganizationsAccounts::new(&clients).accounts().await.unwrap();
        let seen: Vec<_> =
            members.iter().map(|it| (it.name.as_str(), it.active, it.is_management)).collect();
        assert_eq!(seen, [("Management", true, true), ("old", false, false), ("", false, false)]);
    }
}
