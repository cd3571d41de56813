//! Whether the landing zone agrees with what the ledger says of the accounts.

use landing_zone::Zone;
use landing_zone::model::organization::Account;
use landing_zone::model::service_catalog::portfolio_visible;
use landing_zone::ports::is_usable;
use vending::ledger::{Entry, Grant, Status};

/// Every point on which it does not agree; `max_in_flight` launches were allowed at a time.
pub(super) fn disagreements(zone: &Zone, entries: &[Entry], max_in_flight: usize) -> Vec<String> {
    let mut found: Vec<String> = entries.iter().flat_map(|entry| of_entry(zone, entry)).collect();
    let peak = zone.service_catalog.peak().ours;
    if peak > max_in_flight {
        found.push(format!("{peak} launches were under way at a time"));
    }
    found
}

fn of_entry(zone: &Zone, entry: &Entry) -> Vec<String> {
    let name = &entry.request.name;
    let ours = |account: &&Account| account.name == name.as_str();
    let accounts: Vec<&Account> = zone.organization.accounts().iter().filter(ours).collect();
    let mut found = Vec::new();
    if accounts.len() > 1 {
        found.push(format!("{} accounts were made for {name}", accounts.len()));
    }
    if entry.status() == Status::Ready {
        found.extend(unready(zone, entry).map(|lack| format!("{name} is READY, but {lack}")));
    }
    found
}

/// What a READY entry lacks first, if anything.
fn unready(zone: &Zone, entry: &Entry) -> Option<String> {
    let Some(id) = &entry.account else { return Some("has no account".to_owned()) };
    let Some(account) = zone.organization.account(id.as_str()) else {
        return Some(format!("there is no account {id}"));
    };
    if account.email.to_lowercase() != entry.request.email.key() {
        return Some(format!("account {id} is another one's"));
    }
    if !account.managed {
        return Some(format!("account {id} is not enrolled in Control Tower"));
    }
    let products = zone.service_catalog.provisioned_products();
    if !products.iter().any(|product| product.physical_id.as_deref() == Some(id.as_str())) {
        return Some(format!("the provisioned product of account {id} is gone"));
    }
    let lacks = entry.steps.iter().find(|step| !has(zone, id.as_str(), &step.grant));
    lacks.map(|step| format!("was not given {}", step.grant.describe()))
}

fn has(zone: &Zone, account: &str, grant: &Grant) -> bool {
    match grant {
        Grant::Assignment { permission_set, principal, .. } => {
            let mut given = zone.identity_center.assignments_of(account, permission_set);
            given.any(|assignment| assignment.principal == principal.id)
        }
        Grant::Portfolio(portfolio) => portfolio_visible(zone, account, &portfolio.id),
        Grant::Usable(usage) => is_usable(zone, account, usage),
    }
}
