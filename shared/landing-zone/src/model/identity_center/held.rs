//! Which account holds which permission set, and as which role of IAM's.

use super::IdentityCenter;

/// Whether an account holds a permission set as it is now: sso-admin's
/// `ProvisioningStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provisioned {
    /// `LATEST_PERMISSION_SET_PROVISIONED`.
    Latest,
    /// `LATEST_PERMISSION_SET_NOT_PROVISIONED`: as it was before a change.
    Outdated,
}

impl IdentityCenter {
    /// The role that people with the permission set called `permission_set` take in the
    /// account: its ARN, once the set is there. (IAM Identity Center user guide,
    /// "Referencing permission sets in resource policies": the path has the Region,
    /// except us-east-1.)
    #[must_use]
    pub fn role_in(&self, account: &str, permission_set: &str) -> Option<String> {
        let set = self.permission_set_named(permission_set)?;
        self.holds(account, &set.arn)?;
        let region = match self.region.as_str() {
            "us-east-1" => String::new(),
            region => format!("{region}/"),
        };
        let (partition, suffix) = (&self.partition, digest(&format!("{account} {}", set.arn)));
        let path = format!("role/aws-reserved/sso.amazonaws.com/{region}");
        let name = format!("AWSReservedSSO_{permission_set}_{suffix:016x}");
        Some(format!("arn:{partition}:iam::{account}:{path}{name}"))
    }

    /// The accounts that hold the permission set of that ARN: all, or those in which it
    /// is as it is now, or is not.
    pub fn accounts_holding<'a>(
        &'a self,
        set: &'a str,
        wanted: Option<Provisioned>,
    ) -> impl Iterator<Item = &'a str> {
        let held = self.held.keys().filter(move |(_, held)| held == set);
        held.filter(move |(account, set)| self.is_wanted(account, set, wanted))
            .map(|(account, _)| account.as_str())
    }

    /// The ARNs of the permission sets that the account holds, chosen in the same way.
    pub fn sets_held_by<'a>(
        &'a self,
        account: &'a str,
        wanted: Option<Provisioned>,
    ) -> impl Iterator<Item = &'a str> {
        let first = (account.to_owned(), String::new());
        let held = self.held.range(first..).map(|(key, _)| key);
        held.take_while(move |(holder, _)| holder == account)
            .filter(move |(account, set)| self.is_wanted(account, set, wanted))
            .map(|(_, set)| set.as_str())
    }

    fn is_wanted(&self, account: &str, set: &str, wanted: Option<Provisioned>) -> bool {
        wanted.is_none() || self.holds(account, set) == wanted
    }

    /// How the account holds the permission set of that ARN, if it does.
    #[must_use]
    pub fn holds(&self, account: &str, set: &str) -> Option<Provisioned> {
        let held = self.held.get(&(account.to_owned(), set.to_owned()))?;
        let latest = self.permission_set(set).is_some_and(|set| set.revision == *held);
        Some(if latest { Provisioned::Latest } else { Provisioned::Outdated })
    }

    /// The account holds the permission set as it is now.
    pub(super) fn hold(&mut self, account: &str, set: &str) {
        if let Some(revision) = self.permission_set(set).map(|set| set.revision) {
            self.held.insert((account.to_owned(), set.to_owned()), revision);
        }
    }

    /// The permission set goes from the account if nobody is assigned it there any more.
    pub(super) fn drop_unused(&mut self, account: &str, set: &str) {
        if self.assignments_of(account, set).next().is_none() {
            self.held.remove(&(account.to_owned(), set.to_owned()));
        }
    }
}

/// A number that stands for `text`, the same in every run (FNV-1a): what AWS draws by
/// chance must not depend on how much chance was drawn before.
pub(super) fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;
    use crate::model::identity_center::{Assignment, PrincipalKind};

    const ACCOUNT: &str = "555566667777";
    const OTHER: &str = "444455556666";

    /// An Identity Center in which two accounts hold the first permission set; and its name.
    fn held(description: &Description) -> (IdentityCenter, String) {
        let mut center = IdentityCenter::new(description);
        let set = center.permission_sets()[0].clone();
        let group = center.group_named("Developers").expect("a group").id.clone();
        for account in [ACCOUNT, OTHER] {
            center.put_in_effect(Assignment {
                account: account.to_owned(),
                permission_set: set.arn.clone(),
                kind: PrincipalKind::Group,
                principal: group.clone(),
            });
        }
        (center, set.name)
    }

    #[test]
    fn a_role_stands_for_the_permission_set_where_it_is_held() {
        let (center, name) = held(&Description::builtin());
        let role = center.role_in(ACCOUNT, &name).expect("a role");
        let before = format!("arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/");
        let rest = role.strip_prefix(&before).expect("the path");
        let suffix = rest.strip_prefix(&format!("AWSReservedSSO_{name}_")).expect("the name");
        assert!(suffix.len() == 16 && suffix.chars().all(|c| c.is_ascii_hexdigit()), "{role}");
        assert_ne!(center.role_in(OTHER, &name), Some(role));
        assert_eq!(center.role_in("777788889999", &name), None);
        assert_eq!(center.role_in(ACCOUNT, "BillingView"), None);
    }

    #[test]
    fn outside_of_us_east_1_the_path_has_the_region() {
        let mut description = Description::builtin();
        description.organization.home_region = "eu-central-1".to_owned();
        description.organization.partition = "aws-us-gov".to_owned();
        let (center, name) = held(&description);
        let role = center.role_in(ACCOUNT, &name).expect("a role");
        assert!(role.starts_with("arn:aws-us-gov:iam::"), "{role}");
        assert!(role.contains("/sso.amazonaws.com/eu-central-1/AWSReservedSSO_"), "{role}");
    }
}
