//! Permission sets by name. Identity Center lists ARNs only, so each has to be
//! described once to learn its name.

use std::collections::BTreeMap;

use aws_sdk_ssoadmin::Client;
use aws_sdk_ssoadmin::error::SdkError;
use aws_sdk_ssoadmin::operation::describe_permission_set::DescribePermissionSetError;
use tokio::sync::Mutex;
use vending::file::nearest;
use vending::ports::{CouldNotAsk, Unresolved};

use super::IDENTITY_CENTER;
use super::instance::Instance;
use crate::calls::could_not;

const LIST: &str = "list the permission sets";
const DESCRIBE: &str = "describe a permission set";

/// The names learnt so far.
#[derive(Debug)]
pub(crate) struct PermissionSets {
    /// By ARN. A permission set cannot be renamed.
    names: Mutex<BTreeMap<String, String>>,
    /// How many names are learnt at most while one is looked for.
    pub(super) most: usize,
}

impl Default for PermissionSets {
    fn default() -> Self {
        Self { names: Mutex::default(), most: usize::MAX }
    }
}

impl PermissionSets {
    /// The ARN of the permission set that `text`, a name or an ARN, means.
    ///
    /// Names that are not known yet are asked for one after the other, because all
    /// calls to Identity Center share 20 a second, and only until the name is found.
    pub(crate) async fn resolve(
        &self,
        client: &Client,
        instance: &Instance,
        text: &str,
    ) -> Result<String, Unresolved> {
        let mut names = self.names.lock().await;
        if is_arn(text) {
            return by_arn(client, instance, text, &mut names).await;
        }
        if let Some(arn) = named(&names, text) {
            return Ok(arn);
        }
        let new = list(client, instance).await?.into_iter().filter(|arn| !names.contains_key(arn));
        let new: Vec<String> = new.collect();
        for (learnt, arn) in new.into_iter().enumerate() {
            if learnt == self.most {
                return Err(could_not(IDENTITY_CENTER, DESCRIBE)(goes_on(names.len())).into());
            }
            // One that was deleted since the listing has no name to learn.
            let Some(name) = describe(client, instance, &arn).await? else { continue };
            let found = name == text;
            names.insert(arn.clone(), name);
            if found {
                return Ok(arn);
            }
        }
        let near = nearest(text, names.values().map(String::as_str));
        Err(Unresolved::permission_set(text, near))
    }
}

fn goes_on(known: usize) -> String {
    format!("the names of {known} are known by now, and the next call learns more")
}

/// The ARN itself, if there is such a permission set.
async fn by_arn(
    client: &Client,
    instance: &Instance,
    arn: &str,
    names: &mut BTreeMap<String, String>,
) -> Result<String, Unresolved> {
    if !names.contains_key(arn) {
        let name = describe(client, instance, arn).await?;
        names.insert(arn.to_owned(), name.ok_or_else(|| Unresolved::permission_set(arn, None))?);
    }
    Ok(arn.to_owned())
}

/// `arn:aws(-…):sso:::permissionSet/…`
fn is_arn(text: &str) -> bool {
    text.starts_with("arn:") && text.contains(":sso:::permissionSet/")
}

fn named(names: &BTreeMap<String, String>, text: &str) -> Option<String> {
    names.iter().find(|(_, name)| *name == text).map(|(arn, _)| arn.clone())
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

/// The name of a permission set; `None` where there is none, or none in this instance.
async fn describe(
    client: &Client,
    instance: &Instance,
    arn: &str,
) -> Result<Option<String>, CouldNotAsk> {
    let describe =
        client.describe_permission_set().instance_arn(&instance.arn).permission_set_arn(arn);
    match describe.send().await {
        Ok(described) => {
            let name = described.permission_set.and_then(|set| set.name);
            Ok(Some(name.unwrap_or_default()))
        }
        Err(error) if is_none(&error) => Ok(None),
        Err(error) => Err(could_not(IDENTITY_CENTER, DESCRIBE)(error)),
    }
}

/// An ARN of another instance is no valid one in this. What a key of KMS keeps anybody
/// from reading may be there all the same.
fn is_none(error: &SdkError<DescribePermissionSetError>) -> bool {
    match error.as_service_error() {
        Some(DescribePermissionSetError::ResourceNotFoundException(it)) => it.reason().is_none(),
        Some(DescribePermissionSetError::ValidationException(it)) => it.reason().is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    const LISTED: &str = r#"{"PermissionSets":["arn:1","arn:2","arn:3"]}"#;

    fn named(name: &str) -> String {
        format!(r#"{{"PermissionSet":{{"Name":"{name}"}}}}"#)
    }

    async fn resolve(
        sets: &PermissionSets,
        canned: &Canned,
        text: &str,
    ) -> Result<String, Unresolved> {
        let instance = Instance {
            arn: "arn:aws:sso:::instance/ssoins-1".to_owned(),
            identity_store: "d-1".to_owned(),
        };
        sets.resolve(&Client::new(&canned.config()), &instance, text).await
    }

    #[tokio::test]
    async fn a_name_is_learnt_once_and_in_as_many_goes_as_it_takes() {
        let answers = [LISTED.to_owned(), named("Admin"), LISTED.to_owned(), named("Read")];
        let canned = Canned::new(answers.map(|answer| (200, answer)).to_vec());
        let sets = PermissionSets { most: 1, ..PermissionSets::default() };
        let unfinished = resolve(&sets, &canned, "Read").await;
        assert!(matches!(unfinished, Err(Unresolved::CouldNotAsk(_))), "{unfinished:?}");
        assert_eq!(resolve(&sets, &canned, "Read").await.unwrap(), "arn:2");
        assert_eq!(resolve(&sets, &canned, "Admin").await.unwrap(), "arn:1");
        assert_eq!(canned.calls(), 4);
    }

    #[tokio::test]
    async fn one_that_is_deleted_meanwhile_is_passed_over() {
        let gone = r#"{"__type":"ResourceNotFoundException","Message":"gone"}"#.to_owned();
        let canned = Canned::new(vec![
            (200, LISTED.to_owned()),
            (400, gone),
            (200, named("Admin")),
            (200, named("Read")),
        ]);
        let sets = PermissionSets::default();
        let told = resolve(&sets, &canned, "Raed").await.unwrap_err().to_string();
        assert_eq!(told, "there is no permission set named \"Raed\"; did you mean \"Read\"?");
        assert_eq!(resolve(&sets, &canned, "Read").await.unwrap(), "arn:3");
    }

    #[test]
    fn an_arn_is_told_from_a_name() {
        assert!(is_arn("arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"));
        assert!(is_arn(
            "arn:aws-us-gov:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"
        ));
        assert!(!is_arn("AWSAdministratorAccess"));
    }
}
