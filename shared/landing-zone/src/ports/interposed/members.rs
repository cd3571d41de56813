//! A hook around the calls in member accounts.

use async_trait::async_trait;
use vending::account::AccountId;
use vending::ledger::{Portfolio, PortfolioPrincipal};
use vending::ports::{MemberCatalog, MemberError};

use super::Interposed;

type Done<T> = Result<T, MemberError>;

#[async_trait]
impl<P: MemberCatalog> MemberCatalog for Interposed<P> {
    async fn sees(&self, account: &AccountId, portfolio: &Portfolio) -> Done<bool> {
        self.around("sees", self.port.sees(account, portfolio)).await
    }

    async fn accept(&self, account: &AccountId, portfolio: &Portfolio) -> Done<()> {
        self.around("accept", self.port.accept(account, portfolio)).await
    }

    async fn principal(
        &self,
        account: &AccountId,
        principal: &PortfolioPrincipal,
    ) -> Done<Option<String>> {
        self.around("principal", self.port.principal(account, principal)).await
    }

    async fn associate(&self, account: &AccountId, portfolio: &str, arn: &str) -> Done<()> {
        self.around("associate", self.port.associate(account, portfolio, arn)).await
    }

    async fn local_portfolio(
        &self,
        account: &AccountId,
        shared: &Portfolio,
    ) -> Done<Option<String>> {
        self.around("local_portfolio", self.port.local_portfolio(account, shared)).await
    }

    async fn create_local_portfolio(
        &self,
        account: &AccountId,
        shared: &Portfolio,
    ) -> Done<String> {
        let create = self.port.create_local_portfolio(account, shared);
        self.around("create_local_portfolio", create).await
    }

    async fn products(&self, account: &AccountId, portfolio: &str) -> Done<Vec<String>> {
        self.around("products", self.port.products(account, portfolio)).await
    }

    async fn import_product(
        &self,
        account: &AccountId,
        product: &str,
        shared: &str,
        local: &str,
    ) -> Done<()> {
        let import = self.port.import_product(account, product, shared, local);
        self.around("import_product", import).await
    }

    async fn launch_role(
        &self,
        account: &AccountId,
        portfolio: &str,
        product: &str,
    ) -> Done<Option<String>> {
        self.around("launch_role", self.port.launch_role(account, portfolio, product)).await
    }

    async fn launch_by(
        &self,
        account: &AccountId,
        portfolio: &str,
        product: &str,
        role: &str,
    ) -> Done<()> {
        self.around("launch_by", self.port.launch_by(account, portfolio, product, role)).await
    }

    async fn tag(&self, account: &AccountId, portfolio: &str, key: &str, value: &str) -> Done<()> {
        self.around("tag", self.port.tag(account, portfolio, key, value)).await
    }
}
