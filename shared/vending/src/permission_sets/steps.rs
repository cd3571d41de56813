//! What has to be called for, in an order in which a permission set never allows more than
//! both before and after: first what is taken away, then what bounds it, then what is given.

use super::{Boundary, InlinePolicy, ManagedPolicy, PermissionSet, PolicyReference, Session};

/// One call that changes a permission set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// What is not a policy. Each is told, because what is not may be cleared.
    Update {
        /// Stays where there is none.
        description: Option<String>,
        /// How long a session lasts.
        session: Session,
        /// Where a session begins; cleared where there is none.
        relay_state: Option<String>,
    },
    /// A policy that AWS manages is detached.
    Detach(ManagedPolicy),
    /// A policy of the accounts is detached.
    DetachReference(PolicyReference),
    /// The set's own policy is deleted.
    DeleteInlinePolicy,
    /// The boundary is put, in place of any other.
    PutBoundary(Boundary),
    /// The boundary is deleted.
    DeleteBoundary,
    /// The set's own policy is put, in place of any other.
    PutInlinePolicy(InlinePolicy),
    /// A policy that AWS manages is attached.
    Attach(ManagedPolicy),
    /// A policy of the accounts is attached.
    AttachReference(PolicyReference),
}

/// The steps from `actual` to `declared`, in order; none where they are the same.
#[must_use]
pub fn steps(declared: &PermissionSet, actual: &PermissionSet) -> Vec<Step> {
    let update = update(declared, actual);
    // A shorter session is less, and comes first.
    let (first, last) = match declared.session < actual.session {
        true => (update, None),
        false => (None, update),
    };
    let mut steps: Vec<Step> = first.into_iter().collect();
    steps.extend(taken(declared, actual));
    steps.extend(boundary(declared, actual));
    steps.extend(given(declared, actual));
    steps.extend(last);
    steps
}

fn update(declared: &PermissionSet, actual: &PermissionSet) -> Option<Step> {
    let description = declared.description.clone().or_else(|| actual.description.clone());
    let same = description == actual.description
        && declared.session == actual.session
        && declared.relay_state == actual.relay_state;
    (!same).then(|| Step::Update {
        description,
        session: declared.session,
        relay_state: declared.relay_state.clone(),
    })
}

fn taken(declared: &PermissionSet, actual: &PermissionSet) -> Vec<Step> {
    let managed = actual.managed_policies.difference(&declared.managed_policies);
    let managed = managed.cloned().map(Step::Detach);
    let references =
        actual.customer_managed_policies.difference(&declared.customer_managed_policies);
    let references = references.cloned().map(Step::DetachReference);
    let inline = goes(declared, actual).then_some(Step::DeleteInlinePolicy);
    managed.chain(references).chain(inline).collect()
}

/// Whether the inline policy is deleted: where none is declared, and where another one and
/// another boundary are, because neither the old policy within the new boundary nor the new
/// policy within the old one may be what anybody wants.
fn goes(declared: &PermissionSet, actual: &PermissionSet) -> bool {
    let other = declared.inline_policy != actual.inline_policy;
    let bounds = declared.boundary != actual.boundary;
    actual.inline_policy.is_some() && other && (declared.inline_policy.is_none() || bounds)
}

fn boundary(declared: &PermissionSet, actual: &PermissionSet) -> Option<Step> {
    match (&declared.boundary, &actual.boundary) {
        (wanted, there) if wanted == there => None,
        (Some(wanted), _) => Some(Step::PutBoundary(wanted.clone())),
        (None, _) => Some(Step::DeleteBoundary),
    }
}

fn given(declared: &PermissionSet, actual: &PermissionSet) -> Vec<Step> {
    let other = declared.inline_policy != actual.inline_policy;
    let inline = declared.inline_policy.clone().filter(|_| other).map(Step::PutInlinePolicy);
    let managed = declared.managed_policies.difference(&actual.managed_policies);
    let managed = managed.cloned().map(Step::Attach);
    let references =
        declared.customer_managed_policies.difference(&actual.customer_managed_policies);
    let references = references.cloned().map(Step::AttachReference);
    inline.into_iter().chain(managed).chain(references).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::permission_sets::testing::{any_set, carry_out, set};

    /// Whether `set` allows nothing that `other` does not, as far as can be told.
    fn within(set: &PermissionSet, other: &PermissionSet) -> bool {
        let inline = set.inline_policy.is_none() || set.inline_policy == other.inline_policy;
        let bounded = other.boundary.is_none() || set.boundary == other.boundary;
        set.managed_policies.is_subset(&other.managed_policies)
            && set.customer_managed_policies.is_subset(&other.customer_managed_policies)
            && inline
            && bounded
            && set.session <= other.session
    }

    proptest! {
        #[test]
        fn the_steps_lead_from_any_set_to_any_other(declared in any_set(), actual in any_set()) {
            let mut reached = actual.clone();
            steps(&declared, &actual).iter().for_each(|step| carry_out(&mut reached, step));
            let description = declared.description.clone().or(actual.description);
            prop_assert_eq!(&reached, &PermissionSet { description, ..declared.clone() });
            prop_assert_eq!(steps(&declared, &reached), []);
        }

        #[test]
        fn on_the_way_nothing_is_allowed_that_is_not_before_or_after(
            declared in any_set(),
            actual in any_set(),
        ) {
            // A longer session comes last, when all else is as it is after.
            let before = PermissionSet { session: actual.session.max(declared.session), ..actual.clone() };
            let after = PermissionSet { session: before.session, ..declared.clone() };
            let mut reached = actual.clone();
            for step in steps(&declared, &actual) {
                carry_out(&mut reached, &step);
                prop_assert!(within(&reached, &before) || within(&reached, &after), "{:?}", step);
            }
        }
    }

    #[test]
    fn a_shorter_session_comes_first_and_a_longer_one_last() {
        let declared = set("[\"A\"]", "2h");
        let kinds = |before: &str| {
            let steps = steps(&declared, &set("[\"B\"]", before));
            steps.iter().map(|it| matches!(it, Step::Update { .. })).collect::<Vec<_>>()
        };
        assert_eq!(kinds("4h"), [true, false, false]);
        assert_eq!(kinds("1h"), [false, false, true]);
        assert_eq!(kinds("2h"), [false, false]);
    }
}
