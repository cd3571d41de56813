//! Finding the organization's instance.

use aws_sdk_ssoadmin::Client;
use aws_sdk_ssoadmin::types::{InstanceMetadata, InstanceStatus};
use vending::account::AccountId;
use vending::ports::CouldNotAsk;

use super::{IDENTITY_CENTER, IdentityCenter};
use crate::calls::could_not;

const LIST: &str = "list its instances";

/// The instance, and where its users and groups are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instance {
    /// The instance's ARN.
    pub(crate) arn: String,
    /// The id of its identity store.
    pub(crate) identity_store: String,
}

/// The instance that is meant.
pub(crate) async fn find(client: &Client, meant: &IdentityCenter) -> Result<Instance, CouldNotAsk> {
    match meant {
        IdentityCenter::Instance { arn, identity_store } => {
            Ok(Instance { arn: arn.clone(), identity_store: identity_store.clone() })
        }
        IdentityCenter::OwnedBy(owner) => {
            let listed = list(client).await?;
            choose(&listed, owner).map_err(could_not(IDENTITY_CENTER, LIST))
        }
    }
}

async fn list(client: &Client) -> Result<Vec<InstanceMetadata>, CouldNotAsk> {
    let mut instances = client.list_instances().into_paginator().items().send();
    let mut listed = Vec::new();
    while let Some(instance) = instances.next().await {
        listed.push(instance.map_err(could_not(IDENTITY_CENTER, LIST))?);
    }
    Ok(listed)
}

/// The active instance of that owner, of which an account has at most one.
fn choose(listed: &[InstanceMetadata], owner: &AccountId) -> Result<Instance, String> {
    let own = |instance: &&InstanceMetadata| {
        instance.owner_account_id() == Some(owner.as_str())
            && instance.status() == Some(&InstanceStatus::Active)
    };
    let found = listed.iter().find(own);
    let ids = found.and_then(|it| it.instance_arn().zip(it.identity_store_id()));
    let (arn, identity_store) = ids.ok_or_else(|| none(listed, owner))?;
    Ok(Instance { arn: arn.to_owned(), identity_store: identity_store.to_owned() })
}

fn none(listed: &[InstanceMetadata], owner: &AccountId) -> String {
    let seen = listed.iter().map(|it| {
        let of = |value: Option<&str>| value.unwrap_or("?").to_owned();
        let status = it.status().map(InstanceStatus::as_str);
        format!("{} of {} ({})", of(it.instance_arn()), of(it.owner_account_id()), of(status))
    });
    let seen = seen.collect::<Vec<_>>().join(", ");
    format!("account {owner} owns no active instance in this Region; there are: {seen}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(name: &str, owner: &str, status: InstanceStatus) -> InstanceMetadata {
        let arn = format!("arn:aws:sso:::instance/ssoins-{name}");
        InstanceMetadata::builder()
            .instance_arn(arn)
            .identity_store_id(format!("d-{name}"))
            .owner_account_id(owner)
            .status(status)
            .build()
    }

    #[test]
    fn the_organizations_instance_is_chosen_wherever_it_stands() {
        let owner = AccountId::new("111122223333").unwrap();
        let listed = [
            instance("member", "444455556666", InstanceStatus::Active),
            instance("old", "111122223333", InstanceStatus::DeleteInProgress),
            instance("ours", "111122223333", InstanceStatus::Active),
        ];
        assert_eq!(choose(&listed, &owner).unwrap().identity_store, "d-ours");
        let none = choose(&listed[..2], &owner).unwrap_err();
        assert!(none.contains("ssoins-member of 444455556666 (ACTIVE)"), "{none}");
    }
}
