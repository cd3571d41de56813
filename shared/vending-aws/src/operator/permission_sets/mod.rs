//! Permission sets in IAM Identity Center: read whole, changed step by step, and brought
//! into the accounts that hold them.

mod changes;
mod reads;

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_ssoadmin::types::{ProvisionTargetType, StatusValues};
use vending::permission_sets::{
    ChangeError, Held, PermissionSet, PermissionSetName, PermissionSets, Step,
};
use vending::ports::{CouldNotAsk, StepStatus};

use self::changes::changed;
use crate::calls::{code, could_not};
use crate::identity_center::instance;
use crate::{Clients, IdentityCenter};

/// Asks IAM Identity Center, in one instance of it.
#[derive(Debug, Clone)]
pub struct SsoAdminPermissionSets {
    client: aws_sdk_ssoadmin::Client,
    instance: String,
    /// What is between the first two colons of the instance's ARN.
    partition: String,
}

impl SsoAdminPermissionSets {
    /// The permission sets of the instance that is `meant`.
    ///
    /// # Errors
    /// When the instance is not told and cannot be found.
    pub async fn find(clients: &Clients, meant: &IdentityCenter) -> Result<Self, CouldNotAsk> {
        let client = clients.sso_admin();
        let instance = instance::find(&client, meant).await?.arn;
        let partition = instance.split(':').nth(1).unwrap_or("aws").to_owned();
        Ok(Self { client, instance, partition })
    }
}

#[async_trait]
impl PermissionSets for SsoAdminPermissionSets {
    async fn named(
        &self,
        names: &[PermissionSetName],
    ) -> Result<BTreeMap<PermissionSetName, Held>, CouldNotAsk> {
        let mut found = BTreeMap::new();
        for arn in self.list().await? {
            if found.len() == names.len() {
                break;
            }
            let described = self.describe(&arn).await?;
            let wanted = names.iter().find(|name| described.name() == Some(name.as_str()));
            if let Some(name) = wanted {
                found.insert(name.clone(), self.held(arn, &described).await?);
            }
        }
        Ok(found)
    }

    async fn again(&self, arn: &str) -> Result<Held, CouldNotAsk> {
        let described = self.describe(arn).await?;
        self.held(arn.to_owned(), &described).await
    }

    async fn create(&self, set: &PermissionSet) -> Result<String, ChangeError> {
        const CREATE: &str = "create a permission set";
        let create = self.client.create_permission_set().instance_arn(&self.instance);
        let create = create.name(set.name.as_str()).session_duration(set.session.iso());
        let create = create.set_description(set.description.clone());
        let made = create.set_relay_state(set.relay_state.clone()).send().await;
        let arn =
            made.map_err(changed(CREATE))?.permission_set.and_then(|it| it.permission_set_arn);
        arn.ok_or_else(|| lacks(CREATE, "PermissionSetArn").into())
    }

    async fn carry_out(&self, arn: &str, step: &Step) -> Result<(), ChangeError> {
        self.step(arn, step).await
    }

    async fn provision(&self, arn: &str) -> Result<String, ChangeError> {
        const PROVISION: &str = "provision a permission set";
        let provision = self.client.provision_permission_set().instance_arn(&self.instance);
        let provision = provision.permission_set_arn(arn);
        let all = ProvisionTargetType::AllProvisionedAccounts;
        let begun = provision.target_type(all).send().await.map_err(changed(PROVISION))?;
        let request = begun.permission_set_provisioning_status.and_then(|it| it.request_id);
        request.ok_or_else(|| lacks(PROVISION, "RequestId").into())
    }

    async fn provisioning(&self, request: &str) -> Result<StepStatus, CouldNotAsk> {
        const DESCRIBE: &str = "describe how far a permission set is provisioned";
        let ask = self.client.describe_permission_set_provisioning_status();
        let ask = ask.instance_arn(&self.instance).provision_permission_set_request_id(request);
        let answer = match ask.send().await {
            Ok(answer) => answer.permission_set_provisioning_status,
            Err(error) if code(&error) == Some(NOT_FOUND) => return Ok(StepStatus::Unknown),
            Err(error) => return Err(could_not(IDENTITY_CENTER, DESCRIBE)(error)),
        };
        let status = answer.ok_or_else(|| lacks(DESCRIBE, "PermissionSetProvisioningStatus"))?;
        Ok(match status.status() {
            Some(StatusValues::InProgress) => StepStatus::InProgress,
            Some(StatusValues::Succeeded) => StepStatus::Done,
            Some(StatusValues::Failed) => {
                let why = status.failure_reason().unwrap_or("no reason was given");
                StepStatus::Failed(why.to_owned())
            }
            _ => return Err(lacks(DESCRIBE, "a Status that is known")),
        })
    }
}

/// The service, by its short name.
const IDENTITY_CENTER: &str = "IAM Identity Center";

const NOT_FOUND: &str = "ResourceNotFoundException";

/// The service answered, and its answer lacks something.
fn lacks(operation: &'static str, what: &str) -> CouldNotAsk {
    CouldNotAsk::new(IDENTITY_CENTER, operation, format!("the answer lacks {what}"))
}
