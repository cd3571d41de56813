//! A hook around the calls of everything that is not the ledger.

use async_trait::async_trait;
use vending::account::{AccountId, OrganizationalUnit};
use vending::file::FileReader;
use vending::ledger::{
    Batch, Grant, ObjectRef, Portfolio, ProvisionedProductId, RecordId, Timestamp,
};
use vending::notice::Notice;
use vending::ports::{
    AccountFactory, AssignError, Assignments, BatchSource, CouldNotAsk, Directory, Discarded,
    LaunchRequest, Notifier, OrganizationAccount, PortfolioSharing, PrincipalText, ProductRef,
    ProductReport, ProvisionError, Reach, ReadError, Replaced, ResultsError, ResultsFile,
    ResultsFiles, Revision, ShareError, StepStatus, Unresolved,
};

use super::Interposed;

type Asked<T> = Result<T, CouldNotAsk>;

#[async_trait]
impl<P: AccountFactory> AccountFactory for Interposed<P> {
    async fn units(&self) -> Result<Vec<OrganizationalUnit>, ProvisionError> {
        self.around("units", self.port.units()).await
    }

    async fn provision(
        &self,
        launch: &LaunchRequest,
    ) -> Result<(ProvisionedProductId, RecordId), ProvisionError> {
        self.around("provision", self.port.provision(launch)).await
    }

    async fn find(&self, product: ProductRef<'_>) -> Asked<Option<ProductReport>> {
        self.around("find", self.port.find(product)).await
    }

    async fn discard(&self, product: &ProvisionedProductId) -> Asked<Discarded> {
        self.around("discard", self.port.discard(product)).await
    }
}

#[async_trait]
impl<P: Directory> Directory for Interposed<P> {
    async fn accounts(&self) -> Asked<Vec<OrganizationAccount>> {
        self.around("accounts", self.port.accounts()).await
    }

    async fn account(&self, id: &AccountId) -> Asked<Option<OrganizationAccount>> {
        self.around("account", self.port.account(id)).await
    }
}

#[async_trait]
impl<P: Assignments> Assignments for Interposed<P> {
    async fn resolve(&self, principal: &PrincipalText, set: &str) -> Result<Grant, Unresolved> {
        self.around("resolve assignment", self.port.resolve(principal, set)).await
    }

    async fn exists(&self, account: &AccountId, grant: &Grant) -> Asked<bool> {
        self.around("exists", self.port.exists(account, grant)).await
    }

    async fn request(&self, account: &AccountId, grant: &Grant) -> Result<String, AssignError> {
        self.around("request", self.port.request(account, grant)).await
    }

    async fn status(&self, request: &str) -> Asked<StepStatus> {
        self.around("assignment status", self.port.status(request)).await
    }
}

#[async_trait]
impl<P: PortfolioSharing> PortfolioSharing for Interposed<P> {
    async fn resolve(&self, portfolio: &str) -> Result<Portfolio, Unresolved> {
        self.around("resolve portfolio", self.port.resolve(portfolio)).await
    }

    async fn share(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<Option<String>, ShareError> {
        self.around("share", self.port.share(portfolio, account)).await
    }

    async fn status(&self, token: &str, account: &AccountId) -> Asked<StepStatus> {
        self.around("share status", self.port.status(token, account)).await
    }

    async fn reach(&self, portfolio: &Portfolio, account: &AccountId) -> Asked<Option<Reach>> {
        self.around("reach", self.port.reach(portfolio, account)).await
    }

    async fn is_shared(&self, portfolio: &Portfolio, account: &AccountId) -> Asked<bool> {
        self.around("is_shared", self.port.is_shared(portfolio, account)).await
    }
}

#[async_trait]
impl<P: Notifier> Notifier for Interposed<P> {
    async fn publish(&self, notice: &Notice) -> Asked<()> {
        self.around("publish", self.port.publish(notice)).await
    }
}

#[async_trait]
impl<P: BatchSource> BatchSource for Interposed<P> {
    async fn read(
        &self,
        object: &ObjectRef,
        reader: &mut dyn FileReader,
    ) -> Result<Timestamp, ReadError> {
        self.around("read", self.port.read(object, reader)).await
    }

    async fn write_results(&self, bucket: &str, key: &str, content: Vec<u8>) -> Asked<()> {
        self.around("write_results", self.port.write_results(bucket, key, content)).await
    }
}

#[async_trait]
impl<P: ResultsFiles> ResultsFiles for Interposed<P> {
    async fn results_of(&self, batch: &Batch) -> Result<Option<ResultsFile>, ResultsError> {
        self.around("results_of", self.port.results_of(batch)).await
    }

    async fn replace_results(
        &self,
        batch: &Batch,
        over: Option<&Revision>,
        content: Vec<u8>,
    ) -> Result<Replaced, ResultsError> {
        self.around("replace_results", self.port.replace_results(batch, over, content)).await
    }
}
