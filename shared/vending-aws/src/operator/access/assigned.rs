//! Account assignments: those of an account, and those of a principal.

use aws_sdk_ssoadmin::Client;
use aws_sdk_ssoadmin::error::SdkError;
use aws_sdk_ssoadmin::operation::list_account_assignments::ListAccountAssignmentsError;
use aws_sdk_ssoadmin::types::PrincipalType;
use vending::account::{AccountId, PrincipalKind};
use vending::audit::{Assigned, Holder};
use vending::ports::CouldNotAsk;

use super::IDENTITY_CENTER;
use crate::calls::{code, could_not, present};

const SETS: &str = "list the permission sets of an account";
const ASSIGNED: &str = "list the assignments of an account";
const OF_PRINCIPAL: &str = "list the assignments of a principal";

/// Every assignment in an account: its permission sets, and the principals of each.
pub(super) async fn in_account(
    client: Client,
    instance: String,
    account: AccountId,
) -> Result<Vec<Assigned>, CouldNotAsk> {
    let list = client.list_permission_sets_provisioned_to_account().instance_arn(&instance);
    let mut sets = list.account_id(account.as_str()).into_paginator().items().send();
    let mut all = Vec::new();
    while let Some(set) = sets.next().await {
        let set = set.map_err(could_not(IDENTITY_CENTER, SETS))?;
        all.extend(of_permission_set(&client, &instance, &account, &set).await?);
    }
    Ok(all)
}

async fn of_permission_set(
    client: &Client,
    instance: &str,
    account: &AccountId,
    permission_set: &str,
) -> Result<Vec<Assigned>, CouldNotAsk> {
    let list = client.list_account_assignments().instance_arn(instance);
    let list = list.account_id(account.as_str()).permission_set_arn(permission_set);
    let mut listed = list.into_paginator().items().send();
    let mut all = Vec::new();
    while let Some(assigned) = listed.next().await {
        let assigned = match assigned {
            Ok(assigned) => assigned,
            // Taken out of the account since its permission sets were listed.
            Err(error) if is_gone(&error) => break,
            Err(error) => return Err(could_not(IDENTITY_CENTER, ASSIGNED)(error)),
        };
        let holder = holder(assigned.principal_type(), assigned.principal_id(), ASSIGNED)?;
        let (account, permission_set) = (account.clone(), permission_set.to_owned());
        all.push(Assigned { account, permission_set, holder });
    }
    Ok(all)
}

/// Every assignment of a principal, of a user perhaps with those of groups; `None` where the
/// caller is not in the management account, which alone may ask (API reference,
/// `ListAccountAssignmentsForPrincipal`).
pub(super) async fn of(
    client: &Client,
    instance: &str,
    of: &Holder,
) -> Result<Option<Vec<Assigned>>, CouldNotAsk> {
    let list = client.list_account_assignments_for_principal().instance_arn(instance);
    let list = list.principal_id(&of.id).principal_type(kind(of.kind));
    let mut listed = list.into_paginator().items().send();
    let mut all = Vec::new();
    while let Some(assigned) = listed.next().await {
        let assigned = match assigned {
            Ok(assigned) => assigned,
            Err(error) if code(&error) == Some(DENIED) => return Ok(None),
            Err(error) => return Err(could_not(IDENTITY_CENTER, OF_PRINCIPAL)(error)),
        };
        let account = told(assigned.account_id(), "account id")?;
        all.push(Assigned {
            account: AccountId::new(account).map_err(could_not(IDENTITY_CENTER, OF_PRINCIPAL))?,
            permission_set: told(assigned.permission_set_arn(), "permission set")?.to_owned(),
            holder: holder(assigned.principal_type(), assigned.principal_id(), OF_PRINCIPAL)?,
        });
    }
    Ok(Some(all))
}

/// What has a reason is about the customer's key, not about what was asked for.
fn is_gone(error: &SdkError<ListAccountAssignmentsError>) -> bool {
    use ListAccountAssignmentsError::ResourceNotFoundException as NotFound;
    matches!(error.as_service_error(), Some(NotFound(it)) if it.reason().is_none())
}

const DENIED: &str = "AccessDeniedException";

fn told<'t>(value: Option<&'t str>, what: &'static str) -> Result<&'t str, CouldNotAsk> {
    present(value, what, IDENTITY_CENTER, OF_PRINCIPAL)
}

fn holder(
    kind: Option<&PrincipalType>,
    id: Option<&str>,
    operation: &'static str,
) -> Result<Holder, CouldNotAsk> {
    let kind = match kind {
        Some(PrincipalType::User) => Some(PrincipalKind::User),
        Some(PrincipalType::Group) => Some(PrincipalKind::Group),
        Some(_) | None => None,
    };
    Ok(Holder {
        kind: present(kind, "principal type", IDENTITY_CENTER, operation)?,
        id: present(id, "principal id", IDENTITY_CENTER, operation)?.to_owned(),
    })
}

fn kind(kind: PrincipalKind) -> PrincipalType {
    match kind {
        PrincipalKind::User => PrincipalType::User,
        PrincipalKind::Group => PrincipalType::Group,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clients;
    use crate::testing::Canned;

    fn refused(code: &str) -> (u16, String) {
        (400, format!(r#"{{"__type":"{code}","Message":"words"}}"#))
    }

    fn client(answers: Vec<(u16, String)>) -> Client {
        Clients::new(Canned::new(answers).config()).sso_admin()
    }

    fn jane() -> Holder {
        Holder { kind: PrincipalKind::User, id: "u-1".into() }
    }

    #[tokio::test]
    async fn who_is_not_in_the_management_account_is_told_apart() {
        let denied = client(vec![refused("AccessDeniedException")]);
        assert_eq!(of(&denied, "arn", &jane()).await.unwrap(), None);
        let broken = client(vec![refused("ValidationException")]);
        assert!(of(&broken, "arn", &jane()).await.is_err());
    }

    #[tokio::test]
    async fn what_comes_through_a_group_is_told_as_the_groups() {
        let answer = r#"{"AccountAssignments":[{"AccountId":"123456789012",
            "PermissionSetArn":"arn:1","PrincipalType":"GROUP","PrincipalId":"g-1"}]}"#;
        let all = of(&client(vec![(200, answer.into())]), "arn", &jane()).await.unwrap().unwrap();
        assert_eq!(all[0].holder, Holder { kind: PrincipalKind::Group, id: "g-1".into() });
    }

    #[tokio::test]
    async fn a_permission_set_that_goes_meanwhile_has_no_assignments() {
        let sets = (200, r#"{"PermissionSets":["arn:1"]}"#.to_owned());
        let account = AccountId::new("123456789012").unwrap();
        let gone = client(vec![sets.clone(), refused("ResourceNotFoundException")]);
        assert_eq!(in_account(gone, "arn".into(), account.clone()).await.unwrap(), []);
        let key = r#"{"__type":"ResourceNotFoundException","Reason":"KMS_NotFoundException"}"#;
        let key = client(vec![sets.clone(), (400, key.into())]);
        assert!(in_account(key, "arn".into(), account.clone()).await.is_err());
        let odd = r#"{"AccountAssignments":[{"PrincipalType":"ROBOT","PrincipalId":"r"}]}"#;
        let odd = client(vec![sets, (200, odd.into())]);
        assert!(in_account(odd, "arn".into(), account).await.is_err());
    }
}
