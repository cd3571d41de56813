//! How a portfolio reaches an account through what others shared: with the organization, with
//! a unit above the account, or with the account by invitation.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_organizations::Client as Organizations;
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::error::SdkError;
use aws_sdk_servicecatalog::operation::describe_portfolio_shares::DescribePortfolioSharesError;
use aws_sdk_servicecatalog::types::{DescribePortfolioShareType, PortfolioShareDetail};
use vending::account::AccountId;
use vending::ports::{CouldNotAsk, Reach};

use super::SERVICE_CATALOG;
use crate::calls::{code, could_not};

const LIST: &str = "list the shares of a portfolio";
const ORGANIZATIONS: &str = "Organizations";
const PARENTS: &str = "ask what an account is in";

/// Levels of a tree at most: the root, and five of units (AWS Organizations, quotas).
const MOST_LEVELS: usize = 6;

/// Codes of answers that there is nothing to list: the portfolio is gone, which its share
/// tells, or portfolios cannot be shared with the organization.
const NOTHING: [&str; 3] =
    ["ResourceNotFoundException", "OperationNotSupportedException", "InvalidStateException"];

/// What is known of shares and of the organization's tree.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// By portfolio.
    shares: Mutex<HashMap<String, Shares>>,
    /// What is directly above an account or a unit.
    parents: Mutex<HashMap<String, Option<String>>>,
}

/// The shares of a portfolio with whatever others chose.
#[derive(Debug, Clone, Default)]
struct Shares {
    /// Organizations.
    whole: Vec<String>,
    units: Vec<String>,
    /// Invited accounts, and whether they have accepted.
    invited: Vec<(String, bool)>,
}

impl Reached {
    /// How the portfolio reaches the account, if it does.
    pub(super) async fn reach(
        &self,
        catalog: &Client,
        organizations: &Organizations,
        portfolio: &str,
        account: &AccountId,
    ) -> Result<Option<Reach>, CouldNotAsk> {
        let shares = self.shares(catalog, portfolio).await?;
        if let Some(organization) = shares.whole.first() {
            return Ok(Some(Reach::Through(organization.clone())));
        }
        if let Some(unit) = self.unit_above(organizations, account, &shares.units).await? {
            return Ok(Some(Reach::Through(unit)));
        }
        let own = shares.invited.iter().find(|(id, _)| id == account.as_str());
        Ok(own.map(|(_, accepted)| Reach::Invitation { accepted: *accepted }))
    }

    async fn shares(&self, catalog: &Client, portfolio: &str) -> Result<Shares, CouldNotAsk> {
        use DescribePortfolioShareType::{Account, Organization, OrganizationalUnit};
        if let Some(known) = lock(&self.shares).get(portfolio) {
            return Ok(known.clone());
        }
        let ids = |all: Vec<(String, bool)>| all.into_iter().map(|(id, _)| id).collect();
        let shares = Shares {
            whole: ids(list(catalog, portfolio, Organization).await?),
            units: ids(list(catalog, portfolio, OrganizationalUnit).await?),
            invited: list(catalog, portfolio, Account).await?,
        };
        lock(&self.shares).insert(portfolio.to_owned(), shares.clone());
        Ok(shares)
    }

    /// The first of `units` that is above the account; the tree is asked only if there are any.
    async fn unit_above(
        &self,
        organizations: &Organizations,
        account: &AccountId,
        units: &[String],
    ) -> Result<Option<String>, CouldNotAsk> {
        let mut node = account.as_str().to_owned();
        for _ in 0..MOST_LEVELS {
            if units.is_empty() {
                break;
            }
            match self.parent(organizations, &node).await? {
                Some(parent) if units.contains(&parent) => return Ok(Some(parent)),
                Some(parent) if parent.starts_with("ou-") => node = parent,
                Some(_) | None => break,
            }
        }
        Ok(None)
    }

    async fn parent(
        &self,
        organizations: &Organizations,
        child: &str,
    ) -> Result<Option<String>, CouldNotAsk> {
        if let Some(known) = lock(&self.parents).get(child) {
            return Ok(known.clone());
        }
        let answer = organizations.list_parents().child_id(child).send().await;
        let answer = answer.map_err(could_not(ORGANIZATIONS, PARENTS))?;
        let parent = answer.parents().first().and_then(|parent| parent.id());
        let parent = parent.map(ToOwned::to_owned);
        lock(&self.parents).insert(child.to_owned(), parent.clone());
        Ok(parent)
    }
}

/// With whom the portfolio is shared in that way, and whether it is accepted.
async fn list(
    catalog: &Client,
    portfolio: &str,
    kind: DescribePortfolioShareType,
) -> Result<Vec<(String, bool)>, CouldNotAsk> {
    let list = catalog.describe_portfolio_shares().portfolio_id(portfolio).r#type(kind);
    let mut pages = list.into_paginator().send();
    let mut all = Vec::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => all.extend(page.portfolio_share_details().iter().filter_map(share)),
            Err(error) if is_nothing(&error) => return Ok(Vec::new()),
            Err(error) => return Err(could_not(SERVICE_CATALOG, LIST)(error)),
        }
    }
    Ok(all)
}

fn share(share: &PortfolioShareDetail) -> Option<(String, bool)> {
    Some((node_id(share.principal_id()?).to_owned(), share.accepted()))
}

/// A node is told by its id, or by its ARN, which ends in it.
fn node_id(id_or_arn: &str) -> &str {
    id_or_arn.rsplit('/').next().unwrap_or(id_or_arn)
}

fn is_nothing(error: &SdkError<DescribePortfolioSharesError>) -> bool {
    code(error).is_some_and(|code| NOTHING.contains(&code))
}

/// A panic of somebody else's leaves what is known as it was between two calls.
fn lock<T>(known: &Mutex<T>) -> MutexGuard<'_, T> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clients;
    use crate::testing::Canned;

    fn shares(ids: &[&str]) -> (u16, String) {
        let all = ids.iter().map(|id| format!("{{\"PrincipalId\":\"{id}\",\"Accepted\":true}}"));
        let all: Vec<_> = all.collect();
        (200, format!("{{\"PortfolioShareDetails\":[{}]}}", all.join(",")))
    }

    fn parent(id: &str) -> (u16, String) {
        (200, format!("{{\"Parents\":[{{\"Id\":\"{id}\"}}]}}"))
    }

    async fn reach(canned: &Canned, reached: &Reached) -> Result<Option<Reach>, CouldNotAsk> {
        let clients = Clients::new(canned.config());
        let account = AccountId::new("123456789012").unwrap();
        let (catalog, organizations) = (clients.service_catalog(), clients.organizations());
        reached.reach(&catalog, &organizations, "port-1", &account).await
    }

    #[tokio::test]
    async fn a_unit_above_covers_the_account_and_is_asked_about_once() {
        let unit = "arn:aws:organizations::111122223333:ou/o-abcdefghij/ou-aaaa-top00000";
        let canned = Canned::new(vec![
            shares(&[]),
            shares(&[unit]),
            shares(&[]),
            parent("ou-aaaa-below000"),
            parent("ou-aaaa-top00000"),
        ]);
        let reached = Reached::default();
        for _ in 0..2 {
            let through = Some(Reach::Through("ou-aaaa-top00000".to_owned()));
            assert_eq!(reach(&canned, &reached).await.unwrap(), through);
        }
        assert_eq!(canned.calls(), 5);
    }

    #[tokio::test]
    async fn the_root_ends_the_way_up() {
        let canned = Canned::new(vec![
            shares(&[]),
            shares(&["ou-aaaa-other000"]),
            shares(&["123456789012"]),
            parent("r-aaaa"),
        ]);
        let found = reach(&canned, &Reached::default()).await.unwrap();
        assert_eq!(found, Some(Reach::Invitation { accepted: true }));
    }

    #[tokio::test]
    async fn nothing_to_list_is_an_answer_and_a_missing_permission_is_none() {
        let refused = |code: &str| (400, format!("{{\"__type\":\"{code}\",\"message\":\"no\"}}"));
        for code in NOTHING {
            let canned = Canned::new(vec![refused(code), refused(code), refused(code)]);
            assert_eq!(reach(&canned, &Reached::default()).await.unwrap(), None, "{code}");
        }
        let canned = Canned::new(vec![refused("AccessDeniedException")]);
        assert!(reach(&canned, &Reached::default()).await.is_err());
    }
}
