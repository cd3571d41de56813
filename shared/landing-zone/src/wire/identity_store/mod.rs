//! The identity store, `AWSIdentityStore`: users and groups, by name and by id.

mod lists;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::json as protocol;
use super::{Refusal, sso_admin};
use crate::Zone;
use crate::model::identity_center::{Group, IdentityCenter, User};
use crate::model::ids;

/// The code for a request that cannot be read.
const INVALID: &str = "ValidationException";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetId {
    identity_store_id: String,
    alternate_identifier: AlternateIdentifier,
}

/// A union: exactly one of its members is there.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
enum AlternateIdentifier {
    UniqueAttribute(UniqueAttribute),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct UniqueAttribute {
    attribute_path: String,
    attribute_value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct DescribeGroup {
    identity_store_id: String,
    group_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct DescribeUser {
    identity_store_id: String,
    user_id: String,
}

/// Answers one operation.
pub(super) fn answer(zone: &mut Zone, operation: &str, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    sso_admin::admit(zone)?;
    let answer = match operation {
        "GetGroupId" => get_group_id(zone, &read(body)?),
        "GetUserId" => get_user_id(zone, &read(body)?),
        "DescribeGroup" => describe_group(zone, &read(body)?),
        "DescribeUser" => describe_user(zone, &read(body)?),
        _ => lists::answer(zone, operation, body)
            .unwrap_or_else(|| Err(Refusal::unknown_operation("identitystore", operation))),
    }?;
    protocol::write(&answer)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    protocol::read(body, INVALID)
}

fn get_group_id(zone: &Zone, wanted: &GetId) -> Result<Value, Refusal> {
    let center = store(zone, &wanted.identity_store_id)?;
    let AlternateIdentifier::UniqueAttribute(attribute) = &wanted.alternate_identifier;
    let value = &attribute.attribute_value;
    let group = match attribute.attribute_path.to_lowercase().as_str() {
        "displayname" => center.group_named(value).ok_or_else(|| unknown("GROUP"))?,
        path => return Err(no_such_path(path)),
    };
    Ok(Value::Object(group_ids(zone, group)))
}

fn get_user_id(zone: &Zone, wanted: &GetId) -> Result<Value, Refusal> {
    let center = store(zone, &wanted.identity_store_id)?;
    let AlternateIdentifier::UniqueAttribute(attribute) = &wanted.alternate_identifier;
    let value = &attribute.attribute_value;
    let user = match attribute.attribute_path.to_lowercase().as_str() {
        "username" => center.user_named(value),
        "emails.value" => center.user_by_email(value),
        path => return Err(no_such_path(path)),
    };
    Ok(Value::Object(user_ids(zone, user.ok_or_else(|| unknown("USER"))?)))
}

fn describe_group(zone: &Zone, wanted: &DescribeGroup) -> Result<Value, Refusal> {
    let center = store(zone, &wanted.identity_store_id)?;
    check(ids::is_principal(&wanted.group_id), "groupId")?;
    let group = center.group(&wanted.group_id).ok_or_else(|| unknown("GROUP"))?;
    Ok(described_group(zone, group))
}

/// All that there is of a group.
fn described_group(zone: &Zone, group: &Group) -> Value {
    let mut answer = group_ids(zone, group);
    answer.insert("DisplayName".to_owned(), group.name.as_str().into());
    if let Some(description) = &group.description {
        answer.insert("Description".to_owned(), description.as_str().into());
    }
    answer.extend(versions(group.created));
    Value::Object(answer)
}

fn describe_user(zone: &Zone, wanted: &DescribeUser) -> Result<Value, Refusal> {
    let center = store(zone, &wanted.identity_store_id)?;
    check(ids::is_principal(&wanted.user_id), "userId")?;
    let user = center.user(&wanted.user_id).ok_or_else(|| unknown("USER"))?;
    Ok(described_user(zone, user))
}

/// All that there is of a user.
fn described_user(zone: &Zone, user: &User) -> Value {
    let mut answer = user_ids(zone, user);
    answer.insert("UserName".to_owned(), user.name.as_str().into());
    answer.insert("UserStatus".to_owned(), "ENABLED".into());
    let email = json!([{ "Value": user.email, "Type": "work", "Primary": true }]);
    answer.insert("Emails".to_owned(), email);
    if let Some((given, family)) = &user.full_name {
        let name = json!({ "GivenName": given, "FamilyName": family });
        answer.insert("Name".to_owned(), name);
        answer.insert("DisplayName".to_owned(), format!("{given} {family}").into());
    }
    answer.extend(versions(user.created));
    Value::Object(answer)
}

fn group_ids(zone: &Zone, group: &Group) -> Map<String, Value> {
    identified(zone, "Group", &group.id)
}

fn user_ids(zone: &Zone, user: &User) -> Map<String, Value> {
    identified(zone, "User", &user.id)
}

/// What every answer begins with: the store, the id and the ARN.
fn identified(zone: &Zone, kind: &str, id: &str) -> Map<String, Value> {
    let store = zone.identity_center.instance().identity_store.as_str();
    let partition = zone.organization.partition();
    let arn = format!("arn:{partition}:identitystore:::{}/{id}", kind.to_lowercase());
    Map::from_iter([
        ("IdentityStoreId".to_owned(), store.into()),
        (format!("{kind}Id"), id.into()),
        (format!("{kind}Arn"), arn.into()),
    ])
}

/// Nothing is ever changed, so that there is one revision of everything.
fn versions(created: crate::model::Moment) -> [(String, Value); 3] {
    let at = protocol::seconds(created);
    [
        ("Revision".to_owned(), "1".into()),
        ("CreatedAt".to_owned(), at.into()),
        ("UpdatedAt".to_owned(), at.into()),
    ]
}

/// The organization's store, the only one the caller may look into.
fn store<'a>(zone: &'a Zone, id: &str) -> Result<&'a IdentityCenter, Refusal> {
    check(ids::is_identity_store(id), "identityStoreId")?;
    let center = &zone.identity_center;
    if center.instance().identity_store == id { Ok(center) } else { Err(unknown("IDENTITY_STORE")) }
}

fn unknown(kind: &str) -> Refusal {
    Refusal::new("ResourceNotFoundException", format!("{kind} not found."))
}

fn no_such_path(path: &str) -> Refusal {
    Refusal::new(INVALID, format!("the attribute path {path} is not supported here"))
}

fn check(fits: bool, member: &str) -> Result<(), Refusal> {
    let message = format!("1 validation error detected: Value at '{member}' is malformed");
    if fits { Ok(()) } else { Err(Refusal::new(INVALID, message)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;

    fn asked(operation: &str, body: &Value) -> Result<Value, Refusal> {
        let description = Description::builtin();
        let mut zone = Zone::new(&description, 1, description.organization.since);
        let answer = answer(&mut zone, operation, body.to_string().as_bytes())?;
        Ok(serde_json::from_slice(&answer).expect("JSON"))
    }

    fn by(path: &str, value: &str) -> Value {
        let attribute = json!({ "AttributePath": path, "AttributeValue": value });
        json!({
            "IdentityStoreId": Description::builtin().identity_center.identity_store,
            "AlternateIdentifier": { "UniqueAttribute": attribute },
        })
    }

    #[test]
    fn a_group_is_found_by_its_display_name() {
        let answer = asked("GetGroupId", &by("displayName", "Platform-Admins")).expect("a group");
        assert_eq!(answer["GroupId"], "9067012345-a1b2c3d4-0004-4000-8000-000000000004");
        let refusal = asked("GetGroupId", &by("displayName", "Nobody")).expect_err("no group");
        assert_eq!(refusal.code, "ResourceNotFoundException");
    }

    #[test]
    fn a_user_is_found_by_name_and_by_e_mail() {
        let by_name = asked("GetUserId", &by("userName", "john.smith")).expect("a user");
        let by_email = asked("GetUserId", &by("emails.value", "john.smith@example.com"));
        assert_eq!(Ok(by_name), by_email);
        assert_eq!(
            asked("GetUserId", &by("displayName", "John")).expect_err("a path").code,
            INVALID
        );
    }

    #[test]
    fn the_account_instances_store_has_nothing_to_find() {
        let mut request = by("displayName", "Platform-Admins");
        request["IdentityStoreId"] = "d-9067abcdef".into();
        let refusal = asked("GetGroupId", &request).expect_err("another store");
        assert_eq!(refusal.message, "IDENTITY_STORE not found.");
    }

    #[test]
    fn another_alternate_identifier_is_named_as_missing() {
        let external = json!({ "ExternalId": { "Issuer": "x", "Id": "y" } });
        let request = json!({ "IdentityStoreId": "d-9067012345", "AlternateIdentifier": external });
        let refusal = asked("GetGroupId", &request).expect_err("a union member");
        assert!(refusal.message.contains("unknown variant `ExternalId`"), "{refusal:?}");
    }
}
