//! How AWS, or a local cloud, is reached, and as whom.

use anyhow::{Context, Result};
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use local_cloud::{ACCESS_KEY, SECRET_KEY};
use vending::ledger::Operator;
use vending_aws::{fixed_config, usual_config};

use crate::Connection;

/// The Region that calls of a local cloud are signed for; it takes any.
const ANY_REGION: &str = "us-east-1";

/// The configuration of every call.
pub(super) async fn config(connection: &Connection) -> SdkConfig {
    let Some(address) = connection.local else { return usual(connection).await };
    let credentials = Credentials::from_keys(ACCESS_KEY, SECRET_KEY, None);
    let http_client = aws_smithy_http_client::Builder::new().build_http();
    fixed_config(http_client, &format!("http://{address}"), ANY_REGION, credentials)
}

async fn usual(connection: &Connection) -> SdkConfig {
    let mut loader = usual_config();
    if let Some(profile) = &connection.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &connection.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(endpoint) = &connection.endpoint_url {
        loader = loader.endpoint_url(endpoint);
    }
    loader.load().await
}

/// Who is calling: of a role's session its role and name, of a user the user.
pub(super) async fn operator(config: &SdkConfig) -> Result<Operator> {
    let asked = aws_sdk_sts::Client::new(config).get_caller_identity().send().await;
    let arn = asked.context("ask AWS who you are")?.arn;
    let arn = arn.context("ask AWS who you are: the answer has no ARN")?;
    Ok(Operator(name_in(&arn).to_owned()))
}

/// What follows the kind of identity in an ARN; the whole ARN where it has another form.
fn name_in(arn: &str) -> &str {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or(arn);
    resource.split_once('/').map_or(resource, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_is_named_as_aws_knows_them() {
        for (arn, name) in [
            ("arn:aws:sts::111122223333:assumed-role/Admin/jane", "Admin/jane"),
            ("arn:aws-us-gov:iam::111122223333:user/ops/joe", "ops/joe"),
            ("arn:aws:iam::111122223333:root", "root"),
            ("odd", "odd"),
        ] {
            assert_eq!(name_in(arn), name);
        }
    }
}
