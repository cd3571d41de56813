//! Service Catalog and IAM in member accounts, by a role that is assumed in each.

mod accepted;
mod assume;
mod constraints;
mod iam;
mod local;
mod refused;
mod signed;
mod tags;

use async_trait::async_trait;
use aws_sdk_servicecatalog::types::PrincipalType;
use vending::account::AccountId;
use vending::ledger::{Portfolio, PortfolioPrincipal};
use vending::ports::{MemberCatalog, MemberError};

pub use assume::{AssumedMembers, MemberRole};
use refused::{not_there, refused};

const SERVICE_CATALOG: &str = "Service Catalog in the account";
const ACCEPT: &str = "accept a portfolio";
const ASSOCIATE: &str = "associate a principal with a portfolio";

type Done<T> = Result<T, MemberError>;

#[async_trait]
impl MemberCatalog for AssumedMembers {
    async fn sees(&self, account: &AccountId, portfolio: &Portfolio) -> Done<bool> {
        accepted::is_there(&self.inside(account).await?.catalog(), &portfolio.id).await
    }

    async fn accept(&self, account: &AccountId, portfolio: &Portfolio) -> Done<()> {
        let catalog = self.inside(account).await?.catalog();
        let accept = catalog.accept_portfolio_share().portfolio_id(&portfolio.id);
        accept.send().await.map(|_| ()).map_err(refused(ACCEPT))
    }

    async fn principal(
        &self,
        account: &AccountId,
        principal: &PortfolioPrincipal,
    ) -> Done<Option<String>> {
        let named = |kind: &str, name: &str| {
            Ok(Some(format!("arn:{}:iam::{account}:{kind}/{name}", self.partition())))
        };
        match principal {
            PortfolioPrincipal::Role(name) => named("role", name),
            PortfolioPrincipal::User(name) => named("user", name),
            PortfolioPrincipal::Group(name) => named("group", name),
            PortfolioPrincipal::PermissionSet(set) => {
                iam::role_of(&*self.inside(account).await?, self.partition(), set).await
            }
        }
    }

    async fn associate(&self, account: &AccountId, portfolio: &str, arn: &str) -> Done<()> {
        let catalog = self.inside(account).await?.catalog();
        let associate = catalog.associate_principal_with_portfolio().portfolio_id(portfolio);
        let associate = associate.principal_arn(arn).principal_type(PrincipalType::Iam);
        match associate.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(not_there(error, ASSOCIATE, &format!("there is no principal {arn}"))),
        }
    }

    async fn local_portfolio(
        &self,
        account: &AccountId,
        shared: &Portfolio,
    ) -> Done<Option<String>> {
        local::find(&self.inside(account).await?.catalog(), shared).await
    }

    async fn create_local_portfolio(
        &self,
        account: &AccountId,
        shared: &Portfolio,
    ) -> Done<String> {
        local::create(&self.inside(account).await?.catalog(), shared).await
    }

    async fn products(&self, account: &AccountId, portfolio: &str) -> Done<Vec<String>> {
        local::products(&self.inside(account).await?.catalog(), portfolio).await
    }

    async fn import_product(
        &self,
        account: &AccountId,
        product: &str,
        shared: &str,
        local: &str,
    ) -> Done<()> {
        local::import(&self.inside(account).await?.catalog(), product, shared, local).await
    }

    async fn launch_role(
        &self,
        account: &AccountId,
        portfolio: &str,
        product: &str,
    ) -> Done<Option<String>> {
        constraints::role(&self.inside(account).await?.catalog(), portfolio, product).await
    }

    async fn launch_by(
        &self,
        account: &AccountId,
        portfolio: &str,
        product: &str,
        role: &str,
    ) -> Done<()> {
        let catalog = self.inside(account).await?.catalog();
        constraints::create(&catalog, portfolio, product, role).await
    }

    async fn tag(&self, account: &AccountId, portfolio: &str, key: &str, value: &str) -> Done<()> {
        tags::give(&self.inside(account).await?.catalog(), portfolio, key, value).await
    }
}
