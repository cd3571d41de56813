//! Taking an assignment away: asynchronous, and a change in its account like any other.

use chrono::TimeDelta;
use rand::RngExt;

use super::{Assignment, AssignmentRequest, Happening, RequestStatus};
use crate::model::{Happening as Any, Zone, ids};

/// Why an assignment is not even begun to be taken away.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnassignRefusal {
    /// There is no such assignment.
    #[error("the account assignment in account {0} could not be found")]
    Unknown(String),
    /// A permission set is being changed in this account: try again later.
    #[error("there is a conflicting operation in process for account {0}")]
    Conflict(String),
}

/// Begins to take an assignment away; it is over seconds to a minute later. With the last
/// one of its permission set in the account, the set goes from there.
///
/// # Errors
///
/// When there is no such assignment, or when something else is being changed in the account.
pub fn unassign(
    zone: &mut Zone,
    unwanted: &Assignment,
) -> Result<AssignmentRequest, UnassignRefusal> {
    let center = &zone.identity_center;
    if !center.assignments.contains(unwanted) {
        return Err(UnassignRefusal::Unknown(unwanted.account.clone()));
    }
    if center.changing.contains_key(&unwanted.account) {
        return Err(UnassignRefusal::Conflict(unwanted.account.clone()));
    }
    let request = AssignmentRequest {
        id: ids::new_uuid(&mut zone.chance),
        assignment: unwanted.clone(),
        created: zone.now,
        status: RequestStatus::InProgress,
        fate: RequestStatus::Succeeded,
    };
    let after = zone.chance.random_range(3..=60);
    zone.agenda.put(
        zone.now + TimeDelta::seconds(after),
        Any::IdentityCenter(Happening::Unassigned(request.id.clone())),
    );
    zone.identity_center.occupy(&unwanted.account);
    zone.identity_center.deletions.insert(request.id.clone(), request.clone());
    Ok(request)
}

/// The deletion of that id ends.
pub(super) fn end(zone: &mut Zone, id: &str) {
    let center = &mut zone.identity_center;
    let Some(request) = center.deletions.get_mut(id) else {
        return;
    };
    request.status = request.fate.clone();
    let assignment = request.assignment.clone();
    center.release(&assignment.account);
    center.take_away(&assignment);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;
    use crate::model::identity_center::{AssignRefusal, PrincipalKind, assign};

    /// A zone with two assignments of one permission set in one account.
    fn assigned() -> (Zone, [Assignment; 2]) {
        let description = Description::builtin();
        let mut zone = Zone::new(&description, 1, description.organization.since);
        let center = &mut zone.identity_center;
        let assignments = ["Developers", "Platform-Admins"].map(|group| Assignment {
            account: "555566667777".to_owned(),
            permission_set: center.permission_sets()[0].arn.clone(),
            kind: PrincipalKind::Group,
            principal: center.group_named(group).expect("a group").id.clone(),
        });
        assignments.iter().for_each(|it| center.put_in_effect(it.clone()));
        (zone, assignments)
    }

    fn step(zone: &mut Zone) {
        let next = zone.next_happening().expect("something to happen");
        zone.advance_to(next);
    }

    #[test]
    fn the_permission_set_goes_with_its_last_assignment() {
        let (mut zone, [one, other]) = assigned();
        let held = |zone: &Zone| zone.identity_center.holds(&one.account, &one.permission_set);
        let request = unassign(&mut zone, &one).expect("begun");
        assert!(zone.identity_center.assignments().contains(&one));
        step(&mut zone);
        let status = &zone.identity_center.deletion(&request.id).expect("known").status;
        assert_eq!(*status, RequestStatus::Succeeded);
        assert!(!zone.identity_center.assignments().contains(&one) && held(&zone).is_some());
        unassign(&mut zone, &other).expect("begun");
        step(&mut zone);
        assert_eq!(held(&zone), None);
    }

    #[test]
    fn a_deletion_occupies_its_account() {
        let (mut zone, [one, other]) = assigned();
        unassign(&mut zone, &one).expect("begun");
        let refusal = unassign(&mut zone, &other).expect_err("a conflict");
        assert_eq!(refusal, UnassignRefusal::Conflict(one.account.clone()));
        let refusal = assign(&mut zone, other.clone()).expect_err("a conflict");
        assert_eq!(refusal, AssignRefusal::Conflict(one.account));
        step(&mut zone);
        unassign(&mut zone, &other).expect("begun");
    }

    #[test]
    fn what_is_not_assigned_cannot_be_taken_away() {
        let (mut zone, [one, _]) = assigned();
        let unknown = Assignment { account: "444455556666".to_owned(), ..one };
        let refusal = unassign(&mut zone, &unknown).expect_err("unknown");
        assert_eq!(refusal, UnassignRefusal::Unknown(unknown.account));
    }
}
