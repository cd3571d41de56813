//! Who asks (STS), the organization that they are in (Organizations), and how many
//! accounts it may hold (Service Quotas).

use async_trait::async_trait;
use aws_config::Region;
use aws_sdk_organizations::operation::describe_organization::DescribeOrganizationError;
use aws_sdk_servicequotas::operation::get_service_quota::GetServiceQuotaError;
use aws_sdk_servicequotas::types::ServiceQuota;
use vending::account::AccountId;
use vending::doctor::ports::{Organization, Unseen};
use vending::ports::Directory;

use super::unseen::{lacks, unseen};
use crate::{Clients, OrganizationsDirectory};

const IDENTITY: &str = "sts:GetCallerIdentity";
const DESCRIBE: &str = "organizations:DescribeOrganization";
const LIST: &str = "organizations:ListAccounts";
const QUOTA: &str = "servicequotas:GetServiceQuota";
const DEFAULT_QUOTA: &str = "servicequotas:GetAWSDefaultServiceQuota";

/// The code of Organizations in Service Quotas.
const ORGANIZATIONS: &str = "organizations";
/// "Default maximum number of accounts" (Organizations user guide, "Quotas").
const ACCOUNTS: &str = "L-E619E033";

/// Asks STS, Organizations and Service Quotas.
#[derive(Debug, Clone)]
pub struct OrganizationsOverview {
    sts: aws_sdk_sts::Client,
    organizations: aws_sdk_organizations::Client,
    quotas: aws_sdk_servicequotas::Client,
}

impl OrganizationsOverview {
    /// An overview for whoever `clients` are of, asked from `region`.
    #[must_use]
    pub fn new(clients: &Clients, region: &str) -> Self {
        let quotas = aws_sdk_servicequotas::config::Builder::from(clients.config());
        let quotas = quotas.region(Region::new(region_of_global_quotas(region)));
        Self {
            sts: aws_sdk_sts::Client::new(clients.config()),
            organizations: clients.organizations(),
            quotas: aws_sdk_servicequotas::Client::from_conf(quotas.build()),
        }
    }

    async fn default_quota(&self) -> Result<usize, Unseen> {
        let ask = self.quotas.get_aws_default_service_quota().service_code(ORGANIZATIONS);
        let answer = ask.quota_code(ACCOUNTS).send().await.map_err(unseen(DEFAULT_QUOTA))?;
        value(answer.quota(), DEFAULT_QUOTA)
    }
}

/// Organizations is global: its quotas are kept in one Region of each partition, the one
/// of its endpoint (Organizations user guide, "Endpoints").
fn region_of_global_quotas(region: &str) -> &'static str {
    match region.split('-').collect::<Vec<_>>().as_slice() {
        ["us", "gov", ..] => "us-gov-west-1",
        ["cn", ..] => "cn-northwest-1",
        _ => "us-east-1",
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of accounts, which AWS tells as a float"
)]
fn value(quota: Option<&ServiceQuota>, needs: &'static str) -> Result<usize, Unseen> {
    let value = quota.and_then(ServiceQuota::value);
    value.map(|value| value as usize).ok_or_else(|| lacks("value", needs))
}

fn account(id: Option<&str>, needs: &'static str) -> Result<AccountId, Unseen> {
    let id = id.and_then(|id| AccountId::new(id).ok());
    id.ok_or_else(|| lacks("account id", needs))
}

#[async_trait]
impl Organization for OrganizationsOverview {
    async fn caller(&self) -> Result<AccountId, Unseen> {
        let answer = self.sts.get_caller_identity().send().await.map_err(unseen(IDENTITY))?;
        account(answer.account(), IDENTITY)
    }

    async fn management_account(&self) -> Result<Option<AccountId>, Unseen> {
        match self.organizations.describe_organization().send().await {
            Ok(answer) => {
                let organization = answer.organization();
                let id = organization.and_then(|it| it.master_account_id());
                account(id, DESCRIBE).map(Some)
            }
            Err(error) => match error.as_service_error() {
                Some(DescribeOrganizationError::AwsOrganizationsNotInUseException(_)) => Ok(None),
                _ => Err(unseen(DESCRIBE)(error)),
            },
        }
    }

    async fn accounts(&self) -> Result<usize, Unseen> {
        let directory = OrganizationsDirectory::new(self.organizations.clone());
        let accounts = directory.accounts().await.map_err(|error| {
            let cause = error.chain();
            let denied = cause.contains("AccessDenied");
            Unseen { cause, denied, needs: LIST }
        })?;
        Ok(accounts.len())
    }

    async fn account_quota(&self) -> Result<usize, Unseen> {
        let ask = self.quotas.get_service_quota().service_code(ORGANIZATIONS);
        match ask.quota_code(ACCOUNTS).send().await {
            Ok(answer) => value(answer.quota(), QUOTA),
            Err(error) => match error.as_service_error() {
                // Nobody has changed it: what AWS starts with holds.
                Some(GetServiceQuotaError::NoSuchResourceException(_)) => {
                    self.default_quota().await
                }
                _ => Err(unseen(QUOTA)(error)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    fn over(canned: &Canned) -> OrganizationsOverview {
        OrganizationsOverview::new(&Clients::new(canned.config()), "us-east-1")
    }

    fn refused(code: &str) -> (u16, String) {
        (400, format!(r#"{{"__type":"{code}","Message":"words"}}"#))
    }

    #[tokio::test]
    async fn a_quota_that_nobody_changed_is_the_default() {
        let quota = (200, r#"{"Quota":{"Value":10.0}}"#.to_owned());
        let canned = Canned::new(vec![refused("NoSuchResourceException"), quota]);
        assert_eq!(over(&canned).account_quota().await, Ok(10));
        let told = over(&Canned::new(vec![refused("AccessDeniedException")])).account_quota().await;
        let told = told.unwrap_err();
        assert_eq!((told.denied, told.needs), (true, QUOTA));
    }

    #[tokio::test]
    async fn no_organization_is_none_and_no_error() {
        let canned = Canned::new(vec![refused("AWSOrganizationsNotInUseException")]);
        assert_eq!(over(&canned).management_account().await, Ok(None));
    }

    #[test]
    fn quotas_of_organizations_are_kept_in_one_region_of_a_partition() {
        assert_eq!(region_of_global_quotas("eu-central-1"), "us-east-1");
        assert_eq!(region_of_global_quotas("us-gov-east-1"), "us-gov-west-1");
        assert_eq!(region_of_global_quotas("cn-north-1"), "cn-northwest-1");
    }
}
