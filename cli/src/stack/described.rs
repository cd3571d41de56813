//! What CloudFormation says of the stack: its parameters, and what its resources are called.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::error::ProvideErrorMetadata;

use super::not_vends;
use crate::Connection;
use crate::output::Hinted;

/// A stack, as CloudFormation describes it.
#[derive(Debug)]
pub(super) struct Described {
    /// Its name.
    pub(super) name: String,
    arn: String,
    parameters: BTreeMap<String, String>,
    resources: BTreeMap<String, String>,
}

impl Described {
    /// Asks for the stack.
    pub(super) async fn ask(config: &SdkConfig, connection: &Connection) -> Result<Self> {
        let client = Client::new(config);
        let name = &connection.stack;
        let answer = client.describe_stacks().stack_name(name).send().await;
        let answer = answer.map_err(|error| {
            let no_such = error.message().is_some_and(|words| words.contains("does not exist"));
            failure(connection, no_such, anyhow::Error::new(error))
        })?;
        let stack = answer.stacks().first().context("find the stack: the answer has none")?;
        let listed = client.describe_stack_resources().stack_name(name).send().await;
        let listed = listed.with_context(|| format!("list the resources of the stack {name:?}"))?;
        let parameters = stack.parameters().iter().filter_map(|parameter| {
            Some((parameter.parameter_key()?.to_owned(), parameter.parameter_value()?.to_owned()))
        });
        let resources = listed.stack_resources().iter().filter_map(|it| {
            Some((it.logical_resource_id()?.to_owned(), it.physical_resource_id()?.to_owned()))
        });
        Ok(Self {
            name: name.clone(),
            arn: stack.stack_id().unwrap_or_default().to_owned(),
            parameters: parameters.collect(),
            resources: resources.collect(),
        })
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Result<&str> {
        let value = self.parameters.get(name).map(String::as_str);
        value.ok_or_else(|| not_vends(&self.name, "parameter", name))
    }

    /// What a resource is called.
    pub(super) fn resource(&self, logical: &str) -> Result<&str> {
        let physical = self.resources.get(logical).map(String::as_str);
        physical.ok_or_else(|| not_vends(&self.name, "resource", logical))
    }

    /// The Region, by the ARN.
    pub(super) fn region(&self) -> &str {
        self.arn.split(':').nth(3).unwrap_or_default()
    }

    /// The account, by the ARN.
    pub(super) fn account(&self) -> &str {
        self.arn.split(':').nth(4).unwrap_or_default()
    }
}

/// Why the stack was not found, and what helps.
fn failure(connection: &Connection, no_such: bool, error: anyhow::Error) -> anyhow::Error {
    let name = &connection.stack;
    if no_such {
        let hint = "is it deployed in this account and Region, under this name? See --stack, \
                    --region and --profile; infra/README.md says how to deploy";
        return error.context(Hinted::new(format!("find the stack {name:?}"), hint));
    }
    if let Some(address) = connection.local {
        let hint = format!("start it in another terminal: vend local --serve={address}");
        return error.context(Hinted::new(format!("reach the local cloud at {address}"), hint));
    }
    error.context(format!("find the stack {name:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_part_says_what_and_where() {
        let described = Described {
            name: "vend".into(),
            arn: "arn:aws:cloudformation:eu-west-1:111122223333:stack/vend/1".into(),
            parameters: BTreeMap::new(),
            resources: BTreeMap::from([("ListBucket".into(), "lists".into())]),
        };
        assert_eq!((described.region(), described.account()), ("eu-west-1", "111122223333"));
        assert_eq!(described.resource("ListBucket").unwrap(), "lists");
        let missing = described.parameter("MaxInFlight").unwrap_err();
        assert_eq!(missing.to_string(), "find the parameter MaxInFlight in the stack \"vend\"");
    }
}
