//! One declared permission set, part by part.

use std::collections::BTreeSet;

use super::Files;
use super::table::{Item, Table};
use crate::file::Faults;
use crate::permission_sets::{
    Boundary, InlinePolicy, ManagedPolicy, PermissionSet, PermissionSetName, PolicyFlaw,
    PolicyReference, Session,
};

const KEYS: [&str; 8] = [
    "name",
    "description",
    "session",
    "relay_state",
    "managed_policies",
    "customer_managed_policies",
    "inline_policy",
    "boundary",
];

/// IAM takes 10 managed policies in a role, and up to 20 on request (IAM quotas).
const MOST_POLICIES: usize = 20;

const A_NAME: &str = "1 to 32 letters, digits or any of _+=,.@-";
const A_MANAGED: &str = "a name such as ReadOnlyAccess or job-function/Billing, or its ARN";
const A_REFERENCE: &str = "a name, or { name = \"…\", path = \"/…/\" }";
const A_BOUNDARY: &str = "{ managed = \"…\" } or { customer = { name = \"…\", path = \"/…/\" } }";
const A_POLICY: &str = "a table, JSON as text, or { file = \"…\" }";

/// The set that `table` declares; nothing where it has no name that can be read. What else
/// is wrong with it is among the faults.
pub(super) fn permission_set(
    table: &Table<'_>,
    files: Files<'_>,
    faults: &mut Faults,
) -> Option<PermissionSet> {
    faults.extend(table.unknown(&KEYS));
    let name = name(table, faults);
    let set = PermissionSet {
        description: text(table, "description", is_description, A_DESCRIPTION, faults),
        session: session(table, faults),
        relay_state: text(table, "relay_state", is_relay_state, A_RELAY_STATE, faults),
        managed_policies: managed_policies(table, faults),
        customer_managed_policies: references(table, faults),
        inline_policy: table.get("inline_policy").and_then(|it| inline(&it, files, faults)),
        boundary: table.get("boundary").and_then(|it| boundary(&it, faults)),
        ..PermissionSet::new(name?)
    };
    let count = set.managed_policies.len() + set.customer_managed_policies.len();
    if count > MOST_POLICIES {
        let problem = format!("has {count} managed policies");
        faults.add(table.fault(problem, "10, or as many as IAM's quota allows, up to 20"));
    }
    Some(set)
}

fn name(table: &Table<'_>, faults: &mut Faults) -> Option<PermissionSetName> {
    let Some(item) = table.get("name") else {
        faults.add(table.fault("lacks a name", A_NAME));
        return None;
    };
    let name = item.text().and_then(|text| PermissionSetName::new(text).ok());
    if name.is_none() {
        faults.add(item.fault("is not the name of a permission set", A_NAME));
    }
    name
}

fn session(table: &Table<'_>, faults: &mut Faults) -> Session {
    let Some(item) = table.get("session") else { return Session::DEFAULT };
    item.text().and_then(|text| text.parse().ok()).unwrap_or_else(|| {
        faults
            .add(item.fault("is not of one to twelve hours", "a text such as \"4h\" or \"PT4H\""));
        Session::DEFAULT
    })
}

const A_DESCRIPTION: &str = "1 to 700 characters of Latin-1";
const A_RELAY_STATE: &str = "1 to 240 characters of a URL";

/// sso-admin's `PermissionSetDescription`.
fn is_description(text: &str) -> bool {
    let fits =
        |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{7e}' | '\u{a1}'..='\u{ff}');
    (1..=700).contains(&text.chars().count()) && text.chars().all(fits)
}

/// sso-admin's `RelayState`.
fn is_relay_state(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "&$@#\\/%?=~-_'\"|!:,.;*+[] (){}".contains(c);
    (1..=240).contains(&text.len()) && text.chars().all(fits)
}

fn text(
    table: &Table<'_>,
    key: &str,
    fits: fn(&str) -> bool,
    accepted: &str,
    faults: &mut Faults,
) -> Option<String> {
    let item = table.get(key)?;
    let text = item.text().filter(|text| fits(text));
    if text.is_none() {
        faults.add(item.fault("cannot be used", accepted));
    }
    text.map(str::to_owned)
}

fn managed_policies(table: &Table<'_>, faults: &mut Faults) -> BTreeSet<ManagedPolicy> {
    let read = |item: &Item<'_>, faults: &mut Faults| managed(item, faults);
    distinct(table, "managed_policies", A_MANAGED, read, faults)
}

fn managed(item: &Item<'_>, faults: &mut Faults) -> Option<ManagedPolicy> {
    let read = item.text().ok_or(PolicyFlaw::NotManaged).and_then(ManagedPolicy::new);
    let accepted = match read {
        Err(PolicyFlaw::OfAnAccount) => "customer_managed_policies, where each account has it",
        _ => A_MANAGED,
    };
    read.map_err(|flaw| faults.add(item.fault(flaw.to_string(), accepted))).ok()
}

fn references(table: &Table<'_>, faults: &mut Faults) -> BTreeSet<PolicyReference> {
    let policies = distinct(table, "customer_managed_policies", A_REFERENCE, reference, faults);
    let names: BTreeSet<&str> = policies.iter().map(PolicyReference::name).collect();
    if names.len() < policies.len()
        && let Some(item) = table.get("customer_managed_policies")
    {
        let problem = "has one name under two paths";
        faults.add(item.fault(problem, "each name once, as it is unique in an account"));
    }
    policies
}

fn reference(item: &Item<'_>, faults: &mut Faults) -> Option<PolicyReference> {
    let table = item.table();
    if let Some(table) = &table {
        faults.extend(table.unknown(&["name", "path"]));
    }
    let part = |key: &str| table.as_ref().and_then(|table| table.get(key));
    let name = match &table {
        Some(_) => part("name").and_then(|name| name.text()),
        None => item.text(),
    };
    let path = part("path").map_or(Some("/"), |path| path.text());
    let read = match (name, path) {
        (None, _) => Err(PolicyFlaw::Name),
        (_, None) => Err(PolicyFlaw::Path),
        (Some(name), Some(path)) => PolicyReference::new(name, path),
    };
    read.map_err(|flaw| faults.add(item.fault(flaw.to_string(), A_REFERENCE))).ok()
}

/// The values of a list, each of which may be there once.
fn distinct<T: Ord + ToString>(
    table: &Table<'_>,
    key: &str,
    accepted: &str,
    read: impl Fn(&Item<'_>, &mut Faults) -> Option<T>,
    faults: &mut Faults,
) -> BTreeSet<T> {
    let mut all = BTreeSet::new();
    let Some(list) = table.get(key) else { return all };
    let Some(items) = list.list() else {
        faults.add(list.fault("is not a list", &format!("a list; in it, {accepted}")));
        return all;
    };
    for item in &items {
        let Some(value) = read(item, faults) else { continue };
        if !all.insert(value) {
            faults.add(item.fault("is there more than once", "each policy once"));
        }
    }
    all
}

fn boundary(item: &Item<'_>, faults: &mut Faults) -> Option<Boundary> {
    let Some(table) = item.table() else {
        faults.add(item.fault("is not a table", A_BOUNDARY));
        return None;
    };
    faults.extend(table.unknown(&["managed", "customer"]));
    match (table.get("managed"), table.get("customer")) {
        (Some(policy), None) => managed(&policy, faults).map(Boundary::Managed),
        (None, Some(policy)) => reference(&policy, faults).map(Boundary::Customer),
        _ => {
            faults.add(item.fault("is not one policy", A_BOUNDARY));
            None
        }
    }
}

fn inline(item: &Item<'_>, files: Files<'_>, faults: &mut Faults) -> Option<InlinePolicy> {
    let table = item.table();
    let file = table.filter(|it| it.has_only("file")).and_then(|it| it.get("file"));
    let read = match (file, item.text()) {
        (Some(file), _) => {
            let text = file.text().ok_or_else(|| "is not the name of a file".to_owned());
            match text.and_then(files) {
                Ok(text) => InlinePolicy::parse(&text),
                Err(why) => {
                    faults.add(file.fault(why, "a file beside this one"));
                    return None;
                }
            }
        }
        (None, Some(text)) => InlinePolicy::parse(text),
        (None, None) => match item.json() {
            Some(value) => InlinePolicy::new(value),
            None => {
                faults.add(item.fault("has what JSON does not have", A_POLICY));
                return None;
            }
        },
    };
    read.map_err(|flaws| {
        let each = flaws.into_iter().map(|flaw| item.fault(flaw.to_string(), ""));
        faults.extend(each.map(|fault| fault.quoting("")));
    })
    .ok()
}
