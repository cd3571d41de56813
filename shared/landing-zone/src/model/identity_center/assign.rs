//! Assigning a permission set: asynchronous, one at a time in an account, ten
//! at a time in all. With it the set comes into the account.

use chrono::TimeDelta;
use rand::RngExt;

use super::{Assignment, provisioning, unassign};
use crate::model::service_catalog::Outcome;
use crate::model::{Happening as Any, Moment, Zone, ids};

/// "CreateAccountAssignment has a maximum rate of 10 outstanding async calls",
/// not adjustable (IAM Identity Center quotas).
pub const OUTSTANDING_LIMIT: usize = 10;

/// How often [`Outcome::Conflict`] answers with a conflict.
const STAGED_CONFLICTS: u32 = 3;

/// IAM's words when a role cannot be made, as they come through.
pub(super) const ROLE_QUOTA: &str =
    "Received a 409 status error: Cannot exceed quota for RolesPerAccount: 1000";

/// What becomes of an assignment without anybody calling.
#[derive(Debug, Clone)]
pub enum Happening {
    /// The request of that id ends.
    Settled(String),
    /// Control Tower's own assignments in that account take effect.
    Welcomed {
        /// The account's id.
        account: String,
        /// What Control Tower assigns.
        assignments: Vec<Assignment>,
    },
    /// The deletion of that id ends.
    Unassigned(String),
    /// The provisioning of that id ends.
    Provisioned(String),
}

/// A request to assign something, under way or over.
#[derive(Debug, Clone)]
pub struct AssignmentRequest {
    /// A UUID.
    pub id: String,
    /// What was asked for.
    pub assignment: Assignment,
    /// When it was asked for.
    pub created: Moment,
    /// How far it is.
    pub status: RequestStatus,
    /// How it will end, decided when it began.
    pub(super) fate: RequestStatus,
}

/// How far a request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestStatus {
    /// The permission set is being put into the account.
    InProgress,
    /// The principal can use it.
    Succeeded,
    /// It ended without effect; says why.
    Failed(String),
}

/// Why an assignment is not even begun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssignRefusal {
    /// The account is not in the organization.
    #[error("account {0} could not be found")]
    UnknownAccount(String),
    /// The instance has no such permission set.
    #[error("permission set {0} could not be found")]
    UnknownPermissionSet(String),
    /// The identity store has no such user or group.
    #[error("principal {0} could not be found")]
    UnknownPrincipal(String),
    /// A permission set is being changed in this account: try again later.
    #[error("there is a conflicting operation in process for account {0}")]
    Conflict(String),
    /// As many assignments are under way as may be.
    #[error("the limit of {OUTSTANDING_LIMIT} outstanding account assignments is reached")]
    TooManyOutstanding,
}

/// Begins to assign; it is over seconds to a minute later. What is assigned
/// already is begun like anything else and ends well, without a duplicate.
///
/// # Errors
///
/// When the account, the permission set or the principal does not exist, when
/// something else is being changed in the account, or when ten are under way.
pub fn assign(zone: &mut Zone, wanted: Assignment) -> Result<AssignmentRequest, AssignRefusal> {
    check_known(zone, &wanted)?;
    let outcome = zone.service_catalog.outcome_for_account(&wanted.account);
    check_free(zone, &wanted.account, outcome)?;
    let request = AssignmentRequest {
        id: ids::new_uuid(&mut zone.chance),
        created: zone.now,
        status: RequestStatus::InProgress,
        fate: fate(zone, &wanted),
        assignment: wanted,
    };
    begin(zone, &request);
    Ok(request)
}

/// Lets happen what is due.
pub fn happen(zone: &mut Zone, happening: Happening) {
    match happening {
        Happening::Settled(id) => settle(zone, &id),
        Happening::Welcomed { account, assignments } => {
            assignments.into_iter().for_each(|it| zone.identity_center.put_in_effect(it));
            zone.identity_center.release(&account);
        }
        Happening::Unassigned(id) => unassign::end(zone, &id),
        Happening::Provisioned(id) => provisioning::end(zone, &id),
    }
}

fn check_known(zone: &Zone, wanted: &Assignment) -> Result<(), AssignRefusal> {
    let center = &zone.identity_center;
    if zone.organization.account(&wanted.account).is_none() {
        return Err(AssignRefusal::UnknownAccount(wanted.account.clone()));
    }
    if center.permission_set(&wanted.permission_set).is_none() {
        return Err(AssignRefusal::UnknownPermissionSet(wanted.permission_set.clone()));
    }
    if !center.is_principal(wanted.kind, &wanted.principal) {
        return Err(AssignRefusal::UnknownPrincipal(wanted.principal.clone()));
    }
    Ok(())
}

fn check_free(zone: &mut Zone, account: &str, outcome: Outcome) -> Result<(), AssignRefusal> {
    let center = &mut zone.identity_center;
    if outcome == Outcome::Conflict {
        let answered = center.staged_conflicts.entry(account.to_owned()).or_default();
        *answered += 1;
        if *answered <= STAGED_CONFLICTS {
            return Err(AssignRefusal::Conflict(account.to_owned()));
        }
    }
    if center.changing.contains_key(account) {
        return Err(AssignRefusal::Conflict(account.to_owned()));
    }
    if center.outstanding >= OUTSTANDING_LIMIT {
        return Err(AssignRefusal::TooManyOutstanding);
    }
    Ok(())
}

fn fate(zone: &Zone, wanted: &Assignment) -> RequestStatus {
    match provisioning::failure(zone, &wanted.account, &wanted.permission_set) {
        None => RequestStatus::Succeeded,
        Some(why) => RequestStatus::Failed(why),
    }
}

fn begin(zone: &mut Zone, request: &AssignmentRequest) {
    let after = zone.chance.random_range(3..=60);
    zone.agenda.put(
        zone.now + TimeDelta::seconds(after),
        Any::IdentityCenter(Happening::Settled(request.id.clone())),
    );
    let center = &mut zone.identity_center;
    center.occupy(&request.assignment.account);
    center.outstanding += 1;
    center.peak_outstanding = center.peak_outstanding.max(center.outstanding);
    center.requests.insert(request.id.clone(), request.clone());
}

fn settle(zone: &mut Zone, id: &str) {
    let center = &mut zone.identity_center;
    let Some(request) = center.requests.get_mut(id) else {
        return;
    };
    request.status = request.fate.clone();
    let (status, assignment) = (request.status.clone(), request.assignment.clone());
    center.release(&assignment.account);
    if status == RequestStatus::Succeeded {
        center.put_in_effect(assignment);
    }
    center.outstanding -= 1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;
    use crate::model::identity_center::PrincipalKind;
    use crate::model::service_catalog::{
        ARTIFACTS, AccountParameters, LaunchRequest, Named, PRODUCT_ID, provision,
    };

    fn zone() -> Zone {
        Zone::new(&Description::builtin(), 1, Description::builtin().organization.since)
    }

    fn wanted(zone: &Zone, account: &str, set: usize) -> Assignment {
        let center = &zone.identity_center;
        Assignment {
            account: account.to_owned(),
            permission_set: center.permission_sets()[set].arn.clone(),
            kind: PrincipalKind::Group,
            principal: center.group_named("Developers").expect("a group").id.clone(),
        }
    }

    /// Lets the next thing happen; answers the seconds until then.
    fn step(zone: &mut Zone) -> i64 {
        let next = zone.next_happening().expect("something to happen");
        let waited = (next - zone.now()).num_seconds();
        zone.advance_to(next);
        waited
    }

    #[test]
    fn an_assignment_is_in_progress_and_in_effect_within_a_minute() {
        let mut zone = zone();
        let wanted = wanted(&zone, "555566667777", 0);
        let request = assign(&mut zone, wanted.clone()).expect("begun");
        assert_eq!(request.status, RequestStatus::InProgress);
        assert!(zone.identity_center.assignments().is_empty());
        assert!((3..=60).contains(&step(&mut zone)));
        let status = &zone.identity_center.request(&request.id).expect("known").status;
        assert_eq!(*status, RequestStatus::Succeeded);
        let set = &wanted.permission_set;
        assert_eq!(
            zone.identity_center.assignments_of("555566667777", set).collect::<Vec<_>>(),
            [&wanted]
        );
        assert_eq!(zone.identity_center.assignments_of("444455556666", set).count(), 0);
    }

    #[test]
    fn a_repeat_ends_well_and_makes_no_duplicate() {
        let mut zone = zone();
        let wanted = wanted(&zone, "555566667777", 0);
        for _ in 0..2 {
            assign(&mut zone, wanted.clone()).expect("begun");
            step(&mut zone);
        }
        assert_eq!(zone.identity_center.assignments().len(), 1);
    }

    #[test]
    fn one_permission_set_changes_at_a_time_in_an_account() {
        let mut zone = zone();
        let (one, other) = (wanted(&zone, "555566667777", 0), wanted(&zone, "555566667777", 1));
        assign(&mut zone, one).expect("begun");
        let refusal = assign(&mut zone, other.clone()).expect_err("a conflict");
        assert_eq!(refusal, AssignRefusal::Conflict("555566667777".to_owned()));
        step(&mut zone);
        assign(&mut zone, other).expect("begun");
    }

    #[test]
    fn the_eleventh_outstanding_assignment_is_refused() {
        let mut zone = zone();
        for n in 0..=OUTSTANDING_LIMIT {
            let now = zone.now;
            let email = format!("account-{n}@example.com");
            let id = zone.organization.create_account("many", &email, now, &mut zone.chance);
            let wanted = wanted(&zone, &id, 0);
            let begun = assign(&mut zone, wanted).map(|_| ());
            let expected =
                if n < OUTSTANDING_LIMIT { Ok(()) } else { Err(AssignRefusal::TooManyOutstanding) };
            assert_eq!(begun, expected);
        }
        assert_eq!(zone.identity_center.peak_outstanding(), OUTSTANDING_LIMIT);
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        let mut zone = zone();
        let known = wanted(&zone, "555566667777", 0);
        let account = Assignment { account: "999999999999".to_owned(), ..known.clone() };
        let set =
            Assignment { permission_set: format!("{}x", known.permission_set), ..known.clone() };
        let kind = Assignment { kind: PrincipalKind::User, ..known.clone() };
        assert!(matches!(assign(&mut zone, account), Err(AssignRefusal::UnknownAccount(_))));
        assert!(matches!(assign(&mut zone, set), Err(AssignRefusal::UnknownPermissionSet(_))));
        assert!(matches!(assign(&mut zone, kind), Err(AssignRefusal::UnknownPrincipal(_))));
        assert_eq!(zone.identity_center.outstanding(), 0);
    }

    #[test]
    fn a_suspended_account_fails_later_not_at_once() {
        let mut zone = zone();
        let wanted = wanted(&zone, "777788889999", 0);
        let request = assign(&mut zone, wanted).expect("begun");
        step(&mut zone);
        let status = &zone.identity_center.request(&request.id).expect("known").status;
        assert!(matches!(status, RequestStatus::Failed(_)), "{status:?}");
        assert!(zone.identity_center.assignments().is_empty());
    }

    /// A zone in which the account `dev` was vended and turns out as `outcome`.
    fn vended(outcome: Outcome) -> (Zone, Assignment) {
        let mut zone = zone();
        zone.service_catalog.plan("dev", outcome);
        let unit = zone.organization.unit("ou-aaaa-bbbbcccc").expect("a unit");
        let account = AccountParameters {
            account_name: "dev".to_owned(),
            account_email: "dev@example.com".to_owned(),
            sso_user_first_name: "Jane".to_owned(),
            sso_user_last_name: "Doe".to_owned(),
            sso_user_email: "jane.doe@example.com".to_owned(),
            managed_organizational_unit: format!("{} ({})", unit.name, unit.id),
        };
        let active = ARTIFACTS.iter().find(|artifact| artifact.active).expect("an active artifact");
        let launch = LaunchRequest {
            product: Named::Id(PRODUCT_ID.to_owned()),
            artifact: Named::Id(active.id.to_owned()),
            path: None,
            name: "dev".to_owned(),
            token: "dev".to_owned(),
            parameters: account.into_pairs(),
        };
        provision(&mut zone, launch).expect("launched");
        zone.advance_to(zone.now() + TimeDelta::hours(1));
        let account =
            zone.organization.account_by_email("dev@example.com").expect("made").id.clone();
        let wanted = wanted(&zone, &account, 0);
        (zone, wanted)
    }

    #[test]
    fn a_staged_conflict_is_over_after_three() {
        let (mut zone, wanted) = vended(Outcome::Conflict);
        for _ in 0..3 {
            let refusal = assign(&mut zone, wanted.clone()).expect_err("a conflict");
            assert_eq!(refusal, AssignRefusal::Conflict(wanted.account.clone()));
        }
        assign(&mut zone, wanted).expect("begun");
    }

    #[test]
    fn access_that_fails_is_told_only_at_the_end() {
        let (mut zone, wanted) = vended(Outcome::AccessFails);
        let before = zone.identity_center.assignments().len();
        let request = assign(&mut zone, wanted).expect("begun");
        step(&mut zone);
        let status = &zone.identity_center.request(&request.id).expect("known").status;
        assert_eq!(*status, RequestStatus::Failed(ROLE_QUOTA.to_owned()));
        assert_eq!(zone.identity_center.assignments().len(), before);
    }

    #[test]
    fn control_tower_has_assigned_its_own_in_a_vended_account() {
        let (zone, wanted) = vended(Outcome::Ready);
        let own =
            zone.identity_center.assignments().iter().filter(|it| it.account == wanted.account);
        assert_eq!(own.count(), 4);
    }
}
