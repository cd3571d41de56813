//! Who can reach what, as IAM Identity Center and its identity store list it. Only looks.

mod assigned;
mod names;
mod together;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::OnceCell;
use vending::account::{AccountId, PrincipalText};
use vending::audit::{AccessListing, Assigned, Holder, Names};
use vending::ports::{CouldNotAsk, Unresolved};

use crate::identity_center::instance::{self, Instance};
use crate::identity_center::permission_sets::PermissionSets;
use crate::identity_center::principals::Principals;
use crate::{Clients, IdentityCenter};

/// What calls that fail are said to have asked.
const IDENTITY_CENTER: &str = "IAM Identity Center";
const IDENTITY_STORE: &str = "the identity store";

/// Asks IAM Identity Center and its identity store. Clones share what they have learnt.
#[derive(Debug, Clone)]
pub struct IdentityCenterAccess {
    admin: aws_sdk_ssoadmin::Client,
    store: aws_sdk_identitystore::Client,
    meant: IdentityCenter,
    instance: Arc<OnceCell<Instance>>,
    permission_sets: Arc<PermissionSets>,
    principals: Arc<Principals>,
}

impl IdentityCenterAccess {
    /// The access that the instance which is `meant` gives.
    #[must_use]
    pub fn new(clients: &Clients, meant: IdentityCenter) -> Self {
        Self {
            admin: clients.sso_admin(),
            store: clients.identity_store(),
            meant,
            instance: Arc::default(),
            permission_sets: Arc::default(),
            principals: Arc::default(),
        }
    }

    async fn instance(&self) -> Result<&Instance, CouldNotAsk> {
        self.instance.get_or_try_init(|| instance::find(&self.admin, &self.meant)).await
    }
}

#[async_trait]
impl AccessListing for IdentityCenterAccess {
    async fn in_accounts(&self, accounts: &[AccountId]) -> Result<Vec<Assigned>, CouldNotAsk> {
        let instance = self.instance().await?;
        let work = accounts.iter().map(|account| {
            assigned::in_account(self.admin.clone(), instance.arn.clone(), account.clone())
        });
        Ok(together::all(work).await?.concat())
    }

    async fn of(&self, holder: &Holder) -> Result<Option<Vec<Assigned>>, CouldNotAsk> {
        assigned::of(&self.admin, &self.instance().await?.arn, holder).await
    }

    async fn names(
        &self,
        holders: &BTreeSet<Holder>,
        permission_sets: &BTreeSet<String>,
    ) -> Result<Names, CouldNotAsk> {
        let instance = self.instance().await?;
        let sets = permission_sets.iter().map(|arn| {
            names::permission_set(self.admin.clone(), instance.arn.clone(), arn.clone())
        });
        let mut names = Names::default();
        names.permission_sets.extend(together::all(sets).await?.into_iter().flatten());
        let holders = holders.iter().map(|holder| {
            names::holder(self.store.clone(), instance.identity_store.clone(), holder.clone())
        });
        for named in together::all(holders).await? {
            named.put(&mut names);
        }
        Ok(names)
    }

    async fn groups_of(&self, user: &str) -> Result<Vec<String>, CouldNotAsk> {
        names::groups_of(&self.store, &self.instance().await?.identity_store, user).await
    }

    async fn users_in(&self, group: &str) -> Result<Vec<String>, CouldNotAsk> {
        names::users_in(&self.store, &self.instance().await?.identity_store, group).await
    }

    async fn principal(&self, meant: &PrincipalText) -> Result<Holder, Unresolved> {
        let instance = self.instance().await?;
        let principal = self.principals.resolve(&self.store, instance, meant).await?;
        Ok(Holder::from(&principal))
    }

    async fn permission_set(&self, meant: &str) -> Result<String, Unresolved> {
        let instance = self.instance().await?;
        self.permission_sets.resolve(&self.admin, instance, meant).await
    }
}
