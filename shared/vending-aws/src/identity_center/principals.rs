//! Users and groups of the identity store, by id or name.

use aws_sdk_identitystore::Client;
use aws_sdk_identitystore::error::{BuildError, SdkError};
use aws_sdk_identitystore::operation::describe_group::DescribeGroupError;
use aws_sdk_identitystore::operation::describe_user::DescribeUserError;
use aws_sdk_identitystore::operation::get_group_id::GetGroupIdError;
use aws_sdk_identitystore::operation::get_user_id::GetUserIdError;
use aws_sdk_identitystore::types::{AlternateIdentifier, UniqueAttribute};
use aws_smithy_types::Document;
use vending::ledger::{Principal, PrincipalKind};
use vending::ports::{CouldNotAsk, PrincipalText, Unresolved};

use super::instance::Instance;
use super::known::Known;
use super::near::{Listed, unknown};
use crate::calls::could_not;

pub(super) const IDENTITY_STORE: &str = "the identity store";
const GROUP: &str = "find a group";
const USER: &str = "find a user";

/// How a group is found, and how a user: API reference, `GetGroupId` and `GetUserId`,
/// valid attribute paths.
const GROUP_NAME: &str = "displayName";
const USER_NAME: &str = "userName";
const USER_EMAIL: &str = "emails.value";

/// Principals, as they are found. An id is never given to another principal, but a name
/// may be: what was found is asked for again some minutes later.
#[derive(Debug, Default)]
pub(crate) struct Principals {
    known: Known,
    listed: Listed,
}

impl Principals {
    /// The principal that `meant` is.
    pub(crate) async fn resolve(
        &self,
        client: &Client,
        instance: &Instance,
        meant: &PrincipalText,
    ) -> Result<Principal, Unresolved> {
        let store = &instance.identity_store;
        let id = match self.known.get(meant) {
            Some(id) => id,
            None => match find(client, store, meant).await? {
                Some(id) => self.known.put(meant, id),
                None => return Err(unknown(meant, &self.listed, client, store).await),
            },
        };
        Ok(Principal { kind: meant.kind, id, name: meant.text.clone() })
    }
}

async fn find(
    client: &Client,
    store: &str,
    meant: &PrincipalText,
) -> Result<Option<String>, CouldNotAsk> {
    let text = &meant.text;
    match (meant.kind, is_id(text)) {
        (PrincipalKind::Group, true) => group_of_id(client, store, text).await,
        (PrincipalKind::Group, false) => group(client, store, text).await,
        (PrincipalKind::User, true) => user_of_id(client, store, text).await,
        (PrincipalKind::User, false) => user(client, store, text).await,
    }
}

async fn group_of_id(
    client: &Client,
    store: &str,
    id: &str,
) -> Result<Option<String>, CouldNotAsk> {
    match client.describe_group().identity_store_id(store).group_id(id).send().await {
        Ok(group) => Ok(Some(group.group_id)),
        Err(error) if is_no_group_of_id(&error) => Ok(None),
        Err(error) => Err(could_not(IDENTITY_STORE, GROUP)(error)),
    }
}

async fn user_of_id(client: &Client, store: &str, id: &str) -> Result<Option<String>, CouldNotAsk> {
    match client.describe_user().identity_store_id(store).user_id(id).send().await {
        Ok(user) => Ok(Some(user.user_id)),
        Err(error) if is_no_user_of_id(&error) => Ok(None),
        Err(error) => Err(could_not(IDENTITY_STORE, USER)(error)),
    }
}

async fn group(client: &Client, store: &str, name: &str) -> Result<Option<String>, CouldNotAsk> {
    let by_name = identified(GROUP_NAME, name).map_err(could_not(IDENTITY_STORE, GROUP))?;
    match client.get_group_id().identity_store_id(store).alternate_identifier(by_name).send().await
    {
        Ok(found) => Ok(Some(found.group_id)),
        Err(error) if is_no_group(&error) => Ok(None),
        Err(error) => Err(could_not(IDENTITY_STORE, GROUP)(error)),
    }
}

async fn user(client: &Client, store: &str, text: &str) -> Result<Option<String>, CouldNotAsk> {
    match user_by(client, store, USER_NAME, text).await? {
        None => user_by(client, store, USER_EMAIL, text).await,
        found => Ok(found),
    }
}

async fn user_by(
    client: &Client,
    store: &str,
    path: &str,
    text: &str,
) -> Result<Option<String>, CouldNotAsk> {
    let by = identified(path, text).map_err(could_not(IDENTITY_STORE, USER))?;
    match client.get_user_id().identity_store_id(store).alternate_identifier(by).send().await {
        Ok(found) => Ok(Some(found.user_id)),
        Err(error) if is_no_user(&error) => Ok(None),
        Err(error) => Err(could_not(IDENTITY_STORE, USER)(error)),
    }
}

fn identified(path: &str, text: &str) -> Result<AlternateIdentifier, BuildError> {
    let value = Document::String(text.to_owned());
    let attribute =
        UniqueAttribute::builder().attribute_path(path).attribute_value(value).build()?;
    Ok(AlternateIdentifier::UniqueAttribute(attribute))
}

// There is none only where no reason is told. A reason is about the customer's key (API
// reference, `ResourceNotFoundException`): then nobody knows who there is.

fn is_no_group(error: &SdkError<GetGroupIdError>) -> bool {
    let error = error.as_service_error();
    matches!(error, Some(GetGroupIdError::ResourceNotFoundException(it)) if it.reason().is_none())
}

fn is_no_user(error: &SdkError<GetUserIdError>) -> bool {
    let error = error.as_service_error();
    matches!(error, Some(GetUserIdError::ResourceNotFoundException(it)) if it.reason().is_none())
}

fn is_no_group_of_id(error: &SdkError<DescribeGroupError>) -> bool {
    let error = error.as_service_error();
    matches!(error, Some(DescribeGroupError::ResourceNotFoundException(it)) if it.reason().is_none())
}

fn is_no_user_of_id(error: &SdkError<DescribeUserError>) -> bool {
    let error = error.as_service_error();
    matches!(error, Some(DescribeUserError::ResourceNotFoundException(it)) if it.reason().is_none())
}

/// `([0-9a-f]{10}-|)` and a UUID: sso-admin API reference, `PrincipalId`.
pub(super) fn is_id(text: &str) -> bool {
    let uuid = match text.split_once('-') {
        Some((prefix, uuid)) if prefix.len() == 10 && prefix.bytes().all(is_lower_hex) => uuid,
        _ => text,
    };
    let parts: Vec<&str> = uuid.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clients;
    use crate::testing::Canned;

    const ID: &str = "906701e2bb-7a3c0a1b-1c2d-4e5f-8a9b-0c1d2e3f4a5b";

    /// What comes of looking where all answers are that there is none, for that reason.
    async fn found(kind: PrincipalKind, text: &str, reason: &str) -> Result<bool, CouldNotAsk> {
        let none = format!(r#"{{"__type":"ResourceNotFoundException","Message":"no"{reason}}}"#);
        let canned = Canned::new(vec![(400, none.clone()), (400, none)]);
        let client = Clients::new(canned.config()).identity_store();
        let meant = PrincipalText { kind, text: text.to_owned() };
        find(&client, "d-1234567890", &meant).await.map(|found| found.is_some())
    }

    #[tokio::test]
    async fn nobody_is_missing_because_the_key_is_not_found() {
        let key = r#","Reason":"KMS_NotFoundException""#;
        for kind in [PrincipalKind::Group, PrincipalKind::User] {
            for text in [ID, "Platform"] {
                assert!(!found(kind, text, "").await.unwrap(), "{kind:?} {text}");
                assert!(found(kind, text, key).await.is_err(), "{kind:?} {text}");
            }
        }
    }

    #[test]
    fn an_id_is_told_from_a_name() {
        assert!(is_id("906701e2bb-7a3c0a1b-1c2d-4e5f-8a9b-0c1d2e3f4a5b"));
        assert!(is_id("7A3C0A1B-1c2d-4e5f-8a9b-0c1d2e3f4a5b"));
        for name in [
            "Platform-Admins",
            "906701e2bb-7a3c0a1b",
            "x06701e2bb-7a3c0a1b-1c2d-4e5f-8a9b-0c1d2e3f4a5b",
            "",
        ] {
            assert!(!is_id(name), "{name}");
        }
    }
}
