//! The organization's units and the accounts in them, as AWS Organizations tells them.

use async_trait::async_trait;
use aws_sdk_organizations::error::SdkError;
use aws_sdk_organizations::operation::describe_organizational_unit::DescribeOrganizationalUnitError as DescribeUnitError;
use aws_sdk_organizations::types::{Account, AccountState, OrganizationalUnit as Unit};
use vending::account::{AccountId, OrganizationalUnit};
use vending::ports::{CouldNotAsk, OrganizationTree, UnitAccount};

use crate::OrganizationsDirectory;
use crate::calls::{could_not, present};

const ORGANIZATIONS: &str = "Organizations";
const ROOTS: &str = "list the roots";
const UNITS: &str = "list the units under another";
const UNIT: &str = "describe a unit";
const ACCOUNTS: &str = "list the accounts of a unit";
const ORGANIZATION: &str = "describe the organization";

#[async_trait]
impl OrganizationTree for OrganizationsDirectory {
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, CouldNotAsk> {
        let mut pages = self.client.list_roots().into_paginator().send();
        let mut open = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(could_not(ORGANIZATIONS, ROOTS))?;
            open.extend(page.roots().iter().filter_map(|root| root.id().map(str::to_owned)));
        }
        let mut units = Vec::new();
        while let Some(parent) = open.pop() {
            let below = self.units_under(&parent).await?;
            open.extend(below.iter().map(|unit| unit.id.clone()));
            units.extend(below);
        }
        Ok(units)
    }

    async fn unit(&self, id: &str) -> Result<Option<OrganizationalUnit>, CouldNotAsk> {
        match self.client.describe_organizational_unit().organizational_unit_id(id).send().await {
            Ok(answer) => {
                let unit = present(answer.organizational_unit(), "unit", ORGANIZATIONS, UNIT)?;
                understood(unit, UNIT).map(Some)
            }
            Err(SdkError::ServiceError(error)) if is_unknown(error.err()) => Ok(None),
            Err(error) => Err(could_not(ORGANIZATIONS, UNIT)(error)),
        }
    }

    async fn accounts_in(&self, unit: &str) -> Result<Vec<UnitAccount>, CouldNotAsk> {
        let (mut open, mut accounts) = (vec![unit.to_owned()], Vec::new());
        while let Some(parent) = open.pop() {
            let list = self.client.list_accounts_for_parent().parent_id(&parent);
            let mut pages = list.into_paginator().send();
            while let Some(page) = pages.next().await {
                for account in page.map_err(could_not(ORGANIZATIONS, ACCOUNTS))?.accounts() {
                    accounts.push(in_unit(account)?);
                }
            }
            open.extend(self.units_under(&parent).await?.into_iter().map(|unit| unit.id));
        }
        Ok(accounts)
    }

    async fn management_account(&self) -> Result<AccountId, CouldNotAsk> {
        let answer = self.client.describe_organization().send().await;
        let answer = answer.map_err(could_not(ORGANIZATIONS, ORGANIZATION))?;
        let id = answer.organization().and_then(|organization| organization.master_account_id());
        let id = present(id, "management account", ORGANIZATIONS, ORGANIZATION)?;
        AccountId::new(id).map_err(could_not(ORGANIZATIONS, ORGANIZATION))
    }
}

impl OrganizationsDirectory {
    async fn units_under(&self, parent: &str) -> Result<Vec<OrganizationalUnit>, CouldNotAsk> {
        let list = self.client.list_organizational_units_for_parent().parent_id(parent);
        let mut pages = list.into_paginator().send();
        let mut units = Vec::new();
        while let Some(page) = pages.next().await {
            for unit in page.map_err(could_not(ORGANIZATIONS, UNITS))?.organizational_units() {
                units.push(understood(unit, UNITS)?);
            }
        }
        Ok(units)
    }
}

fn is_unknown(error: &DescribeUnitError) -> bool {
    error.is_organizational_unit_not_found_exception()
}

fn understood(unit: &Unit, operation: &'static str) -> Result<OrganizationalUnit, CouldNotAsk> {
    let id = present(unit.id(), "unit id", ORGANIZATIONS, operation)?.to_owned();
    Ok(OrganizationalUnit { name: unit.name().unwrap_or_default().to_owned(), id })
}

/// AWS tells the state besides the status, which it will take away ("on September 9, 2026").
fn in_unit(account: &Account) -> Result<UnitAccount, CouldNotAsk> {
    let id = present(account.id(), "account id", ORGANIZATIONS, ACCOUNTS)?;
    let id = AccountId::new(id).map_err(could_not(ORGANIZATIONS, ACCOUNTS))?;
    Ok(UnitAccount { id, active: account.state() == Some(&AccountState::Active) })
}
