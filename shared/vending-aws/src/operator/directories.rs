//! The instances of IAM Identity Center, and whether what a grant names is in one.

use std::error::Error;

use async_trait::async_trait;
use aws_sdk_identitystore::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ssoadmin::types::InstanceStatus;
use vending::doctor::ports::{Directories, Instance, Known, Unseen};
use vending::ledger::{Grant, Principal, PrincipalKind};

use super::unseen::unseen;
use crate::calls::code;
use crate::identity_center::instance;
use crate::{Clients, IdentityCenter};

const INSTANCES: &str = "sso:ListInstances";
const GROUP: &str = "identitystore:DescribeGroup";
const USER: &str = "identitystore:DescribeUser";
const PERMISSION_SET: &str = "sso:DescribePermissionSet";

/// Asks IAM Identity Center and its identity store.
#[derive(Debug, Clone)]
pub struct IdentityCenterDirectories {
    admin: aws_sdk_ssoadmin::Client,
    store: aws_sdk_identitystore::Client,
    meant: IdentityCenter,
}

impl IdentityCenterDirectories {
    /// The directories over those clients; grants are about the instance that is `meant`.
    #[must_use]
    pub fn new(clients: &Clients, meant: IdentityCenter) -> Self {
        Self { admin: clients.sso_admin(), store: clients.identity_store(), meant }
    }

    async fn knows(&self, store: &str, principal: &Principal) -> Result<bool, Unseen> {
        match principal.kind {
            PrincipalKind::Group => {
                let ask = self.store.describe_group().identity_store_id(store);
                is_there(ask.group_id(&principal.id).send().await, GROUP)
            }
            PrincipalKind::User => {
                let ask = self.store.describe_user().identity_store_id(store);
                is_there(ask.user_id(&principal.id).send().await, USER)
            }
        }
    }
}

#[async_trait]
impl Directories for IdentityCenterDirectories {
    async fn instances(&self) -> Result<Vec<Instance>, Unseen> {
        let mut listed = self.admin.list_instances().into_paginator().items().send();
        let mut instances = Vec::new();
        while let Some(one) = listed.next().await {
            let one = one.map_err(unseen(INSTANCES))?;
            instances.push(Instance {
                arn: one.instance_arn().unwrap_or_default().to_owned(),
                owner: one.owner_account_id().unwrap_or_default().to_owned(),
                active: one.status() == Some(&InstanceStatus::Active),
            });
        }
        Ok(instances)
    }

    async fn known(&self, grant: &Grant) -> Result<Known, Unseen> {
        let Grant::Assignment { permission_set, principal, .. } = grant else {
            return Ok(Known { principal: true, permission_set: true });
        };
        let instance = instance::find(&self.admin, &self.meant).await.map_err(|error| {
            let cause = error.chain();
            let denied = cause.contains("AccessDenied");
            Unseen { cause, denied, needs: INSTANCES }
        })?;
        let ask = self.admin.describe_permission_set().instance_arn(&instance.arn);
        let described = ask.permission_set_arn(permission_set).send().await;
        Ok(Known {
            principal: self.knows(&instance.identity_store, principal).await?,
            permission_set: is_there(described, PERMISSION_SET)?,
        })
    }
}

/// Whether what was described is there; asking takes the permission `needs`.
fn is_there<T, E>(described: Result<T, SdkError<E>>, needs: &'static str) -> Result<bool, Unseen>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match described {
        Ok(_) => Ok(true),
        Err(error) if code(&error) == Some("ResourceNotFoundException") => Ok(false),
        Err(error) => Err(unseen(needs)(error)),
    }
}
