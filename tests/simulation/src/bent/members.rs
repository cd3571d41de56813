//! The insides of member accounts, bent.

use async_trait::async_trait;
use vending::account::AccountId;
use vending::ledger::{Portfolio, PortfolioPrincipal};
use vending::ports::{MemberCatalog, MemberError};

use super::BentZone;
use crate::sabotage::Sabotage;

type Done<T> = Result<T, MemberError>;

#[async_trait]
impl MemberCatalog for BentZone {
    async fn sees(&self, account: &AccountId, portfolio: &Portfolio) -> Done<bool> {
        self.zone.sees(account, portfolio).await
    }

    async fn accept(&self, account: &AccountId, portfolio: &Portfolio) -> Done<()> {
        self.zone.accept(account, portfolio).await
    }

    async fn principal(
        &self,
        account: &AccountId,
        principal: &PortfolioPrincipal,
    ) -> Done<Option<String>> {
        self.zone.principal(account, principal).await
    }

    async fn associate(&self, account: &AccountId, portfolio: &str, arn: &str) -> Done<()> {
        let old = crate::portfolio_files::names(account.as_str());
        if self.is(Sabotage::PrincipalAssumed) || (old && self.is(Sabotage::OrderUnassociated)) {
            return Ok(());
        }
        self.zone.associate(account, portfolio, arn).await
    }

    async fn local_portfolio(
        &self,
        account: &AccountId,
        shared: &Portfolio,
    ) -> Done<Option<String>> {
        self.zone.local_portfolio(account, shared).await
    }

    async fn create_local_portfolio(
        &self,
        account: &AccountId,
        shared: &Portfolio,
    ) -> Done<String> {
        self.zone.create_local_portfolio(account, shared).await
    }

    async fn products(&self, account: &AccountId, portfolio: &str) -> Done<Vec<String>> {
        self.zone.products(account, portfolio).await
    }

    async fn import_product(
        &self,
        account: &AccountId,
        product: &str,
        shared: &str,
        local: &str,
    ) -> Done<()> {
        if self.is(Sabotage::ImportAssumed) {
            return Ok(());
        }
        self.zone.import_product(account, product, shared, local).await
    }

    async fn launch_role(
        &self,
        account: &AccountId,
        portfolio: &str,
        product: &str,
    ) -> Done<Option<String>> {
        self.zone.launch_role(account, portfolio, product).await
    }

    async fn launch_by(
        &self,
        account: &AccountId,
        portfolio: &str,
        product: &str,
        role: &str,
    ) -> Done<()> {
        self.zone.launch_by(account, portfolio, product, role).await
    }

    async fn tag(&self, account: &AccountId, portfolio: &str, key: &str, value: &str) -> Done<()> {
        self.zone.tag(account, portfolio, key, value).await
    }
}
