//! Permission sets by name. Identity Center lists ARNs only, so each has to be
//! described once to learn its name.

use std::collections::BTreeMap;

use aws_sdk_ssoadmin::Client;
use tokio::sync::Mutex;
use vending::file::nearest;
use vending::ports::{CouldNotAsk, Unresolved};

use super::IDENTITY_CENTER;
use super::instance::Instance;
use crate::calls::could_not;

const LIST: &str = "list the permission sets";
const DESCRIBE: &str = "describe a permission set";

/// The names learnt so far.
#[derive(Debug, Default)]
pub(super) struct PermissionSets {
    /// By ARN. A permission set cannot be renamed.
    names: Mutex<BTreeMap<String, String>>,
}

impl PermissionSets {
    /// The ARN of the permission set that `text`, a name or an ARN, means.
    ///
    /// Names that are not known yet are asked for one after the other, because all
    /// calls to Identity Center share 20 a second, and only until the name is found.
    pub(super) async fn resolve(
        &self,
        client: &Client,
        instance: &Instance,
        text: &str,
    ) -> Result<String, Unresolved> {
        if is_arn(text) {
            return Ok(text.to_owned());
        }
        let mut names = self.names.lock().await;
        if let Some(arn) = named(&names, text) {
            return Ok(arn);
        }
        for arn in list(client, instance).await? {
            if names.contains_key(&arn) {
                continue;
            }
            let name = describe(client, instance, &arn).await?;
            let found = name == text;
            names.insert(arn.clone(), name);
            if found {
                return Ok(arn);
            }
        }
        Err(unknown(text, &names))
    }
}

/// `arn:aws(-…):sso:::permissionSet/…`
fn is_arn(text: &str) -> bool {
    text.starts_with("arn:") && text.contains(":sso:::permissionSet/")
}

fn named(names: &BTreeMap<String, String>, text: &str) -> Option<String> {
    names.iter().find(|(_, name)| *name == text).map(|(arn, _)| arn.clone())
}

fn unknown(text: &str, names: &BTreeMap<String, String>) -> Unresolved {
    let near = nearest(text, names.values().map(String::as_str));
    let hint = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
    Unresolved::Unknown(format!("there is no permission set named {text:?}{hint}"))
}

async fn list(client: &Client, instance: &Instance) -> Result<Vec<String>, CouldNotAsk> {
    let mut arns =
        client.list_permission_sets().instance_arn(&instance.arn).into_paginator().items().send();
    let mut listed = Vec::new();
    while let Some(arn) = arns.next().await {
        listed.push(arn.map_err(could_not(IDENTITY_CENTER, LIST))?);
    }
    Ok(listed)
}

async fn describe(client: &Client, instance: &Instance, arn: &str) -> Result<String, CouldNotAsk> {
    let describe =
        client.describe_permission_set().instance_arn(&instance.arn).permission_set_arn(arn);
    let described = describe.send().await.map_err(could_not(IDENTITY_CENTER, DESCRIBE))?;
    let name = described.permission_set.and_then(|set| set.name);
    Ok(name.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_told_from_a_name() {
        assert!(is_arn("arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"));
        assert!(is_arn(
            "arn:aws-us-gov:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"
        ));
        assert!(!is_arn("AWSAdministratorAccess"));
    }

    #[test]
    fn an_unknown_name_is_told_with_the_nearest() {
        let names = [("arn:1".to_owned(), "AWSReadOnlyAccess".to_owned())].into();
        let told = unknown("AWSReadonlyAcess", &names).to_string();
        assert_eq!(
            told,
            "there is no permission set named \"AWSReadonlyAcess\"; did you mean \"AWSReadOnlyAccess\"?"
        );
    }
}
