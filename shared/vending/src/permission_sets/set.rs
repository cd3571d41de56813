//! A permission set, as it is declared and as it is.

use std::collections::BTreeSet;
use std::fmt;

use super::{InlinePolicy, ManagedPolicy, PolicyReference, Session};

/// Names one permission set of an instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PermissionSetName(String);

/// The text is no name of a permission set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not the name of a permission set")]
pub struct NameFlaw;

impl PermissionSetName {
    /// The name `text`.
    ///
    /// # Errors
    /// When it is not of 1 to 32 letters, digits and `_+=,.@-` (sso-admin's
    /// `PermissionSetName`).
    pub fn new(text: &str) -> Result<Self, NameFlaw> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
        let good = (1..=32).contains(&text.len()) && text.chars().all(fits);
        if good { Ok(Self(text.to_owned())) } else { Err(NameFlaw) }
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PermissionSetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A permission set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSet {
    /// Its name, which cannot be changed.
    pub name: PermissionSetName,
    /// For people. A declared set without one leaves the description as it is, because
    /// Identity Center cannot clear it.
    pub description: Option<String>,
    /// How long a session lasts.
    pub session: Session,
    /// Where in the console a session begins.
    pub relay_state: Option<String>,
    /// Policies that AWS manages.
    pub managed_policies: BTreeSet<ManagedPolicy>,
    /// Policies that each account has.
    pub customer_managed_policies: BTreeSet<PolicyReference>,
    /// A policy of its own.
    pub inline_policy: Option<InlinePolicy>,
    /// What it can never go beyond.
    pub boundary: Option<Boundary>,
}

/// The most that a permission set can ever allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Boundary {
    /// A policy that AWS manages.
    Managed(ManagedPolicy),
    /// A policy that each account has.
    Customer(PolicyReference),
}

/// The policy's name, with its path.
impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Managed(policy) => policy.fmt(f),
            Self::Customer(policy) => policy.fmt(f),
        }
    }
}

impl PermissionSet {
    /// One that allows nothing, as Identity Center makes it of a name.
    #[must_use]
    pub fn new(name: PermissionSetName) -> Self {
        Self {
            name,
            description: None,
            session: Session::DEFAULT,
            relay_state: None,
            managed_policies: BTreeSet::new(),
            customer_managed_policies: BTreeSet::new(),
            inline_policy: None,
            boundary: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_to_thirty_two_characters_of_a_few_kinds() {
        assert!(PermissionSetName::new("Team+Dev=1,2.@-_").is_ok());
        assert!(PermissionSetName::new(&"x".repeat(32)).is_ok());
        for text in ["", "a b", "ü", "a/b", &"x".repeat(33)] {
            assert_eq!(PermissionSetName::new(text), Err(NameFlaw), "{text}");
        }
    }

    #[test]
    fn a_name_and_a_boundary_are_told_as_they_are() {
        assert_eq!(PermissionSetName::new("Team").unwrap().to_string(), "Team");
        let managed = ManagedPolicy::new("PowerUserAccess").unwrap();
        assert_eq!(Boundary::Managed(managed).to_string(), "PowerUserAccess");
        let customer = PolicyReference::new("Power", "/team/").unwrap();
        assert_eq!(Boundary::Customer(customer).to_string(), "/team/Power");
    }
}
