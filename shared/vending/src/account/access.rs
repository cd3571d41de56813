//! The access that a row asks for: who gets which permission set, and which portfolios,
//! by names or ids as they were written. Whether they exist is not known here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether a principal is a person or a group of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PrincipalKind {
    /// A user of the identity store.
    User,
    /// A group of the identity store.
    Group,
}

impl PrincipalKind {
    /// The word that people write.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
        }
    }
}

/// A principal as it is configured or asked for: by name or id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PrincipalText {
    /// User or group.
    pub kind: PrincipalKind,
    /// A name or an id.
    pub text: String,
}

/// As it is written: `group:NAME` or `user:NAME`.
impl fmt::Display for PrincipalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.text)
    }
}

/// The access that a row asks for besides the defaults, or instead of them; by default
/// nothing besides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequest {
    /// Whether the stack's defaults do not apply.
    #[serde(default)]
    pub replaces_defaults: bool,
    /// Who gets which permission set, in the order of the row.
    #[serde(default)]
    pub assignments: Vec<(PrincipalText, String)>,
    /// Portfolios by name or id, in the order of the row; [`LOCAL`](Self::LOCAL) in front
    /// asks for a local copy in the account.
    #[serde(default)]
    pub portfolios: Vec<String>,
}

impl AccessRequest {
    /// What parts the items of a cell. No name that is written in a list can have it: a
    /// group or a portfolio that does is asked for by its id.
    pub const PARTING: char = ';';
    /// What stands in front of a portfolio that is to be copied into the account.
    pub const LOCAL: &str = "local:";

    /// Each assignment as it is written: `group:NAME=PERMISSION-SET`.
    #[must_use]
    pub fn assignment_texts(&self) -> Vec<String> {
        self.assignments.iter().map(|(principal, set)| format!("{principal}={set}")).collect()
    }

    /// Each item that it asks for in words: `most` at most, the rest counted.
    #[must_use]
    pub fn items(&self, most: usize) -> Vec<String> {
        let portfolio = |text: &String| match text.strip_prefix(Self::LOCAL) {
            Some(name) => format!("a local copy of portfolio {name}"),
            None => format!("portfolio {text}"),
        };
        let portfolios = self.portfolios.iter().map(portfolio);
        let mut items: Vec<String> =
            self.assignment_texts().into_iter().chain(portfolios).collect();
        let more = items.split_off(items.len().min(most)).len();
        items.extend((more > 0).then(|| format!("and {more} more")));
        items
    }

    /// What it asks for, in words, naming `most` items at most; empty where that is nothing
    /// but the defaults.
    #[must_use]
    pub fn describe(&self, most: usize) -> String {
        let items = self.items(most);
        match (self.replaces_defaults, items.is_empty()) {
            (false, true) => String::new(),
            (true, true) => "nothing, not even the defaults".to_owned(),
            (false, false) => format!("besides the defaults: {}", items.join(", ")),
            (true, false) => format!("instead of the defaults: {}", items.join(", ")),
        }
    }

    /// Whether it asks for nothing but the defaults.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_is_written_as_in_a_list() {
        let group = PrincipalText { kind: PrincipalKind::Group, text: "A = B".into() };
        let user = PrincipalText { kind: PrincipalKind::User, text: "jane".into() };
        let assignments = vec![(group, "Admin".to_owned()), (user, "Read".to_owned())];
        let asked = AccessRequest { assignments, ..AccessRequest::default() };
        assert_eq!(asked.assignment_texts(), ["group:A = B=Admin", "user:jane=Read"]);
        assert!(!asked.is_default() && AccessRequest::default().is_default());
    }

    #[test]
    fn what_is_asked_for_is_told_in_words() {
        let assignments = vec![AccessRequest::read_assignment("group:Ops=Admin").unwrap()];
        let portfolios = vec!["Net".to_owned(), "local:Data".to_owned()];
        let asked = AccessRequest { assignments, portfolios, ..AccessRequest::default() };
        assert_eq!(
            asked.describe(9),
            "besides the defaults: group:Ops=Admin, portfolio Net, a local copy of portfolio Data"
        );
        assert_eq!(asked.describe(1), "besides the defaults: group:Ops=Admin, and 2 more");
        let instead = AccessRequest { replaces_defaults: true, ..asked };
        assert!(instead.describe(9).starts_with("instead of the defaults: group:Ops=Admin, "));
        let nothing = AccessRequest { replaces_defaults: true, ..AccessRequest::default() };
        assert_eq!(nothing.describe(9), "nothing, not even the defaults");
        assert_eq!(AccessRequest::default().describe(9), "");
    }

    #[test]
    fn a_request_from_before_access_could_be_asked_for_asks_for_the_defaults() {
        let read: AccessRequest = serde_json::from_str("{}").unwrap();
        assert_eq!(read, AccessRequest::default());
    }
}
