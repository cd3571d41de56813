//! Service Quotas, `ServiceQuotasV20190624`: how many accounts the organization may hold.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Refusal;
use super::json as protocol;
use crate::Zone;

/// The code for a request that cannot be read.
const INVALID: &str = "IllegalArgumentException";

/// The service that the one quota here is of.
const ORGANIZATIONS: &str = "organizations";
/// "Default maximum number of accounts" (Organizations user guide, "Quotas").
const ACCOUNTS: &str = "L-E619E033";
/// What AWS starts an organization with (the same page).
const DEFAULT: usize = 10;

/// Answers one operation.
pub(super) fn answer(zone: &Zone, operation: &str, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let value = match operation {
        "GetServiceQuota" => zone.organization.account_quota(),
        "GetAWSDefaultServiceQuota" => DEFAULT,
        _ => return Err(Refusal::unknown_operation("servicequotas", operation)),
    };
    let wanted: Wanted = protocol::read(body, INVALID)?;
    protocol::write(&quota(zone, &wanted, value)?)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Wanted {
    service_code: String,
    quota_code: String,
}

fn quota(zone: &Zone, wanted: &Wanted, value: usize) -> Result<Value, Refusal> {
    if (wanted.service_code.as_str(), wanted.quota_code.as_str()) != (ORGANIZATIONS, ACCOUNTS) {
        let message = "The request failed because the specified resource does not exist.";
        return Err(Refusal::new("NoSuchResourceException", message));
    }
    let partition = zone.organization.partition();
    let account = zone.organization.management_account();
    Ok(json!({ "Quota": {
        "ServiceCode": ORGANIZATIONS,
        "ServiceName": "AWS Organizations",
        // Organizations is global: its quotas have no Region.
        "QuotaArn": format!("arn:{partition}:servicequotas::{account}:{ORGANIZATIONS}/{ACCOUNTS}"),
        "QuotaCode": ACCOUNTS,
        "QuotaName": "Default maximum number of accounts",
        "Value": value as f64,
        "Unit": "None",
        "Adjustable": true,
        "GlobalQuota": true,
    }}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;

    fn asked(operation: &str, code: &str) -> Result<Value, Refusal> {
        let mut description = Description::builtin();
        description.organization.account_quota = 12;
        let zone = Zone::new(&description, 1, description.organization.since);
        let body = json!({ "ServiceCode": "organizations", "QuotaCode": code });
        let answer = answer(&zone, operation, body.to_string().as_bytes())?;
        Ok(serde_json::from_slice(&answer).expect("JSON"))
    }

    #[test]
    fn the_accounts_have_the_described_quota_and_awss_default() {
        let value =
            |operation| asked(operation, ACCOUNTS).expect("a quota")["Quota"]["Value"].clone();
        assert_eq!(value("GetServiceQuota"), 12.0);
        assert_eq!(value("GetAWSDefaultServiceQuota"), 10.0);
    }

    #[test]
    fn other_quotas_and_operations_are_not_there() {
        let refused = asked("GetServiceQuota", "L-00000000").expect_err("a refusal");
        assert_eq!(refused.code, "NoSuchResourceException");
        let refused = asked("ListServiceQuotas", ACCOUNTS).expect_err("a refusal");
        assert!(refused.message.ends_with("servicequotas:ListServiceQuotas"), "{refused:?}");
    }
}
