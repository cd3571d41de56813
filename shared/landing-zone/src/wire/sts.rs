//! STS: who is calling, and roles in member accounts to call as.

use chrono::{Duration, SecondsFormat};

use super::Refusal;
use super::query::{Form, Xml};
use crate::Zone;
use crate::model::members::{self, AssumeRole, AssumeRoleRefusal};
use crate::model::service_catalog;

/// Seconds that a session lasts unless it is asked for otherwise.
const SESSION_SECONDS: i64 = 3600;

/// Answers one operation with what goes into its result element; `account` is that of the
/// session in a member account which asks, if one does.
pub(super) fn answer(
    zone: &Zone,
    account: Option<&str>,
    operation: &str,
    form: Form,
) -> Result<Xml, Refusal> {
    match operation {
        "GetCallerIdentity" => form.finish().map(|()| match account {
            Some(account) => session(&assumed(zone, account, "vend"), account),
            None => caller(zone),
        }),
        "AssumeRole" => assume_role(zone, form),
        _ => Err(Refusal::unknown_operation("sts", operation)),
    }
}

/// The session that all calls come from, in the account that the caller is of.
fn caller(zone: &Zone) -> Xml {
    let account = |id: &str| format!("::{id}:");
    let (management, own) = (zone.organization.management_account(), zone.caller_account());
    let arn = service_catalog::caller_session(zone).replace(&account(management), &account(own));
    session(&arn, zone.caller_account())
}

fn session(arn: &str, account: &str) -> Xml {
    let session = arn.rsplit('/').next().unwrap_or_default();
    Xml::default()
        .text("Arn", arn)
        .text("UserId", &format!("AROAEXAMPLEEXAMPLE123:{session}"))
        .text("Account", account)
}

fn assumed(zone: &Zone, account: &str, session: &str) -> String {
    let role = &zone.members.description().role;
    let name = role.rsplit('/').next().unwrap_or(role);
    let partition = zone.organization.partition();
    format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session}")
}

fn assume_role(zone: &Zone, mut form: Form) -> Result<Xml, Refusal> {
    let request = AssumeRole {
        role: form.require("RoleArn")?,
        session: form.require("RoleSessionName")?,
        external_id: form.take("ExternalId"),
    };
    let seconds = form.take("DurationSeconds").and_then(|text| text.parse().ok());
    form.finish()?;
    let account = members::assume(zone, &request)?;
    let until = zone.now() + Duration::seconds(seconds.unwrap_or(SESSION_SECONDS));
    let arn = assumed(zone, &account, &request.session);
    let user = Xml::default()
        .text("AssumedRoleId", &format!("AROAEXAMPLEEXAMPLE789:{}", request.session))
        .text("Arn", &arn);
    let credentials = Xml::default()
        .text("AccessKeyId", &members::access_key(&account))
        .text("SecretAccessKey", "local")
        .text("SessionToken", "local")
        .text("Expiration", &until.to_rfc3339_opts(SecondsFormat::Secs, true));
    Ok(Xml::default().element("AssumedRoleUser", &user).element("Credentials", &credentials))
}

impl From<AssumeRoleRefusal> for Refusal {
    fn from(refusal: AssumeRoleRefusal) -> Self {
        match refusal {
            AssumeRoleRefusal::Malformed(message) => Self::new("ValidationError", message),
            AssumeRoleRefusal::AccessDenied(message) => {
                Self { status: 403, ..Self::new("AccessDenied", message) }
            }
        }
    }
}
