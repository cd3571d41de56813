//! Account assignments: asked for, and asked after.

use async_trait::async_trait;
use aws_sdk_ssoadmin::Client;
use aws_sdk_ssoadmin::error::SdkError;
use aws_sdk_ssoadmin::operation::create_account_assignment::CreateAccountAssignmentError;
use aws_sdk_ssoadmin::operation::describe_account_assignment_creation_status::DescribeAccountAssignmentCreationStatusError;
use aws_sdk_ssoadmin::operation::list_account_assignments::ListAccountAssignmentsError;
use aws_sdk_ssoadmin::types::{
    AccessDeniedExceptionReason, AccountAssignment, AccountAssignmentOperationStatus,
    PrincipalType, ResourceNotFoundExceptionReason, StatusValues, TargetType,
    ThrottlingExceptionReason, ValidationExceptionReason,
};
use tokio::sync::OnceCell;
use vending::account::AccountId;
use vending::ledger::{Grant, Principal, PrincipalKind};
use vending::ports::{
    AssignError, Assignments, CouldNotAsk, PrincipalText, StepStatus, Unresolved,
};

use super::instance::{self, Instance};
use super::permission_sets::PermissionSets;
use super::principals::Principals;
use super::{IDENTITY_CENTER, IdentityCenter};
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
    principals: Principals,
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
            principals: Principals::default(),
        }
    }

    /// The same, where looking for a permission set's name learns `most` names at a time: the
    /// next call goes on from there. For who is ended before all of them can be learnt.
    #[must_use]
    pub fn learning_at_most(mut self, most: usize) -> Self {
        self.permission_sets.most = most;
        self
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
        let principal = self.principals.resolve(&self.identity_store, instance, principal).await?;
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
        Grant::Portfolio(_) | Grant::Usable(_) => {
            Err(format!("{} is no assignment", grant.describe()))
        }
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
    let of_key = of_key(&error).map(|reason| format!(" ({reason})")).unwrap_or_default();
    let busy = ["ConflictException", "ServiceQuotaExceededException"];
    if code(&error).is_some_and(|code| busy.contains(&code) || is_throttling(code)) {
        return AssignError::Wait(words(&error).unwrap_or_default() + &of_key);
    }
    match refusal(&error) {
        Some(refusal) => AssignError::Refused(refusal.to_string() + &of_key),
        None => could_not(IDENTITY_CENTER, ASSIGN)(error).into(),
    }
}

/// What is wrong with the customer's key that the instance is encrypted with, where that
/// is the reason: the words alone need not say so.
fn of_key(error: &SdkError<CreateAccountAssignmentError>) -> Option<&str> {
    use CreateAccountAssignmentError as Refused;
    match error.as_service_error()? {
        Refused::AccessDeniedException(it) => it.reason().map(AccessDeniedExceptionReason::as_str),
        Refused::ResourceNotFoundException(it) => {
            it.reason().map(ResourceNotFoundExceptionReason::as_str)
        }
        Refused::ThrottlingException(it) => it.reason().map(ThrottlingExceptionReason::as_str),
        Refused::ValidationException(it) => it.reason().map(ValidationExceptionReason::as_str),
        _ => None,
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
    use vending::failure::{FailureKind, classify_assignment};

    use super::*;
    use crate::testing::Canned;

    fn grant() -> Grant {
        let (id, name) = ("9067012345-a1b2c3d4-0004-4000-8000-000000000004", "Admins");
        Grant::Assignment {
            permission_set: "arn:aws:sso:::permissionSet/ssoins-1/ps-1".to_owned(),
            permission_set_name: "Admin".to_owned(),
            principal: Principal {
                kind: PrincipalKind::Group,
                id: id.to_owned(),
                name: name.to_owned(),
            },
        }
    }

    fn assignments(answers: Vec<(u16, String)>) -> SsoAdminAssignments {
        let config = Canned::new(answers).config();
        let center = IdentityCenter::Instance {
            arn: "arn:aws:sso:::instance/ssoins-1".to_owned(),
            identity_store: "d-1".to_owned(),
        };
        SsoAdminAssignments::new(
            Client::new(&config),
            aws_sdk_identitystore::Client::new(&config),
            center,
        )
    }

    fn account() -> AccountId {
        AccountId::new("555566667777").unwrap()
    }

    /// What a request comes to that is answered so.
    async fn asked(status: u16, answer: &str) -> Result<String, AssignError> {
        assignments(vec![(status, answer.to_owned())]).request(&account(), &grant()).await
    }

    fn page(principal: &str, next: &str) -> (u16, String) {
        let assigned = format!(r#"{{"PrincipalType":"GROUP","PrincipalId":"{principal}"}}"#);
        (200, format!(r#"{{"AccountAssignments":[{assigned}]{next}}}"#))
    }

    #[tokio::test]
    async fn an_assignment_is_found_on_any_page() {
        let next = r#","NextToken":"2""#;
        let ours = "9067012345-a1b2c3d4-0004-4000-8000-000000000004";
        for (last, there) in [(ours, true), ("somebody", false)] {
            let listed = assignments(vec![page("else", next), page(last, "")]);
            assert_eq!(listed.exists(&account(), &grant()).await.unwrap(), there);
        }
    }

    #[tokio::test]
    async fn what_was_never_assigned_is_not_there_and_a_denial_is_no_answer() {
        let refused = |code: &str| (400, format!(r#"{{"__type":"{code}","Message":"words"}}"#));
        let never = assignments(vec![refused("ResourceNotFoundException")]);
        assert!(!never.exists(&account(), &grant()).await.unwrap());
        let denied = assignments(vec![refused("AccessDeniedException")]);
        assert!(denied.exists(&account(), &grant()).await.is_err());
    }

    #[tokio::test]
    async fn a_request_that_is_forgotten_is_unknown_and_a_denial_is_no_answer() {
        let refused = |code: &str| (400, format!(r#"{{"__type":"{code}","Message":"words"}}"#));
        let forgotten = assignments(vec![refused("ResourceNotFoundException")]);
        assert_eq!(forgotten.status("r-1").await.unwrap(), StepStatus::Unknown);
        let denied = assignments(vec![refused("AccessDeniedException")]);
        assert!(denied.status("r-1").await.is_err());
    }

    #[tokio::test]
    async fn what_passes_is_waited_for() {
        for (status, code) in [
            (400, "ConflictException"),
            (400, "ServiceQuotaExceededException"),
            (400, "ThrottlingException"),
        ] {
            let answer = format!(r#"{{"__type":"{code}","Message":"words"}}"#);
            let told = asked(status, &answer).await;
            assert!(
                matches!(&told, Err(AssignError::Wait(words)) if words.contains(code)),
                "{told:?}"
            );
        }
        let key = r#"{"__type":"ThrottlingException","Reason":"KMS_ThrottlingException"}"#;
        let told = asked(400, key).await;
        assert!(
            matches!(&told, Err(AssignError::Wait(words)) if words.ends_with("(KMS_ThrottlingException)")),
            "{told:?}"
        );
    }

    #[tokio::test]
    async fn a_refusal_says_what_is_to_be_mended() {
        for (code, reason, kind) in [
            ("ResourceNotFoundException", "", FailureKind::PrincipalGone),
            ("AccessDeniedException", "", FailureKind::HandoverDenied),
            ("AccessDeniedException", "KMS_AccessDeniedException", FailureKind::KeyDenied),
            ("ResourceNotFoundException", "KMS_NotFoundException", FailureKind::KeyDenied),
            ("ValidationException", "KMS_DisabledException", FailureKind::KeyDenied),
            ("ValidationException", "", FailureKind::AssignmentFailed),
        ] {
            let answer = format!(r#"{{"__type":"{code}","Message":"words","Reason":"{reason}"}}"#);
            let Err(AssignError::Refused(words)) = asked(400, &answer).await else {
                panic!("{code}")
            };
            assert!(words.contains(code) && words.contains(reason), "{words}");
            assert_eq!(classify_assignment(&words), kind, "{words}");
        }
    }

    #[tokio::test]
    async fn where_nobody_knows_it_is_asked_again() {
        for (status, answer) in
            [(500, r#"{"__type":"InternalServerException"}"#), (503, ""), (200, "{}")]
        {
            let told = asked(status, answer).await;
            assert!(matches!(told, Err(AssignError::CouldNotAsk(_))), "{status}: {told:?}");
        }
    }

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
