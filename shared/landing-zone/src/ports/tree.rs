//! The organization's tree, and the sharing of portfolios with its units.

use async_trait::async_trait;
use vending::account::{AccountId, OrganizationalUnit};
use vending::ledger::{Portfolio, Unreached};
use vending::ports::{
    CouldNotAsk, OrganizationTree, ShareError, UnitAccount, UnitShareStatus, UnitSharing,
};

use super::Shared;
use super::directory::account_id;
use crate::description::AccountState;
use crate::model::service_catalog::{
    self as catalog, CatalogRefusal, Node, ShareOperation, ShareRequest, ShareStatus, ShareTarget,
    ShareType,
};

const SERVICE_CATALOG: &str = "Service Catalog";

#[async_trait]
impl OrganizationTree for Shared {
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, CouldNotAsk> {
        let zone = self.zone();
        let units = zone.organization.units();
        Ok(units.map(|unit| named(&unit.name, &unit.id)).collect())
    }

    async fn unit(&self, id: &str) -> Result<Option<OrganizationalUnit>, CouldNotAsk> {
        Ok(self.zone().organization.unit(id).map(|unit| named(&unit.name, &unit.id)))
    }

    async fn accounts_in(&self, unit: &str) -> Result<Vec<UnitAccount>, CouldNotAsk> {
        let zone = self.zone();
        let organization = &zone.organization;
        let inside = |id: &str| organization.ancestors(id).iter().any(|above| above == unit);
        let accounts = organization.accounts().iter().filter(|account| inside(&account.id));
        accounts
            .map(|account| {
                let active = account.state == AccountState::Active;
                Ok(UnitAccount { id: account_id(&account.id)?, active })
            })
            .collect()
    }

    async fn management_account(&self) -> Result<AccountId, CouldNotAsk> {
        account_id(self.zone().organization.management_account())
    }
}

fn named(name: &str, id: &str) -> OrganizationalUnit {
    OrganizationalUnit { name: name.to_owned(), id: id.to_owned() }
}

#[async_trait]
impl UnitSharing for Shared {
    async fn owned(&self) -> Result<Vec<Portfolio>, CouldNotAsk> {
        let zone = self.zone();
        let portfolios = zone.service_catalog.portfolios().iter();
        let owned = portfolios.map(|it| Portfolio { id: it.id.clone(), name: it.name.clone() });
        Ok(owned.collect())
    }

    async fn share_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<Option<String>, ShareError> {
        let request = ShareRequest {
            portfolio: portfolio.id.clone(),
            target: ShareTarget::Node(Node::OrganizationalUnit(unit.to_owned())),
            share_tag_options: false,
            share_principals: false,
        };
        catalog::share(&mut self.zone(), request)
            .map_err(|refusal| ShareError::Refused(format!("{}: {refusal}", refusal.code())))
    }

    async fn unit_share_status(&self, token: &str) -> Result<UnitShareStatus, CouldNotAsk> {
        match catalog::share_status(&self.zone(), token) {
            Ok(operation) => status(operation),
            Err(CatalogRefusal::ResourceNotFound(_)) => Ok(UnitShareStatus::Unknown),
            Err(refusal) => Err(could_not("describe the status of a share", refusal)),
        }
    }

    async fn is_shared_with_unit(
        &self,
        portfolio: &Portfolio,
        unit: &str,
    ) -> Result<bool, CouldNotAsk> {
        let zone = self.zone();
        let shares = catalog::shares(&zone, &portfolio.id, ShareType::OrganizationalUnit);
        let shares = shares.map_err(|refusal| could_not("list portfolio shares", refusal))?;
        Ok(shares.iter().any(|share| share.target.id() == unit))
    }
}

fn status(operation: &ShareOperation) -> Result<UnitShareStatus, CouldNotAsk> {
    match operation.status {
        ShareStatus::NotStarted | ShareStatus::InProgress => Ok(UnitShareStatus::InProgress),
        ShareStatus::Completed | ShareStatus::CompletedWithErrors => {
            let mut unreached = Vec::new();
            for error in &operation.errors {
                let reason = format!("{}: {}", error.error, error.message);
                for id in &error.accounts {
                    unreached.push(Unreached { account: account_id(id)?, reason: reason.clone() });
                }
            }
            Ok(UnitShareStatus::Ended(unreached))
        }
    }
}

fn could_not(operation: &'static str, refusal: CatalogRefusal) -> CouldNotAsk {
    CouldNotAsk::new(SERVICE_CATALOG, operation, refusal)
}
