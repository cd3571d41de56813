//! The assignments that are in effect, and those that are asked for.

use std::collections::BTreeSet;

use super::{Assignment, AssignmentRequest, IdentityCenter, PrincipalKind};
use crate::description::{AssignmentDescription, IdentityCenterDescription};

impl IdentityCenter {
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

    /// What a principal can use, and where: a user also through groups, because the API lists
    /// what "the principal has access to" (`ListAccountAssignmentsForPrincipal`) and tells of
    /// each assignment whose it is. How it does so for groups is not documented.
    pub fn assignments_for<'a>(
        &'a self,
        kind: PrincipalKind,
        principal: &'a str,
    ) -> impl Iterator<Item = &'a Assignment> {
        let groups: BTreeSet<&str> = match kind {
            PrincipalKind::User => {
                self.memberships_of(principal).map(|it| it.group.id.as_str()).collect()
            }
            PrincipalKind::Group => BTreeSet::new(),
        };
        self.assignments.iter().filter(move |it| match it.kind {
            PrincipalKind::Group if groups.contains(it.principal.as_str()) => true,
            of => of == kind && it.principal == principal,
        })
    }

    /// Puts an assignment in effect at once, and its permission set into the account.
    pub fn put_in_effect(&mut self, assignment: Assignment) {
        self.hold(&assignment.account, &assignment.permission_set);
        self.assignments.insert(assignment);
    }

    /// Takes an assignment away at once, as somebody else would; answers whether it was there.
    pub fn take_away(&mut self, assignment: &Assignment) -> bool {
        let was = self.assignments.remove(assignment);
        self.drop_unused(&assignment.account, &assignment.permission_set);
        was
    }

    /// The request of that id.
    #[must_use]
    pub fn request(&self, id: &str) -> Option<&AssignmentRequest> {
        self.requests.get(id)
    }

    /// The request of that id to take an assignment away.
    #[must_use]
    pub fn deletion(&self, id: &str) -> Option<&AssignmentRequest> {
        self.deletions.get(id)
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

    /// Puts in effect what is described. What names nothing that is there was refused when
    /// the description was read.
    pub(super) fn add_described(&mut self, center: &IdentityCenterDescription) {
        for described in &center.assignments {
            if let Some(assignment) = self.described(described) {
                self.put_in_effect(assignment);
            }
        }
    }

    fn described(&self, described: &AssignmentDescription) -> Option<Assignment> {
        let group = described.group.as_ref().and_then(|name| self.group_named(name));
        let user = described.user.as_ref().and_then(|name| self.user_named(name));
        let (kind, principal) = match (group, user) {
            (Some(group), _) => (PrincipalKind::Group, &group.id),
            (None, Some(user)) => (PrincipalKind::User, &user.id),
            (None, None) => return None,
        };
        Some(Assignment {
            account: described.account.clone(),
            permission_set: self.permission_set_named(&described.permission_set)?.arn.clone(),
            kind,
            principal: principal.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;

    const ACCOUNT: &str = "555566667777";

    /// An Identity Center in which Jane, of the Developers, and they have an assignment each.
    fn center() -> IdentityCenter {
        let mut description = Description::builtin();
        let center = &mut description.identity_center;
        for group in &mut center.groups {
            let jane = (group.name == "Developers").then(|| "Jane.Doe@example.com".to_owned());
            group.members = jane.into_iter().collect();
        }
        let assignment = |group: Option<&str>, user: Option<&str>| AssignmentDescription {
            account: ACCOUNT.to_owned(),
            permission_set: "BillingView".to_owned(),
            group: group.map(ToOwned::to_owned),
            user: user.map(ToOwned::to_owned),
        };
        center.assignments = vec![
            assignment(Some("Developers"), None),
            assignment(Some("Platform-Admins"), None),
            assignment(None, Some("jane.doe@example.com")),
        ];
        IdentityCenter::new(&description)
    }

    #[test]
    fn described_assignments_are_in_effect_with_their_role() {
        let center = center();
        assert_eq!(center.assignments().len(), 3);
        assert!(center.role_in(ACCOUNT, "BillingView").is_some());
    }

    #[test]
    fn a_user_has_what_its_groups_have() {
        let center = center();
        let jane = center.user_named("jane.doe@example.com").expect("a user");
        let john = center.user_named("john.smith").expect("a user");
        let group = center.group_named("Developers").expect("a group");
        let count = |kind, id: &str| center.assignments_for(kind, id).count();
        assert_eq!(count(PrincipalKind::User, &jane.id), 2);
        assert_eq!(count(PrincipalKind::User, &john.id), 0);
        assert_eq!(count(PrincipalKind::Group, &group.id), 1);
    }

    #[test]
    fn what_somebody_takes_away_is_gone_and_in_the_end_the_role_too() {
        let mut center = center();
        let all: Vec<Assignment> = center.assignments().iter().cloned().collect();
        for (n, assignment) in all.iter().enumerate() {
            assert_eq!(center.role_in(ACCOUNT, "BillingView").is_some(), n < 3);
            assert!(center.take_away(assignment));
        }
        assert!(!center.take_away(&all[0]));
        assert_eq!(center.role_in(ACCOUNT, "BillingView"), None);
    }
}
