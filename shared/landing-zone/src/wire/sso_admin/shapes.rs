//! What Identity Center answers with, as it goes over the wire.

use serde_json::{Value, json};

use crate::model::identity_center::{
    Assignment, AssignmentRequest, Boundary, Instance, PermissionSet, PolicyReference,
    PrincipalKind, ProvisioningRequest, ProvisioningTarget, RequestStatus,
};
use crate::wire::json as protocol;

/// `InstanceMetadata`.
pub(super) fn instance(instance: &Instance, partition: &str, region: &str) -> Value {
    let Instance { arn, identity_store, owner, status, created } = instance;
    let created = protocol::seconds(*created);
    json!({
        "InstanceArn": arn,
        "IdentityStoreId": identity_store,
        "IdentityStoreArn": format!("arn:{partition}:identitystore::{owner}:identitystore/{identity_store}"),
        "OwnerAccountId": owner,
        "CreatedDate": created,
        "Status": status.as_str(),
        "PrimaryRegion": region,
        "Regions": [{
            "RegionName": region,
            "Status": "ACTIVE",
            "AddedDate": created,
            "IsPrimaryRegion": true,
        }],
    })
}

/// `AccountAssignmentCreationStatus` or `AccountAssignmentDeletionStatus`, by its name, and
/// its content.
pub(super) fn assignment_status(name: &str, request: &AssignmentRequest) -> Value {
    let mut answer = json!({
        "RequestId": request.id,
        "TargetId": request.assignment.account,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": request.assignment.permission_set,
        "PrincipalType": principal_type(request.assignment.kind),
        "PrincipalId": request.assignment.principal,
        "CreatedDate": protocol::seconds(request.created),
    });
    add_status(&mut answer, &request.status);
    json!({ name: answer })
}

/// `PermissionSetProvisioningStatus` and its content.
pub(super) fn provisioning_status(request: &ProvisioningRequest) -> Value {
    let mut answer = json!({
        "RequestId": request.id,
        "PermissionSetArn": request.permission_set,
        "CreatedDate": protocol::seconds(request.created),
    });
    if let ProvisioningTarget::Account(account) = &request.target {
        answer["AccountId"] = account.as_str().into();
    }
    add_status(&mut answer, &request.status);
    json!({ "PermissionSetProvisioningStatus": answer })
}

fn add_status(answer: &mut Value, status: &RequestStatus) {
    let status = match status {
        RequestStatus::InProgress => "IN_PROGRESS",
        RequestStatus::Succeeded => "SUCCEEDED",
        RequestStatus::Failed(reason) => {
            answer["FailureReason"] = reason.as_str().into();
            "FAILED"
        }
    };
    answer["Status"] = status.into();
}

/// `AccountAssignment`, and `AccountAssignmentForPrincipal`, which has the same members.
pub(super) fn assignment(assignment: &Assignment) -> Value {
    json!({
        "AccountId": assignment.account,
        "PermissionSetArn": assignment.permission_set,
        "PrincipalType": principal_type(assignment.kind),
        "PrincipalId": assignment.principal,
    })
}

/// `PermissionSet` and its content.
pub(super) fn permission_set(set: &PermissionSet) -> Value {
    let mut answer = json!({
        "Name": set.name,
        "PermissionSetArn": set.arn,
        "CreatedDate": protocol::seconds(set.created),
        "SessionDuration": set.session_duration,
    });
    if let Some(description) = &set.description {
        answer["Description"] = description.as_str().into();
    }
    if let Some(relay_state) = &set.relay_state {
        answer["RelayState"] = relay_state.as_str().into();
    }
    json!({ "PermissionSet": answer })
}

/// `AttachedManagedPolicy`: its name is what the ARN ends with.
pub(super) fn managed_policy(arn: &str) -> Value {
    json!({ "Name": arn.rsplit('/').next(), "Arn": arn })
}

/// `CustomerManagedPolicyReference`.
pub(super) fn reference(policy: &PolicyReference) -> Value {
    json!({ "Name": policy.name, "Path": policy.path })
}

/// `PermissionsBoundary` and its content.
pub(super) fn boundary(boundary: &Boundary) -> Value {
    let answer = match boundary {
        Boundary::ManagedPolicy(arn) => json!({ "ManagedPolicyArn": arn }),
        Boundary::CustomerManagedPolicy(policy) => {
            json!({ "CustomerManagedPolicyReference": reference(policy) })
        }
    };
    json!({ "PermissionsBoundary": answer })
}

/// `PrincipalType`.
pub(super) fn principal_type(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::User => "USER",
        PrincipalKind::Group => "GROUP",
    }
}
