//! What Control Tower assigns by itself in an account it enrolls.
//!
//! From the Control Tower user guide, "IAM Identity Center groups for AWS
//! Control Tower": the account's own user as administrator, and three groups.

use chrono::TimeDelta;
use rand::RngExt;

use super::{Assignment, Happening, IdentityCenter, PrincipalKind, User};
use crate::model::{Happening as Any, Moment, Zone, ids};

/// What the account's own user gets.
const FOR_THE_USER: &str = "AWSAdministratorAccess";

/// Group and permission set in a member account.
const FOR_GROUPS: [(&str, &str); 3] = [
    ("AWSControlTowerAdmins", "AWSOrganizationsFullAccess"),
    ("AWSSecurityAuditPowerUsers", "AWSPowerUserAccess"),
    ("AWSSecurityAuditors", "AWSReadOnlyAccess"),
];

/// Control Tower has enrolled `account_id`: the user of `sso_user_email` is
/// made where there is none, and the user and Control Tower's groups get their
/// access. That settles up to half a minute later, and until then an assignment
/// in this account is a conflict. Where Identity Center is self-managed, or a
/// group or permission set is missing, Control Tower does nothing about it.
pub fn welcome(zone: &mut Zone, account_id: &str, sso_user_email: &str) {
    if zone.identity_center.self_managed() {
        return;
    }
    let user = user_for(zone, sso_user_email);
    let assignments = zone.identity_center.welcome_assignments(account_id, &user);
    let after = zone.chance.random_range(0..=30);
    zone.identity_center.occupy(account_id);
    zone.agenda.put(
        zone.now + TimeDelta::seconds(after),
        Any::IdentityCenter(Happening::Welcomed { account: account_id.to_owned(), assignments }),
    );
}

/// The id of the user with that e-mail, made where there is none.
fn user_for(zone: &mut Zone, email: &str) -> String {
    if let Some(user) = zone.identity_center.user_by_email(email) {
        return user.id.clone();
    }
    let uuid = ids::new_uuid(&mut zone.chance);
    zone.identity_center.add_user(email, &uuid, zone.now)
}

impl IdentityCenter {
    fn add_user(&mut self, email: &str, uuid: &str, now: Moment) -> String {
        let store = self.instance().identity_store.strip_prefix("d-");
        let id = store.map_or_else(|| uuid.to_owned(), |store| format!("{store}-{uuid}"));
        self.users.add(User {
            id: id.clone(),
            name: email.to_owned(),
            email: email.to_owned(),
            full_name: None,
            created: now,
        });
        id
    }

    fn welcome_assignments(&self, account: &str, user: &str) -> Vec<Assignment> {
        let user = Some((PrincipalKind::User, user.to_owned(), FOR_THE_USER));
        let groups = FOR_GROUPS.iter().filter_map(|(group, set)| {
            let group = self.group_named(group)?;
            Some((PrincipalKind::Group, group.id.clone(), *set))
        });
        user.into_iter()
            .chain(groups)
            .filter_map(|(kind, principal, set)| {
                let permission_set = self.permission_sets.iter().find(|known| known.name == set)?;
                Some(Assignment {
                    account: account.to_owned(),
                    permission_set: permission_set.arn.clone(),
                    kind,
                    principal,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;
    use crate::model::identity_center::{AssignRefusal, assign};

    const ACCOUNT: &str = "555566667777";

    fn welcomed(description: &Description, email: &str) -> Zone {
        let mut zone = Zone::new(description, 1, description.organization.since);
        welcome(&mut zone, ACCOUNT, email);
        zone
    }

    #[test]
    fn an_enrolled_account_has_its_user_and_three_groups_before_long() {
        let mut zone = welcomed(&Description::builtin(), "new.owner@example.com");
        zone.advance_to(zone.now() + TimeDelta::seconds(30));
        let user = zone.identity_center.user_by_email("new.owner@example.com").expect("made");
        assert!(ids::is_principal(&user.id), "{}", user.id);
        assert_eq!(zone.identity_center.assignments().len(), 4);
    }

    #[test]
    fn a_user_is_made_once() {
        let mut zone = welcomed(&Description::builtin(), "Jane.Doe@example.com");
        welcome(&mut zone, "444455556666", "jane.doe@example.com");
        assert_eq!(
            zone.identity_center.user_count(),
            Description::builtin().identity_center.users.len()
        );
    }

    #[test]
    fn while_control_tower_assigns_others_conflict() {
        let mut zone = welcomed(&Description::builtin(), "jane.doe@example.com");
        let wanted = zone.identity_center.welcome_assignments(ACCOUNT, "nobody").remove(3);
        let refusal = assign(&mut zone, wanted).expect_err("a conflict");
        assert_eq!(refusal, AssignRefusal::Conflict(ACCOUNT.to_owned()));
        assert_eq!(zone.identity_center.outstanding(), 0);
    }

    #[test]
    fn nothing_happens_in_a_self_managed_identity_center() {
        let mut description = Description::builtin();
        description.identity_center.self_managed = true;
        let zone = welcomed(&description, "new.owner@example.com");
        assert!(zone.next_happening().is_none());
        assert!(zone.identity_center.user_by_email("new.owner@example.com").is_none());
    }
}
