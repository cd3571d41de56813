//! What permission sets and principals are called, and who is in a group.

use aws_sdk_identitystore::error::ProvideErrorMetadata;
use aws_sdk_identitystore::types::MemberId;
use vending::account::PrincipalKind;
use vending::audit::{Holder, Names, User};
use vending::ports::CouldNotAsk;

use super::{IDENTITY_CENTER, IDENTITY_STORE};
use crate::calls::could_not;

const SET: &str = "describe a permission set";
const GROUP: &str = "describe a group";
const USER: &str = "describe a user";
const GROUPS: &str = "list the groups of a user";
const MEMBERS: &str = "list the users of a group";

/// What was learnt of a principal.
#[derive(Debug)]
pub(super) enum Named {
    /// The id of a group, and what it is called.
    Group(String, String),
    /// The id of a user, and what they are called.
    User(String, User),
    /// There is none of that id (any more).
    Gone,
}

impl Named {
    /// Puts it into `names`.
    pub(super) fn put(self, names: &mut Names) {
        match self {
            Self::Group(id, name) => drop(names.groups.insert(id, name)),
            Self::User(id, user) => drop(names.users.insert(id, user)),
            Self::Gone => {}
        }
    }
}

/// The ARN of a permission set and its name; `None` where it is gone.
pub(super) async fn permission_set(
    client: aws_sdk_ssoadmin::Client,
    instance: String,
    arn: String,
) -> Result<Option<(String, String)>, CouldNotAsk> {
    let ask = client.describe_permission_set().instance_arn(instance).permission_set_arn(&arn);
    match ask.send().await {
        Ok(answer) => {
            let name = answer.permission_set().and_then(|set| set.name());
            Ok(name.map(|name| (arn, name.to_owned())))
        }
        Err(error) if is_gone(error.code()) => Ok(None),
        Err(error) => Err(could_not(IDENTITY_CENTER, SET)(error)),
    }
}

/// What a principal is called.
pub(super) async fn holder(
    client: aws_sdk_identitystore::Client,
    store: String,
    holder: Holder,
) -> Result<Named, CouldNotAsk> {
    match holder.kind {
        PrincipalKind::Group => group(&client, &store, holder.id).await,
        PrincipalKind::User => user(&client, &store, holder.id).await,
    }
}

async fn group(
    client: &aws_sdk_identitystore::Client,
    store: &str,
    id: String,
) -> Result<Named, CouldNotAsk> {
    match client.describe_group().identity_store_id(store).group_id(&id).send().await {
        Ok(answer) => {
            let name = answer.display_name().unwrap_or(&id).to_owned();
            Ok(Named::Group(id, name))
        }
        Err(error) if is_gone(error.code()) => Ok(Named::Gone),
        Err(error) => Err(could_not(IDENTITY_STORE, GROUP)(error)),
    }
}

async fn user(
    client: &aws_sdk_identitystore::Client,
    store: &str,
    id: String,
) -> Result<Named, CouldNotAsk> {
    match client.describe_user().identity_store_id(store).user_id(&id).send().await {
        Ok(answer) => {
            let emails = answer.emails().iter().filter_map(|it| it.value().map(str::to_owned));
            let name = answer.user_name().unwrap_or(&id).to_owned();
            let user = User { emails: emails.collect(), name };
            Ok(Named::User(id, user))
        }
        Err(error) if is_gone(error.code()) => Ok(Named::Gone),
        Err(error) => Err(could_not(IDENTITY_STORE, USER)(error)),
    }
}

fn is_gone(code: Option<&str>) -> bool {
    code == Some("ResourceNotFoundException")
}

/// The ids of the groups that a user is in.
pub(super) async fn groups_of(
    client: &aws_sdk_identitystore::Client,
    store: &str,
    user: &str,
) -> Result<Vec<String>, CouldNotAsk> {
    let member = MemberId::UserId(user.to_owned());
    let list = client.list_group_memberships_for_member().identity_store_id(store);
    let mut listed = list.member_id(member).into_paginator().items().send();
    let mut groups = Vec::new();
    while let Some(membership) = listed.next().await {
        let membership = membership.map_err(could_not(IDENTITY_STORE, GROUPS))?;
        groups.extend(membership.group_id().map(str::to_owned));
    }
    Ok(groups)
}

/// The ids of the users in a group; nobody is in one that is gone.
pub(super) async fn users_in(
    client: &aws_sdk_identitystore::Client,
    store: &str,
    group: &str,
) -> Result<Vec<String>, CouldNotAsk> {
    let list = client.list_group_memberships().identity_store_id(store).group_id(group);
    let mut listed = list.into_paginator().items().send();
    let mut users = Vec::new();
    while let Some(membership) = listed.next().await {
        let membership = match membership {
            Ok(membership) => membership,
            Err(error) if is_gone(error.code()) => break,
            Err(error) => return Err(could_not(IDENTITY_STORE, MEMBERS)(error)),
        };
        let user = membership.member_id().and_then(|member| member.as_user_id().ok());
        users.extend(user.cloned());
    }
    Ok(users)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clients;
    use crate::testing::Canned;

    fn clients(code: &str) -> Clients {
        let answer = format!(r#"{{"__type":"{code}","Message":"words"}}"#);
        Clients::new(Canned::new(vec![(400, answer)]).config())
    }

    #[tokio::test]
    async fn who_and_what_is_gone_has_no_name_and_other_answers_are_errors() {
        let gone = || clients("ResourceNotFoundException");
        let set = permission_set(gone().sso_admin(), "i".into(), "arn:1".into()).await.unwrap();
        assert_eq!(set, None);
        for kind in [PrincipalKind::Group, PrincipalKind::User] {
            let one = Holder { kind, id: "x-1".into() };
            let named = holder(gone().identity_store(), "d".into(), one.clone()).await.unwrap();
            assert!(matches!(named, Named::Gone));
            let denied = clients("AccessDeniedException").identity_store();
            assert!(holder(denied, "d".into(), one).await.is_err());
        }
        assert_eq!(users_in(&gone().identity_store(), "d", "g-1").await.unwrap(), [""; 0]);
        let denied = clients("AccessDeniedException");
        assert!(users_in(&denied.identity_store(), "d", "g-1").await.is_err());
    }
}
