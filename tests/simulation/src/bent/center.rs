//! Assignments and portfolio shares, bent.

use async_trait::async_trait;
use vending::account::AccountId;
use vending::ledger::{Grant, Portfolio};
use vending::ports::{
    AssignError, Assignments, CouldNotAsk, PortfolioSharing, PrincipalText, Reach, ShareError,
    StepStatus, Unresolved,
};

use super::BentZone;
use crate::sabotage::Sabotage;

/// The ticket of an assignment that was told to wait.
const SWALLOWED: &str = "swallowed";

#[async_trait]
impl Assignments for BentZone {
    async fn resolve(&self, principal: &PrincipalText, set: &str) -> Result<Grant, Unresolved> {
        Assignments::resolve(&self.zone, principal, set).await
    }

    async fn exists(&self, account: &AccountId, grant: &Grant) -> Result<bool, CouldNotAsk> {
        self.zone.exists(account, grant).await
    }

    async fn request(&self, account: &AccountId, grant: &Grant) -> Result<String, AssignError> {
        match self.zone.request(account, grant).await {
            Err(AssignError::Wait(_)) if self.is(Sabotage::ConflictSwallowed) => {
                Ok(SWALLOWED.to_owned())
            }
            answer => answer,
        }
    }

    async fn status(&self, request: &str) -> Result<StepStatus, CouldNotAsk> {
        if request == SWALLOWED {
            return Ok(StepStatus::Done);
        }
        let status = Assignments::status(&self.zone, request).await?;
        Ok(assumed(status, self.is(Sabotage::AssignmentAssumed)))
    }
}

#[async_trait]
impl PortfolioSharing for BentZone {
    async fn resolve(&self, portfolio: &str) -> Result<Portfolio, Unresolved> {
        PortfolioSharing::resolve(&self.zone, portfolio).await
    }

    async fn share(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<Option<String>, ShareError> {
        self.zone.share(portfolio, account).await
    }

    async fn status(&self, token: &str, account: &AccountId) -> Result<StepStatus, CouldNotAsk> {
        let status = PortfolioSharing::status(&self.zone, token, account).await?;
        Ok(assumed(status, self.is(Sabotage::ShareAssumed)))
    }

    async fn reach(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<Option<Reach>, CouldNotAsk> {
        self.zone.reach(portfolio, account).await
    }

    async fn is_shared(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<bool, CouldNotAsk> {
        self.zone.is_shared(portfolio, account).await
    }
}

fn assumed(status: StepStatus, assumes: bool) -> StepStatus {
    match status {
        StepStatus::InProgress if assumes => StepStatus::Done,
        status => status,
    }
}
