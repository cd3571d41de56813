//! What a new account is given: account assignments and portfolio shares, and
//! how far each has come.

use serde::{Deserialize, Serialize};

use super::{Portfolio, PortfolioUse, Timestamp};
use crate::account::PrincipalKind;

/// A user or group of the identity store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// User or group.
    pub kind: PrincipalKind,
    /// Its id in the identity store.
    pub id: String,
    /// The words it was configured with.
    pub name: String,
}

/// One thing that an account is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grant {
    /// A permission set for a principal.
    Assignment {
        /// The permission set's ARN.
        permission_set: String,
        /// The words it was configured with.
        permission_set_name: String,
        /// Who gets it.
        principal: Principal,
    },
    /// A portfolio, shared by organization node.
    Portfolio(Portfolio),
    /// What makes a shared portfolio usable in the account itself.
    Usable(PortfolioUse),
}

impl Grant {
    /// The grant in words, for notices and errors.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Assignment { permission_set_name, principal, .. } => {
                let kind = match principal.kind {
                    PrincipalKind::User => "user",
                    PrincipalKind::Group => "group",
                };
                format!("permission set {permission_set_name} for {kind} {}", principal.name)
            }
            Self::Portfolio(portfolio) => format!("portfolio {}", portfolio.name),
            Self::Usable(usage) => usage.to_string(),
        }
    }

    /// Whether both give the same, whatever names they were asked for by.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Assignment { permission_set, principal, .. },
                Self::Assignment { permission_set: other_set, principal: other, .. },
            ) => {
                permission_set == other_set
                    && (principal.kind, &principal.id) == (other.kind, &other.id)
            }
            (Self::Portfolio(portfolio), Self::Portfolio(other)) => portfolio.id == other.id,
            (Self::Usable(usage), Self::Usable(other)) => {
                usage.portfolio.id == other.portfolio.id && usage.step == other.step
            }
            (Self::Assignment { .. } | Self::Portfolio(_) | Self::Usable(_), _) => false,
        }
    }
}

/// How far a grant has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// Not asked for yet, or told to wait.
    Pending {
        /// How often it was told to wait.
        tries: u32,
        /// Not to be asked for before this moment.
        not_before: Option<Timestamp>,
    },
    /// Asked for; AWS is at work on it.
    Requested {
        /// What to ask the outcome with: a request id or a share token.
        ticket: String,
        /// Since when.
        since: Timestamp,
        /// How often it was told to wait before.
        tries: u32,
    },
    /// It is there.
    Done,
    /// AWS said no, in these words.
    Failed {
        /// The reason.
        reason: String,
    },
}

impl Progress {
    /// A grant nobody has asked for.
    pub const NEW: Self = Self::Pending { tries: 0, not_before: None };
}

/// A grant and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What the account is given.
    pub grant: Grant,
    /// How far that has come.
    pub progress: Progress,
    /// What is to be known of how it came there, such as what covers it already.
    #[serde(default)]
    pub note: Option<String>,
}

impl Step {
    /// A step nothing has been done for.
    #[must_use]
    pub fn new(grant: Grant) -> Self {
        Self { grant, progress: Progress::NEW, note: None }
    }

    /// The grant in words, with what is to be known of it.
    #[must_use]
    pub fn describe(&self) -> String {
        let note = self.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        self.grant.describe() + &note
    }

    /// Whether nothing more is to be done for it, for good or ill.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        matches!(self.progress, Progress::Done | Progress::Failed { .. })
    }

    /// The reason it failed for, with what it was to give.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        match &self.progress {
            Progress::Failed { reason } => Some(format!("{}: {reason}", self.grant.describe())),
            Progress::Pending { .. } | Progress::Requested { .. } | Progress::Done => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn what_is_given_is_the_same_by_its_ids_and_by_no_name() {
        let [assignment, portfolio] = &testing::steps(&Progress::NEW)[..] else { panic!("two") };
        let (assignment, portfolio) = (&assignment.grant, &portfolio.grant);
        assert!(assignment.is_same(assignment) && portfolio.is_same(portfolio));
        assert!(!assignment.is_same(portfolio) && !portfolio.is_same(assignment));
        let Grant::Assignment { permission_set, principal, .. } = assignment else { panic!() };
        let other = |permission_set: &str, kind, id: &str| Grant::Assignment {
            permission_set: permission_set.to_owned(),
            permission_set_name: "another name".to_owned(),
            principal: Principal { kind, id: id.to_owned(), name: "another name".to_owned() },
        };
        let (kind, id) = (principal.kind, principal.id.as_str());
        assert!(assignment.is_same(&other(permission_set, kind, id)));
        assert!(!assignment.is_same(&other("arn", kind, id)));
        assert!(!assignment.is_same(&other(permission_set, PrincipalKind::User, id)));
        assert!(!assignment.is_same(&other(permission_set, kind, "g-2")));
        let share = |id: &str| {
            Grant::Portfolio(Portfolio { id: id.to_owned(), name: "another name".to_owned() })
        };
        assert!(portfolio.is_same(&share("port-1")) && !portfolio.is_same(&share("port-2")));
    }
}
