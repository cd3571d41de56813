//! First and last names of people.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A first or last name: not blank, trimmed, without control characters.
/// `Debug` does not print it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonName(String);

impl PersonName {
    /// Characters at most. Identity Center's `GivenName` and `FamilyName` take 1024;
    /// nobody's name comes near, and a row is hostile input.
    pub const LONGEST: usize = 128;
    /// What would be accepted, in words.
    pub const ACCEPTED: &str = "a name of 1 to 128 characters that is not blank";

    /// Reads a name, trimming it; `None` when it is blank, too long or has a control character.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = (1..=Self::LONGEST).contains(&text.chars().count());
        (fits && !text.chars().any(char::is_control)).then(|| Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_blank() {
        assert_eq!(PersonName::new(" \t\u{a0}"), None);
        assert_eq!(PersonName::new(" Ana María ").unwrap().as_str(), "Ana María");
        assert_eq!(PersonName::new("a\u{0}b"), None);
    }
}
