//! AWS Organizations, `AWSOrganizationsV20161128`: what can be read of the tree.

mod requests;
mod shapes;

use serde_json::{Value, json};

use self::requests::{
    DescribeAccount, DescribeUnit, List, ListChildren, ListParents, ListUnder, Nothing, Paged,
};
use self::shapes::{account, arn, arn_in, policy_type, unit};
use super::Refusal;
use super::json::{self as protocol, NoPage};
use crate::Zone;
use crate::model::ids;
use crate::model::organization::Organization;

/// The code for a request that cannot be read.
const INVALID: &str = "InvalidInputException";

/// Answers one operation.
pub(super) fn answer(zone: &Zone, operation: &str, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let organization = &zone.organization;
    let answer = match operation {
        "DescribeOrganization" => describe_organization(organization, &read(body)?),
        "ListRoots" => list_roots(organization, &read(body)?),
        "ListOrganizationalUnitsForParent" => list_units(organization, &read(body)?),
        "ListAccounts" => list_accounts(organization, &read(body)?),
        "ListAccountsForParent" => list_accounts_under(organization, &read(body)?),
        "ListParents" => list_parents(organization, &read(body)?),
        "ListChildren" => list_children(organization, &read(body)?),
        "DescribeAccount" => describe_account(organization, &read(body)?),
        "DescribeOrganizationalUnit" => describe_unit(organization, &read(body)?),
        "ListAWSServiceAccessForOrganization" => list_services(organization, &read(body)?),
        _ => Err(Refusal::unknown_operation("organizations", operation)),
    }?;
    protocol::write(&answer)
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    protocol::read(body, INVALID)
}

fn describe_organization(organization: &Organization, _: &Nothing) -> Result<Value, Refusal> {
    let management = organization.management_account();
    let email = organization.account(management).map(|account| account.email.as_str());
    Ok(json!({ "Organization": {
        "Id": organization.id(),
        "Arn": arn(organization, "organization", organization.id()),
        "FeatureSet": "ALL",
        "MasterAccountArn": arn_in(organization, "account", management),
        "MasterAccountId": management,
        "MasterAccountEmail": email,
        "AvailablePolicyTypes": [policy_type()],
    }}))
}

fn list_roots(organization: &Organization, list: &List) -> Result<Value, Refusal> {
    let root = json!({
        "Id": organization.root(),
        "Arn": arn_in(organization, "root", organization.root()),
        "Name": "Root",
        "PolicyTypes": [policy_type()],
    });
    paged("Roots", list, [root], |root| root)
}

fn list_units(organization: &Organization, list: &ListUnder) -> Result<Value, Refusal> {
    check_parent(&list.parent_id)?;
    let units = organization.units_under(&list.parent_id).map_err(|_| unknown_parent())?;
    paged("OrganizationalUnits", list, units, |it| unit(organization, it))
}

fn list_accounts(organization: &Organization, list: &List) -> Result<Value, Refusal> {
    paged("Accounts", list, organization.accounts(), |it| account(organization, it))
}

fn list_accounts_under(organization: &Organization, list: &ListUnder) -> Result<Value, Refusal> {
    check_parent(&list.parent_id)?;
    let accounts = organization.accounts_under(&list.parent_id).map_err(|_| unknown_parent())?;
    paged("Accounts", list, accounts, |it| account(organization, it))
}

fn list_parents(organization: &Organization, list: &ListParents) -> Result<Value, Refusal> {
    check(ids::is_account(&list.child_id) || ids::is_unit(&list.child_id))?;
    let parent = organization.parent_of(&list.child_id).map_err(|_| {
        Refusal::new("ChildNotFoundException", "You specified a child that doesn't exist.")
    })?;
    let kind = if parent == organization.root() { "ROOT" } else { "ORGANIZATIONAL_UNIT" };
    paged("Parents", list, [parent], |id| json!({ "Id": id, "Type": kind }))
}

fn list_children(organization: &Organization, list: &ListChildren) -> Result<Value, Refusal> {
    check_parent(&list.parent_id)?;
    let (parent, kind) = (list.parent_id.as_str(), list.child_type.as_str());
    let children = match kind {
        "ACCOUNT" => organization
            .accounts_under(parent)
            .map(|accounts| accounts.into_iter().map(|account| account.id.as_str()).collect()),
        "ORGANIZATIONAL_UNIT" => organization
            .units_under(parent)
            .map(|units| units.into_iter().map(|unit| unit.id.as_str()).collect::<Vec<_>>()),
        _ => {
            return Err(Refusal::new(INVALID, "You specified an invalid value for ChildType."));
        }
    };
    let children = children.map_err(|_| unknown_parent())?;
    paged("Children", list, children, |id| json!({ "Id": id, "Type": kind }))
}

fn describe_account(
    organization: &Organization,
    wanted: &DescribeAccount,
) -> Result<Value, Refusal> {
    check(ids::is_account(&wanted.account_id))?;
    let found = organization.account(&wanted.account_id).ok_or_else(|| {
        let message = "You specified an account that doesn't exist.";
        Refusal::new("AccountNotFoundException", message)
    })?;
    Ok(json!({ "Account": account(organization, found) }))
}

fn describe_unit(organization: &Organization, wanted: &DescribeUnit) -> Result<Value, Refusal> {
    check(ids::is_unit(&wanted.organizational_unit_id))?;
    let found = organization.unit(&wanted.organizational_unit_id).ok_or_else(|| {
        let message = "You specified an organizational unit that doesn't exist.";
        Refusal::new("OrganizationalUnitNotFoundException", message)
    })?;
    Ok(json!({ "OrganizationalUnit": unit(organization, found) }))
}

fn list_services(organization: &Organization, list: &List) -> Result<Value, Refusal> {
    let enabled = protocol::seconds(organization.since());
    paged(
        "EnabledServicePrincipals",
        list,
        organization.trusted_services(),
        |service| json!({ "ServicePrincipal": service, "DateEnabled": enabled }),
    )
}

/// One page of `items`, each written by `write`.
fn paged<T>(
    key: &str,
    list: &impl Paged,
    items: impl IntoIterator<Item = T>,
    write: impl Fn(T) -> Value,
) -> Result<Value, Refusal> {
    let (items, next) = protocol::page(items, list.wanted())
        .map_err(|no_page| Refusal::new(INVALID, why(no_page)))?;
    let items: Vec<Value> = items.into_iter().map(write).collect();
    let mut answer = json!({ key: items });
    if let Some(next) = next {
        answer["NextToken"] = next.into();
    }
    Ok(answer)
}

fn why(no_page: NoPage) -> &'static str {
    match no_page {
        NoPage::Size => "You specified a MaxResults that is not between 1 and 20.",
        NoPage::Token => "You specified an invalid NextToken.",
    }
}

fn check_parent(id: &str) -> Result<(), Refusal> {
    check(ids::is_root(id) || ids::is_unit(id))
}

fn check(fits: bool) -> Result<(), Refusal> {
    let message = "You provided a value that does not match the required pattern.";
    if fits { Ok(()) } else { Err(Refusal::new(INVALID, message)) }
}

fn unknown_parent() -> Refusal {
    Refusal::new("ParentNotFoundException", "You specified parent that doesn't exist.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;

    fn asked(operation: &str, body: &Value) -> Result<Value, Refusal> {
        let description = Description::builtin();
        let zone = Zone::new(&description, 1, description.organization.since);
        let answer = answer(&zone, operation, body.to_string().as_bytes())?;
        Ok(serde_json::from_slice(&answer).expect("JSON"))
    }

    fn code(operation: &str, body: &Value) -> String {
        asked(operation, body).expect_err("a refusal").code
    }

    #[test]
    fn an_account_is_described_with_its_way_down_from_the_root() {
        let answer =
            asked("DescribeAccount", &json!({ "AccountId": "555566667777" })).expect("known");
        let path = "o-exampleorg/r-aaaa/ou-aaaa-work0001/ou-aaaa-work0002/555566667777/";
        assert_eq!(answer["Account"]["Paths"], json!([path]));
        let arn = "arn:aws:organizations::111122223333:account/o-exampleorg/555566667777";
        assert_eq!(answer["Account"]["Arn"], arn);
    }

    #[test]
    fn the_account_id_of_a_failed_creation_is_invalid_rather_than_unknown() {
        assert_eq!(code("DescribeAccount", &json!({ "AccountId": "Not Available" })), INVALID);
        let unknown = json!({ "AccountId": "999999999999" });
        assert_eq!(code("DescribeAccount", &unknown), "AccountNotFoundException");
    }

    #[test]
    fn lists_give_twenty_at_the_most_and_go_on() {
        assert_eq!(code("ListAccounts", &json!({ "MaxResults": 21 })), INVALID);
        let first = asked("ListAccounts", &json!({ "MaxResults": 5 })).expect("a page");
        assert_eq!(first["Accounts"].as_array().map(Vec::len), Some(5));
        let rest =
            asked("ListAccounts", &json!({ "NextToken": first["NextToken"] })).expect("a page");
        assert_eq!(rest["Accounts"].as_array().map(Vec::len), Some(2));
        assert!(rest.get("NextToken").is_none());
    }

    #[test]
    fn the_root_lists_only_what_is_directly_under_it() {
        let root = json!({ "ParentId": "r-aaaa" });
        let accounts = asked("ListAccountsForParent", &root).expect("a list");
        assert_eq!(accounts["Accounts"].as_array().map(Vec::len), Some(1));
        let units = asked("ListOrganizationalUnitsForParent", &root).expect("a list");
        assert_eq!(units["OrganizationalUnits"].as_array().map(Vec::len), Some(7));
    }

    #[test]
    fn members_and_operations_that_are_not_there_are_named() {
        let refusal = asked("ListAccounts", &json!({ "Filter": "x" })).expect_err("a refusal");
        assert!(
            refusal.message.contains("does not have it: unknown field `Filter`"),
            "{refusal:?}"
        );
        let refusal = asked("CreateAccount", &json!({})).expect_err("a refusal");
        assert!(refusal.message.ends_with("organizations:CreateAccount"), "{refusal:?}");
    }
}
