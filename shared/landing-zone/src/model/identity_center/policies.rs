//! The policies of a permission set: those of AWS, those of each account, one of
//! its own, and the boundary around them.

use serde::Deserialize;

use super::permission_sets::{PermissionSet, change};
use super::refusal::PermissionSetRefusal;
use crate::model::Zone;

/// The longest inline policy, in bytes (IAM Identity Center quotas).
pub const INLINE_POLICY_BYTES: usize = 32_768;

/// A policy that each account has under the same name and path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyReference {
    /// Its name.
    pub name: String,
    /// Its path; `/` unless said.
    #[serde(default = "root")]
    pub path: String,
}

fn root() -> String {
    "/".to_owned()
}

/// The most that a permission set can ever allow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// The ARN of a policy that AWS manages.
    ManagedPolicy(String),
    /// A policy of the account.
    CustomerManagedPolicy(PolicyReference),
}

/// The policies of a permission set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policies {
    /// ARNs of policies that AWS manages, in the order of their attachment.
    pub managed: Vec<String>,
    /// Policies of the accounts, in the order of their attachment.
    pub customer: Vec<PolicyReference>,
    /// A policy of its own, as JSON text.
    pub inline: Option<String>,
    /// What it can never go beyond.
    pub boundary: Option<Boundary>,
}

impl Policies {
    /// The policies that have to be in every account: by reference, and as the boundary.
    pub fn needed(&self) -> impl Iterator<Item = &PolicyReference> {
        let boundary = self.boundary.iter().filter_map(|boundary| match boundary {
            Boundary::CustomerManagedPolicy(reference) => Some(reference),
            Boundary::ManagedPolicy(_) => None,
        });
        self.customer.iter().chain(boundary)
    }

    fn count(&self) -> usize {
        self.managed.len() + self.customer.len()
    }
}

/// Attaches the policy of that ARN to the permission set of the ARN `set`.
///
/// # Errors
///
/// When there is no such set or policy, when it is attached already, when the set has as
/// many as it may have, or while the set is being changed.
pub fn attach_managed(
    zone: &mut Zone,
    set: &str,
    policy: &str,
) -> Result<(), PermissionSetRefusal> {
    check_managed(zone, policy)?;
    let quota = zone.identity_center.quotas.policies_per_permission_set;
    change(zone, set, |set| {
        if set.policies.managed.iter().any(|known| known == policy) {
            return Err(attached(set, policy));
        }
        check_quota(set, quota)?;
        set.policies.managed.push(policy.to_owned());
        Ok(())
    })
}

/// Detaches the policy of that ARN from the permission set of the ARN `set`.
///
/// # Errors
///
/// When there is no such set, when the policy is not attached, or while the set is being
/// changed.
pub fn detach_managed(
    zone: &mut Zone,
    set: &str,
    policy: &str,
) -> Result<(), PermissionSetRefusal> {
    change(zone, set, |set| {
        let place = set.policies.managed.iter().position(|known| known == policy);
        set.policies.managed.remove(place.ok_or_else(|| not_attached(set, policy))?);
        Ok(())
    })
}

/// Attaches a policy that each account is to have.
///
/// # Errors
///
/// Like [`attach_managed`], but it need not be in any account yet.
pub fn attach_customer(
    zone: &mut Zone,
    set: &str,
    policy: PolicyReference,
) -> Result<(), PermissionSetRefusal> {
    let quota = zone.identity_center.quotas.policies_per_permission_set;
    change(zone, set, |set| {
        // Names are unique in an account, whatever their paths.
        if set.policies.customer.iter().any(|known| known.name == policy.name) {
            return Err(attached(set, &policy.name));
        }
        check_quota(set, quota)?;
        set.policies.customer.push(policy);
        Ok(())
    })
}

/// Detaches a policy of the accounts.
///
/// # Errors
///
/// Like [`detach_managed`].
pub fn detach_customer(
    zone: &mut Zone,
    set: &str,
    policy: &PolicyReference,
) -> Result<(), PermissionSetRefusal> {
    change(zone, set, |set| {
        let place = set.policies.customer.iter().position(|known| known == policy);
        set.policies.customer.remove(place.ok_or_else(|| not_attached(set, &policy.name))?);
        Ok(())
    })
}

/// Gives the permission set a policy of its own, in place of the one it has.
///
/// # Errors
///
/// When there is no such set, when the policy is none or too large, or while the set is
/// being changed.
pub fn put_inline(zone: &mut Zone, set: &str, policy: String) -> Result<(), PermissionSetRefusal> {
    if policy.len() > INLINE_POLICY_BYTES {
        return Err(PermissionSetRefusal::InlinePolicyTooLarge);
    }
    let read: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_str(&policy);
    if !read.is_ok_and(|policy| policy.contains_key("Statement")) {
        return Err(PermissionSetRefusal::NoPolicyDocument);
    }
    change(zone, set, |set| {
        set.policies.inline = Some(policy);
        Ok(())
    })
}

/// Takes the permission set's own policy away.
///
/// # Errors
///
/// When there is no such set, when it has none, or while the set is being changed.
pub fn delete_inline(zone: &mut Zone, set: &str) -> Result<(), PermissionSetRefusal> {
    change(zone, set, |set| {
        let none = || PermissionSetRefusal::NotThere("InlinePolicy", set.name.clone());
        set.policies.inline.take().map(drop).ok_or_else(none)
    })
}

/// Puts a boundary around the permission set, in place of the one it has.
///
/// # Errors
///
/// When there is no such set or policy, or while the set is being changed.
pub fn put_boundary(
    zone: &mut Zone,
    set: &str,
    boundary: Boundary,
) -> Result<(), PermissionSetRefusal> {
    if let Boundary::ManagedPolicy(policy) = &boundary {
        check_managed(zone, policy)?;
    }
    change(zone, set, |set| {
        set.policies.boundary = Some(boundary);
        Ok(())
    })
}

/// Takes the boundary away.
///
/// # Errors
///
/// When there is no such set, when it has none, or while the set is being changed.
pub fn delete_boundary(zone: &mut Zone, set: &str) -> Result<(), PermissionSetRefusal> {
    change(zone, set, |set| {
        let none = || PermissionSetRefusal::NotThere("PermissionsBoundary", set.name.clone());
        set.policies.boundary.take().map(drop).ok_or_else(none)
    })
}

fn check_managed(zone: &Zone, policy: &str) -> Result<(), PermissionSetRefusal> {
    if zone.identity_center.has_managed_policy(policy) {
        Ok(())
    } else {
        Err(PermissionSetRefusal::UnknownPolicy(policy.to_owned()))
    }
}

fn check_quota(set: &PermissionSet, quota: usize) -> Result<(), PermissionSetRefusal> {
    if set.policies.count() < quota {
        Ok(())
    } else {
        Err(PermissionSetRefusal::TooManyPolicies(quota))
    }
}

fn attached(set: &PermissionSet, policy: &str) -> PermissionSetRefusal {
    PermissionSetRefusal::Attached { set: set.name.clone(), policy: policy.to_owned() }
}

fn not_attached(set: &PermissionSet, policy: &str) -> PermissionSetRefusal {
    PermissionSetRefusal::NotAttached { set: set.name.clone(), policy: policy.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;

    const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

    /// A zone, and the ARN of its permission set `BillingView`.
    fn zone() -> (Zone, String) {
        zone_with(&Description::builtin())
    }

    fn zone_with(description: &Description) -> (Zone, String) {
        let zone = Zone::new(description, 1, description.organization.since);
        let set = zone.identity_center.permission_set_named("BillingView").expect("a set");
        let arn = set.arn.clone();
        (zone, arn)
    }

    fn policies(zone: &Zone, arn: &str) -> Policies {
        zone.identity_center.permission_set(arn).expect("a set").policies.clone()
    }

    #[test]
    fn a_policy_is_attached_once_and_detached_once() {
        let (mut zone, set) = zone();
        let before = policies(&zone, &set);
        attach_managed(&mut zone, &set, READ_ONLY).expect("attached");
        let again = attach_managed(&mut zone, &set, READ_ONLY).expect_err("attached already");
        assert!(matches!(again, PermissionSetRefusal::Attached { .. }), "{again}");
        detach_managed(&mut zone, &set, READ_ONLY).expect("detached");
        let again = detach_managed(&mut zone, &set, READ_ONLY).expect_err("not attached");
        assert!(matches!(again, PermissionSetRefusal::NotAttached { .. }), "{again}");
        assert_eq!(policies(&zone, &set), before);
    }

    #[test]
    fn policies_of_the_accounts_are_told_by_name() {
        let (mut zone, set) = zone();
        let policy = PolicyReference { name: "Team".to_owned(), path: "/vend/".to_owned() };
        let elsewhere = PolicyReference { path: root(), ..policy.clone() };
        attach_customer(&mut zone, &set, policy.clone()).expect("attached");
        assert!(attach_customer(&mut zone, &set, elsewhere.clone()).is_err());
        assert!(detach_customer(&mut zone, &set, &elsewhere).is_err());
        detach_customer(&mut zone, &set, &policy).expect("detached");
    }

    #[test]
    fn the_eleventh_policy_is_over_the_quota_whoever_manages_it() {
        let (mut zone, set) = zone();
        let first = policies(&zone, &set).count();
        for n in first..10 {
            let policy = PolicyReference { name: format!("policy-{n}"), path: root() };
            attach_customer(&mut zone, &set, policy).expect("attached");
        }
        let refusal = attach_managed(&mut zone, &set, READ_ONLY).expect_err("one too many");
        assert_eq!(refusal, PermissionSetRefusal::TooManyPolicies(10));
    }

    #[test]
    fn a_policy_that_aws_does_not_have_is_refused_where_they_are_described() {
        let mut description = Description::builtin();
        description.identity_center.aws_managed_policies = Some(vec!["ReadOnlyAccess".to_owned()]);
        let (mut zone, set) = zone_with(&description);
        attach_managed(&mut zone, &set, READ_ONLY).expect("attached");
        let other = "arn:aws:iam::aws:policy/NoSuchAccess";
        let unknown = PermissionSetRefusal::UnknownPolicy(other.to_owned());
        assert_eq!(attach_managed(&mut zone, &set, other), Err(unknown.clone()));
        let boundary = Boundary::ManagedPolicy(other.to_owned());
        assert_eq!(put_boundary(&mut zone, &set, boundary), Err(unknown));
    }

    #[test]
    fn an_inline_policy_is_a_document_of_a_limited_size() {
        let (mut zone, set) = zone();
        let document = r#"{"Version":"2012-10-17","Statement":[]}"#;
        put_inline(&mut zone, &set, document.to_owned()).expect("put");
        assert_eq!(policies(&zone, &set).inline.as_deref(), Some(document));
        for none in ["nonsense", "[]", "{}"] {
            let refusal = put_inline(&mut zone, &set, none.to_owned());
            assert_eq!(refusal, Err(PermissionSetRefusal::NoPolicyDocument), "{none}");
        }
        let large = format!("{document}{}", " ".repeat(INLINE_POLICY_BYTES));
        let refusal = put_inline(&mut zone, &set, large);
        assert_eq!(refusal, Err(PermissionSetRefusal::InlinePolicyTooLarge));
        delete_inline(&mut zone, &set).expect("deleted");
        assert!(delete_inline(&mut zone, &set).is_err());
    }

    #[test]
    fn a_boundary_is_put_and_deleted_once() {
        let (mut zone, set) = zone();
        put_boundary(&mut zone, &set, Boundary::ManagedPolicy(READ_ONLY.to_owned())).expect("put");
        let reference = PolicyReference { name: "Edge".to_owned(), path: root() };
        let boundary = Boundary::CustomerManagedPolicy(reference.clone());
        put_boundary(&mut zone, &set, boundary).expect("put in its place");
        assert_eq!(policies(&zone, &set).needed().collect::<Vec<_>>(), [&reference]);
        delete_boundary(&mut zone, &set).expect("deleted");
        assert!(delete_boundary(&mut zone, &set).is_err());
    }
}
