//! Bringing permission sets into accounts, and which account holds which.

use serde_json::Value;

use super::requests::{
    DescribeProvisioningStatus, ListAccounts, ListPermissionSetsOfAccount, ProvisionPermissionSet,
};
use super::shapes::provisioning_status;
use super::{Asked, check, check_instance, check_permission_set, malformed, paged, unknown};
use crate::Zone;
use crate::model::identity_center::{
    self as center, ProvisionRefusal, Provisioned, ProvisioningTarget,
};
use crate::model::ids;
use crate::wire::Refusal;

pub(super) fn answer(zone: &mut Zone, asked: Asked<'_>) -> Option<Result<Value, Refusal>> {
    Some(match asked.operation {
        "ProvisionPermissionSet" => asked.read().and_then(|it| provision(zone, it)),
        "DescribePermissionSetProvisioningStatus" => asked.read().and_then(|it| status(zone, &it)),
        "ListAccountsForProvisionedPermissionSet" => {
            asked.read().and_then(|it| list_accounts(zone, &it))
        }
        "ListPermissionSetsProvisionedToAccount" => {
            asked.read().and_then(|it| list_sets(zone, &it))
        }
        _ => return None,
    })
}

fn provision(zone: &mut Zone, wanted: ProvisionPermissionSet) -> Result<Value, Refusal> {
    check_permission_set(zone, &wanted.instance_arn, &wanted.permission_set_arn)?;
    let target = match (wanted.target_type.as_str(), wanted.target_id) {
        ("AWS_ACCOUNT", Some(id)) => {
            check(ids::is_account(&id), "targetId")?;
            ProvisioningTarget::Account(id)
        }
        ("ALL_PROVISIONED_ACCOUNTS", None) => ProvisioningTarget::AllProvisionedAccounts,
        ("AWS_ACCOUNT" | "ALL_PROVISIONED_ACCOUNTS", _) => return Err(malformed("targetId")),
        _ => return Err(malformed("targetType")),
    };
    let request = center::provision_permission_set(zone, &wanted.permission_set_arn, target);
    request.map(|request| provisioning_status(&request)).map_err(|it| refused(&it))
}

fn status(zone: &Zone, wanted: &DescribeProvisioningStatus) -> Result<Value, Refusal> {
    check_instance(zone, &wanted.instance_arn)?;
    let id = &wanted.provision_permission_set_request_id;
    check(ids::is_uuid(id), "provisionPermissionSetRequestId")?;
    let request = zone.identity_center.provisioning(id);
    request.map(provisioning_status).ok_or_else(|| unknown("ProvisionPermissionSetRequest", id))
}

fn list_accounts(zone: &Zone, list: &ListAccounts) -> Result<Value, Refusal> {
    check_permission_set(zone, &list.instance_arn, &list.permission_set_arn)?;
    let wanted = provisioned(list.provisioning_status.as_deref())?;
    let accounts = zone.identity_center.accounts_holding(&list.permission_set_arn, wanted);
    paged("AccountIds", list, accounts, Into::into)
}

fn list_sets(zone: &Zone, list: &ListPermissionSetsOfAccount) -> Result<Value, Refusal> {
    check_instance(zone, &list.instance_arn)?;
    check(ids::is_account(&list.account_id), "accountId")?;
    if zone.organization.account(&list.account_id).is_none() {
        return Err(unknown("Account", &list.account_id));
    }
    let wanted = provisioned(list.provisioning_status.as_deref())?;
    let sets = zone.identity_center.sets_held_by(&list.account_id, wanted);
    paged("PermissionSets", list, sets, Into::into)
}

fn provisioned(status: Option<&str>) -> Result<Option<Provisioned>, Refusal> {
    match status {
        None => Ok(None),
        Some("LATEST_PERMISSION_SET_PROVISIONED") => Ok(Some(Provisioned::Latest)),
        Some("LATEST_PERMISSION_SET_NOT_PROVISIONED") => Ok(Some(Provisioned::Outdated)),
        Some(_) => Err(malformed("provisioningStatus")),
    }
}

fn refused(refusal: &ProvisionRefusal) -> Refusal {
    let code = match refusal {
        ProvisionRefusal::UnknownAccount(_) | ProvisionRefusal::UnknownPermissionSet(_) => {
            "ResourceNotFoundException"
        }
        ProvisionRefusal::Conflict(_) => "ConflictException",
    };
    Refusal::new(code, refusal.to_string())
}
