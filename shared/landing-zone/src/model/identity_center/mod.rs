//! IAM Identity Center: its instance, the permission sets, the identity store's
//! users and groups, and who is assigned what in which account.

mod assign;
mod assignments;
mod control_tower;
mod directory;
mod held;
mod instances;
mod memberships;
pub mod patterns;
mod permission_sets;
mod policies;
mod provisioning;
mod refusal;
mod unassign;

use std::collections::{BTreeMap, BTreeSet};

use super::Moment;
use crate::Description;
use crate::description::{CustomerPolicyDescription, FaultsDescription, QuotasDescription};

use assign::ROLE_QUOTA;
pub use assign::{
    AssignRefusal, AssignmentRequest, Happening, OUTSTANDING_LIMIT, RequestStatus, assign, happen,
};
pub use control_tower::welcome;
use directory::Users;
pub use directory::{Group, User};
pub use held::Provisioned;
pub use instances::Instance;
pub use memberships::Membership;
pub use permission_sets::{
    NewPermissionSet, PermissionSet, Update, create_permission_set, update_permission_set,
};
pub use policies::{
    Boundary, INLINE_POLICY_BYTES, Policies, PolicyReference, attach_customer, attach_managed,
    delete_boundary, delete_inline, detach_customer, detach_managed, put_boundary, put_inline,
};
pub use provisioning::{
    ProvisionRefusal, ProvisioningRequest, ProvisioningTarget, provision_permission_set,
};
pub use refusal::PermissionSetRefusal;
pub use unassign::{UnassignRefusal, unassign};

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
    /// The most calls that ever fell into one second.
    peak_rate: u32,
    /// Of the organization: what the ARNs of roles are made of.
    partition: String,
    region: String,
    quotas: QuotasDescription,
    faults: FaultsDescription,
    /// ARNs of what AWS manages, where it is described.
    aws_managed_policies: Option<Vec<String>>,
    customer_managed_policies: Vec<CustomerPolicyDescription>,
    permission_sets: Vec<PermissionSet>,
    groups: Vec<Group>,
    users: Users,
    assignments: BTreeSet<Assignment>,
    requests: BTreeMap<String, AssignmentRequest>,
    deletions: BTreeMap<String, AssignmentRequest>,
    provisionings: BTreeMap<String, ProvisioningRequest>,
    /// The revision of each permission set (by ARN) that each account (by id) holds.
    held: BTreeMap<(String, String), u64>,
    /// The permission sets that are being provisioned, by ARN.
    being_provisioned: BTreeSet<String>,
    /// How many things are changing permission sets in an account, by its id.
    changing: BTreeMap<String, usize>,
    outstanding: usize,
    peak_outstanding: usize,
    /// How often an account or a permission set answered "conflict" because it is described so.
    staged_conflicts: BTreeMap<String, u32>,
}

impl IdentityCenter {
    /// The Identity Center that `description` describes.
    #[must_use]
    pub fn new(description: &Description) -> Self {
        let center = &description.identity_center;
        let (since, partition) =
            (description.organization.since, description.organization.partition.as_str());
        let sets = center.permission_sets.iter();
        let mut this = Self {
            instances: instances::described(description),
            self_managed: center.self_managed,
            throttle: center.throttle,
            rate: (0, 0),
            peak_rate: 0,
            partition: partition.to_owned(),
            region: description.organization.home_region.clone(),
            quotas: center.quotas.clone(),
            faults: center.faults.clone(),
            aws_managed_policies: managed_policies(center.aws_managed_policies.as_ref(), partition),
            customer_managed_policies: center.customer_managed_policies.clone(),
            permission_sets: sets
                .map(|set| permission_sets::described(center, set, partition, since))
                .collect(),
            groups: center.groups.iter().map(|group| Group::new(group, since)).collect(),
            users: center.users.iter().map(|user| User::described(user, since)).collect(),
            assignments: BTreeSet::new(),
            requests: BTreeMap::new(),
            deletions: BTreeMap::new(),
            provisionings: BTreeMap::new(),
            held: BTreeMap::new(),
            being_provisioned: BTreeSet::new(),
            changing: BTreeMap::new(),
            outstanding: 0,
            peak_outstanding: 0,
            staged_conflicts: BTreeMap::new(),
        };
        this.add_described(center);
        this
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

    /// The most calls that ever fell into one second, refused ones included.
    #[must_use]
    pub fn peak_calls_per_second(&self) -> u32 {
        self.peak_rate
    }

    /// Counts a call at the moment `now`.
    ///
    /// # Errors
    ///
    /// When there were too many calls in this second already, where the description asks for
    /// throttling.
    pub fn admit(&mut self, now: Moment) -> Result<(), Throttled> {
        let second = now.timestamp();
        let before = if self.rate.0 == second { self.rate.1 } else { 0 };
        self.rate = (second, before.saturating_add(1));
        self.peak_rate = self.peak_rate.max(self.rate.1);
        if self.throttle && before >= CALLS_PER_SECOND { Err(Throttled) } else { Ok(()) }
    }
}

/// The ARNs of the policies that AWS manages, where they are described.
fn managed_policies(described: Option<&Vec<String>>, partition: &str) -> Option<Vec<String>> {
    let arn = |policy: &String| permission_sets::managed_policy(policy, partition);
    described.map(|policies| policies.iter().map(arn).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(center.peak_calls_per_second(), 21);
    }
}
