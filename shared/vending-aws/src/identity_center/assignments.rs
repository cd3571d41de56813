//! Account assignments: asked for, and asked after.

use async_trait::async_trait;
use aws_sdk_ssoadmin::Client;
use aws_sdk_ssoadmin::error::SdkError;
use aws_sdk_ssoadmin::operation::create_account_assignment::CreateAccountAssignmentError;
use aws_sdk_ssoadmin::operation::describe_account_assignment_creation_status::DescribeAccountAssignmentCreationStatusError;
use aws_sdk_ssoadmin::operation::list_account_assignments::ListAccountAssignmentsError;
use aws_sdk_ssoadmin::types::{
    AccountAssignment, AccountAssignmentOperationStatus, PrincipalType, StatusValues, TargetType,
};
use tokio::sync::OnceCell;
use vending::account::AccountId;
use vending::ledger::{Grant, Principal, PrincipalKind};
use vending::ports::{
    AssignError, Assignments, CouldNotAsk, PrincipalText, StepStatus, Unresolved,
};

use super::instance::{self, Instance};
use super::permission_sets::PermissionSets;
use super::{IDENTITY_CENTER, IdentityCenter, principals};
use crate::calls::{code, could_not, is_throttling, present, refusal, words};

const LIST: &str = "list the assignments of an account";
const ASSIGN: &str = "assign a permission set";
const STATUS: &str = "ask how an assignment stands";

/// Gives access through IAM Identity Center, in its primary Region.
#[derive(Debug)]
pub struct SsoAdminAssignments {
    client: Client,
    identity_store: aws_sdk_identitystore::Client,
    meant: IdentityCenter,
    instance: OnceCell<Instance>,
    permission_sets: PermissionSets,
}

impl SsoAdminAssignments {
    /// Assignments over those clients. The instance is looked up when it is first needed.
    #[must_use]
    pub fn new(
        client: Client,
        identity_store: aws_sdk_identitystore::Client,
        identity_center: IdentityCenter,
    ) -> Self {
        Self {
            client,
            identity_store,
            meant: identity_center,
            instance: OnceCell::new(),
            permission_sets: PermissionSets::default(),
        }
    }

    /// The instance; it lives as long as the organization's Identity Center does.
    async fn instance(&self) -> Result<&Instance, CouldNotAsk> {
        self.instance.get_or_try_init(|| instance::find(&self.client, &self.meant)).await
    }
}

#[async_trait]
impl Assignments for SsoAdminAssignments {
    async fn resolve(
        &self,
        principal: &PrincipalText,
        permission_set: &str,
    ) -> Result<Grant, Unresolved> {
        let instance = self.instance().await?;
        let arn = self.permission_sets.resolve(&self.client, instance, permission_set).await?;
        let principal = principals::resolve(&self.identity_store, instance, principal).await?;
        Ok(Grant::Assignment {
            permission_set: arn,
            permission_set_name: permission_set.to_owned(),
            principal,
        })
    }

    async fn exists(&self, account: &AccountId, grant: &Grant) -> Result<bool, CouldNotAsk> {
        let (permission_set, principal) =
            assignment(grant).map_err(could_not(IDENTITY_CENTER, LIST))?;
        let list = self.client.list_account_assignments().instance_arn(&self.instance().await?.arn);
        let list = list.account_id(account.as_str()).permission_set_arn(permission_set);
        let mut listed = list.into_paginator().items().send();
        while let Some(assigned) = listed.next().await {
            match assigned {
                Ok(assigned) if is_of(&assigned, principal) => return Ok(true),
                Ok(_) => {}
                // Nothing of that permission set was ever assigned in the account.
                Err(error) if is_unassigned(&error) => return Ok(false),
                Err(error) => return Err(could_not(IDENTITY_CENTER, LIST)(error)),
            }
        }
        Ok(false)
    }

    async fn request(&self, account: &AccountId, grant: &Grant) -> Result<String, AssignError> {
        let (permission_set, principal) =
            assignment(grant).map_err(could_not(IDENTITY_CENTER, ASSIGN))?;
        let taken = self
            .client
            .create_account_assignment()
            .instance_arn(&self.instance().await?.arn)
            .target_type(TargetType::AwsAccount)
            .target_id(account.as_str())
            .permission_set_arn(permission_set)
            .principal_type(kind(principal.kind))
            .principal_id(&principal.id)
            .send()
            .await
            .map_err(not_taken)?;
        let request = taken.account_assignment_creation_status.and_then(|status| status.request_id);
        Ok(present(request, "request id", IDENTITY_CENTER, ASSIGN)?)
    }

    async fn status(&self, request: &str) -> Result<StepStatus, CouldNotAsk> {
        let ask = self.client.describe_account_assignment_creation_status();
        let ask = ask
            .instance_arn(&self.instance().await?.arn)
            .account_assignment_creation_request_id(request);
        match ask.send().await {
            Ok(answer) => {
                Ok(answer.account_assignment_creation_status().map_or(StepStatus::Unknown, status))
            }
            Err(error) if is_forgotten(&error) => Ok(StepStatus::Unknown),
            Err(error) => Err(could_not(IDENTITY_CENTER, STATUS)(error)),
        }
    }
}

/// The two halves of a grant that is an assignment. Another is never given to this port.
fn assignment(grant: &Grant) -> Result<(&str, &Principal), String> {
    match grant {
        Grant::Assignment { permission_set, principal, .. } => Ok((permission_set, principal)),
        Grant::Portfolio(_) => Err(format!("{} is no assignment", grant.describe())),
    }
}

fn kind(kind: PrincipalKind) -> PrincipalType {
    match kind {
        PrincipalKind::User => PrincipalType::User,
        PrincipalKind::Group => PrincipalType::Group,
    }
}

fn is_of(assigned: &AccountAssignment, principal: &Principal) -> bool {
    assigned.principal_id() == Some(&principal.id)
        && assigned.principal_type() == Some(&kind(principal.kind))
}

fn status(status: &AccountAssignmentOperationStatus) -> StepStatus {
    match status.status() {
        Some(StatusValues::InProgress) => StepStatus::InProgress,
        Some(StatusValues::Succeeded) => StepStatus::Done,
        Some(StatusValues::Failed) => {
            let reason = status.failure_reason().unwrap_or("IAM Identity Center gives no reason");
            StepStatus::Failed(reason.to_owned())
        }
        Some(_) | None => StepStatus::Unknown,
    }
}

/// What it means that an assignment was not taken. A conflict is with a write that
/// has not reached everywhere yet, and the quota that of requests under way: both
/// pass (API reference, `CreateAccountAssignment`, errors).
fn not_taken(error: SdkError<CreateAccountAssignmentError>) -> AssignError {
    let busy = ["ConflictException", "ServiceQuotaExceededException"];
    if code(&error).is_some_and(|code| busy.contains(&code) || is_throttling(code)) {
        return AssignError::Wait(words(&error).unwrap_or_default());
    }
    match refusal(&error) {
        Some(refusal) => AssignError::Refused(refusal.to_string()),
        None => could_not(IDENTITY_CENTER, ASSIGN)(error).into(),
    }
}

fn is_unassigned(error: &SdkError<ListAccountAssignmentsError>) -> bool {
    error
        .as_service_error()
        .is_some_and(ListAccountAssignmentsError::is_resource_not_found_exception)
}

fn is_forgotten(error: &SdkError<DescribeAccountAssignmentCreationStatusError>) -> bool {
    let error = error.as_service_error();
    error.is_some_and(DescribeAccountAssignmentCreationStatusError::is_resource_not_found_exception)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_aws_has_its_own() {
        let of = |value: StatusValues, reason: Option<&str>| {
            let answer = AccountAssignmentOperationStatus::builder().status(value);
            status(&answer.set_failure_reason(reason.map(str::to_owned)).build())
        };
        assert_eq!(of(StatusValues::InProgress, None), StepStatus::InProgress);
        assert_eq!(of(StatusValues::Succeeded, None), StepStatus::Done);
        assert_eq!(of(StatusValues::Failed, Some("quota")), StepStatus::Failed("quota".to_owned()));
        assert_eq!(of(StatusValues::from("NEW"), None), StepStatus::Unknown);
    }
}
