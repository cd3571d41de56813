//! Portfolio shares by organization node, as `ServiceCatalogPortfolios` has them
//! over the wire.

use async_trait::async_trait;
use vending::account::AccountId;
use vending::ledger::Portfolio;
use vending::ports::{CouldNotAsk, PortfolioSharing, Reach, ShareError, StepStatus, Unresolved};

use super::Shared;
use super::assignments::unknown;
use crate::model::service_catalog::{
    self as catalog, CatalogRefusal, Node, ServiceCatalog, ShareOperation, ShareRequest,
    ShareStatus, ShareTarget, ShareType,
};

const SERVICE_CATALOG: &str = "Service Catalog";

#[async_trait]
impl PortfolioSharing for Shared {
    async fn resolve(&self, portfolio: &str) -> Result<Portfolio, Unresolved> {
        let id = portfolio_id(&self.zone().service_catalog, portfolio)?;
        Ok(Portfolio { id, name: portfolio.to_owned() })
    }

    async fn share(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<Option<String>, ShareError> {
        let request = ShareRequest {
            portfolio: portfolio.id.clone(),
            target: ShareTarget::Node(Node::Account(account.as_str().to_owned())),
            share_tag_options: false,
            share_principals: false,
        };
        catalog::share(&mut self.zone(), request)
            .map_err(|refusal| ShareError::Refused(format!("{}: {refusal}", refusal.code())))
    }

    async fn status(&self, token: &str, account: &AccountId) -> Result<StepStatus, CouldNotAsk> {
        match catalog::share_status(&self.zone(), token) {
            Ok(operation) => Ok(status(operation, account.as_str())),
            Err(CatalogRefusal::ResourceNotFound(_)) => Ok(StepStatus::Unknown),
            Err(refusal) => Err(could_not("describe the status of a share", refusal)),
        }
    }

    async fn reach(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<Option<Reach>, CouldNotAsk> {
        let zone = self.zone();
        let ancestors = zone.organization.ancestors(account.as_str());
        // Of a portfolio that is gone the share itself tells.
        let shares = |kind| match catalog::shares(&zone, &portfolio.id, kind) {
            Err(CatalogRefusal::ResourceNotFound(_)) => Ok(Vec::new()),
            shares => shares.map_err(|refusal| could_not("list portfolio shares", refusal)),
        };
        let all = shares(ShareType::Organization)?;
        let units = shares(ShareType::OrganizationalUnit)?;
        let above = units.iter().find(|it| ancestors.iter().any(|id| id == it.target.id()));
        if let Some(share) = all.first().or(above) {
            return Ok(Some(Reach::Through(share.target.id().to_owned())));
        }
        let invitations = shares(ShareType::Account)?;
        let own = invitations.iter().find(|share| share.target.id() == account.as_str());
        Ok(own.map(|share| Reach::Invitation { accepted: share.accepted }))
    }

    async fn is_shared(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<bool, CouldNotAsk> {
        let zone = self.zone();
        let shares = catalog::shares(&zone, &portfolio.id, ShareType::OrganizationMemberAccount);
        let shares = shares.map_err(|refusal| could_not("list portfolio shares", refusal))?;
        Ok(shares.iter().any(|share| share.target.id() == account.as_str()))
    }
}

fn portfolio_id(catalog: &ServiceCatalog, text: &str) -> Result<String, Unresolved> {
    let all = catalog.portfolios();
    if let Some(portfolio) = all.iter().find(|portfolio| portfolio.id == text) {
        return Ok(portfolio.id.clone());
    }
    let named: Vec<&str> =
        all.iter().filter(|it| it.name == text).map(|portfolio| portfolio.id.as_str()).collect();
    match named.as_slice() {
        [id] => Ok((*id).to_owned()),
        [] => Err(unknown("portfolio", text, all.iter().map(|portfolio| portfolio.name.as_str()))),
        ids => Err(Unresolved::Unknown(format!(
            "there are {} portfolios {text:?}: {}",
            ids.len(),
            ids.join(", ")
        ))),
    }
}

/// What became of the share for that account. `COMPLETED` alone says nothing: a
/// share that was lost is completed, too, with nobody in it.
fn status(operation: &ShareOperation, account: &str) -> StepStatus {
    let has = |accounts: &[String]| accounts.iter().any(|id| id == account);
    match operation.status {
        ShareStatus::NotStarted | ShareStatus::InProgress => StepStatus::InProgress,
        ShareStatus::Completed if has(&operation.successful) => StepStatus::Done,
        ShareStatus::Completed if operation.successful.is_empty() => StepStatus::Unknown,
        ShareStatus::Completed => {
            StepStatus::Failed("the share is complete without this account".to_owned())
        }
        ShareStatus::CompletedWithErrors => {
            let of_account = operation.errors.iter().find(|error| has(&error.accounts));
            let message = of_account.or(operation.errors.first()).map(|it| it.message.clone());
            StepStatus::Failed(message.unwrap_or_else(|| "COMPLETED_WITH_ERRORS".to_owned()))
        }
    }
}

fn could_not(operation: &'static str, refusal: CatalogRefusal) -> CouldNotAsk {
    CouldNotAsk::new(SERVICE_CATALOG, operation, refusal)
}
