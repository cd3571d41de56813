//! Permission sets for tests, and what steps make of them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::{
    Boundary, InlinePolicy, ManagedPolicy, PermissionSet, PermissionSetName, PolicyReference, Step,
};

/// The set `Team` with these managed policies (a JSON list) and that session.
pub(super) fn set(policies: &str, session: &str) -> PermissionSet {
    let policies: Vec<String> = serde_json::from_str(policies).unwrap();
    PermissionSet {
        session: session.parse().unwrap(),
        managed_policies: policies.iter().map(|it| ManagedPolicy::new(it).unwrap()).collect(),
        ..PermissionSet::new(PermissionSetName::new("Team").unwrap())
    }
}

pub(super) fn inline(sid: &str) -> InlinePolicy {
    let statement = json!({ "Sid": sid, "Effect": "Allow", "Action": "*", "Resource": "*" });
    InlinePolicy::new(json!({ "Version": "2012-10-17", "Statement": [statement] })).unwrap()
}

/// What identity Center makes of a step.
pub(super) fn carry_out(set: &mut PermissionSet, step: &Step) {
    match step.clone() {
        Step::Update { description, session, relay_state } => {
            *set = PermissionSet {
                description: description.or_else(|| set.description.clone()),
                session,
                relay_state,
                ..set.clone()
            };
        }
        Step::Detach(policy) => assert!(set.managed_policies.remove(&policy)),
        Step::DetachReference(policy) => assert!(set.customer_managed_policies.remove(&policy)),
        Step::DeleteInlinePolicy => assert!(set.inline_policy.take().is_some()),
        Step::PutBoundary(boundary) => set.boundary = Some(boundary),
        Step::DeleteBoundary => assert!(set.boundary.take().is_some()),
        Step::PutInlinePolicy(policy) => set.inline_policy = Some(policy),
        Step::Attach(policy) => assert!(set.managed_policies.insert(policy)),
        Step::AttachReference(policy) => assert!(set.customer_managed_policies.insert(policy)),
    }
}

/// Sets of a few parts, so that two of them often have some in common.
pub(super) fn any_set() -> impl Strategy<Value = PermissionSet> {
    let managed = prop::collection::btree_set(0..4_u8, 0..4);
    let customer = prop::collection::btree_set(0..3_u8, 0..3);
    let few = || prop::option::of(0..2_u8);
    (managed, customer, few(), few(), few(), few(), 1..4_u8).prop_map(
        |(managed, customer, inline_policy, boundary, description, relay_state, hours)| {
            let managed: BTreeSet<_> = managed.into_iter().map(policy).collect();
            PermissionSet {
                description: description.map(|it| format!("description {it}")),
                session: format!("{hours}h").parse().unwrap(),
                relay_state: relay_state.map(|it| format!("https://example.com/{it}")),
                managed_policies: managed,
                customer_managed_policies: customer.into_iter().map(reference).collect(),
                inline_policy: inline_policy.map(|it| inline(&format!("S{it}"))),
                boundary: boundary.map(|it| match it {
                    0 => Boundary::Managed(policy(it)),
                    _ => Boundary::Customer(reference(it)),
                }),
                ..PermissionSet::new(PermissionSetName::new("Team").unwrap())
            }
        },
    )
}

fn policy(number: u8) -> ManagedPolicy {
    ManagedPolicy::new(&format!("Policy{number}")).unwrap()
}

fn reference(number: u8) -> PolicyReference {
    // Two of three have one name, under different paths.
    PolicyReference::new(&format!("Own{}", number / 2), &format!("/{number}/")).unwrap()
}
