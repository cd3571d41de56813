//! The steps that change a permission set, one call each, and what their refusals mean.

use std::error::Error;

use aws_sdk_ssoadmin::types::{CustomerManagedPolicyReference, PermissionsBoundary};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use vending::permission_sets::{
    Boundary, ChangeError, InlinePolicy, ManagedPolicy, PolicyReference, Session, Step,
};
use vending::ports::CouldNotAsk;

use super::{IDENTITY_CENTER, NOT_FOUND, SsoAdminPermissionSets};
use crate::calls::refusal;

const CONFLICT: &str = "ConflictException";

type Changed = Result<(), ChangeError>;

impl SsoAdminPermissionSets {
    pub(super) async fn step(&self, arn: &str, step: &Step) -> Changed {
        match step {
            Step::Update { description, session, relay_state } => {
                self.update(arn, description.clone(), *session, relay_state.clone()).await
            }
            Step::Detach(policy) => self.detach(arn, policy).await,
            Step::DetachReference(policy) => self.detach_reference(arn, policy).await,
            Step::DeleteInlinePolicy => self.delete_inline(arn).await,
            Step::PutBoundary(boundary) => self.put_boundary(arn, boundary).await,
            Step::DeleteBoundary => self.delete_boundary(arn).await,
            Step::PutInlinePolicy(policy) => self.put_inline(arn, policy).await,
            Step::Attach(policy) => self.attach(arn, policy).await,
            Step::AttachReference(policy) => self.attach_reference(arn, policy).await,
        }
    }

    async fn update(
        &self,
        arn: &str,
        description: Option<String>,
        session: Session,
        relay_state: Option<String>,
    ) -> Changed {
        let call = self.client.update_permission_set().instance_arn(&self.instance);
        let call = call.permission_set_arn(arn).set_description(description);
        let call = call.session_duration(session.iso()).set_relay_state(relay_state);
        call.send().await.map(drop).map_err(changed("update a permission set"))
    }

    async fn attach(&self, arn: &str, policy: &ManagedPolicy) -> Changed {
        let call = self.client.attach_managed_policy_to_permission_set();
        let call = call.instance_arn(&self.instance).permission_set_arn(arn);
        let call = call.managed_policy_arn(policy.arn(&self.partition));
        call.send().await.map(drop).map_err(changed("attach a managed policy"))
    }

    async fn detach(&self, arn: &str, policy: &ManagedPolicy) -> Changed {
        let call = self.client.detach_managed_policy_from_permission_set();
        let call = call.instance_arn(&self.instance).permission_set_arn(arn);
        let call = call.managed_policy_arn(policy.arn(&self.partition));
        call.send().await.map(drop).map_err(taken("detach a managed policy"))
    }

    async fn attach_reference(&self, arn: &str, policy: &PolicyReference) -> Changed {
        const ATTACH: &str = "attach a customer managed policy";
        let call = self.client.attach_customer_managed_policy_reference_to_permission_set();
        let call = call.instance_arn(&self.instance).permission_set_arn(arn);
        let call = call.customer_managed_policy_reference(reference(policy, ATTACH)?);
        call.send().await.map(drop).map_err(changed(ATTACH))
    }

    async fn detach_reference(&self, arn: &str, policy: &PolicyReference) -> Changed {
        const DETACH: &str = "detach a customer managed policy";
        let call = self.client.detach_customer_managed_policy_reference_from_permission_set();
        let call = call.instance_arn(&self.instance).permission_set_arn(arn);
        let call = call.customer_managed_policy_reference(reference(policy, DETACH)?);
        call.send().await.map(drop).map_err(taken(DETACH))
    }

    async fn put_inline(&self, arn: &str, policy: &InlinePolicy) -> Changed {
        let call = self.client.put_inline_policy_to_permission_set();
        let call = call.instance_arn(&self.instance).permission_set_arn(arn);
        let call = call.inline_policy(policy.text());
        call.send().await.map(drop).map_err(changed("put an inline policy"))
    }

    async fn delete_inline(&self, arn: &str) -> Changed {
        let call = self.client.delete_inline_policy_from_permission_set();
        let call = call.instance_arn(&self.instance).permission_set_arn(arn);
        call.send().await.map(drop).map_err(taken("delete an inline policy"))
    }

    async fn put_boundary(&self, arn: &str, boundary: &Boundary) -> Changed {
        const PUT: &str = "put a boundary";
        let wanted = match boundary {
            Boundary::Managed(policy) => {
                PermissionsBoundary::builder().managed_policy_arn(policy.arn(&self.partition))
            }
            Boundary::Customer(policy) => PermissionsBoundary::builder()
                .customer_managed_policy_reference(reference(policy, PUT)?),
        };
        let call = self.client.put_permissions_boundary_to_permission_set();
        let call = call.instance_arn(&self.instance).permission_set_arn(arn);
        let call = call.permissions_boundary(wanted.build());
        call.send().await.map(drop).map_err(changed(PUT))
    }

    async fn delete_boundary(&self, arn: &str) -> Changed {
        let call = self.client.delete_permissions_boundary_from_permission_set();
        let call = call.instance_arn(&self.instance).permission_set_arn(arn);
        call.send().await.map(drop).map_err(taken("delete a boundary"))
    }
}

fn reference(
    policy: &PolicyReference,
    operation: &'static str,
) -> Result<CustomerManagedPolicyReference, CouldNotAsk> {
    let policy = CustomerManagedPolicyReference::builder().name(policy.name()).path(policy.path());
    policy.build().map_err(|error| CouldNotAsk::new(IDENTITY_CENTER, operation, error))
}

/// What it means that a change failed. A conflict is an earlier change that is still on its
/// way, or something that is there already: either way the set is to be read again.
pub(super) fn changed<E>(
    operation: &'static str,
) -> impl Fn(SdkError<E, HttpResponse>) -> ChangeError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    move |error| match refusal(&error) {
        Some(refusal) if refusal.code == CONFLICT => ChangeError::Conflict(refusal),
        Some(refusal) => ChangeError::Refused(refusal),
        None => CouldNotAsk::new(IDENTITY_CENTER, operation, error).into(),
    }
}

/// The same where something is taken away: what is not there is no longer there.
fn taken<E>(operation: &'static str) -> impl Fn(SdkError<E, HttpResponse>) -> ChangeError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let changed = changed(operation);
    move |error| match changed(error) {
        ChangeError::Refused(refusal) if refusal.code == NOT_FOUND => {
            ChangeError::Conflict(refusal)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    /// What a detachment and an attachment make of an answer with that code.
    async fn told(status: u16, code: &str) -> [ChangeError; 2] {
        let body = format!(r#"{{"__type":"{code}","Message":"no"}}"#);
        let client = aws_sdk_ssoadmin::Client::new(&Canned::new(vec![(status, body); 12]).config());
        let sets = SsoAdminPermissionSets {
            client,
            instance: "arn:aws:sso:::instance/ssoins-7223aaaabbbbcccc".into(),
            partition: "aws".into(),
        };
        let policy = ManagedPolicy::new("ReadOnlyAccess").unwrap();
        let detached = sets.step("arn", &Step::Detach(policy.clone())).await;
        [detached.unwrap_err(), sets.step("arn", &Step::Attach(policy)).await.unwrap_err()]
    }

    #[tokio::test]
    async fn a_conflict_is_to_be_read_again() {
        let told = told(400, CONFLICT).await;
        assert!(told.iter().all(|it| matches!(it, ChangeError::Conflict(_))), "{told:?}");
    }

    #[tokio::test]
    async fn what_is_not_there_to_be_detached_is_no_longer_there() {
        let told = told(400, NOT_FOUND).await;
        assert!(matches!(told, [ChangeError::Conflict(_), ChangeError::Refused(_)]), "{told:?}");
    }

    #[tokio::test]
    async fn quotas_and_denials_are_refusals() {
        for code in
            ["ServiceQuotaExceededException", "AccessDeniedException", "ValidationException"]
        {
            let told = told(400, code).await;
            assert!(told.iter().all(|it| matches!(it, ChangeError::Refused(_))), "{told:?}");
        }
    }

    #[tokio::test]
    async fn a_fault_of_the_service_is_no_refusal() {
        let told = told(500, "InternalServerException").await;
        assert!(told.iter().all(|it| matches!(it, ChangeError::CouldNotAsk(_))), "{told:?}");
    }
}
