//! What makes a shared portfolio usable in an account: who of the account may use it, and
//! the account's own copy of it where one is asked for. A share alone lets nobody launch.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A Service Catalog portfolio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portfolio {
    /// The id, `port-…`.
    pub id: String,
    /// The words it was configured with.
    pub name: String,
}

/// Who of an account may use a portfolio.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PortfolioPrincipal {
    /// An IAM role of the account: its name, with its path in front if it has one.
    Role(String),
    /// An IAM user of the account, likewise.
    User(String),
    /// An IAM group of the account, likewise.
    Group(String),
    /// Whoever signs in with that permission set: the role that IAM Identity Center makes
    /// in the account once the permission set is assigned there.
    PermissionSet(String),
}

impl PortfolioPrincipal {
    /// How a principal is written, in words.
    pub const FORM: &str = "role:NAME, user:NAME, group:NAME or permission-set:NAME";

    /// Characters of a name with its path at most: 64 of a role's and 512 of a path (IAM
    /// API reference), of which Service Catalog's `PrincipalARN` leaves most.
    const LONGEST: usize = 512;

    /// Reads a principal, written as [`FORM`](Self::FORM) says.
    ///
    /// # Errors
    /// A text that says what form is wanted.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not of the form {}", Self::FORM);
        let (kind, name) = text.split_once(':').ok_or_else(wrong)?;
        let name = name.trim();
        if !is_iam_name(name) {
            return Err(wrong());
        }
        let make = match kind.trim().to_lowercase().as_str() {
            "role" => Self::Role,
            "user" => Self::User,
            "group" => Self::Group,
            "permission-set" => Self::PermissionSet,
            _ => return Err(wrong()),
        };
        Ok(make(name.to_owned()))
    }

    /// The word for what it is, as it is written.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Role(_) => "role",
            Self::User(_) => "user",
            Self::Group(_) => "group",
            Self::PermissionSet(_) => "permission-set",
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Role(name) | Self::User(name) | Self::Group(name) | Self::PermissionSet(name) => {
                name
            }
        }
    }
}

/// IAM's names are of `[\w+=,.@-]`, permission sets' as well; a path has slashes between.
fn is_iam_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c);
    let ends = name.starts_with('/') || name.ends_with('/') || name.contains("//");
    (1..=PortfolioPrincipal::LONGEST).contains(&name.len()) && name.chars().all(fits) && !ends
}

/// In words, as in "for role deploy".
impl fmt::Display for PortfolioPrincipal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind().replace('-', " "), self.name())
    }
}

/// One thing that is done in an account so that a shared portfolio can be used there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortfolioUse {
    /// The portfolio that is shared with the account.
    pub portfolio: Portfolio,
    /// What is done.
    pub step: MemberStep,
}

/// A single step in an account; done twice it is done once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberStep {
    /// The portfolio has arrived: by itself when it is shared through the organization, or
    /// by acceptance of an invitation.
    Accept,
    /// A principal may use the shared portfolio.
    Principal(PortfolioPrincipal),
    /// The account has a portfolio of its own that stands for the shared one.
    LocalPortfolio,
    /// The shared portfolio's products are in the local one.
    LocalProducts,
    /// The local portfolio's products are launched by that role of the account.
    LaunchConstraint {
        /// The role's name.
        role: String,
    },
    /// What is launched from the local portfolio gets that tag.
    TagOption {
        /// The tag's key.
        key: String,
        /// The tag's value.
        value: String,
    },
    /// A principal may use the local portfolio.
    LocalPrincipal(PortfolioPrincipal),
}

impl MemberStep {
    /// A word for what it is, for logs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Principal(_) => "principal",
            Self::LocalPortfolio => "local-portfolio",
            Self::LocalProducts => "local-products",
            Self::LaunchConstraint { .. } => "launch-constraint",
            Self::TagOption { .. } => "tag-option",
            Self::LocalPrincipal(_) => "local-principal",
        }
    }

    /// Whether `earlier`, a step of the same portfolio, has to be done before this one.
    #[must_use]
    pub fn needs(&self, earlier: &Self) -> bool {
        match self {
            Self::Accept => false,
            Self::Principal(_) | Self::LocalPortfolio => *earlier == Self::Accept,
            Self::LocalProducts | Self::TagOption { .. } | Self::LocalPrincipal(_) => {
                *earlier == Self::LocalPortfolio
            }
            Self::LaunchConstraint { .. } => *earlier == Self::LocalProducts,
        }
    }
}

/// What the account has then, as a noun: notices say "given:" in front of it.
impl fmt::Display for PortfolioUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.portfolio.name;
        match &self.step {
            MemberStep::Accept => write!(f, "portfolio {name} in the account itself"),
            MemberStep::Principal(principal) => write!(f, "portfolio {name} for {principal}"),
            MemberStep::LocalPortfolio => write!(f, "local copy of portfolio {name}"),
            MemberStep::LocalProducts => {
                write!(f, "products of portfolio {name} in its local copy")
            }
            MemberStep::LaunchConstraint { role } => {
                write!(f, "launch role {role} for the local copy of portfolio {name}")
            }
            MemberStep::TagOption { key, value } => {
                write!(f, "tag option {key}={value} for the local copy of portfolio {name}")
            }
            MemberStep::LocalPrincipal(principal) => {
                write!(f, "local copy of portfolio {name} for {principal}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_are_read_or_refused_with_the_form() {
        let read = |text: &str| PortfolioPrincipal::read(text).map(|it| it.to_string());
        assert_eq!(read(" Role: team/deploy "), Ok("role team/deploy".to_owned()));
        assert_eq!(read("permission-set:A+b"), Ok("permission set A+b".to_owned()));
        assert_eq!(read("user:jane@example.com"), Ok("user jane@example.com".to_owned()));
        assert_eq!(read("group:Ops"), Ok("group Ops".to_owned()));
        let long = format!("role:{}", "x".repeat(513));
        for wrong in
            ["deploy", "team:x", "role:", "role:/x", "role:x/", "role:a//b", "role:*", &long]
        {
            let told = PortfolioPrincipal::read(wrong).unwrap_err();
            assert!(
                told.ends_with("role:NAME, user:NAME, group:NAME or permission-set:NAME"),
                "{told}"
            );
        }
    }

    fn all() -> [MemberStep; 7] {
        let role = || PortfolioPrincipal::Role("deploy".to_owned());
        [
            MemberStep::Accept,
            MemberStep::Principal(role()),
            MemberStep::LocalPortfolio,
            MemberStep::LocalProducts,
            MemberStep::LaunchConstraint { role: "launch".to_owned() },
            MemberStep::TagOption { key: "k".to_owned(), value: "v".to_owned() },
            MemberStep::LocalPrincipal(role()),
        ]
    }

    #[test]
    fn a_log_tells_the_steps_apart() {
        let all = all();
        let words: std::collections::BTreeSet<&str> = all.iter().map(MemberStep::word).collect();
        assert_eq!(words.len(), all.len(), "{words:?}");
    }

    #[test]
    fn each_step_needs_just_what_it_is_made_on() {
        let all = all();
        let needs = |step: &MemberStep| all.iter().position(|earlier| step.needs(earlier));
        let needed: Vec<_> = all.iter().map(needs).collect();
        assert_eq!(needed, [None, Some(0), Some(0), Some(2), Some(3), Some(2), Some(2)]);
    }
}
