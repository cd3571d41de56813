//! Account Factory, the organization and notices, bent.

use async_trait::async_trait;
use landing_zone::model::service_catalog::{
    Named, TerminateRequest, launch_path, provisioned_product, terminate,
};
use vending::account::{AccountId, OrganizationalUnit};
use vending::ledger::{ProvisionToken, ProvisionedProductId, RecordId};
use vending::notice::{Notice, NoticeKind};
use vending::ports::{
    AccountFactory, CouldNotAsk, Directory, Discarded, LaunchRequest, Notifier,
    OrganizationAccount, ProductRef, ProductReport, ProductStatus, ProvisionError,
};

use super::BentZone;
use crate::sabotage::Sabotage;

#[async_trait]
impl AccountFactory for BentZone {
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, ProvisionError> {
        self.zone.units().await
    }

    async fn provision(
        &self,
        launch: &LaunchRequest,
    ) -> Result<(ProvisionedProductId, RecordId), ProvisionError> {
        let mut launch = launch.clone();
        // As many as there were launches: another number each time.
        let number = self.zone.with(|zone| zone.service_catalog.launches().len());
        if self.is(Sabotage::RandomToken) || self.is(Sabotage::RandomProduct) {
            launch.token = ProvisionToken(format!("random-{number}"));
        }
        if self.is(Sabotage::RandomProduct) {
            launch.product_name = format!("{}-{number}", launch.product_name);
        }
        self.zone.provision(&launch).await
    }

    async fn find(&self, product: ProductRef<'_>) -> Result<Option<ProductReport>, CouldNotAsk> {
        let found = self.zone.find(product).await?;
        let refuses = || self.zone.with(|zone| launch_path(zone).is_err());
        let by_name = matches!(product, ProductRef::Name(_));
        if by_name && self.is(Sabotage::RefusalBelieved) && refuses() {
            return Ok(None);
        }
        Ok(found.map(|report| self.misread(product, report)))
    }

    async fn discard(&self, product: &ProvisionedProductId) -> Result<Discarded, CouldNotAsk> {
        if self.is(Sabotage::SuccessForgotten) || self.is(Sabotage::TerminateUnread) {
            let wanted = Named::Id(product.0.clone());
            // Whatever it answers: what matters is what has become of the product.
            self.zone.with(|zone| {
                if let Ok(found) = provisioned_product(zone, &wanted) {
                    let token = format!("discard-{}-{}", found.id, found.last_record);
                    drop(terminate(zone, TerminateRequest { product: wanted, token }));
                }
            });
            return Ok(Discarded::Away);
        }
        self.zone.discard(product).await
    }
}

impl BentZone {
    fn misread(&self, product: ProductRef<'_>, report: ProductReport) -> ProductReport {
        match (self.sabotage, report.status) {
            (Some(Sabotage::InProgressIsDone), ProductStatus::UnderChange)
            | (Some(Sabotage::ErrorIsDone), ProductStatus::Error | ProductStatus::Tainted) => {
                self.usable(product, report)
            }
            (Some(Sabotage::SuccessForgotten), _) => {
                ProductReport { succeeded_once: false, ..report }
            }
            _ => report,
        }
    }

    /// Tells of the product as if its account were finished, where there is one.
    fn usable(&self, product: ProductRef<'_>, report: ProductReport) -> ProductReport {
        let account = self.zone.with(|zone| {
            let products = zone.service_catalog.provisioned_products();
            let found = products.iter().find(|it| match product {
                ProductRef::Id(id) => it.id == id.0,
                ProductRef::Name(name) => it.name == name,
            });
            let name = found.and_then(|it| it.name.strip_prefix("vend-"));
            let accounts = zone.organization.accounts();
            accounts.iter().find(|it| Some(it.name.as_str()) == name).map(|it| it.id.clone())
        });
        let account = account.and_then(|id| AccountId::new(id).ok());
        ProductReport { status: ProductStatus::Available, succeeded_once: true, account, ..report }
    }
}

#[async_trait]
impl Directory for BentZone {
    async fn accounts(&self) -> Result<Vec<OrganizationAccount>, CouldNotAsk> {
        if self.is(Sabotage::DirectoryBlind) {
            return Ok(Vec::new());
        }
        self.zone.accounts().await
    }

    async fn account(&self, id: &AccountId) -> Result<Option<OrganizationAccount>, CouldNotAsk> {
        if self.is(Sabotage::DirectoryBlind) {
            return Ok(None);
        }
        Directory::account(&self.zone, id).await
    }
}

#[async_trait]
impl Notifier for BentZone {
    async fn publish(&self, notice: &Notice) -> Result<(), CouldNotAsk> {
        if self.is(Sabotage::NoticeLost) && notice.kind == NoticeKind::AccountFailed {
            return Ok(());
        }
        if self.is(Sabotage::OrderFailureLost) && notice.kind == NoticeKind::PortfoliosFailed {
            return Ok(());
        }
        if self.is(Sabotage::CompleteWithoutFailures) {
            return self.zone.publish(&without_failures(notice)).await;
        }
        self.zone.publish(notice).await
    }
}

/// The notice, where it is that a portfolio file is complete, without what has failed.
fn without_failures(notice: &Notice) -> Notice {
    let lines = notice.body.lines().filter(|line| !line.starts_with("- "));
    match notice.kind {
        NoticeKind::PortfoliosComplete => {
            Notice { body: lines.collect::<Vec<_>>().join("\n"), ..notice.clone() }
        }
        _ => notice.clone(),
    }
}
