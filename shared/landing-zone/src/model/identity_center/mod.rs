//! IAM Identity Center: its instance, the permission sets, the identity store's
//! users and groups, and who is assigned what in which account.

mod assign;
mod control_tower;
mod directory;

use std::collections::{BTreeMap, BTreeSet};

use super::Moment;
use crate::Description;
use crate::description::{IdentityCenterDescription, InstanceStatus, PermissionSetDescription};

pub use assign::{
    AssignRefusal, AssignmentRequest, Happening, OUTSTANDING_LIMIT, RequestStatus, assign, happen,
};
pub use control_tower::welcome;
use directory::Users;
pub use directory::{Group, User};

/// All calls to Identity Center together, in a second: "20 transactions per
/// second", not adjustable (IAM Identity Center quotas).
const CALLS_PER_SECOND: u32 = 20;

/// A user or a group: sso-admin's `PrincipalType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalKind {
    /// `USER`.
    User,
    /// `GROUP`.
    Group,
}

/// One principal's use of one permission set in one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    /// The account's id.
    pub account: String,
    /// The permission set's ARN.
    pub permission_set: String,
    /// Whether the principal is a user or a group.
    pub kind: PrincipalKind,
    /// The principal's id.
    pub principal: String,
}

/// An Identity Center instance the caller can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its ARN.
    pub arn: String,
    /// Its identity store's id.
    pub identity_store: String,
    /// The account it belongs to; the management account for the organization's.
    pub owner: String,
    /// How far it is: its `Status`.
    pub status: InstanceStatus,
    /// When it was made.
    pub created: Moment,
}

/// A permission set.
#[derive(Debug, Clone)]
pub struct PermissionSet {
    /// Its ARN.
    pub arn: String,
    /// Unique in the instance.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// When it was made.
    pub created: Moment,
}

/// More calls within a second than Identity Center takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("rate exceeded")]
pub struct Throttled;

/// Identity Center and its identity store.
#[derive(Debug)]
pub struct IdentityCenter {
    instances: Vec<Instance>,
    self_managed: bool,
    throttle: bool,
    /// The second of the last call, and how many there were in it.
    rate: (i64, u32),
    permission_sets: Vec<PermissionSet>,
    groups: Vec<Group>,
    users: Users,
    assignments: BTreeSet<Assignment>,
    requests: BTreeMap<String, AssignmentRequest>,
    /// How many things are changing permission sets in an account, by its id.
    changing: BTreeMap<String, usize>,
    outstanding: usize,
    peak_outstanding: usize,
    /// How often an account answered "conflict" because it is described so.
    staged_conflicts: BTreeMap<String, u32>,
}

impl IdentityCenter {
    /// The Identity Center that `description` describes.
    #[must_use]
    pub fn new(description: &Description) -> Self {
        let center = &description.identity_center;
        let since = description.organization.since;
        Self {
            instances: instances(description),
            self_managed: center.self_managed,
            throttle: center.throttle,
            rate: (0, 0),
            permission_sets: center
                .permission_sets
                .iter()
                .map(|set| permission_set(center, set, since))
                .collect(),
            groups: center.groups.iter().map(|group| Group::new(group, since)).collect(),
            users: center.users.iter().map(|user| User::described(user, since)).collect(),
            assignments: BTreeSet::new(),
            requests: BTreeMap::new(),
            changing: BTreeMap::new(),
            outstanding: 0,
            peak_outstanding: 0,
            staged_conflicts: BTreeMap::new(),
        }
    }

    /// All instances the caller can see. The organization's is the last: a
    /// caller that takes the first gets one in which nothing can be assigned.
    #[must_use]
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// The organization's instance.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        // `instances()` below always ends with it.
        &self.instances[self.instances.len() - 1]
    }

    /// Whether the organization runs Identity Center without Control Tower.
    #[must_use]
    pub fn self_managed(&self) -> bool {
        self.self_managed
    }

    /// The address people sign in at.
    #[must_use]
    pub fn portal(&self) -> String {
        format!("https://{}.awsapps.com/start", self.instance().identity_store)
    }

    /// The permission sets, in the order of their making.
    #[must_use]
    pub fn permission_sets(&self) -> &[PermissionSet] {
        &self.permission_sets
    }

    /// The permission set of that ARN.
    #[must_use]
    pub fn permission_set(&self, arn: &str) -> Option<&PermissionSet> {
        self.permission_sets.iter().find(|set| set.arn == arn)
    }

    /// All assignments that are in effect, ordered by account.
    #[must_use]
    pub fn assignments(&self) -> &BTreeSet<Assignment> {
        &self.assignments
    }

    /// The assignments of one permission set in one account.
    pub fn assignments_of(
        &self,
        account: &str,
        permission_set: &str,
    ) -> impl Iterator<Item = &Assignment> {
        let first = Assignment {
            account: account.to_owned(),
            permission_set: permission_set.to_owned(),
            kind: PrincipalKind::User,
            principal: String::new(),
        };
        let end = first.clone();
        self.assignments.range(first..).take_while(move |next| {
            next.account == end.account && next.permission_set == end.permission_set
        })
    }

    /// The request of that id.
    #[must_use]
    pub fn request(&self, id: &str) -> Option<&AssignmentRequest> {
        self.requests.get(id)
    }

    /// How many requested assignments are under way.
    #[must_use]
    pub fn outstanding(&self) -> usize {
        self.outstanding
    }

    /// The most requested assignments that ever were under way at once.
    #[must_use]
    pub fn peak_outstanding(&self) -> usize {
        self.peak_outstanding
    }

    fn occupy(&mut self, account: &str) {
        *self.changing.entry(account.to_owned()).or_default() += 1;
    }

    fn release(&mut self, account: &str) {
        if let Some(changes) = self.changing.get_mut(account) {
            *changes -= 1;
        }
        self.changing.retain(|_, changes| *changes > 0);
    }

    /// Whether calls are counted, so that even a read may change how a later one is
    /// answered.
    #[must_use]
    pub fn counts_calls(&self) -> bool {
        self.throttle
    }

    /// Counts a call at the moment `now`, where the description asks for throttling.
    ///
    /// # Errors
    ///
    /// When there were too many calls in this second already.
    pub fn admit(&mut self, now: Moment) -> Result<(), Throttled> {
        let second = now.timestamp();
        let before = if self.rate.0 == second { self.rate.1 } else { 0 };
        self.rate = (second, before.saturating_add(1));
        if self.throttle && before >= CALLS_PER_SECOND { Err(Throttled) } else { Ok(()) }
    }
}

fn instances(description: &Description) -> Vec<Instance> {
    let center = &description.identity_center;
    let created = description.organization.since;
    let foreign = center.account_instance.iter().map(|instance| Instance {
        arn: instance.instance_arn.clone(),
        identity_store: instance.identity_store.clone(),
        owner: instance.owner.clone(),
        status: InstanceStatus::Active,
        created,
    });
    let own = Instance {
        arn: center.instance_arn.clone(),
        identity_store: center.identity_store.clone(),
        owner: description.organization.management_account.clone(),
        status: center.status,
        created,
    };
    foreign.chain([own]).collect()
}

fn permission_set(
    center: &IdentityCenterDescription,
    set: &PermissionSetDescription,
    created: Moment,
) -> PermissionSet {
    let instance = center.instance_arn.replacen(":instance/", ":permissionSet/", 1);
    PermissionSet {
        arn: format!("{instance}/ps-{}", set.id),
        name: set.name.clone(),
        description: set.description.clone(),
        created,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids;

    #[test]
    fn the_organizations_instance_is_not_the_first() {
        let center = IdentityCenter::new(&Description::builtin());
        assert_eq!(center.instances().len(), 2);
        assert_eq!(center.instance(), &center.instances()[1]);
        assert_eq!(center.instance().owner, "111122223333");
        assert_ne!(center.instances()[0].owner, "111122223333");
    }

    #[test]
    fn permission_sets_have_arns_of_the_instance() {
        let center = IdentityCenter::new(&Description::builtin());
        for set in center.permission_sets() {
            assert!(ids::is_permission_set(&set.arn), "{}", set.arn);
        }
    }

    #[test]
    fn the_twenty_first_call_in_a_second_is_refused_where_described() {
        let mut description = Description::builtin();
        description.identity_center.throttle = true;
        let mut center = IdentityCenter::new(&description);
        let now = description.organization.since;
        for _ in 0..20 {
            assert_eq!(center.admit(now), Ok(()));
        }
        assert_eq!(center.admit(now), Err(Throttled));
        assert_eq!(center.admit(now + chrono::TimeDelta::seconds(1)), Ok(()));
    }
}
