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

/// The session that all calls come from.
fn caller(zone: &Zone) -> Xml {
    let arn = service_catalog::caller_session(zone);
    let session = arn.rsplit('/').next().unwrap_or_default();
    Xml::default()
        .text("Arn", &arn)
        .text("UserId", &format!("AROAEXAMPLEEXAMPLE123:{session}"))
        .text("Account", zone.organization.management_account())
}
