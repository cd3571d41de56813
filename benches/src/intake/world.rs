//! A landing zone in which all exists that the lists name.

use landing_zone::Description;
use landing_zone::description::{
    AccountDescription, GroupDescription, PermissionSetDescription, UnitDescription,
    UserDescription,
};
use landing_zone::model::service_catalog::PortfolioDescription;
use vending::account::AccessRequest;

use super::lists::{Names, long_names, most_names, root, units};

/// The built-in landing zone, with the units and names of the lists.
#[must_use]
pub fn description() -> Description {
    let mut described = Description::builtin();
    let above = format!("r-{}", root());
    described.organization.root.clone_from(&above);
    for account in &mut described.accounts {
        account.unit = None;
    }
    let unit = |(name, id)| UnitDescription { name, id, parent: above.clone(), registered: true };
    described.organizational_units =
        units().into_iter().map(|it| (it.name, it.id)).map(unit).collect();
    for (most, names) in [long_names(), most_names()].iter().enumerate() {
        add(&mut described, names, most * 100);
    }
    described
}

/// As [`description`], with so many accounts in the organization besides.
#[must_use]
pub fn with_accounts(accounts: usize) -> Description {
    let mut described = description();
    let account = |n: usize| AccountDescription {
        name: format!("there-{n}"),
        email: format!("aws+there-{n}@example.com"),
        id: format!("{:012}", 700_000_000_000 + n),
        unit: None,
        state: Default::default(),
        managed: None,
    };
    described.accounts.extend((0..accounts).map(account));
    described
}

fn add(described: &mut Description, names: &Names, from: usize) {
    let center = &mut described.identity_center;
    for (n, assignment) in (from..).zip(&names.assignments) {
        let Ok((principal, set)) = AccessRequest::read_assignment(assignment) else { continue };
        let (name, id) = (principal.text, format!("00000000-0000-4000-8000-{n:012}"));
        if assignment.starts_with("user:") {
            center.users.push(user(name, id));
        } else {
            center.groups.push(GroupDescription { name, id, description: None, members: vec![] });
        }
        center.permission_sets.push(permission_set(set, format!("{n:016}")));
    }
    for (n, portfolio) in (from..).zip(&names.portfolios) {
        let name = portfolio.trim_start_matches(AccessRequest::LOCAL).to_owned();
        let id = format!("port-{n:013}");
        described.portfolios.push(PortfolioDescription { id, name, products: Vec::new() });
    }
}

fn user(name: String, id: String) -> UserDescription {
    UserDescription {
        name,
        id,
        email: "jane.doe@example.com".to_owned(),
        given_name: "Jane".to_owned(),
        family_name: "Doe".to_owned(),
    }
}

fn permission_set(name: String, id: String) -> PermissionSetDescription {
    PermissionSetDescription {
        name,
        id,
        description: None,
        session_duration: "PT1H".to_owned(),
        relay_state: None,
        managed_policies: Vec::new(),
        customer_managed_policies: Vec::new(),
        inline_policy: None,
        boundary: None,
    }
}
