//! The lists of the identity store: users, groups, and who is in which group.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    INVALID, check, described_group, described_user, identified, no_such_path, read, store, unknown,
};
use crate::Zone;
use crate::model::identity_center::{Group, Membership, User};
use crate::model::ids;
use crate::wire::Refusal;
use crate::wire::json::{self as protocol, NoPage, Wanted};

/// `MaxResults` of every list: 100 at the most.
const PAGE: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct List {
    identity_store_id: String,
    /// "Filtering … is deprecated. Instead, use the GetGroupId API action"; it still works.
    #[serde(default)]
    filters: Vec<Filter>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Filter {
    attribute_path: String,
    attribute_value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ListGroupMemberships {
    identity_store_id: String,
    group_id: String,
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ListGroupMembershipsForMember {
    identity_store_id: String,
    member_id: MemberId,
    max_results: Option<i64>,
    next_token: Option<String>,
}

/// A union of one member.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
enum MemberId {
    UserId(String),
}

pub(super) fn answer(zone: &Zone, operation: &str, body: &[u8]) -> Option<Result<Value, Refusal>> {
    Some(match operation {
        "ListUsers" => read(body).and_then(|it| list_users(zone, &it)),
        "ListGroups" => read(body).and_then(|it| list_groups(zone, &it)),
        "ListGroupMemberships" => read(body).and_then(|it| list_members(zone, &it)),
        "ListGroupMembershipsForMember" => read(body).and_then(|it| list_groups_of(zone, &it)),
        _ => return None,
    })
}

fn list_users(zone: &Zone, list: &List) -> Result<Value, Refusal> {
    let center = store(zone, &list.identity_store_id)?;
    let name = filtered(list, "username")?;
    let wanted = |user: &&User| name.is_none_or(|name| user.name.eq_ignore_ascii_case(name));
    let users = center.users().iter().filter(wanted).map(|user| described_user(zone, user));
    paged("Users", users, list.max_results, list.next_token.as_deref())
}

fn list_groups(zone: &Zone, list: &List) -> Result<Value, Refusal> {
    let center = store(zone, &list.identity_store_id)?;
    let name = filtered(list, "displayname")?;
    let wanted = |group: &&Group| name.is_none_or(|name| group.name.eq_ignore_ascii_case(name));
    let groups = center.groups().iter().filter(wanted).map(|group| described_group(zone, group));
    paged("Groups", groups, list.max_results, list.next_token.as_deref())
}

fn list_members(zone: &Zone, list: &ListGroupMemberships) -> Result<Value, Refusal> {
    let center = store(zone, &list.identity_store_id)?;
    check(ids::is_principal(&list.group_id), "groupId")?;
    center.group(&list.group_id).ok_or_else(|| unknown("GROUP"))?;
    let members = center.members_of(&list.group_id).map(|it| membership(zone, &it));
    paged("GroupMemberships", members, list.max_results, list.next_token.as_deref())
}

fn list_groups_of(zone: &Zone, list: &ListGroupMembershipsForMember) -> Result<Value, Refusal> {
    let center = store(zone, &list.identity_store_id)?;
    let MemberId::UserId(user) = &list.member_id;
    check(ids::is_principal(user), "memberId.userId")?;
    center.user(user).ok_or_else(|| unknown("USER"))?;
    let groups = center.memberships_of(user).map(|it| membership(zone, &it));
    paged("GroupMemberships", groups, list.max_results, list.next_token.as_deref())
}

fn membership(zone: &Zone, membership: &Membership<'_>) -> Value {
    let mut answer = identified(zone, "Membership", &membership.id);
    answer.insert("GroupId".to_owned(), membership.group.id.as_str().into());
    answer.insert("MemberId".to_owned(), json!({ "UserId": membership.user.id }));
    Value::Object(answer)
}

/// The value of the one filter that there may be.
fn filtered<'a>(list: &'a List, path: &str) -> Result<Option<&'a str>, Refusal> {
    match list.filters.as_slice() {
        [] => Ok(None),
        [filter] if filter.attribute_path.eq_ignore_ascii_case(path) => {
            Ok(Some(&filter.attribute_value))
        }
        [filter] => Err(no_such_path(&filter.attribute_path)),
        _ => Err(Refusal::new(INVALID, "there is more than one filter")),
    }
}

fn paged(
    key: &str,
    items: impl Iterator<Item = Value>,
    at_most: Option<i64>,
    token: Option<&str>,
) -> Result<Value, Refusal> {
    let wanted = Wanted { token, at_most, limit: PAGE };
    let (items, next) = protocol::page(items, wanted).map_err(|no_page| match no_page {
        NoPage::Size => malformed("maxResults"),
        NoPage::Token => malformed("nextToken"),
    })?;
    let mut answer = json!({ key: items });
    if let Some(next) = next {
        answer["NextToken"] = next.into();
    }
    Ok(answer)
}

fn malformed(member: &str) -> Refusal {
    let message = format!("1 validation error detected: Value at '{member}' is malformed");
    Refusal::new(INVALID, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;

    const STORE: &str = "d-9067012345";

    fn zone() -> Zone {
        let description = Description::builtin();
        Zone::new(&description, 1, description.organization.since)
    }

    fn asked(operation: &str, mut body: Value) -> Result<Value, Refusal> {
        body["IdentityStoreId"] = STORE.into();
        let body = body.to_string();
        let answer = answer(&zone(), operation, body.as_bytes());
        answer.expect("an operation of this service")
    }

    #[test]
    fn users_and_groups_come_in_pages() {
        for (operation, key) in [("ListUsers", "Users"), ("ListGroups", "Groups")] {
            let all = asked(operation, json!({})).expect("a list")[key].clone();
            let first = asked(operation, json!({ "MaxResults": 1 })).expect("a page");
            let rest = json!({ "NextToken": first["NextToken"] });
            let rest = asked(operation, rest).expect("a page");
            let parts = [&first[key], &rest[key]].map(|it| it.as_array().expect("a list").clone());
            assert_eq!(json!(parts.concat()), all);
            assert_eq!(
                asked(operation, json!({ "MaxResults": 101 })).expect_err("size").code,
                INVALID
            );
            let token = json!({ "NextToken": "nonsense" });
            assert_eq!(asked(operation, token).expect_err("token").code, INVALID);
        }
    }

    #[test]
    fn a_filter_finds_by_name() {
        let by = |path: &str, value: &str| json!({ "Filters": [{ "AttributePath": path, "AttributeValue": value }] });
        let users = asked("ListUsers", by("UserName", "john.smith")).expect("a list");
        assert_eq!(users["Users"].as_array().map(Vec::len), Some(1));
        let groups = asked("ListGroups", by("DisplayName", "Nobody")).expect("a list");
        assert_eq!(groups["Groups"], json!([]));
        let refusal = asked("ListGroups", by("Description", "x")).expect_err("no such path");
        assert_eq!(refusal.code, INVALID);
    }

    #[test]
    fn members_of_a_group_and_groups_of_a_user_are_the_same_memberships() {
        let zone = zone();
        let group = zone.identity_center.group_named("Developers").expect("a group").id.clone();
        let members = asked("ListGroupMemberships", json!({ "GroupId": group })).expect("a list");
        let members = members["GroupMemberships"].as_array().expect("a list");
        assert_eq!(members.len(), 2);
        for member in members {
            let of = json!({ "MemberId": member["MemberId"] });
            let of = asked("ListGroupMembershipsForMember", of).expect("a list");
            assert!(of["GroupMemberships"].as_array().is_some_and(|all| all.contains(member)));
        }
    }

    #[test]
    fn who_is_unknown_is_not_found() {
        let nobody = "9067012345-a1b2c3d4-9999-4000-8000-000000000009";
        let refusal = asked("ListGroupMemberships", json!({ "GroupId": nobody }));
        assert_eq!(refusal.expect_err("unknown").message, "GROUP not found.");
        let member = json!({ "MemberId": { "UserId": nobody } });
        let refusal = asked("ListGroupMembershipsForMember", member);
        assert_eq!(refusal.expect_err("unknown").message, "USER not found.");
    }
}
