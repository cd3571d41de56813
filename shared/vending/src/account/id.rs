//! Account ids.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of an AWS account: twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

/// The text is not twelve digits; Control Tower writes `Not Available` into
/// events of launches that made no account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an account id (12 digits)")]
pub struct InvalidAccountId(String);

impl AccountId {
    /// Reads an id.
    ///
    /// # Errors
    /// [`InvalidAccountId`] when it is not twelve digits.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidAccountId> {
        let text = text.into();
        let fits = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(Self(text)) } else { Err(InvalidAccountId(text)) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AccountId {
    type Error = InvalidAccountId;

    fn try_from(text: String) -> Result<Self, InvalidAccountId> {
        Self::new(text)
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_available_is_no_account() {
        assert!(AccountId::new("Not Available").is_err());
        assert!(AccountId::new("12345678901").is_err());
        let id = AccountId::new("123456789012").unwrap();
        assert_eq!(id.as_str(), "123456789012");
        assert_eq!(String::from(id), "123456789012");
    }
}
