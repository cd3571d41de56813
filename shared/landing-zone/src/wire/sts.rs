//! STS: who is calling.

use super::Refusal;
use super::query::{Form, Xml};
use crate::Zone;
use crate::model::service_catalog;

/// Answers one operation with what goes into its result element.
pub(super) fn answer(zone: &Zone, operation: &str, form: Form) -> Result<Xml, Refusal> {
    match operation {
        "GetCallerIdentity" => form.finish().map(|()| caller(zone)),
        _ => Err(Refusal::unknown_operation("sts", operation)),
    }
}

/// The session that all calls come from, in the account that the caller is of.
fn caller(zone: &Zone) -> Xml {
    let account = |id: &str| format!("::{id}:");
    let (management, own) = (zone.organization.management_account(), zone.caller_account());
    let arn = service_catalog::caller_session(zone).replace(&account(management), &account(own));
    let session = arn.rsplit('/').next().unwrap_or_default();
    Xml::default()
        .text("Arn", &arn)
        .text("UserId", &format!("AROAEXAMPLEEXAMPLE123:{session}"))
        .text("Account", zone.caller_account())
}
