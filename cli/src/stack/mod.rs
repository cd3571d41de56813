//! The stack that a command is about: found by its name, asked for everything else. What
//! it is deployed with is what counts, never a second configuration on an operator's machine.

mod connect;
mod described;

use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::sync::OnceCell;
use vending::account::AccountId;
use vending::handover::PortfolioUses;
use vending::ledger::Operator;
use vending::operate::Operating;
use vending::ports::{AccessDefaults, Clock};
use vending_aws::operator::{OperatorsAccountFactory, ServiceCatalogFactory};
use vending_aws::pace::OF_OPERATORS;
use vending_aws::{
    AnswerClock, Clients, DynamoDbLedger, IdentityCenter, OrganizationsDirectory,
    ServiceCatalogAccountFactory, ServiceCatalogPortfolios, SnsNotifier, SsoAdminAssignments,
    TableNames,
};

use crate::Connection;
use crate::output::Hinted;
use described::Described;

/// A stack that answers.
pub(crate) struct Stack {
    clients: Clients,
    described: Described,
    ledger: DynamoDbLedger,
    clock: AnswerClock,
    operator: OnceCell<Operator>,
    local: bool,
}

impl Stack {
    /// Finds the stack.
    ///
    /// # Errors
    /// When there is no such stack, or AWS does not answer.
    pub(crate) async fn find(connection: &Connection) -> Result<Self> {
        let config = connect::config(connection).await;
        let described = Described::ask(&config, connection).await?;
        let local = connection.local.is_some();
        let clients = Clients::new(config);
        // A local cloud answers in virtual time, and is not held up by a pace in real time.
        let clients = if local { clients } else { clients.pacing_identity_center(OF_OPERATORS) };
        let tables = TableNames {
            accounts: described.resource("AccountsTable")?.to_owned(),
            control: described.resource("ControlTable")?.to_owned(),
        };
        let ledger = DynamoDbLedger::new(clients.dynamodb(), tables);
        let clock = clients.answers().clone();
        Ok(Self { clients, described, ledger, clock, operator: OnceCell::new(), local })
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.described.name
    }

    /// The Region it is in.
    pub(crate) fn region(&self) -> &str {
        self.described.region()
    }

    /// The account it is in, by its ARN.
    ///
    /// # Errors
    /// When its ARN holds none.
    pub(crate) fn account(&self) -> Result<AccountId> {
        AccountId::new(self.described.account()).context("read the stack's ARN")
    }

    /// Whether it is one of `vend local --serve`.
    pub(crate) fn is_local(&self) -> bool {
        self.local
    }

    /// The value of a parameter of the template.
    ///
    /// # Errors
    /// When the stack has no such parameter: it is not Vend's, or of another version.
    pub(crate) fn parameter(&self, name: &str) -> Result<&str> {
        self.described.parameter(name)
    }

    /// The name or ARN that a resource of the template has in this stack.
    ///
    /// # Errors
    /// When the stack has no such resource: it is not Vend's, or of another version.
    pub(crate) fn resource(&self, logical: &str) -> Result<&str> {
        self.described.resource(logical)
    }

    /// The bucket that lists are dropped into.
    ///
    /// # Errors
    /// See [`resource`](Self::resource).
    pub(crate) fn bucket(&self) -> Result<&str> {
        self.resource("ListBucket")
    }

    /// Accounts that are launched at a time.
    ///
    /// # Errors
    /// When the stack has no such parameter, or it is no number.
    pub(crate) fn max_in_flight(&self) -> Result<usize> {
        self.parameter("MaxInFlight")?.parse().context("read the stack's MaxInFlight")
    }

    /// Whether a list is taken without its faulty rows.
    ///
    /// # Errors
    /// See [`parameter`](Self::parameter).
    pub(crate) fn accept_valid_rows(&self) -> Result<bool> {
        Ok(self.parameter("AcceptValidRows")? == "true")
    }

    /// What every new account is given.
    ///
    /// # Errors
    /// When a parameter is missing or cannot be read.
    pub(crate) fn defaults(&self) -> Result<AccessDefaults> {
        let group = self.parameter("GroupName")?;
        let permission_set = self.parameter("PermissionSet")?;
        let assignments = match group {
            "" => Vec::new(),
            group => vec![format!("group:{group}={permission_set}")],
        };
        let portfolios = self.parameter("Portfolios")?.split(',').map(str::trim);
        let portfolios = portfolios.filter(|it| !it.is_empty()).map(str::to_owned).collect();
        let read = AccessDefaults::read(&assignments, portfolios).map_err(anyhow::Error::msg);
        read.context("understand the stack's parameters")
    }

    /// What makes portfolios usable in the accounts.
    ///
    /// # Errors
    /// When a parameter is missing or cannot be read.
    pub(crate) fn portfolio_uses(&self) -> Result<PortfolioUses> {
        let items = |text: &str| -> Vec<String> {
            let items = text.split(';').map(str::trim).filter(|item| !item.is_empty());
            items.map(str::to_owned).collect()
        };
        let in_accounts = !self.parameter("MemberRole")?.is_empty();
        let launch_role = Some(self.parameter("LaunchRole")?.to_owned());
        let launch_role = launch_role.filter(|role| !role.is_empty());
        let principals = items(self.parameter("PortfolioPrincipals")?);
        let tags = items(self.parameter("LocalTagOptions")?);
        let read = PortfolioUses::read(in_accounts, &principals, launch_role, &tags);
        read.map_err(anyhow::Error::msg).context("understand the stack's parameters")
    }

    /// The clients.
    pub(crate) fn clients(&self) -> &Clients {
        &self.clients
    }

    /// The ledger.
    pub(crate) fn ledger(&self) -> &DynamoDbLedger {
        &self.ledger
    }

    /// The time by AWS's answers.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &self.clock
    }

    /// The world as operators need it.
    pub(crate) fn operating(&self) -> Operating<'_> {
        Operating { ledger: &self.ledger, clock: &self.clock }
    }

    /// Account Factory, as an operator sees it who may not launch it.
    pub(crate) fn factory(&self) -> OperatorsAccountFactory {
        let clock = Arc::new(self.clock.clone());
        let factory = ServiceCatalogAccountFactory::new(self.clients.service_catalog(), clock);
        OperatorsAccountFactory::new(factory, ServiceCatalogFactory::new(&self.clients))
    }

    /// The organization's accounts.
    pub(crate) fn directory(&self) -> OrganizationsDirectory {
        OrganizationsDirectory::new(self.clients.organizations())
    }

    /// Where IAM Identity Center is.
    ///
    /// # Errors
    /// When the stack's parameters or its ARN cannot be read.
    pub(crate) fn identity_center(&self) -> Result<IdentityCenter> {
        let arn = self.parameter("IdentityCenterInstanceArn")?.to_owned();
        let identity_store = self.parameter("IdentityStoreId")?.to_owned();
        if arn.is_empty() {
            return Ok(IdentityCenter::OwnedBy(self.account()?));
        }
        Ok(IdentityCenter::Instance { arn, identity_store })
    }

    /// Account assignments.
    ///
    /// # Errors
    /// See [`identity_center`](Self::identity_center).
    pub(crate) fn assignments(&self) -> Result<SsoAdminAssignments> {
        let (admin, store) = (self.clients.sso_admin(), self.clients.identity_store());
        Ok(SsoAdminAssignments::new(admin, store, self.identity_center()?))
    }

    /// Portfolios.
    pub(crate) fn portfolios(&self) -> ServiceCatalogPortfolios {
        ServiceCatalogPortfolios::new(self.clients.service_catalog(), self.clients.organizations())
    }

    /// Who tells people.
    ///
    /// # Errors
    /// See [`resource`](Self::resource).
    pub(crate) fn notifier(&self) -> Result<SnsNotifier> {
        Ok(SnsNotifier::new(self.clients.sns(), self.resource("Topic")?))
    }

    /// Who is at work here, as AWS knows them.
    ///
    /// # Errors
    /// When AWS does not say.
    pub(crate) async fn operator(&self) -> Result<&Operator> {
        self.operator.get_or_try_init(|| connect::operator(self.clients.config())).await
    }
}

/// That the stack lacks something that Vend's template has.
fn not_vends(stack: &str, what: &str, name: &str) -> anyhow::Error {
    let hint = "is it Vend's stack, and deployed by this version of Vend? See --stack";
    Hinted::new(format!("find the {what} {name} in the stack {stack:?}"), hint).into()
}
