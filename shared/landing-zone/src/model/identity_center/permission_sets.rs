//! Permission sets: what each is, and how it is made and changed.

use super::IdentityCenter;
use super::policies::Policies;
use super::refusal::PermissionSetRefusal;
use crate::description::{IdentityCenterDescription, PermissionSetDescription};
use crate::model::{Moment, Zone, ids};

/// How long a session is unless said (`CreatePermissionSet`).
pub const DEFAULT_SESSION: &str = "PT1H";

/// A permission set.
#[derive(Debug, Clone)]
pub struct PermissionSet {
    /// Its ARN.
    pub arn: String,
    /// Unique in the instance.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// How long a session lasts, in ISO 8601.
    pub session_duration: String,
    /// Where in the console a session begins.
    pub relay_state: Option<String>,
    /// What it allows.
    pub policies: Policies,
    /// When it was made.
    pub created: Moment,
    /// Counts its changes.
    pub(super) revision: u64,
}

/// What a new permission set is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPermissionSet {
    /// Unique in the instance.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// How long a session lasts, in ISO 8601; an hour unless said.
    pub session_duration: Option<String>,
    /// Where in the console a session begins.
    pub relay_state: Option<String>,
}

/// What of a permission set is to become different.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// Stays unless said.
    pub description: Option<String>,
    /// Stays unless said.
    pub session_duration: Option<String>,
    /// Is cleared unless said, as AWS does it
    /// (<https://github.com/hashicorp/terraform-provider-aws/issues/17411>).
    pub relay_state: Option<String>,
}

/// Makes a permission set; answers its ARN.
///
/// # Errors
///
/// When another has the name, or when there are as many as there may be.
pub fn create_permission_set(
    zone: &mut Zone,
    wanted: NewPermissionSet,
) -> Result<String, PermissionSetRefusal> {
    let center = &zone.identity_center;
    if center.permission_set_named(&wanted.name).is_some() {
        return Err(PermissionSetRefusal::NameTaken(wanted.name));
    }
    let quota = center.quotas.permission_sets;
    if center.permission_sets.len() >= quota {
        return Err(PermissionSetRefusal::TooManyPermissionSets(quota));
    }
    let id = ids::new_uuid(&mut zone.chance).replace('-', "");
    let set = PermissionSet {
        arn: arn(&zone.identity_center.instance().arn, &id[..16]),
        name: wanted.name,
        description: wanted.description,
        session_duration: wanted.session_duration.unwrap_or_else(|| DEFAULT_SESSION.to_owned()),
        relay_state: wanted.relay_state,
        policies: Policies::default(),
        created: zone.now,
        revision: 0,
    };
    let arn = set.arn.clone();
    zone.identity_center.permission_sets.push(set);
    Ok(arn)
}

/// Changes what is not a policy of the permission set of the ARN `set`.
///
/// # Errors
///
/// When there is no such set, or while it is being changed.
pub fn update_permission_set(
    zone: &mut Zone,
    set: &str,
    update: Update,
) -> Result<(), PermissionSetRefusal> {
    change(zone, set, |set| {
        set.description = update.description.or_else(|| set.description.take());
        set.session_duration =
            update.session_duration.unwrap_or_else(|| std::mem::take(&mut set.session_duration));
        set.relay_state = update.relay_state;
        Ok(())
    })
}

/// Changes one permission set, unless something speaks against it. Accounts that hold it
/// hold an old one from then on.
pub(super) fn change(
    zone: &mut Zone,
    arn: &str,
    change: impl FnOnce(&mut PermissionSet) -> Result<(), PermissionSetRefusal>,
) -> Result<(), PermissionSetRefusal> {
    let center = &mut zone.identity_center;
    if center.permission_set(arn).is_none() {
        return Err(PermissionSetRefusal::Unknown(arn.to_owned()));
    }
    if center.is_conflict_staged(arn) || center.being_provisioned.contains(arn) {
        return Err(PermissionSetRefusal::Conflict(arn.to_owned()));
    }
    if let Some(set) = center.permission_sets.iter_mut().find(|set| set.arn == arn) {
        change(set)?;
        set.revision += 1;
    }
    Ok(())
}

impl IdentityCenter {
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

    /// The permission set of that name.
    #[must_use]
    pub fn permission_set_named(&self, name: &str) -> Option<&PermissionSet> {
        self.permission_sets.iter().find(|set| set.name == name)
    }

    /// Whether AWS has a policy of that ARN: any, unless they are described.
    pub(super) fn has_managed_policy(&self, arn: &str) -> bool {
        self.aws_managed_policies.as_ref().is_none_or(|known| known.iter().any(|it| it == arn))
    }

    /// Whether this change is a conflict because it is described so.
    fn is_conflict_staged(&mut self, arn: &str) -> bool {
        let answered = self.staged_conflicts.entry(arn.to_owned()).or_default();
        *answered += 1;
        *answered <= self.faults.write_conflicts
    }
}

/// The permission set that `set` describes.
pub(super) fn described(
    center: &IdentityCenterDescription,
    set: &PermissionSetDescription,
    partition: &str,
    created: Moment,
) -> PermissionSet {
    let managed = set.managed_policies.iter().map(|policy| managed_policy(policy, partition));
    PermissionSet {
        arn: arn(&center.instance_arn, &set.id),
        name: set.name.clone(),
        description: set.description.clone(),
        session_duration: set.session_duration.clone(),
        relay_state: set.relay_state.clone(),
        policies: Policies {
            managed: managed.collect(),
            customer: set.customer_managed_policies.clone(),
            inline: set.inline_policy.clone(),
            boundary: set.boundary.clone(),
        },
        created,
        revision: 0,
    }
}

/// The ARN of a policy that AWS manages, by its ARN or by its path and name.
pub(super) fn managed_policy(text: &str, partition: &str) -> String {
    if text.starts_with("arn:") {
        text.to_owned()
    } else {
        format!("arn:{partition}:iam::aws:policy/{text}")
    }
}

fn arn(instance: &str, id: &str) -> String {
    format!("{}/ps-{id}", instance.replacen(":instance/", ":permissionSet/", 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;
    use crate::model::identity_center::attach_managed;

    fn zone() -> Zone {
        Zone::new(&Description::builtin(), 1, Description::builtin().organization.since)
    }

    fn wanted(name: &str) -> NewPermissionSet {
        NewPermissionSet { name: name.to_owned(), ..NewPermissionSet::default() }
    }

    #[test]
    fn a_new_permission_set_has_an_arn_of_the_instance_and_an_hour() {
        let mut zone = zone();
        let arn = create_permission_set(&mut zone, wanted("Team")).expect("made");
        assert!(ids::is_permission_set(&arn), "{arn}");
        let set = zone.identity_center.permission_set(&arn).expect("known");
        assert_eq!((set.session_duration.as_str(), set.created), ("PT1H", zone.now));
    }

    #[test]
    fn described_permission_sets_have_arns_of_the_instance() {
        for set in zone().identity_center.permission_sets() {
            assert!(ids::is_permission_set(&set.arn), "{}", set.arn);
        }
    }

    #[test]
    fn a_name_is_taken_once() {
        let mut zone = zone();
        create_permission_set(&mut zone, wanted("Team")).expect("made");
        let refusal = create_permission_set(&mut zone, wanted("Team")).expect_err("taken");
        assert_eq!(refusal.to_string(), "PermissionSet with name Team already exists.");
    }

    #[test]
    fn there_are_as_many_permission_sets_as_the_quota_allows() {
        let mut description = Description::builtin();
        let there = description.identity_center.permission_sets.len();
        description.identity_center.quotas.permission_sets = there + 1;
        let mut zone = Zone::new(&description, 1, description.organization.since);
        create_permission_set(&mut zone, wanted("One")).expect("made");
        let refusal = create_permission_set(&mut zone, wanted("Two")).expect_err("one too many");
        assert_eq!(refusal, PermissionSetRefusal::TooManyPermissionSets(there + 1));
    }

    #[test]
    fn an_update_clears_the_relay_state_alone_unless_it_is_told() {
        let mut zone = zone();
        let new = NewPermissionSet {
            name: "Team".to_owned(),
            description: Some("For a team".to_owned()),
            session_duration: Some("PT4H".to_owned()),
            relay_state: Some("https://example.com".to_owned()),
        };
        let arn = create_permission_set(&mut zone, new).expect("made");
        update_permission_set(&mut zone, &arn, Update::default()).expect("changed");
        let set = zone.identity_center.permission_set(&arn).expect("known");
        assert_eq!(set.description.as_deref(), Some("For a team"));
        assert_eq!((set.session_duration.as_str(), &set.relay_state), ("PT4H", &None));
    }

    #[test]
    fn staged_conflicts_are_over_after_as_many_as_are_described() {
        let mut description = Description::builtin();
        description.identity_center.faults.write_conflicts = 2;
        let mut zone = Zone::new(&description, 1, description.organization.since);
        let arn = zone.identity_center.permission_sets()[0].arn.clone();
        let policy = "arn:aws:iam::aws:policy/ReadOnlyAccess";
        for _ in 0..2 {
            let refusal = attach_managed(&mut zone, &arn, policy).expect_err("a conflict");
            assert_eq!(refusal, PermissionSetRefusal::Conflict(arn.clone()));
        }
        attach_managed(&mut zone, &arn, policy).expect("attached");
    }

    #[test]
    fn what_there_is_not_cannot_be_changed() {
        let refusal = update_permission_set(&mut zone(), "arn:x", Update::default());
        assert_eq!(refusal, Err(PermissionSetRefusal::Unknown("arn:x".to_owned())));
    }
}
