//! The identity store: users and groups, found by what AWS finds them by.

use std::collections::HashMap;

use super::{IdentityCenter, PrincipalKind};
use crate::description::{GroupDescription, UserDescription};
use crate::model::Moment;

/// A group.
#[derive(Debug, Clone)]
pub struct Group {
    /// A UUID, with or without the store's prefix.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// The names of the users in it, as they are described.
    pub(super) members: Vec<String>,
    /// When it was made.
    pub created: Moment,
}

/// A user.
#[derive(Debug, Clone)]
pub struct User {
    /// A UUID, with or without the store's prefix.
    pub id: String,
    /// The name to sign in with.
    pub name: String,
    /// The primary e-mail.
    pub email: String,
    /// First and last name, where they are known.
    pub full_name: Option<(String, String)>,
    /// When it was made.
    pub created: Moment,
}

/// The users, found in constant time: Control Tower makes one for nearly every account.
#[derive(Debug, Default)]
pub(super) struct Users {
    users: Vec<User>,
    by_id: HashMap<String, usize>,
    /// Lower case.
    by_name: HashMap<String, usize>,
    /// Lower case.
    by_email: HashMap<String, usize>,
}

impl Users {
    pub(super) fn add(&mut self, user: User) {
        let index = self.users.len();
        self.by_id.insert(user.id.clone(), index);
        self.by_name.insert(user.name.to_lowercase(), index);
        self.by_email.insert(user.email.to_lowercase(), index);
        self.users.push(user);
    }

    fn at(&self, index: Option<&usize>) -> Option<&User> {
        index.map(|index| &self.users[*index])
    }
}

impl FromIterator<User> for Users {
    fn from_iter<T: IntoIterator<Item = User>>(users: T) -> Self {
        let mut all = Self::default();
        users.into_iter().for_each(|user| all.add(user));
        all
    }
}

impl Group {
    /// The group that `group` describes.
    pub(super) fn new(group: &GroupDescription, created: Moment) -> Self {
        Self {
            id: group.id.clone(),
            name: group.name.clone(),
            description: group.description.clone(),
            members: group.members.clone(),
            created,
        }
    }
}

impl User {
    /// The user that `user` describes.
    pub(super) fn described(user: &UserDescription, created: Moment) -> Self {
        Self {
            id: user.id.clone(),
            name: user.name.clone(),
            email: user.email.clone(),
            full_name: Some((user.given_name.clone(), user.family_name.clone())),
            created,
        }
    }
}

impl IdentityCenter {
    /// The group of that display name, compared without case, as the store does.
    #[must_use]
    pub fn group_named(&self, name: &str) -> Option<&Group> {
        let name = name.to_lowercase();
        self.groups.iter().find(|group| group.name.to_lowercase() == name)
    }

    /// The group of that id.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// The user who signs in with that name, compared without case.
    #[must_use]
    pub fn user_named(&self, name: &str) -> Option<&User> {
        self.users.at(self.users.by_name.get(&name.to_lowercase()))
    }

    /// Gives the user of that name another one to sign in with, as an identity source does that is
    /// synchronized; answers whether there is such a user.
    pub fn rename_user(&mut self, name: &str, new: &str) -> bool {
        let Some(index) = self.users.by_name.remove(&name.to_lowercase()) else { return false };
        self.users.by_name.insert(new.to_lowercase(), index);
        let old = std::mem::replace(&mut self.users.users[index].name, new.to_owned());
        let members = self.groups.iter_mut().flat_map(|group| &mut group.members);
        members.filter(|member| **member == old).for_each(|member| new.clone_into(member));
        true
    }

    /// The user with that e-mail, compared without case.
    #[must_use]
    pub fn user_by_email(&self, email: &str) -> Option<&User> {
        self.users.at(self.users.by_email.get(&email.to_lowercase()))
    }

    /// All groups, in the order of their making.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// All users, in the order of their making.
    #[must_use]
    pub fn users(&self) -> &[User] {
        &self.users.users
    }

    /// How many users there are.
    #[must_use]
    pub fn user_count(&self) -> usize {
        self.users.users.len()
    }

    /// The user of that id.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.at(self.users.by_id.get(id))
    }

    /// Whether there is such a user or group.
    #[must_use]
    pub fn is_principal(&self, kind: PrincipalKind, id: &str) -> bool {
        match kind {
            PrincipalKind::User => self.user(id).is_some(),
            PrincipalKind::Group => self.group(id).is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;

    #[test]
    fn users_and_groups_are_found_by_name_e_mail_and_id() {
        let center = IdentityCenter::new(&Description::builtin());
        let group = center.group_named("platform-admins").expect("a group");
        assert_eq!(
            center.group(&group.id).map(|group| group.name.as_str()),
            Some("Platform-Admins")
        );
        let user = center.user_by_email("John.Smith@example.com").expect("a user");
        assert_eq!(center.user_named("john.smith").map(|user| &user.id), Some(&user.id));
        assert!(center.is_principal(PrincipalKind::User, &user.id));
        assert!(!center.is_principal(PrincipalKind::Group, &user.id));
        assert!(center.group_named("Nobody").is_none());
    }
}
