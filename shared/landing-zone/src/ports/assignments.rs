//! Account assignments, as `SsoAdminAssignments` has them over the wire.

use async_trait::async_trait;
use vending::account::AccountId;
use vending::file::nearest;
use vending::ledger::{Grant, Principal, PrincipalKind};
use vending::ports::{
    AssignError, Assignments, CouldNotAsk, PrincipalText, StepStatus, Unresolved,
};

use super::Shared;
use crate::model::identity_center::{
    self as center, AssignRefusal, Assignment, IdentityCenter, RequestStatus,
};
use crate::model::ids;

const IDENTITY_CENTER: &str = "IAM Identity Center";

#[async_trait]
impl Assignments for Shared {
    async fn resolve(
        &self,
        principal: &PrincipalText,
        permission_set: &str,
    ) -> Result<Grant, Unresolved> {
        let zone = self.zone();
        let center = &zone.identity_center;
        Ok(Grant::Assignment {
            permission_set: permission_set_arn(center, permission_set)?,
            permission_set_name: permission_set.to_owned(),
            principal: Principal {
                kind: principal.kind,
                id: principal_id(center, principal)?,
                name: principal.text.clone(),
            },
        })
    }

    async fn exists(&self, account: &AccountId, grant: &Grant) -> Result<bool, CouldNotAsk> {
        let wanted = assignment(account, grant, "list account assignments")?;
        Ok(self.zone().identity_center.assignments().contains(&wanted))
    }

    async fn request(&self, account: &AccountId, grant: &Grant) -> Result<String, AssignError> {
        let wanted = assignment(account, grant, "create an account assignment")?;
        match center::assign(&mut self.zone(), wanted) {
            Ok(request) => Ok(request.id),
            Err(refusal) => Err(refused(&refusal)),
        }
    }

    async fn status(&self, request: &str) -> Result<StepStatus, CouldNotAsk> {
        let zone = self.zone();
        let request = zone.identity_center.request(request);
        Ok(request.map_or(StepStatus::Unknown, |request| match &request.status {
            RequestStatus::InProgress => StepStatus::InProgress,
            RequestStatus::Succeeded => StepStatus::Done,
            RequestStatus::Failed(reason) => StepStatus::Failed(reason.clone()),
        }))
    }
}

fn refused(refusal: &AssignRefusal) -> AssignError {
    let said = refusal.to_string();
    match refusal {
        AssignRefusal::Conflict(_) | AssignRefusal::TooManyOutstanding => AssignError::Wait(said),
        AssignRefusal::UnknownAccount(_)
        | AssignRefusal::UnknownPermissionSet(_)
        | AssignRefusal::UnknownPrincipal(_) => AssignError::Refused(said),
    }
}

fn permission_set_arn(center: &IdentityCenter, text: &str) -> Result<String, Unresolved> {
    let is_arn = ids::is_permission_set(text);
    let sets = center.permission_sets();
    let found = sets.iter().find(|set| if is_arn { set.arn == text } else { set.name == text });
    let near = || nearest(text, sets.iter().map(|set| set.name.as_str()).filter(|_| !is_arn));
    found.map(|set| set.arn.clone()).ok_or_else(|| Unresolved::permission_set(text, near()))
}

fn principal_id(center: &IdentityCenter, principal: &PrincipalText) -> Result<String, Unresolved> {
    let text = principal.text.as_str();
    let found = match (principal.kind, ids::is_principal(text)) {
        (PrincipalKind::Group, true) => center.group(text).map(|group| &group.id),
        (PrincipalKind::Group, false) => center.group_named(text).map(|group| &group.id),
        (PrincipalKind::User, true) => center.user(text).map(|user| &user.id),
        (PrincipalKind::User, false) => {
            center.user_named(text).or_else(|| center.user_by_email(text)).map(|user| &user.id)
        }
    };
    found.cloned().ok_or_else(|| Unresolved::principal(principal, near(center, principal)))
}

/// The name that may be meant.
fn near<'c>(center: &'c IdentityCenter, principal: &PrincipalText) -> Option<&'c str> {
    if ids::is_principal(&principal.text) {
        return None;
    }
    match principal.kind {
        PrincipalKind::Group => {
            nearest(&principal.text, center.groups().iter().map(|group| group.name.as_str()))
        }
        PrincipalKind::User => {
            nearest(&principal.text, center.users().iter().map(|user| user.name.as_str()))
        }
    }
}

/// Says what there is none of, and which one was meant, if that can be guessed.
pub(super) fn unknown<'n>(
    kind: &str,
    text: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Unresolved {
    let meant = nearest(text, names).map(|name| format!("; did you mean {name:?}?"));
    Unresolved::Unknown(format!("there is no {kind} {text:?}{}", meant.unwrap_or_default()))
}

fn assignment(
    account: &AccountId,
    grant: &Grant,
    operation: &'static str,
) -> Result<Assignment, CouldNotAsk> {
    let Grant::Assignment { permission_set, principal, .. } = grant else {
        let fault = format!("{} is no assignment", grant.describe());
        return Err(CouldNotAsk::new(IDENTITY_CENTER, operation, fault));
    };
    Ok(Assignment {
        account: account.as_str().to_owned(),
        permission_set: permission_set.clone(),
        kind: match principal.kind {
            PrincipalKind::User => center::PrincipalKind::User,
            PrincipalKind::Group => center::PrincipalKind::Group,
        },
        principal: principal.id.clone(),
    })
}
