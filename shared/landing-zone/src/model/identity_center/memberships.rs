//! Who is in which group.

use super::held::digest;
use super::{Group, IdentityCenter, User};

/// One user in one group.
#[derive(Debug, Clone)]
pub struct Membership<'a> {
    /// Its own id: a UUID.
    pub id: String,
    /// The group.
    pub group: &'a Group,
    /// The user.
    pub user: &'a User,
}

impl IdentityCenter {
    /// The memberships of the group of that id, in the order of the description.
    pub fn members_of<'a>(&'a self, group: &'a str) -> impl Iterator<Item = Membership<'a>> {
        let groups = self.groups().iter().filter(move |known| known.id == group);
        groups.flat_map(|group| self.members(group))
    }

    /// The memberships of the user of that id, in the order of the groups.
    pub fn memberships_of<'a>(&'a self, user: &'a str) -> impl Iterator<Item = Membership<'a>> {
        let all = self.groups().iter().flat_map(|group| self.members(group));
        all.filter(move |membership| membership.user.id == user)
    }

    fn members<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = Membership<'a>> {
        let users = group.members.iter().filter_map(|name| self.user_named(name));
        users.map(move |user| Membership { id: id(group, user), group, user })
    }
}

/// The same for the same user and group in every run.
fn id(group: &Group, user: &User) -> String {
    let high = digest(&format!("{} {}", group.id, user.id));
    let low = digest(&format!("{} {}", user.id, group.id));
    let (high, low) = (format!("{high:016x}"), format!("{low:016x}"));
    [&high[..8], &high[8..12], &high[12..], &low[..4], &low[4..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;
    use crate::model::ids;

    #[test]
    fn a_membership_is_seen_from_both_sides() {
        let mut description = Description::builtin();
        let groups = &mut description.identity_center.groups;
        groups.iter_mut().for_each(|group| group.members.clear());
        groups[0].members = vec!["john.smith".to_owned()];
        groups[1].members = vec!["JOHN.SMITH".to_owned()];
        let center = IdentityCenter::new(&description);
        let john = center.user_named("john.smith").expect("a user");
        let of: Vec<Membership<'_>> = center.memberships_of(&john.id).collect();
        assert_eq!(of.len(), 2);
        for membership in of {
            assert!(ids::is_uuid(&membership.id), "{}", membership.id);
            let members: Vec<Membership<'_>> = center.members_of(&membership.group.id).collect();
            assert_eq!(members.len(), 1);
            assert_eq!(members[0].id, membership.id);
        }
        assert_eq!(center.members_of("nobody").count(), 0);
    }
}
