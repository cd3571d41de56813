//! What a permission set is, and which accounts hold it. Identity Center tells it in seven
//! calls.

use std::collections::BTreeSet;
use std::error::Error;

use aws_sdk_ssoadmin::types::{
    CustomerManagedPolicyReference, PermissionSet as Described, PermissionsBoundary,
    ProvisioningStatus,
};
use vending::permission_sets::{
    Boundary, Held, InlinePolicy, ManagedPolicy, PermissionSet, PermissionSetName, PolicyReference,
    Session,
};
use vending::ports::CouldNotAsk;

use super::{IDENTITY_CENTER, NOT_FOUND, SsoAdminPermissionSets, lacks};
use crate::calls::{code, could_not};

const LIST: &str = "list the permission sets";
const DESCRIBE: &str = "describe a permission set";
const MANAGED: &str = "list the managed policies in a permission set";
const CUSTOMER: &str = "list the customer managed policies in a permission set";
const INLINE: &str = "get the inline policy of a permission set";
const BOUNDARY: &str = "get the boundary of a permission set";
const ACCOUNTS: &str = "list the accounts that hold a permission set";

impl SsoAdminPermissionSets {
    /// The ARNs of all permission sets.
    pub(super) async fn list(&self) -> Result<Vec<String>, CouldNotAsk> {
        let list = self.client.list_permission_sets().instance_arn(&self.instance);
        let mut pages = list.into_paginator().items().send();
        let mut arns = Vec::new();
        while let Some(arn) = pages.next().await {
            arns.push(arn.map_err(could_not(IDENTITY_CENTER, LIST))?);
        }
        Ok(arns)
    }

    /// What of a permission set is not a policy.
    pub(super) async fn describe(&self, arn: &str) -> Result<Described, CouldNotAsk> {
        let describe = self.client.describe_permission_set().instance_arn(&self.instance);
        let answer = describe.permission_set_arn(arn).send().await;
        let answer = answer.map_err(could_not(IDENTITY_CENTER, DESCRIBE))?;
        answer.permission_set.ok_or_else(|| lacks(DESCRIBE, "PermissionSet"))
    }

    /// All that there is of a permission set that was described.
    pub(super) async fn held(
        &self,
        arn: String,
        described: &Described,
    ) -> Result<Held, CouldNotAsk> {
        let name = described.name().unwrap_or_default();
        let session = described.session_duration().map(str::parse::<Session>).transpose();
        let set = PermissionSet {
            description: described.description().map(str::to_owned),
            session: session.map_err(read(DESCRIBE))?.unwrap_or(Session::DEFAULT),
            relay_state: described.relay_state().map(str::to_owned),
            managed_policies: self.managed_policies(&arn).await?,
            customer_managed_policies: self.references(&arn).await?,
            inline_policy: self.inline_policy(&arn).await?,
            boundary: self.boundary(&arn).await?,
            ..PermissionSet::new(PermissionSetName::new(name).map_err(read(DESCRIBE))?)
        };
        let accounts = self.accounts(&arn, None).await?;
        let outdated = match accounts.as_slice() {
            [] => Vec::new(),
            _ => {
                let not = ProvisioningStatus::LatestPermissionSetNotProvisioned;
                self.accounts(&arn, Some(not)).await?
            }
        };
        Ok(Held { arn, set, accounts, outdated })
    }

    async fn managed_policies(&self, arn: &str) -> Result<BTreeSet<ManagedPolicy>, CouldNotAsk> {
        let list = self.client.list_managed_policies_in_permission_set();
        let list = list.instance_arn(&self.instance).permission_set_arn(arn);
        let mut pages = list.into_paginator().items().send();
        let mut policies = BTreeSet::new();
        while let Some(policy) = pages.next().await {
            let policy = policy.map_err(could_not(IDENTITY_CENTER, MANAGED))?;
            let policy = ManagedPolicy::new(policy.arn().unwrap_or_default());
            policies.insert(policy.map_err(read(MANAGED))?);
        }
        Ok(policies)
    }

    async fn references(&self, arn: &str) -> Result<BTreeSet<PolicyReference>, CouldNotAsk> {
        let list = self.client.list_customer_managed_policy_references_in_permission_set();
        let list = list.instance_arn(&self.instance).permission_set_arn(arn);
        let mut pages = list.into_paginator().items().send();
        let mut policies = BTreeSet::new();
        while let Some(policy) = pages.next().await {
            let policy = policy.map_err(could_not(IDENTITY_CENTER, CUSTOMER))?;
            policies.insert(reference(&policy).map_err(read(CUSTOMER))?);
        }
        Ok(policies)
    }

    /// Where there is none, the answer has no text, or an empty one.
    async fn inline_policy(&self, arn: &str) -> Result<Option<InlinePolicy>, CouldNotAsk> {
        let get = self.client.get_inline_policy_for_permission_set();
        let get = get.instance_arn(&self.instance).permission_set_arn(arn);
        let answer = get.send().await.map_err(could_not(IDENTITY_CENTER, INLINE))?;
        let text = answer.inline_policy().filter(|text| !text.is_empty());
        text.map(InlinePolicy::held).transpose().map_err(read(INLINE))
    }

    /// Where there is none, the answer is that it is not found.
    async fn boundary(&self, arn: &str) -> Result<Option<Boundary>, CouldNotAsk> {
        let get = self.client.get_permissions_boundary_for_permission_set();
        let get = get.instance_arn(&self.instance).permission_set_arn(arn);
        let boundary = match get.send().await {
            Ok(answer) => answer.permissions_boundary,
            Err(error) if code(&error) == Some(NOT_FOUND) => None,
            Err(error) => return Err(could_not(IDENTITY_CENTER, BOUNDARY)(error)),
        };
        boundary.as_ref().map(understood).transpose().map(Option::flatten)
    }

    async fn accounts(
        &self,
        arn: &str,
        status: Option<ProvisioningStatus>,
    ) -> Result<Vec<String>, CouldNotAsk> {
        let list = self.client.list_accounts_for_provisioned_permission_set();
        let list = list.instance_arn(&self.instance).permission_set_arn(arn);
        let mut pages = list.set_provisioning_status(status).into_paginator().items().send();
        let mut accounts = Vec::new();
        while let Some(account) = pages.next().await {
            accounts.push(account.map_err(could_not(IDENTITY_CENTER, ACCOUNTS))?);
        }
        Ok(accounts)
    }
}

fn understood(boundary: &PermissionsBoundary) -> Result<Option<Boundary>, CouldNotAsk> {
    let managed = boundary.managed_policy_arn().map(ManagedPolicy::new).transpose();
    if let Some(policy) = managed.map_err(read(BOUNDARY))? {
        return Ok(Some(Boundary::Managed(policy)));
    }
    let customer = boundary.customer_managed_policy_reference().map(reference).transpose();
    Ok(customer.map_err(read(BOUNDARY))?.map(Boundary::Customer))
}

fn reference(
    policy: &CustomerManagedPolicyReference,
) -> Result<PolicyReference, vending::permission_sets::PolicyFlaw> {
    PolicyReference::new(policy.name(), policy.path().unwrap_or("/"))
}

/// Identity Center tells what Vend does not understand.
fn read<E>(operation: &'static str) -> impl Fn(E) -> CouldNotAsk
where
    E: Error + Send + Sync + 'static,
{
    could_not(IDENTITY_CENTER, operation)
}
