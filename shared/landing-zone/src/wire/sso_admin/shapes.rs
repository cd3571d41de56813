//! What Identity Center answers with, as it goes over the wire.

use serde_json::{Value, json};

use crate::model::identity_center::{AssignmentRequest, Instance, PrincipalKind, RequestStatus};
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

/// `AccountAssignmentCreationStatus` and its content.
pub(super) fn status(request: &AssignmentRequest) -> Value {
    let (status, reason) = match &request.status {
        RequestStatus::InProgress => ("IN_PROGRESS", None),
        RequestStatus::Succeeded => ("SUCCEEDED", None),
        RequestStatus::Failed(reason) => ("FAILED", Some(reason)),
    };
    let mut answer = json!({
        "Status": status,
        "RequestId": request.id,
        "TargetId": request.assignment.account,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": request.assignment.permission_set,
        "PrincipalType": principal_type(request.assignment.kind),
        "PrincipalId": request.assignment.principal,
        "CreatedDate": protocol::seconds(request.created),
    });
    if let Some(reason) = reason {
        answer["FailureReason"] = reason.as_str().into();
    }
    json!({ "AccountAssignmentCreationStatus": answer })
}

/// `PrincipalType`.
pub(super) fn principal_type(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::User => "USER",
        PrincipalKind::Group => "GROUP",
    }
}
