//! What an audit finds: who reaches which account by what, who gave it, and whether that is
//! as the ledger granted it.

use std::fmt;

use crate::account::{AccountId, PrincipalKind};

/// Who gave an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Vend, by its ledger.
    Vend,
    /// Control Tower, which gives some by itself.
    ControlTower,
    /// Anybody else.
    Others,
}

impl Origin {
    /// The word for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vend => "Vend",
            Self::ControlTower => "Control Tower",
            Self::Others => "others",
        }
    }
}

/// How what is there differs from what was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Drift {
    /// The ledger granted it, and it is not there.
    Missing,
    /// It is there in an account that Vend vended, and neither Vend nor Control Tower gave it.
    Extra,
}

impl Drift {
    /// The word for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
        }
    }
}

/// A user or a group. `Debug` does not print what a user is called.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// User or group.
    pub kind: PrincipalKind,
    /// What it is called; `None` when it is gone from the identity store and nobody knows.
    pub name: Option<String>,
    /// The id in the identity store.
    pub id: String,
}

impl Who {
    /// The name, or else the id.
    #[must_use]
    pub fn words(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Who({} {})", self.kind.as_str(), self.id)
    }
}

/// One assignment, there or missing; sorted as it is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What the account is called.
    pub account_name: String,
    /// The account.
    pub account: AccountId,
    /// What the permission set is called.
    pub permission_set: String,
    /// Who reaches the account by it.
    pub principal: Who,
    /// The group that holds it, where that is not the principal.
    pub through: Option<Who>,
    /// Who gave it.
    pub origin: Origin,
    /// How that differs from what was granted.
    pub drift: Option<Drift>,
    /// The permission set's ARN.
    pub permission_set_arn: String,
}

impl Finding {
    /// The group that it is told of.
    pub(super) fn group(&self) -> Option<String> {
        (self.principal.kind == PrincipalKind::Group).then(|| self.principal.id.clone())
    }

    /// The same, told of somebody in the group.
    pub(super) fn of_member(self, member: Who) -> Self {
        Self { through: Some(self.principal), principal: member, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_somebody_is_by_name_is_not_for_logs() {
        let (id, name) = ("u-1".to_owned(), Some("jane@example.com".to_owned()));
        assert_eq!(format!("{:?}", Who { kind: PrincipalKind::User, id, name }), "Who(user u-1)");
    }
}
