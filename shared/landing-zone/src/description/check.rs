//! Whether a description makes sense: every fault at once, in the order of the
//! file, each with where it is and what would be accepted.

use std::collections::HashSet;

use super::{
    Description, IdentityCenterDescription, OrganizationDescription, UnitDescription, check_access,
};
use crate::model::ids;

/// Everything that makes no sense in `description`.
pub(super) fn faults(description: &Description) -> Vec<String> {
    let mut faults = Faults::default();
    faults.organization(&description.organization);
    faults.units(description);
    faults.accounts(description);
    faults.identity_center(description);
    faults.portfolios(description);
    faults.caller(description);
    faults.0
}

#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn organization(&mut self, organization: &OrganizationDescription) {
        let id = |fits, key, id, wanted| Id { fits, table: "organization", key, id, wanted };
        let OrganizationDescription { id: own, root, management_account, partition, .. } =
            organization;
        self.id(&id(ids::is_organization(own), "id", own, "o- and 10 to 32 letters or digits"));
        self.id(&id(ids::is_root(root), "root", root, "r- and 4 to 32 letters or digits"));
        let account = management_account;
        self.id(&id(ids::is_account(account), "management_account", account, TWELVE_DIGITS));
        self.id(&id(ids::is_partition(partition), "partition", partition, "aws or aws-…"));
    }

    fn units(&mut self, description: &Description) {
        let units = &description.organizational_units;
        for unit in units {
            self.unit(unit, description);
        }
        self.repeated("organizational_units", "id", units.iter().map(|unit| &unit.id));
        let siblings = units.iter().map(|unit| format!("{} in {}", unit.name, unit.parent));
        self.repeated("organizational_units", "name", siblings);
    }

    fn unit(&mut self, unit: &UnitDescription, description: &Description) {
        let UnitDescription { id, name, parent, .. } = unit;
        let wanted = "ou-, the root's characters, - and 8 to 32 letters or digits";
        self.id(&Id {
            fits: ids::is_unit(id),
            table: "organizational_units",
            key: "id",
            id,
            wanted,
        });
        if !(1..=128).contains(&name.chars().count()) {
            self.add(format!(
                "organizational_units: the name of `{id}` is not of 1 to 128 characters"
            ));
        }
        if !is_parent(description, parent) {
            self.add(format!(
                "organizational_units: `{id}` is under `{parent}`, which is not described"
            ));
        } else if is_under_itself(description, unit) {
            self.add(format!("organizational_units: `{id}` is under itself"));
        }
    }

    fn accounts(&mut self, description: &Description) {
        let accounts = &description.accounts;
        for account in accounts {
            let (id, email) = (&account.id, &account.email);
            let wanted = TWELVE_DIGITS;
            self.id(&Id { fits: ids::is_account(id), table: "accounts", key: "id", id, wanted });
            if !ids::is_account_email(email) {
                self.add(format!(
                    "accounts: `{email}` of `{id}` is not an e-mail address of 6 to 64 characters"
                ));
            }
            if let Some(unit) = account.unit.as_ref().filter(|unit| !is_parent(description, unit)) {
                self.add(format!("accounts: `{id}` is in `{unit}`, which is not described"));
            }
        }
        self.repeated("accounts", "id", accounts.iter().map(|account| &account.id));
        self.repeated(
            "accounts",
            "email",
            accounts.iter().map(|account| account.email.to_lowercase()),
        );
        let management = &description.organization.management_account;
        if !accounts.iter().any(|account| account.id == *management) {
            self.add(format!("accounts: the management account `{management}` is not among them"));
        }
    }

    fn identity_center(&mut self, description: &Description) {
        let center = &description.identity_center;
        self.instance("identity_center", &center.instance_arn, &center.identity_store);
        if let Some(instance) = &center.account_instance {
            let table = "identity_center.account_instance";
            self.instance(table, &instance.instance_arn, &instance.identity_store);
            if !description.accounts.iter().any(|account| account.id == instance.owner) {
                self.add(format!(
                    "{table}: the owner `{}` is not among the accounts",
                    instance.owner
                ));
            }
        }
        self.permission_sets(center);
        self.principals(center);
        check_access::faults(description).into_iter().for_each(|fault| self.add(fault));
    }

    fn instance(&mut self, table: &str, arn: &str, store: &str) {
        let wanted = "arn:aws:sso:::instance/ssoins- and 16 letters or digits";
        self.id(&Id { fits: ids::is_instance(arn), table, key: "instance_arn", id: arn, wanted });
        let wanted = "d- and ten hexadecimal digits";
        let fits = ids::is_identity_store(store);
        self.id(&Id { fits, table, key: "identity_store", id: store, wanted });
    }

    fn permission_sets(&mut self, center: &IdentityCenterDescription) {
        let (table, sets) = ("identity_center.permission_sets", &center.permission_sets);
        for set in sets {
            let fits = ids::is_permission_set_id(&set.id);
            let wanted = "16 letters or digits";
            self.id(&Id { fits, table, key: "id", id: &set.id, wanted });
            let fits = ids::is_permission_set_name(&set.name);
            let wanted = "1 to 32 letters, digits or any of _+=,.@-";
            self.id(&Id { fits, table, key: "name", id: &set.name, wanted });
        }
        self.repeated(table, "id", sets.iter().map(|set| &set.id));
        self.repeated(table, "name", sets.iter().map(|set| &set.name));
    }

    fn principals(&mut self, center: &IdentityCenterDescription) {
        let groups = center.groups.iter().map(|group| ("identity_center.groups", &group.id));
        let users = center.users.iter().map(|user| ("identity_center.users", &user.id));
        for (table, id) in groups.chain(users.clone()) {
            let wanted =
                "a UUID, with or without the ten digits of the identity store and a dash before it";
            self.id(&Id { fits: ids::is_principal(id), table, key: "id", id, wanted });
        }
        let groups = &center.groups;
        self.repeated("identity_center.groups", "id", groups.iter().map(|group| &group.id));
        self.repeated("identity_center.groups", "name", groups.iter().map(|group| &group.name));
        self.repeated("identity_center.users", "id", users.map(|(_, id)| id));
        self.repeated("identity_center.users", "name", center.users.iter().map(|user| &user.name));
    }

    fn portfolios(&mut self, description: &Description) {
        let portfolios = &description.portfolios;
        self.repeated("portfolios", "id", portfolios.iter().map(|portfolio| &portfolio.id));
    }

    fn caller(&mut self, description: &Description) {
        if let Some(id) = &description.caller.account {
            let wanted = TWELVE_DIGITS;
            self.id(&Id { fits: ids::is_account(id), table: "caller", key: "account", id, wanted });
        }
    }

    fn id(&mut self, id: &Id<'_>) {
        if !id.fits {
            let Id { table, key, id, wanted, .. } = id;
            self.add(format!("{table}: {key} `{id}` is not {wanted}"));
        }
    }

    fn repeated(&mut self, table: &str, key: &str, values: impl Iterator<Item = impl AsRef<str>>) {
        let mut seen = HashSet::new();
        for value in values {
            let value = value.as_ref();
            if !seen.insert(value.to_owned()) {
                self.add(format!("{table}: {key} `{value}` is there more than once"));
            }
        }
    }

    fn add(&mut self, fault: String) {
        self.0.push(fault);
    }
}

const TWELVE_DIGITS: &str = "twelve digits";

/// An id, where it stands, and whether it has the form it should have.
struct Id<'a> {
    fits: bool,
    table: &'a str,
    key: &'a str,
    id: &'a str,
    wanted: &'a str,
}

fn is_parent(description: &Description, id: &str) -> bool {
    id == description.organization.root
        || description.organizational_units.iter().any(|unit| unit.id == id)
}

/// Whether the way up from `unit` does not end, which it would within as many
/// steps as there are units.
fn is_under_itself(description: &Description, unit: &UnitDescription) -> bool {
    let units = &description.organizational_units;
    let above = |id: &String| units.iter().find(|unit| unit.id == *id).map(|unit| &unit.parent);
    std::iter::successors(Some(&unit.parent), |id| above(id)).nth(units.len()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_after(change: impl FnOnce(&mut Description)) -> Vec<String> {
        let mut description = Description::builtin();
        change(&mut description);
        faults(&description)
    }

    #[test]
    fn a_unit_under_itself_is_a_fault() {
        let faults = faults_after(|description| {
            let unit = &mut description.organizational_units[0];
            unit.parent = unit.id.clone();
        });
        assert!(faults.iter().any(|fault| fault.contains("is under itself")), "{faults:?}");
    }

    #[test]
    fn repeated_ids_and_e_mails_are_faults_whatever_their_case() {
        let faults = faults_after(|description| {
            let mut twin = description.accounts[1].clone();
            twin.email = twin.email.to_uppercase();
            description.accounts.push(twin);
        });
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(
            faults.iter().all(|fault| fault.ends_with("is there more than once")),
            "{faults:?}"
        );
    }

    #[test]
    fn the_management_account_is_one_of_the_accounts() {
        let faults = faults_after(|description| {
            description.organization.management_account = "999999999999".to_owned();
        });
        assert_eq!(faults, ["accounts: the management account `999999999999` is not among them"]);
    }

    #[test]
    fn principals_have_ids_that_an_assignment_takes() {
        let faults = faults_after(|description| {
            description.identity_center.groups[0].id = "group-1".to_owned();
        });
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("identity_center.groups: id `group-1` is not a UUID"));
    }
}
