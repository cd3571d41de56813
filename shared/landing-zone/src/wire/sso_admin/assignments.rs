//! Account assignments: made, taken away, asked about and listed.

use serde_json::Value;

use super::requests::{
    AccountAssignment, DescribeCreationStatus, DescribeDeletionStatus, ListAccountAssignments,
    ListAccountAssignmentsForPrincipal,
};
use super::shapes::{assignment, assignment_status};
use super::{Asked, check, check_instance, check_permission_set, malformed, paged, unknown};
use crate::Zone;
use crate::model::identity_center::{
    self, AssignRefusal, Assignment, PrincipalKind, UnassignRefusal,
};
use crate::model::ids;
use crate::wire::Refusal;

const CREATION: &str = "AccountAssignmentCreationStatus";
const DELETION: &str = "AccountAssignmentDeletionStatus";

pub(super) fn answer(zone: &mut Zone, asked: Asked<'_>) -> Option<Result<Value, Refusal>> {
    Some(match asked.operation {
        "CreateAccountAssignment" => asked.read().and_then(|it| create(zone, it)),
        "DeleteAccountAssignment" => asked.read().and_then(|it| delete(zone, it)),
        "DescribeAccountAssignmentCreationStatus" => {
            asked.read().and_then(|it| creation_status(zone, &it))
        }
        "DescribeAccountAssignmentDeletionStatus" => {
            asked.read().and_then(|it| deletion_status(zone, &it))
        }
        "ListAccountAssignments" => asked.read().and_then(|it| list(zone, &it)),
        "ListAccountAssignmentsForPrincipal" => {
            asked.read().and_then(|it| list_for_principal(zone, &it))
        }
        _ => return None,
    })
}

fn create(zone: &mut Zone, wanted: AccountAssignment) -> Result<Value, Refusal> {
    check_instance(zone, &wanted.instance_arn)?;
    let wanted = understood(wanted)?;
    let request = identity_center::assign(zone, wanted).map_err(|it| not_assigned(&it))?;
    Ok(assignment_status(CREATION, &request))
}

fn delete(zone: &mut Zone, unwanted: AccountAssignment) -> Result<Value, Refusal> {
    check_instance(zone, &unwanted.instance_arn)?;
    let unwanted = understood(unwanted)?;
    let request = identity_center::unassign(zone, &unwanted).map_err(|it| not_unassigned(&it))?;
    Ok(assignment_status(DELETION, &request))
}

fn creation_status(zone: &Zone, wanted: &DescribeCreationStatus) -> Result<Value, Refusal> {
    check_instance(zone, &wanted.instance_arn)?;
    let id = &wanted.account_assignment_creation_request_id;
    check(ids::is_uuid(id), "accountAssignmentCreationRequestId")?;
    let request = zone.identity_center.request(id);
    let answer = request.map(|request| assignment_status(CREATION, request));
    answer.ok_or_else(|| unknown("AccountAssignmentCreationRequest", id))
}

fn deletion_status(zone: &Zone, wanted: &DescribeDeletionStatus) -> Result<Value, Refusal> {
    check_instance(zone, &wanted.instance_arn)?;
    let id = &wanted.account_assignment_deletion_request_id;
    check(ids::is_uuid(id), "accountAssignmentDeletionRequestId")?;
    let request = zone.identity_center.deletion(id);
    let answer = request.map(|request| assignment_status(DELETION, request));
    answer.ok_or_else(|| unknown("AccountAssignmentDeletionRequest", id))
}

fn list(zone: &Zone, list: &ListAccountAssignments) -> Result<Value, Refusal> {
    check(ids::is_account(&list.account_id), "accountId")?;
    check_permission_set(zone, &list.instance_arn, &list.permission_set_arn)?;
    if zone.organization.account(&list.account_id).is_none() {
        return Err(unknown("Account", &list.account_id));
    }
    let center = &zone.identity_center;
    let listed = center.assignments_of(&list.account_id, &list.permission_set_arn);
    paged("AccountAssignments", list, listed, assignment)
}

/// "This action must be called from the management account."
fn list_for_principal(
    zone: &Zone,
    list: &ListAccountAssignmentsForPrincipal,
) -> Result<Value, Refusal> {
    check_instance(zone, &list.instance_arn)?;
    check(ids::is_principal(&list.principal_id), "principalId")?;
    let account = list.filter.as_ref().and_then(|filter| filter.account_id.as_deref());
    check(account.is_none_or(ids::is_account), "accountId")?;
    if zone.caller_account() != zone.identity_center.instance().owner {
        let message = "the operation must be called from the management account";
        return Err(Refusal::new("AccessDeniedException", message));
    }
    let (kind, principal) = (kind(&list.principal_type)?, &list.principal_id);
    if !zone.identity_center.is_principal(kind, principal) {
        return Err(unknown("Principal", principal));
    }
    let listed = zone.identity_center.assignments_for(kind, principal);
    let listed = listed.filter(|it| account.is_none_or(|account| it.account == account));
    paged("AccountAssignments", list, listed, assignment)
}

fn understood(wanted: AccountAssignment) -> Result<Assignment, Refusal> {
    check(wanted.target_type == "AWS_ACCOUNT", "targetType")?;
    check(ids::is_account(&wanted.target_id), "targetId")?;
    check(ids::is_permission_set(&wanted.permission_set_arn), "permissionSetArn")?;
    check(ids::is_principal(&wanted.principal_id), "principalId")?;
    Ok(Assignment {
        account: wanted.target_id,
        permission_set: wanted.permission_set_arn,
        kind: kind(&wanted.principal_type)?,
        principal: wanted.principal_id,
    })
}

fn kind(text: &str) -> Result<PrincipalKind, Refusal> {
    match text {
        "USER" => Ok(PrincipalKind::User),
        "GROUP" => Ok(PrincipalKind::Group),
        _ => Err(malformed("principalType")),
    }
}

fn not_assigned(refusal: &AssignRefusal) -> Refusal {
    let code = match refusal {
        AssignRefusal::UnknownAccount(_)
        | AssignRefusal::UnknownPermissionSet(_)
        | AssignRefusal::UnknownPrincipal(_) => "ResourceNotFoundException",
        AssignRefusal::Conflict(_) => "ConflictException",
        AssignRefusal::TooManyOutstanding => "ServiceQuotaExceededException",
    };
    Refusal::new(code, refusal.to_string())
}

fn not_unassigned(refusal: &UnassignRefusal) -> Refusal {
    let code = match refusal {
        UnassignRefusal::Unknown(_) => "ResourceNotFoundException",
        UnassignRefusal::Conflict(_) => "ConflictException",
    };
    Refusal::new(code, refusal.to_string())
}
