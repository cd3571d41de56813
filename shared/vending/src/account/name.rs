//! Account names.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::misfit;

/// The name of an account: 1–50 of `[a-zA-Z0-9_-]`.
///
/// Organizations would take any printable ASCII up to 50 characters
/// (`CreateAccount`, `AccountName`); this subset is safe in a provisioned
/// product's name and in a subject line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountName(String);

/// Why a text is not an account name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFlaw {
    /// Nothing is left after trimming.
    #[error("is empty")]
    Empty,
    /// More than [`AccountName::LONGEST`] characters.
    #[error("has {0} characters")]
    TooLong(usize),
    /// A character that is not one of `[a-zA-Z0-9_-]`.
    #[error("has the character {0:?}")]
    Character(char),
}

impl AccountName {
    /// Characters at most; Organizations' own limit.
    pub const LONGEST: usize = 50;
    /// What would be accepted, in words.
    pub const ACCEPTED: &str = "1 to 50 of the letters a-z and A-Z, digits, '-' and '_'";

    /// Reads a name.
    ///
    /// # Errors
    /// The first [`NameFlaw`] found.
    pub fn new(text: impl Into<String>) -> Result<Self, NameFlaw> {
        let text = text.into();
        if text.is_empty() {
            return Err(NameFlaw::Empty);
        }
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if let Some(character) = misfit(&text, fits) {
            return Err(NameFlaw::Character(character));
        }
        if text.len() > Self::LONGEST {
            return Err(NameFlaw::TooLong(text.len()));
        }
        Ok(Self(text))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AccountName {
    type Error = NameFlaw;

    fn try_from(text: String) -> Result<Self, NameFlaw> {
        Self::new(text)
    }
}

impl From<AccountName> for String {
    fn from(name: AccountName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_fifty_characters_and_not_one_more() {
        assert!(AccountName::new("a".repeat(50)).is_ok());
        assert_eq!(AccountName::new("a".repeat(51)), Err(NameFlaw::TooLong(51)));
    }

    #[test]
    fn names_the_character_that_is_not_taken() {
        assert_eq!(AccountName::new("two words"), Err(NameFlaw::Character(' ')));
        assert_eq!(AccountName::new("=cmd"), Err(NameFlaw::Character('=')));
        assert_eq!(AccountName::new(""), Err(NameFlaw::Empty));
        assert_eq!(String::from(AccountName::new("_-09azAZ").unwrap()), "_-09azAZ");
    }
}
