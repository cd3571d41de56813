//! AWS Organizations: one root, its organizational units and its accounts,
//! with what Control Tower knows of each (registered, enrolled).

mod tree;

use std::collections::{BTreeMap, HashMap};

use rand::Rng;

use super::{Moment, ids};
use crate::description::{AccountDescription, Description, OrganizationDescription};

pub use crate::description::AccountState;
pub use tree::{UnknownChild, UnknownParent};

/// A node of the tree between the root and the accounts.
#[derive(Debug, Clone)]
pub struct OrganizationalUnit {
    /// `ou-xxxx-yyyyyyyy`.
    pub id: String,
    /// Unique among its siblings only.
    pub name: String,
    /// The unit or the root above it.
    pub parent: String,
    /// Whether Control Tower governs it; accounts can be vended into no other.
    pub registered: bool,
}

/// A member account, or the management account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// Not unique.
    pub name: String,
    /// The address of its root user, as it was written.
    pub email: String,
    /// The unit or the root above it.
    pub parent: String,
    /// Where it stands in its life.
    pub state: AccountState,
    /// Whether it is enrolled in Control Tower.
    pub managed: bool,
    /// When it became part of the organization.
    pub joined: Moment,
}

/// The organization.
#[derive(Debug)]
pub struct Organization {
    description: OrganizationDescription,
    units: BTreeMap<String, OrganizationalUnit>,
    /// In the order in which they joined, which is the order of `ListAccounts`.
    accounts: Vec<Account>,
    by_id: HashMap<String, usize>,
    /// By lower-case e-mail: AWS compares without case.
    by_email: HashMap<String, usize>,
    /// Account ids directly under a unit or the root.
    by_parent: HashMap<String, Vec<String>>,
}

impl Organization {
    /// The organization that `description` describes.
    #[must_use]
    pub fn new(description: &Description) -> Self {
        let mut organization = Self {
            description: description.organization.clone(),
            units: description.organizational_units.iter().map(unit).collect(),
            accounts: Vec::new(),
            by_id: HashMap::new(),
            by_email: HashMap::new(),
            by_parent: HashMap::new(),
        };
        for account in &description.accounts {
            let account = organization.account_from(account);
            organization.add(account);
        }
        organization
    }

    /// The management account's id.
    #[must_use]
    pub fn management_account(&self) -> &str {
        &self.description.management_account
    }

    /// The Control Tower home Region, in which Service Catalog and Identity Center live.
    #[must_use]
    pub fn home_region(&self) -> &str {
        &self.description.home_region
    }

    /// `aws`, or another partition.
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.description.partition
    }

    /// `o-xxxxxxxxxx`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.description.id
    }

    /// `r-xxxx`.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.description.root
    }

    /// The service principals with trusted access to the organization.
    #[must_use]
    pub fn trusted_services(&self) -> &[String] {
        &self.description.trusted_services
    }

    /// Since when there is the organization, for all that is said of its start.
    #[must_use]
    pub fn since(&self) -> Moment {
        self.description.since
    }

    /// How many accounts the organization may hold.
    #[must_use]
    pub fn account_quota(&self) -> usize {
        self.description.account_quota
    }

    /// Whether the organization holds as many accounts as its quota allows.
    /// Closed accounts count until they are gone for good.
    #[must_use]
    pub fn account_quota_reached(&self) -> bool {
        self.accounts.len() >= self.description.account_quota
    }

    /// All accounts in the order in which they joined.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The account of that id.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.by_id.get(id).map(|index| &self.accounts[*index])
    }

    /// The account whose root user has that e-mail, compared without case.
    #[must_use]
    pub fn account_by_email(&self, email: &str) -> Option<&Account> {
        self.by_email.get(&email.to_lowercase()).map(|index| &self.accounts[*index])
    }

    /// All organizational units, by id.
    pub fn units(&self) -> impl Iterator<Item = &OrganizationalUnit> {
        self.units.values()
    }

    /// The organizational unit of that id.
    #[must_use]
    pub fn unit(&self, id: &str) -> Option<&OrganizationalUnit> {
        self.units.get(id)
    }

    /// Makes an account, which lands in the root and is not enrolled; answers its id.
    /// The caller has looked whether the e-mail is free and the quota allows it.
    pub fn create_account(
        &mut self,
        name: &str,
        email: &str,
        now: Moment,
        chance: &mut impl Rng,
    ) -> String {
        let id = self.unused_id(chance);
        self.add(Account {
            id: id.clone(),
            name: name.to_owned(),
            email: email.to_owned(),
            parent: self.root().to_owned(),
            state: AccountState::Active,
            managed: false,
            joined: now,
        });
        id
    }

    /// Moves an account under another unit or the root; answers whether both exist.
    pub fn move_account(&mut self, id: &str, parent: &str) -> bool {
        let Some(index) = self.by_id.get(id).copied().filter(|_| self.is_parent(parent)) else {
            return false;
        };
        let account = &mut self.accounts[index];
        let before = std::mem::replace(&mut account.parent, parent.to_owned());
        if let Some(siblings) = self.by_parent.get_mut(&before) {
            siblings.retain(|sibling| sibling != id);
        }
        self.by_parent.entry(parent.to_owned()).or_default().push(id.to_owned());
        true
    }

    /// Notes that Control Tower has enrolled the account, or no longer manages
    /// it; answers whether the account exists.
    pub fn set_managed(&mut self, id: &str, managed: bool) -> bool {
        let Some(index) = self.by_id.get(id).copied() else {
            return false;
        };
        self.accounts[index].managed = managed;
        true
    }

    fn add(&mut self, account: Account) {
        let index = self.accounts.len();
        self.by_id.insert(account.id.clone(), index);
        self.by_email.insert(account.email.to_lowercase(), index);
        self.by_parent.entry(account.parent.clone()).or_default().push(account.id.clone());
        self.accounts.push(account);
    }

    fn unused_id(&self, chance: &mut impl Rng) -> String {
        loop {
            let id = ids::new_account(chance);
            if !self.by_id.contains_key(&id) {
                return id;
            }
        }
    }

    fn account_from(&self, account: &AccountDescription) -> Account {
        let parent = account.unit.clone().unwrap_or_else(|| self.root().to_owned());
        let governed = self.unit(&parent).is_some_and(|unit| unit.registered);
        Account {
            id: account.id.clone(),
            name: account.name.clone(),
            email: account.email.clone(),
            managed: account.managed.unwrap_or(governed),
            parent,
            state: account.state,
            joined: self.description.since,
        }
    }
}

fn unit(unit: &crate::description::UnitDescription) -> (String, OrganizationalUnit) {
    let unit = OrganizationalUnit {
        id: unit.id.clone(),
        name: unit.name.clone(),
        parent: unit.parent.clone(),
        registered: unit.registered,
    };
    (unit.id.clone(), unit)
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    fn organization() -> (Organization, Moment, ChaCha8Rng) {
        let description = Description::builtin();
        let since = description.organization.since;
        (Organization::new(&description), since, ChaCha8Rng::seed_from_u64(1))
    }

    #[test]
    fn a_new_account_is_in_the_root_and_not_enrolled() {
        let (mut organization, now, mut chance) = organization();
        let id = organization.create_account("dev", "Dev@example.com", now, &mut chance);
        let account = organization.account_by_email("dev@EXAMPLE.com").expect("made");
        assert_eq!((&account.id, account.parent.as_str(), account.managed), (&id, "r-aaaa", false));
        assert_eq!(organization.ancestors(&id), ["r-aaaa"]);
    }

    #[test]
    fn a_moved_account_is_under_its_new_parent_alone() {
        let (mut organization, now, mut chance) = organization();
        let id = organization.create_account("dev", "dev@example.com", now, &mut chance);
        assert!(organization.move_account(&id, "ou-aaaa-work0004"));
        assert!(!organization.move_account(&id, "ou-aaaa-nowhere0"));
        assert_eq!(
            organization.ancestors(&id),
            ["ou-aaaa-work0004", "ou-aaaa-work0002", "ou-aaaa-work0001", "r-aaaa"]
        );
        let under = |parent| organization.accounts_under(parent).expect("a parent").len();
        assert_eq!((under("r-aaaa"), under("ou-aaaa-work0004")), (1, 1));
    }

    #[test]
    fn what_is_in_a_registered_unit_is_enrolled_from_the_start() {
        let (mut organization, ..) = organization();
        let managed =
            |organization: &Organization, id| organization.account(id).map(|it| it.managed);
        assert_eq!(managed(&organization, "555566667777"), Some(true));
        assert_eq!(managed(&organization, "666677778888"), Some(false));
        assert!(organization.set_managed("666677778888", true));
        assert_eq!(managed(&organization, "666677778888"), Some(true));
    }

    #[test]
    fn closed_accounts_count_toward_the_quota() {
        let mut description = Description::builtin();
        description.organization.account_quota = description.accounts.len();
        assert!(Organization::new(&description).account_quota_reached());
        description.organization.account_quota += 1;
        assert!(!Organization::new(&description).account_quota_reached());
    }
}
